/* SPDX-License-Identifier: MIT
 *
 * The first instructions: a Linux Image header, so that any boot loader takes
 * the kernel, and the way from physical addresses to the kernel half. In: a0
 * number of this hart, a1 physical address of the device tree. Everything up
 * to the jump runs at the load address and uses no absolute address (A7).
 */
#include <machine/csr.h>
#include <machine/offsets.h>

	.section .head, "ax"
	.globl _start
_start:
	j	begin
	.balign	4
	.word	0
	.dword	0x200000		/* offset from the start of RAM */
	.dword	kernel_size
	.dword	0			/* little endian */
	.word	2			/* header version 0.2 */
	.word	0
	.dword	0
	.ascii	"RISCV\0\0\0"
	.ascii	"RSC\x05"
	.word	0

begin:
	csrw	sie, zero
	csrw	sscratch, zero
	mv	s0, a0
	mv	s1, a1
	la	t0, kernel_data_end
	la	t1, kernel_end
1:	sd	zero, (t0)
	addi	t0, t0, 8
	bltu	t0, t1, 1b

	la	sp, kernel_stack_end
	la	a0, _start
	call	early_map		/* a0: root register's value */
	ld	s2, kernel_base_address
	la	t0, _start
	sub	s2, s2, t0		/* distance to the kernel half */
	la	t0, high
	add	t0, t0, s2
	sfence.vma
	csrw	satp, a0
	sfence.vma
	jr	t0
high:
	add	sp, sp, s2
	la	t0, trap_entry
	csrw	stvec, t0
	la	tp, processors
	mv	a0, s0
	mv	a1, s1
	mv	s0, zero
	mv	ra, zero
	call	boot_arch
	unimp

	.balign	8
kernel_base_address:
	.dword	_start
