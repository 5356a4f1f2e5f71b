/* SPDX-License-Identifier: MIT
 *
 * Code for the tests of traps, riscv64 (arch.h). Register n holds the pattern
 * + n; t6 is the one that the others are compared with, t0 and t1 are needed
 * for that. When yielding, a7 holds the number of the call.
 */
#include <glenda/abi.h>

	.macro	check_registers numbers:vararg
	.irp n, \numbers
	addi	t0, t6, \n - 31
	bne	t0, x\n, failed
	.endr
	la	t1, arch_rounds
	li	t0, 1
	amoadd.d zero, t0, (t1)
	.endm

	.option	norelax	/* no address by gp */
	.text
	.globl	arch_check
arch_check:
	check_registers 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, \
		18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	j	arch_check

	.globl	arch_check_yielding
arch_check_yielding:
	check_registers 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	li	a7, SYSCALL_YIELD
	ecall
	j	arch_check_yielding

failed:
	la	t1, arch_broken
	li	t0, 1
	sd	t0, (t1)
	j	failed

	.globl	arch_fault_on_stack
arch_fault_on_stack:
	mv	sp, a0
	li	a7, SYSCALL_YIELD
	ecall
	ld	t0, 16(zero)		/* ARCH_HOLE */
	j	failed

	.globl	arch_spin_on_stack
arch_spin_on_stack:
	mv	sp, a0
1:	la	t1, arch_rounds
	li	t0, 1
	amoadd.d zero, t0, (t1)
	j	1b
