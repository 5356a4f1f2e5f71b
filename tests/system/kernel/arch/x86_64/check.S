/* SPDX-License-Identifier: MIT
 *
 * Code for the tests of traps, x86_64 (arch.h). Register n of the order of
 * TCB.read_registers holds the pattern + n; r15, number 16, is the one that the
 * others are compared with, rax and at times rbx are needed for that. A system call loses rcx and
 * r11.
 */
#include <glenda/abi.h>

	.macro	check number, name
	leaq	\number - 16(%r15), %rax
	cmpq	%\name, %rax
	jne	failed
	.endm
	.macro	check_base number, instruction
	leaq	\number - 16(%r15), %rbx
	shlq	$17, %rbx
	shrq	$17, %rbx
	\instruction %rax
	cmpq	%rbx, %rax
	jne	failed
	leaq	2 - 16(%r15), %rbx
	.endm
	.macro	check_registers
	check	2, rbx
	check	4, rdx
	check	5, rsi
	check	6, rdi
	check	7, rbp
	check	8, rsp
	check	9, r8
	check	10, r9
	check	11, r10
	check	13, r12
	check	14, r13
	check	15, r14
	check_base 18, rdfsbase
	check_base 19, rdgsbase
	lock incq arch_rounds(%rip)
	.endm

	.text
	.globl	arch_check
arch_check:
	check	3, rcx
	check	12, r11
	check_registers
	jmp	arch_check

	.globl	arch_check_yielding
arch_check_yielding:
	check_registers
	movl	$SYSCALL_YIELD, %eax
	syscall
	jmp	arch_check_yielding

failed:
	movq	$1, arch_broken(%rip)
	jmp	failed

	.globl	arch_fault_on_stack
arch_fault_on_stack:
	movq	%rdi, %rsp
	movl	$SYSCALL_YIELD, %eax
	syscall
	movq	16, %rax		/* ARCH_HOLE */
	jmp	failed

	.globl	arch_spin_on_stack
arch_spin_on_stack:
	movq	%rdi, %rsp
1:	lock incq arch_rounds(%rip)
	jmp	1b
