/* SPDX-License-Identifier: MIT
 *
 * Where every trap arrives and every return to user mode leaves (row A8). In
 * the kernel the base of GS is the thread that entered; swapgs brings it.
 *
 * Finished here without C: a system call from outside the redirection window
 * enters the thread's upcall (contract 7.2).
 */
#include <glenda/abi.h>
#include <machine/cpu.h>
#include <machine/offsets.h>

/* On the stack at trap_entry, pushed by stub and processor. */
#define ENTRY_VECTOR 0
#define ENTRY_ERROR 8
#define ENTRY_IP 16
#define ENTRY_CODE 24
#define ENTRY_FLAGS 32
#define ENTRY_SP 40

	.section .text.trap, "ax"

	/* Vectors 0 to 95, 16 bytes each. Of the exceptions these have an
	 * error code. */
	.macro	stub_exception vector
	.balign	16
	.if \vector != 8 && \vector != 10 && \vector != 11 && \vector != 12 && \
		\vector != 13 && \vector != 14 && \vector != 17 && \
		\vector != 21 && \vector != 29 && \vector != 30
	pushq	$0
	.endif
	pushq	$\vector
	jmp	trap_entry
	.endm
	.macro	stub_interrupt number
	.balign	16
	btsq	$\number, interrupts_taken(%rip)
	jmp	interrupt_entry
	.endm

	.balign	64
	.globl trap_stubs
trap_stubs:
	.altmacro
	.set	i, 0
	.rept	VECTOR_LINES
	stub_exception %i
	.set	i, i + 1
	.endr
	.set	i, 0
	.rept	VECTOR_IGNORED - VECTOR_LINES
	stub_interrupt %i
	.set	i, i + 1
	.endr
	.noaltmacro

	/* An interrupt finds the kernel only where it waits for one. */
	.balign	16
interrupt_entry:
	testb	$3, ENTRY_CODE - ENTRY_IP(%rsp)
	jz	trap_ignored
	pushq	$0
	pushq	$VECTOR_LINES
	jmp	trap_user
	.globl trap_ignored
trap_ignored:
	iretq

	.balign	64
trap_entry:
	testb	$3, ENTRY_CODE(%rsp)
	jz	trap_in_kernel
trap_user:
	pushq	$FLAGS_KERNEL		/* a gate clears neither DF nor AC */
	popfq
	swapgs
	movq	%rax, %gs:CONTEXT_AX
	movq	%rbx, %gs:CONTEXT_BX
	movq	%rcx, %gs:CONTEXT_CX
	movq	%rdx, %gs:CONTEXT_DX
	movq	%rsi, %gs:CONTEXT_SI
	movq	%rdi, %gs:CONTEXT_DI
	movq	%rbp, %gs:CONTEXT_BP
	movq	%r8, %gs:CONTEXT_8
	movq	%r9, %gs:CONTEXT_9
	movq	%r10, %gs:CONTEXT_10
	movq	%r11, %gs:CONTEXT_11
	movq	%r12, %gs:CONTEXT_12
	movq	%r13, %gs:CONTEXT_13
	movq	%r14, %gs:CONTEXT_14
	movq	%r15, %gs:CONTEXT_15
	movq	ENTRY_IP(%rsp), %rax
	movq	ENTRY_FLAGS(%rsp), %rcx
	movq	ENTRY_SP(%rsp), %rdx
	movq	%rax, %gs:CONTEXT_IP
	movq	%rcx, %gs:CONTEXT_FLAGS
	movq	%rdx, %gs:CONTEXT_SP
	movb	$1, %gs:CONTEXT_WHOLE
	movq	ENTRY_ERROR(%rsp), %rsi
	shlq	$8, %rsi
	orq	ENTRY_VECTOR(%rsp), %rsi
	movq	%cr2, %rdx
	jmp	enter_kernel

	/* rax number, rcx return address, r11 flags */
	.balign	64
	.globl syscall_entry
syscall_entry:
	swapgs
	movq	%rsp, %gs:CONTEXT_SP
	leaq	-2(%rcx), %rsp
	subq	%gs:THREAD_REDIRECT_START, %rsp
	cmpq	%gs:THREAD_REDIRECT_SIZE, %rsp
	jae	upcall
	testq	%rax, %rax
	jz	fast_call
	cmpq	$SYSCALL_REPLY_RECV, %rax
	je	fast_reply_receive
	cmpq	$SYSCALL_SEND, %rax
	je	fast_send

	/* The long way; rsp is saved already. */
	.globl save_all
save_all:
	movq	%rax, %gs:CONTEXT_AX
	movq	%rbx, %gs:CONTEXT_BX
	movq	%rcx, %gs:CONTEXT_CX
	movq	%rcx, %gs:CONTEXT_IP
	movq	%rdx, %gs:CONTEXT_DX
	movq	%rsi, %gs:CONTEXT_SI
	movq	%rdi, %gs:CONTEXT_DI
	movq	%rbp, %gs:CONTEXT_BP
	movq	%r8, %gs:CONTEXT_8
	movq	%r9, %gs:CONTEXT_9
	movq	%r10, %gs:CONTEXT_10
	movq	%r11, %gs:CONTEXT_11
	movq	%r11, %gs:CONTEXT_FLAGS
	movq	%r12, %gs:CONTEXT_12
	movq	%r13, %gs:CONTEXT_13
	movq	%r14, %gs:CONTEXT_14
	movq	%r15, %gs:CONTEXT_15
	movb	$0, %gs:CONTEXT_WHOLE
	movl	$CAUSE_CALL, %esi
	xorl	%edx, %edx

	/* rsi cause, rdx address; the thread's bases are still in use. */
enter_kernel:
	rdfsbase %rax
	movq	%rax, %gs:CONTEXT_FS
	swapgs
	rdgsbase %rax
	swapgs
	movq	%rax, %gs:CONTEXT_GS
	rdgsbase %rdi
	movq	CONTEXT_STACK(%rdi), %rsp
	xorl	%ebp, %ebp
	pushq	%rbp			/* backtraces end here */
	jmp	trap_from_user

	/*
	 * context_resume(thread). A thread of a program that may use vector
	 * registers (one with redirection) never runs on those of another,
	 * not even until it first touches them: some processors let it look
	 * ahead at them, and emulated ones let xsave and xrstor pass.
	 */
	.globl context_resume
context_resume:
	movb	CONTEXT_FP_ON(%rdi), %al
	testb	%al, %al
	jnz	0f
	cmpq	$-1, THREAD_REDIRECT_SIZE(%rdi)
	je	0f
	pushq	%rdi
	call	trap_fp_wanted
	popq	%rdi
	movb	CONTEXT_FP_ON(%rdi), %al
0:	cmpb	%al, fp_is_on(%rip)
	je	1f
	movb	%al, fp_is_on(%rip)
	movq	%cr0, %rax
	xorl	$CR0_TASK_SWITCHED, %eax
	movq	%rax, %cr0
1:	wrgsbase %rdi
	movq	CONTEXT_FS(%rdi), %rax
	wrfsbase %rax
	movq	CONTEXT_GS(%rdi), %rcx
	cmpb	$0, CONTEXT_WHOLE(%rdi)
	jne	2f
	swapgs
	wrgsbase %rcx
	movq	CONTEXT_IP(%rdi), %rcx
	movq	CONTEXT_FLAGS(%rdi), %r11
	movq	CONTEXT_SP(%rdi), %rsp
	movq	CONTEXT_AX(%rdi), %rax
	movq	CONTEXT_BX(%rdi), %rbx
	movq	CONTEXT_DX(%rdi), %rdx
	movq	CONTEXT_SI(%rdi), %rsi
	movq	CONTEXT_BP(%rdi), %rbp
	movq	CONTEXT_8(%rdi), %r8
	movq	CONTEXT_9(%rdi), %r9
	movq	CONTEXT_10(%rdi), %r10
	movq	CONTEXT_12(%rdi), %r12
	movq	CONTEXT_13(%rdi), %r13
	movq	CONTEXT_14(%rdi), %r14
	movq	CONTEXT_15(%rdi), %r15
	movq	CONTEXT_DI(%rdi), %rdi
	sysretq
2:	pushq	$SELECT_USER_DATA
	pushq	CONTEXT_SP(%rdi)
	pushq	CONTEXT_FLAGS(%rdi)
	pushq	$SELECT_USER_CODE
	pushq	CONTEXT_IP(%rdi)
	swapgs
	wrgsbase %rcx
	movq	CONTEXT_AX(%rdi), %rax
	movq	CONTEXT_BX(%rdi), %rbx
	movq	CONTEXT_CX(%rdi), %rcx
	movq	CONTEXT_DX(%rdi), %rdx
	movq	CONTEXT_SI(%rdi), %rsi
	movq	CONTEXT_BP(%rdi), %rbp
	movq	CONTEXT_8(%rdi), %r8
	movq	CONTEXT_9(%rdi), %r9
	movq	CONTEXT_10(%rdi), %r10
	movq	CONTEXT_11(%rdi), %r11
	movq	CONTEXT_12(%rdi), %r12
	movq	CONTEXT_13(%rdi), %r13
	movq	CONTEXT_14(%rdi), %r14
	movq	CONTEXT_15(%rdi), %r15
	movq	CONTEXT_DI(%rdi), %rdi
	iretq

	/* Into the shim: only the return address is kept for the way back, and
	 * rcx, which is free, tells where. */
	.balign	64
upcall:
	movq	%gs:THREAD_UTCB, %rsp
	movq	%rcx, UTCB_SAVE_PC(%rsp)
	movq	%gs:CONTEXT_SP, %rcx
	rdgsbase %rsp
	movq	%rcx, CONTEXT_FRAME_SP(%rsp)
	movq	THREAD_UTCB_USER(%rsp), %rcx
	addq	$CONTEXT_FRAME, %rsp
	swapgs
	iretq

	/* A trap in the kernel itself is always fatal. */
trap_in_kernel:
	movq	%rax, kernel_trap_context + 8(%rip)
	movq	%rbx, kernel_trap_context + 16(%rip)
	movq	%rcx, kernel_trap_context + 24(%rip)
	movq	%rdx, kernel_trap_context + 32(%rip)
	movq	%rsi, kernel_trap_context + 40(%rip)
	movq	%rdi, kernel_trap_context + 48(%rip)
	movq	%rbp, kernel_trap_context + 56(%rip)
	movq	%r8, kernel_trap_context + 72(%rip)
	movq	%r9, kernel_trap_context + 80(%rip)
	movq	%r10, kernel_trap_context + 88(%rip)
	movq	%r11, kernel_trap_context + 96(%rip)
	movq	%r12, kernel_trap_context + 104(%rip)
	movq	%r13, kernel_trap_context + 112(%rip)
	movq	%r14, kernel_trap_context + 120(%rip)
	movq	%r15, kernel_trap_context + 128(%rip)
	leaq	kernel_trap_context(%rip), %rdi
	movq	ENTRY_IP(%rsp), %rax
	movq	ENTRY_SP(%rsp), %rcx
	movq	ENTRY_FLAGS(%rsp), %rdx
	movq	%rax, (%rdi)
	movq	%rcx, 64(%rdi)
	movq	%rdx, 136(%rdi)
	movq	ENTRY_ERROR(%rsp), %rsi
	shlq	$8, %rsi
	orq	ENTRY_VECTOR(%rsp), %rsi
	movq	%cr2, %rdx
	leaq	boot_context - CONTEXT(%rip), %rax
	wrgsbase %rax
	leaq	kernel_trap_stack_end(%rip), %rsp
	xorl	%ebp, %ebp
	cld
	call	trap_from_kernel
	ud2
