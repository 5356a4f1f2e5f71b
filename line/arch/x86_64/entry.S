/* SPDX-License-Identifier: MIT */
/*
 * The way into the shim and out of it on x86_64 (docs/contract.md, 7.2).
 *
 * line_upcall: a system call. rcx is the UTCB, where the kernel left the pc,
 * and r11 has the flags; every other register is the program's. What may
 * change is recorded and comes back from the record. The registers that C
 * leaves as they were are recorded for clone, and when a signal comes.
 * line_exit: the way back, without the kernel. It stands at the window's
 * start: a thread that is interrupted here begins here again.
 * line_signal: an interrupted thread. Its registers are in the UTCB.
 * line_fixup: the shim faulted; in user_* that means a bad pointer.
 *
 * The program's flags are not kept over a call that ends in line_exit, but
 * for the direction flag, which only UPCALL_RETURN can set again safely.
 */

#define KIT_STACK 0x4000
#define KITS 0x7ffff9000000
#define KITS_BYTES 0x1400000
#define RECORD 0x400
#define STICKY 0x1a8
#define SAVE_PC 0x1f0
#define SAVE_SP 0x1f8
#define FAULT_PC 0x208
#define CONTEXT 0x220
#define CONTEXT_COUNT 20
#define USER_MASK_OFFSET 0x328
#define USER_PENDING_OFFSET 0x330
#define REPLACED R(26)
#define FULL_RESTORE R(27)
#define UPCALL_RETURN 5
#define DIRECTION_FLAG 0x400
#define EFAULT 14

/* struct line_thread's registers, by number (arch/linux.h). */
#define R(n) (RECORD + 8 * (n))
#define RAX R(1)
#define RBX R(2)
#define RBP R(7)
#define R11 R(12)
#define R12 R(13)
#define R13 R(14)
#define R14 R(15)
#define R15 R(16)
#define ARGUMENT(n) R(20 + (n))

	.section .text.exit, "ax"
	.globl	line_exit
line_exit:				/* all but rsp, rcx: the program's */
	cmpq	$0, STICKY(%rcx)
	jne	slow_return
	movq	SAVE_SP(%rcx), %rsp
	jmp	*SAVE_PC(%rcx)
	.org	line_exit + 32		/* an error if it were longer */

	.section .text.entry, "ax"
	.globl	_start
_start:					/* rdi: start page; rsp: kit's stack */
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	call	line_start
	ud2

	.balign	64
	.globl	line_upcall
line_upcall:
	movq	%rsp, SAVE_SP(%rcx)
	leaq	KIT_STACK(%rcx), %rsp
	movq	%rdi, ARGUMENT(0)(%rcx)
	movq	%rsi, ARGUMENT(1)(%rcx)
	movq	%rdx, ARGUMENT(2)(%rcx)
	movq	%r10, ARGUMENT(3)(%rcx)
	movq	%r8, ARGUMENT(4)(%rcx)
	movq	%r9, ARGUMENT(5)(%rcx)
	movq	%rax, REPLACED(%rcx)
	movq	%rbx, RBX(%rcx)
	movq	%rbp, RBP(%rcx)
	movq	%r11, R11(%rcx)
	movq	%r12, R12(%rcx)
	movq	%r13, R13(%rcx)
	movq	%r14, R14(%rcx)
	movq	%r15, R15(%rcx)
	leaq	RECORD(%rcx), %rdi
	movq	%rax, %rsi
	cld
	call	line_dispatch
	leaq	-KIT_STACK(%rsp), %rcx
	movq	USER_MASK_OFFSET(%rcx), %rdx
	notq	%rdx
	andq	USER_PENDING_OFFSET(%rcx), %rdx
	movzwl	FULL_RESTORE(%rcx), %esi	/* and OWN_SIGNAL */
	movq	R11(%rcx), %r11
	orq	%rsi, %rdx
	jnz	slow_return
	testl	$DIRECTION_FLAG, %r11d
	jnz	slow_return
	movq	ARGUMENT(0)(%rcx), %rdi
	movq	ARGUMENT(1)(%rcx), %rsi
	movq	ARGUMENT(2)(%rcx), %rdx
	movq	ARGUMENT(3)(%rcx), %r10
	movq	ARGUMENT(4)(%rcx), %r8
	movq	ARGUMENT(5)(%rcx), %r9
	jmp	line_exit

	/* A signal, an interruption, or registers that a call replaced. */
slow_return:
	leaq	KIT_STACK(%rcx), %rsp
	cmpb	$0, FULL_RESTORE(%rcx)
	jne	1f
	movq	%rax, RAX(%rcx)
1:	leaq	RECORD(%rcx), %rdi
	call	line_call_signals
	leaq	-KIT_STACK(%rsp), %rsi
	leaq	RECORD(%rsi), %rdi

	/* line_resume(registers, utcb): all registers from the array. */
	.globl	line_resume
line_resume:
	leaq	CONTEXT(%rsi), %rdx
	movq	%rdi, %rsi
	movq	%rdx, %rdi
	movl	$CONTEXT_COUNT, %ecx
	rep movsq
	movl	$UPCALL_RETURN, %eax
	syscall
	ud2

	.balign	64
	.globl	line_signal
line_signal:
	leaq	KIT_STACK(%rcx), %rsp
	leaq	RECORD(%rcx), %rdi
	cld
	call	line_interrupted
	/* not reached: it ends in line_resume */
	ud2

	.globl	line_thread_begin	/* rdi: thread record */
line_thread_begin:
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	cld
	call	line_thread_run
	ud2

	/*
	 * A fault inside the shim. Only rsp can be trusted, and not even that
	 * when the program has damaged what line_exit takes.
	 */
	.balign	64
	.globl	line_fixup
line_fixup:
	leaq	-1(%rsp), %rcx
	movabsq	$KITS, %rdx
	movq	%rcx, %rax
	subq	%rdx, %rax
	cmpq	$KITS_BYTES, %rax
	cmovaeq	%rdx, %rcx
	andq	$~0xffff, %rcx
	movq	FAULT_PC(%rcx), %rdi
	leaq	user_access_start(%rip), %rdx
	cmpq	%rdx, %rdi
	jb	crash
	leaq	user_access_end(%rip), %rdx
	cmpq	%rdx, %rdi
	jae	crash
	movq	$-EFAULT, %rax
	ret
crash:
	leaq	KIT_STACK(%rcx), %rsp
	cld
	call	line_crash
	ud2

	.section .note.GNU-stack, "", @progbits
