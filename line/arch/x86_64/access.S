/* SPDX-License-Identifier: MIT */
/*
 * The program's memory as the shim touches it (user.h), and the processor's
 * state to and from there (fp.c). Leaf functions without a stack frame: when
 * one faults, line_fixup returns straight to its caller.
 */
	.section .text.entry, "ax"
	.balign	64
	.globl	user_access_start, user_access_end
user_access_start:
	.globl	user_read
	.globl	user_write
user_read:
user_write:
1:	cmpq	$32, %rdx
	jb	2f
	movq	(%rsi), %rax
	movq	8(%rsi), %rcx
	movq	16(%rsi), %r8
	movq	24(%rsi), %r9
	movq	%rax, (%rdi)
	movq	%rcx, 8(%rdi)
	movq	%r8, 16(%rdi)
	movq	%r9, 24(%rdi)
	addq	$32, %rsi
	addq	$32, %rdi
	subq	$32, %rdx
	jmp	1b
2:	cmpq	$8, %rdx
	jb	3f
	movq	(%rsi), %rax
	movq	%rax, (%rdi)
	addq	$8, %rsi
	addq	$8, %rdi
	subq	$8, %rdx
	jmp	2b
3:	testq	%rdx, %rdx
	je	4f
	movb	(%rsi), %al
	movb	%al, (%rdi)
	incq	%rsi
	incq	%rdi
	decq	%rdx
	jmp	3b
4:	xorl	%eax, %eax
	ret

	.globl	user_clear
user_clear:
	testq	%rsi, %rsi
	je	2f
1:	movb	$0, (%rdi)
	incq	%rdi
	decq	%rsi
	jne	1b
2:	xorl	%eax, %eax
	ret

	/* Add nothing to the first and the last word. */
	.globl	user_probe
user_probe:
	testq	%rsi, %rsi
	je	1f
	leaq	-1(%rdi,%rsi), %rsi
	andq	$-4, %rdi
	andq	$-4, %rsi
	lock orl $0, (%rdi)
	lock orl $0, (%rsi)
1:	xorl	%eax, %eax
	ret

	.globl	user_length
user_length:
	movq	%rdi, %rax
	addq	%rdi, %rsi
1:	cmpq	%rsi, %rax
	je	2f
	cmpb	$0, (%rax)
	je	2f
	incq	%rax
	jmp	1b
2:	subq	%rdi, %rax
	ret

	/* Floating-point state; what is missing or malformed faults. */
	.globl	user_xsave
user_xsave:
	movq	%rsi, %rax
	movq	%rsi, %rdx
	shrq	$32, %rdx
	xsave64	(%rdi)
	xorl	%eax, %eax
	ret

	.globl	user_xrstor
user_xrstor:
	movq	%rsi, %rax
	movq	%rsi, %rdx
	shrq	$32, %rdx
	xrstor64 (%rdi)
	xorl	%eax, %eax
	ret

	.globl	user_fxsave
user_fxsave:
	fxsave64 (%rdi)
	xorl	%eax, %eax
	ret

	.globl	user_fxrstor
user_fxrstor:
	fxrstor64 (%rdi)
	xorl	%eax, %eax
	ret
user_access_end:


	.section .note.GNU-stack, "", @progbits
