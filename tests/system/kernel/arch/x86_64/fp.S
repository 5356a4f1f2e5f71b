/* SPDX-License-Identifier: MIT
 *
 * Fills xmm0..xmm15, the rounding mode of SSE and an x87 register from `seed`,
 * then checks them for ever, x86_64 (arch.h).
 */
	.macro	each_register action
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	leaq	\n(%rdi), %rax
	\action	\n
	.endr
	.endm
	.macro	fill number
	movq	%rax, %xmm\number
	pshufd	$0x44, %xmm\number, %xmm\number
	.endm
	/* Both halves. */
	.macro	compare number
	movq	%xmm\number, %rcx
	cmpq	%rax, %rcx
	jne	2f
	pshufd	$0x4e, %xmm\number, %xmm\number
	movq	%xmm\number, %rcx
	cmpq	%rax, %rcx
	jne	2f
	.endm

	.text
	.globl fp_worker
fp_worker:
	each_register fill
	movl	%edi, %edx
	andl	$3, %edx
	shll	$13, %edx
	orl	$0x1f80, %edx
	movl	%edx, -8(%rsp)
	ldmxcsr	-8(%rsp)
	movq	%rdi, -8(%rsp)
	fildq	-8(%rsp)
1:	each_register compare
	stmxcsr	-8(%rsp)
	cmpl	-8(%rsp), %edx
	jne	2f
	fld	%st(0)
	fistpq	-8(%rsp)
	cmpq	-8(%rsp), %rdi
	jne	2f
	lock incq fp_rounds(%rip)
	jmp	1b
2:	movq	%rax, fp_broken(%rip)
	jmp	2b
