/* SPDX-License-Identifier: MIT
 *
 * Where every trap arrives and every return to user mode leaves (row A8).
 * sscratch holds the thread while user mode runs and 0 in the kernel. A trap
 * from user mode moves to its processor's stack before it touches memory
 * other than the thread (row Y7).
 *
 * Finished here without C: a system call from outside the redirection window
 * enters the thread's upcall, and UPCALL_RETURN leaves it (contract 1.4).
 */
#include <glenda/abi.h>
#include <machine/csr.h>
#include <machine/offsets.h>

	.macro	save_register number
	sd	x\number, CONTEXT_X(\number)(tp)
	.endm
	.macro	load_register number
	ld	x\number, CONTEXT_X(\number)(a0)
	.endm

	.section .text.trap, "ax"
	.balign	64
	.globl trap_entry
trap_entry:
	csrrw	tp, sscratch, tp
	beqz	tp, trap_in_kernel
	save_register 30
	save_register 31
	csrr	t5, scause
	li	t6, CAUSE_USER_CALL
	bne	t5, t6, save_all
	ld	t5, THREAD_REDIRECT_START(tp)
	csrr	t6, sepc
	sub	t5, t6, t5
	ld	t6, THREAD_REDIRECT_SIZE(tp)
	bgeu	t5, t6, upcall
	beqz	a7, fast_call
	li	t5, SYSCALL_REPLY_RECV
	beq	a7, t5, fast_reply_receive
	li	t5, SYSCALL_SEND
	beq	a7, t5, fast_send
	li	t5, SYSCALL_UPCALL_RETURN
	beq	a7, t5, upcall_return

	.globl save_all
save_all:
	.irp n, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	save_register \n
	.endr
	.irp n, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
	save_register \n
	.endr
	csrrw	t0, sscratch, zero
	csrr	t1, sepc
	sd	t0, CONTEXT_X(4)(tp)
	sd	t1, CONTEXT_PC(tp)
	mv	a0, tp
	csrr	a1, scause
	csrr	a2, stval
	ld	sp, CONTEXT_STACK(a0)
	ld	tp, CONTEXT_PROCESSOR(a0)
	ld	t0, CONTEXT_HANDLER(a0)
	mv	s0, zero		/* backtraces end here */
	mv	ra, zero
	jr	t0

	/* context_resume(thread) */
	.globl context_resume
context_resume:
	ld	t0, CONTEXT_STATUS(a0)
	ld	t1, CONTEXT_PC(a0)
	csrw	sstatus, t0
	csrw	sepc, t1
	csrw	sscratch, a0
	.irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17
	load_register \n
	.endr
	.irp n, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 10
	load_register \n
	.endr
	sret

	/* Into the shim: pc, sp, t0 and a7 are kept for the way back. */
	.balign	64
upcall:
	ld	t5, THREAD_UTCB(tp)
	csrr	t6, sepc
	addi	t6, t6, 4
	sd	t6, UTCB_SAVE_PC(t5)
	ld	t6, THREAD_REDIRECT_UPCALL(tp)
	sd	sp, UTCB_SAVE_SP(t5)
	sd	t0, UTCB_SAVE_SCRATCH(t5)
	sd	a7, UTCB_SAVE_NUMBER(t5)
	csrw	sepc, t6
	ld	t0, THREAD_UTCB_USER(tp)
	ld	t6, CONTEXT_X(31)(tp)
	ld	t5, CONTEXT_X(30)(tp)
	csrrw	tp, sscratch, tp
	sret

	/* Out of it, unless an interruption is pending or no UTCB is there. */
upcall_return:
	lbu	t5, THREAD_FLAGS(tp)
	bnez	t5, save_all
	ld	t5, THREAD_UTCB(tp)
	beqz	t5, save_all
	ld	t6, UTCB_SAVE_PC(t5)
	ld	sp, UTCB_SAVE_SP(t5)
	ld	t0, UTCB_SAVE_SCRATCH(t5)
	ld	a7, UTCB_SAVE_NUMBER(t5)
	csrw	sepc, t6
	ld	t6, CONTEXT_X(31)(tp)
	ld	t5, CONTEXT_X(30)(tp)
	csrrw	tp, sscratch, tp
	sret

	/* A trap in the kernel itself is always fatal. tp is 0 here. */
trap_in_kernel:
	csrrw	tp, sscratch, tp
	csrw	sscratch, t0
	la	t0, kernel_trap_context
	.irp n, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	sd	x\n, 8 * \n (t0)
	.endr
	.irp n, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sd	x\n, 8 * \n (t0)
	.endr
	csrr	t1, sepc
	csrrw	t2, sscratch, zero
	sd	t1, (t0)
	sd	t2, 40(t0)
	mv	a0, t0
	csrr	a1, scause
	csrr	a2, stval
	la	sp, kernel_trap_stack_end
	call	trap_from_kernel
	unimp
