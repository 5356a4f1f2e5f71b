/* SPDX-License-Identifier: MIT */
/*
 * A window of system-call redirection (docs/contract.md, 1.4) whose shim
 * answers each call with its number plus one, and a program outside of it.
 */
#define EXIT_INFO 0x10000030001	/* Factotum's EXIT with one word */

	.globl	window_start, window_end, window_upcall
	.balign	4
window_start:
window_upcall:
	addi	a0, a7, 1
	li	a7, 5			/* UPCALL_RETURN */
	ecall
	/* window_exit(status) */
	.globl	window_exit
window_exit:
	mv	a2, a0
	li	a0, 1
	li	a1, EXIT_INFO
	li	a7, 0
	ecall
	unimp
window_end:

	/* A whole program that fits anywhere: it exits with 42. */
	.globl	image_code, image_code_end, image_machine
	.balign	4
image_code:
	li	a2, 42 << 8
	li	a0, 1
	li	a1, EXIT_INFO
	li	a7, 0
	ecall
	unimp
image_code_end:
	.balign	4
image_machine:
	.word	243

	/* traced_call(number, argument) */
	.globl	traced_call
traced_call:
	mv	a7, a0
	mv	a0, a1
	ecall
	ret

	.section .note.GNU-stack, "", @progbits
