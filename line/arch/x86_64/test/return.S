/* SPDX-License-Identifier: MIT */
/* rt_sigreturn from a frame of our making, and the way back (return.h). */

	.text
	.globl	return_through
return_through:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, saved_sp(%rip)
	movq	%rsi, target(%rip)
	leaq	8(%rdi), %rsp
	movl	$15, %eax
	syscall
	ud2

	.globl	return_landing
return_landing:
	movq	%rsp, found_sp(%rip)
	movq	%rax, found_ax(%rip)
	movq	target(%rip), %rax
	movq	%rbx, 16(%rax)
	movq	%rcx, 24(%rax)
	movq	%rdx, 32(%rax)
	movq	%rsi, 40(%rax)
	movq	%rdi, 48(%rax)
	movq	%rbp, 56(%rax)
	movq	%r8, 72(%rax)
	movq	%r9, 80(%rax)
	movq	%r10, 88(%rax)
	movq	%r11, 96(%rax)
	movq	%r12, 104(%rax)
	movq	%r13, 112(%rax)
	movq	%r14, 120(%rax)
	movq	%r15, 128(%rax)
	movq	saved_sp(%rip), %rsp
	pushfq
	popq	136(%rax)
	cld
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movups	%xmm\n, (144 + 16 * \n)(%rax)
	.endr
	movq	found_sp(%rip), %rcx
	movq	%rcx, 64(%rax)
	movq	found_ax(%rip), %rcx
	movq	%rcx, 8(%rax)
	leaq	return_landing(%rip), %rcx
	movq	%rcx, 0(%rax)
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

	.bss
	.balign	8
saved_sp:	.quad	0
found_sp:	.quad	0
found_ax:	.quad	0
target:	.quad	0

	.section .note.GNU-stack, "", @progbits
