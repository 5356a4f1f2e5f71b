/* SPDX-License-Identifier: MIT */
/*
 * The way into the shim and out of it on riscv64 (docs/contract.md, 1.4).
 *
 * line_upcall: a system call. t0 is the UTCB; every other register is the
 * program's. The kernel keeps pc, sp, t0 and a7 in the UTCB. Those that C may
 * change go to the thread's record and come back from it. The others are
 * the program's all along; they are recorded for clone, and when a signal
 * comes.
 * line_signal: an interrupted thread. Its registers are in the UTCB.
 * line_fixup: the shim faulted; in user_* that means a bad pointer.
 */

#define KIT_STACK 0x4000
#define RECORD 0x400
#define REPLACED (RECORD + 256)
#define SAVE_NUMBER 0x1a8
#define SAVE_PC 0x1f0
#define SAVE_SP 0x1f8
#define SAVE_SCRATCH 0x200
#define FAULT_PC 0x208
#define USER_MASK_OFFSET 0x328
#define USER_PENDING_OFFSET 0x330
#define FULL_RESTORE (RECORD + 264)
#define UPCALL_RETURN 5
#define NUMBER_CLONE 220
#define NUMBER_CLONE3 435
#define EFAULT 14

#define R(n) (RECORD + 8 * (n))

	/* What a C function leaves as it was, but for s0, at \utcb. */
	.macro	record_preserved utcb
	.irp n, 3, 4, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	sd	x\n, R(\n)(\utcb)
	.endr
	.endm

	.option	norelax
	.section .text.entry, "ax"

	.globl	_start
_start:					/* a0: start page; sp: kit's stack */
	li	s0, 0
	li	ra, 0
	call	line_start
	ebreak

	.balign	64
	.globl	line_upcall
line_upcall:
	.irp n, 1, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 28, 29, 30, 31
	sd	x\n, R(\n)(t0)
	.endr
	sd	a0, REPLACED(t0)
	li	t1, NUMBER_CLONE
	beq	a7, t1, 1f
	li	t1, NUMBER_CLONE3
	bne	a7, t1, 2f
1:	record_preserved t0
2:	mv	s0, t0
	li	t1, KIT_STACK
	add	sp, t0, t1
	addi	a0, t0, RECORD
	mv	a1, a7
	call	line_dispatch
	sd	a0, R(10)(s0)
	fence	rw, rw
	ld	t1, USER_PENDING_OFFSET(s0)
	ld	t2, USER_MASK_OFFSET(s0)
	lhu	t3, FULL_RESTORE(s0)	/* and OWN_SIGNAL */
	not	t2, t2
	and	t1, t1, t2
	or	t1, t1, t3
	bnez	t1, slow_return
	mv	t0, s0
	ld	x1, R(1)(t0)
	.irp n, 6, 7, 8, 11, 12, 13, 14, 15, 16, 28, 29, 30, 31
	ld	x\n, R(\n)(t0)
	.endr
	li	a7, UPCALL_RETURN
	ecall
	ebreak

	/* A signal to deliver, or registers that a call replaced. */
slow_return:
	andi	t3, t3, 1
	bnez	t3, 1f
	record_preserved s0
1:	addi	a0, s0, RECORD
	call	line_call_signals
	addi	a0, s0, RECORD
	mv	a1, s0

	/* line_resume(registers, utcb): all registers from the array. */
	.globl	line_resume
line_resume:
	mv	t0, a0
	ld	t1, 0(t0)
	ld	t2, 16(t0)
	ld	t3, 40(t0)
	ld	t4, 136(t0)
	sd	t1, SAVE_PC(a1)
	sd	t2, SAVE_SP(a1)
	sd	t3, SAVE_SCRATCH(a1)
	sd	t4, SAVE_NUMBER(a1)
	ld	x1, 8(t0)
	.irp n, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20
	ld	x\n, 8 * \n (t0)
	.endr
	.irp n, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	x\n, 8 * \n (t0)
	.endr
	li	a7, UPCALL_RETURN
	ecall
	ebreak

	.balign	64
	.globl	line_signal
line_signal:
	mv	s0, t0
	li	t1, KIT_STACK
	add	sp, t0, t1
	addi	a0, t0, RECORD
	call	line_interrupted
	/* not reached: it ends in line_resume */
	ebreak

	.globl	line_thread_begin	/* a0: thread record */
line_thread_begin:
	call	line_thread_run
	ebreak

	/* A fault inside the shim. Only sp can be trusted. */
	.balign	64
	.globl	line_fixup
line_fixup:
	addi	t0, sp, -1
	srli	t0, t0, 16
	slli	t0, t0, 16
	ld	t1, FAULT_PC(t0)
	lla	t2, user_access_start
	bltu	t1, t2, crash
	lla	t2, user_access_end
	bgeu	t1, t2, crash
	li	a0, -EFAULT
	ret
crash:
	mv	a0, t1
	call	line_crash
	ebreak

	/*
	 * The program's memory. Leaf functions without a stack frame: the fixup
	 * returns straight to their caller.
	 */
	.balign	64
user_access_start:
	.globl	user_read
	.globl	user_write
user_read:
user_write:
	or	t0, a0, a1
	andi	t0, t0, 7
	bnez	t0, 2f
	li	t2, 64
3:	bltu	a2, t2, 4f
	.irp offset, 0, 16, 32, 48
	ld	t0, \offset(a1)
	ld	t1, \offset + 8(a1)
	sd	t0, \offset(a0)
	sd	t1, \offset + 8(a0)
	.endr
	addi	a0, a0, 64
	addi	a1, a1, 64
	addi	a2, a2, -64
	j	3b
4:	li	t2, 8
1:	bltu	a2, t2, 2f
	ld	t1, 0(a1)
	sd	t1, 0(a0)
	addi	a0, a0, 8
	addi	a1, a1, 8
	addi	a2, a2, -8
	j	1b
2:	beqz	a2, 5f
	lbu	t1, 0(a1)
	sb	t1, 0(a0)
	addi	a0, a0, 1
	addi	a1, a1, 1
	addi	a2, a2, -1
	j	2b
5:	li	a0, 0
	ret

	.globl	user_clear
user_clear:
	beqz	a1, 2f
1:	sb	zero, 0(a0)
	addi	a0, a0, 1
	addi	a1, a1, -1
	bnez	a1, 1b
2:	li	a0, 0
	ret

	/* Add nothing to the first and the last word. */
	.globl	user_probe
user_probe:
	beqz	a1, 1f
	add	a1, a1, a0
	addi	a1, a1, -1
	andi	a0, a0, -4
	andi	a1, a1, -4
	amoadd.w zero, zero, (a0)
	amoadd.w zero, zero, (a1)
1:	li	a0, 0
	ret

	.globl	user_length
user_length:
	mv	t0, a0
	add	t1, a0, a1
1:	beq	t0, t1, 2f
	lbu	t2, 0(t0)
	beqz	t2, 2f
	addi	t0, t0, 1
	j	1b
2:	sub	a0, t0, a0
	ret
user_access_end:

	/*
	 * Floating-point state of the calling thread to and from 66 words, the
	 * form of Linux's struct __riscv_d_ext_state.
	 */
	.option	push
	.option	arch, +d
	.globl	line_fp_save
line_fp_save:
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	fsd	f\n, 8 * \n (a0)
	.endr
	.irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fsd	f\n, 8 * \n (a0)
	.endr
	frcsr	t0
	sd	t0, 256(a0)
	ret

	.globl	line_fp_load
line_fp_load:
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	fld	f\n, 8 * \n (a0)
	.endr
	.irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fld	f\n, 8 * \n (a0)
	.endr
	ld	t0, 256(a0)
	fscsr	t0
	ret
	.option	pop

	/*
	 * Where a handler returns to: outside the window, so that its ecall is the
	 * program's. The two instructions are the ones that unwinders look for.
	 */
	.section .trampoline, "ax"
	.balign	16
	.globl	line_trampoline
line_trampoline:
	li	a7, 139
	ecall
