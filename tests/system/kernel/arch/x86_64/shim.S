/* SPDX-License-Identifier: MIT
 *
 * The shims and programs of the tests of redirection, x86_64 (arch.h). The
 * layout of the UTCB is the contract's, 1.2; a window begins with its exit
 * sequence (7.2).
 */
#include <glenda/abi.h>

#define STICKY 0x1a8
#define SAVE_PC 0x1f0
#define SAVE_SP 0x1f8
#define CONTEXT(number) (0x220 + 8 * (number))
#define KEPT(number) (0x340 + 8 * (number))

	.macro	exit_sequence otherwise
	cmpq	$0, STICKY(%rcx)
	jne	\otherwise
	movq	SAVE_SP(%rcx), %rsp
	jmp	*SAVE_PC(%rcx)
	.endm
	/* Number and name of what a Call changes, or the shim itself. */
	.macro	each_kept action
	\action	0, rbx
	\action	1, rdi
	\action	2, rsi
	\action	3, rdx
	\action	4, r10
	\action	5, r8
	\action	6, r9
	\action	7, r11
	\action	8, r12
	\action	9, r13
	\action	10, r14
	\action	11, r15
	.endm
	.macro	keep number, name
	movq	%\name, KEPT(\number)(%rcx)
	.endm
	.macro	restore number, name
	movq	KEPT(\number)(%rcx), %\name
	.endm

	.text
	.globl shim_start, shim_end, shim_upcall, shim_signal
	.balign	32
shim_start:
	exit_sequence interrupted
	.balign	32

	/* rcx is the UTCB. Counts, notes the program's number, answers rax =
	 * rsi + 1. With shim_mode 1 it first makes a cancellable Call. */
shim_upcall:
	movq	%rsp, SAVE_SP(%rcx)
	movq	%rax, shim_number(%rip)
	incq	shim_entries(%rip)
	cmpq	$0, shim_mode(%rip)
	je	1f
	each_kept keep
	movq	%rcx, %rbx
	movl	$SYSCALL_CALL, %eax
	movq	shim_endpoint(%rip), %rdi
	movl	$INFO_CANCELLABLE, %esi
	syscall
	movq	%rax, shim_call_status(%rip)
	movq	%rbx, %rcx
	each_kept restore
1:	leaq	1(%rsi), %rax
	jmp	shim_start

	/* On the way out an interruption is pending: the program's registers
	 * become the context. */
interrupted:
	.set	i, 1
	.irp name, rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, \
		r12, r13, r14, r15
	movq	%\name, CONTEXT(i)(%rcx)
	.set	i, i + 1
	.endr
	movq	SAVE_PC(%rcx), %rax
	movq	%rax, CONTEXT(0)(%rcx)
	movq	SAVE_SP(%rcx), %rax
	movq	%rax, CONTEXT(8)(%rcx)
	movq	$0x202, CONTEXT(17)(%rcx)
	rdfsbase %rax
	movq	%rax, CONTEXT(18)(%rcx)
	rdgsbase %rax
	movq	%rax, CONTEXT(19)(%rcx)
	movl	$SYSCALL_UPCALL_RETURN, %eax
	syscall
	ud2

	/* Count, then go back to where the context says. */
shim_signal:
	incq	shim_signals(%rip)
	movq	CONTEXT(0)(%rcx), %rax
	movq	%rax, shim_signal_pc(%rip)
	movl	$SYSCALL_UPCALL_RETURN, %eax
	syscall
	ud2
shim_end:

	/* Calls, and checks that nothing changed that Linux keeps. rdi: rounds. */
	.globl program, program_busy
program:
	movq	%rdi, %rbp
1:	movl	$0x1234, %eax
	movq	%rbp, %rsi
	.irp n, 8, 9, 10, 12, 13, 14
	movl	$0x500 + \n, %r\n\()d
	.endr
	movl	$0x501, %ebx
	movl	$0x502, %edx
	movl	$0x503, %edi
	movq	%rsp, %r15
	syscall
	leaq	1(%rbp), %rcx
	cmpq	%rcx, %rax
	jne	9f
	cmpq	%rbp, %rsi
	jne	9f
	cmpq	%rsp, %r15
	jne	9f
	.irp n, 8, 9, 10, 12, 13, 14
	cmpq	$0x500 + \n, %r\n
	jne	9f
	.endr
	cmpq	$0x501, %rbx
	jne	9f
	cmpq	$0x502, %rdx
	jne	9f
	cmpq	$0x503, %rdi
	jne	9f
	incq	program_rounds(%rip)
	decq	%rbp
	jnz	1b
8:	jmp	8b
9:	movq	$1, program_bad(%rip)
	jmp	9b

program_busy:
	movl	$0x777, %edx
	movl	$0x555, %ecx
	movl	$0x444, %ebx
	movl	$0x333, %r11d
	movq	%rsp, %r15
	movq	$0x222, -128(%rsp)
1:	incq	program_rounds(%rip)
	cmpq	$0x777, %rdx
	jne	9b
	cmpq	$0x555, %rcx
	jne	9b
	cmpq	$0x444, %rbx
	jne	9b
	cmpq	$0x333, %r11
	jne	9b
	cmpq	%rsp, %r15
	jne	9b
	cmpq	$0x222, -128(%rsp)
	jne	9b
	jmp	1b

	/* Goes back at once. */
	.globl plain_shim_start, plain_shim_end, plain_shim_upcall
	.balign	32
plain_shim_start:
	exit_sequence plain_shim_start
	.balign	32
plain_shim_upcall:
	movq	%rsp, SAVE_SP(%rcx)
	jmp	plain_shim_start
plain_shim_end:
