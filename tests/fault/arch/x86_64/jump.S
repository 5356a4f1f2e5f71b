/* SPDX-License-Identifier: MIT */
/*
 * shim_jump(target, w): load the registers that carry a message from w (0
 * capability, 1 info word, 2-6 and 8-10 words, 7 number, 11 slot), go to
 * target, and come back when it returns with the stack as it was. `rcx`, which
 * holds the UTCB's address when the shim is entered, is hostile, too.
 */
	.text
	.globl	shim_jump
shim_jump:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	sub	$8, %rsp
	mov	%rdi, %r11
	mov	%rsi, %rbp
	mov	0(%rbp), %rdi
	mov	8(%rbp), %rsi
	mov	16(%rbp), %rdx
	mov	24(%rbp), %r10
	mov	32(%rbp), %r8
	mov	40(%rbp), %r9
	mov	48(%rbp), %r12
	mov	56(%rbp), %rax
	mov	64(%rbp), %r13
	mov	72(%rbp), %r14
	mov	80(%rbp), %r15
	mov	88(%rbp), %rbx
	mov	%rdx, %rcx
	call	*%r11
	cld
	add	$8, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret
	.section .note.GNU-stack,"",%progbits
