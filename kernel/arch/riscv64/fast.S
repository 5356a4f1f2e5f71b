/* SPDX-License-Identifier: MIT
 *
 * The fast path of messages: a Call that finds its receiver waiting, and an
 * answer with nothing to receive after it (also a fault's), when no capabilities
 * travel. The first eight words stay in their registers. Nothing is written
 * before everything has been checked, so that any doubt leads to the slow path
 * (syscall.c, endpoint.c), which does the same in all cases.
 *
 * In: tp the running thread, t5 and t6 saved and free. A switched-out thread
 * has the registers in its context that a call preserves, and its a7; the
 * others hold older values of its own.
 *
 * The slice and the time go with the Call (processor.h), so the clock is not
 * read. Only one processor runs; the lock is not taken here.
 */
#include <glenda/abi.h>
#include <machine/csr.h>
#include <machine/offsets.h>

/* s1: distance of the physical map. */
	.macro	load_physical_map
	li	s1, -1
	slli	s1, s1, 38
	.endm

	/* \slot: the slot that \cptr names in the root CNode of \thread. */
	.macro	find_slot slot, cptr, thread, temporary, slow=slow
	ld	\slot, THREAD_CSPACE + SLOT_META(\thread)
	andi	\temporary, \slot, 0xff
	addi	\temporary, \temporary, -OBJECT_CNODE
	bnez	\temporary, \slow
	srli	\temporary, \slot, META_AUX_SHIFT
	srl	\temporary, \cptr, \temporary
	bnez	\temporary, \slow
	srli	\slot, \slot, META_REFERENCE_SHIFT
	add	\slot, \slot, \cptr		/* a slot is one unit */
	slli	\slot, \slot, REFERENCE_SHIFT
	add	\slot, \slot, s1
	.endm

	/* \meta becomes a pointer to its object. */
	.macro	find_object meta
	srli	\meta, \meta, META_REFERENCE_SHIFT
	slli	\meta, \meta, REFERENCE_SHIFT
	add	\meta, \meta, s1
	.endm

	/* To \long if more than 8 words travel, to the slow path if
	 * capabilities do or something is special about the thread. */
	.macro	check_message long
	andi	t5, a1, INFO_LENGTH_MASK | INFO_COUNT_MASK << INFO_CAPS_SHIFT
	li	t6, REGISTER_WORDS
	bgtu	t5, t6, \long
	.endm
	.macro	check_long_message
	li	t6, MAX_WORDS
	bgtu	t5, t6, slow_untouched
	.endm
	.macro	check_thread
	lbu	t5, THREAD_FLAGS(tp)
	bnez	t5, slow_untouched
	.endm

	/* To the slow path unless both have a UTCB. */
	.macro	check_utcbs
	ld	t5, THREAD_UTCB(tp)
	beqz	t5, slow
	ld	t5, THREAD_UTCB(s0)
	beqz	t5, slow
	.endm

	/* Copy the words from 8 on; s5 and t4 are free by now. */
	.macro	copy_long_message
	ld	t5, THREAD_UTCB(tp)
	ld	t6, THREAD_UTCB(s0)
	andi	s5, a1, INFO_LENGTH_MASK
	slli	s5, s5, 3
	add	s5, s5, t5
1:	ld	t4, 8 * REGISTER_WORDS(t5)
	addi	t5, t5, 8
	sd	t4, 8 * REGISTER_WORDS(t6)
	addi	t6, t6, 8
	addi	t4, t5, 8 * REGISTER_WORDS
	bltu	t4, s5, 1b
	.endm

	.macro	save number
	sd	x\number, CONTEXT_X(\number)(tp)
	.endm
	.macro	restore number
	ld	x\number, CONTEXT_X(\number)(s0)
	.endm

	/* s2 processor, s0 the next thread: to the slow path unless it may
	 * run at once. s3: its status, s4: its address space. */
	.macro	check_next
	ld	s2, CONTEXT_PROCESSOR(tp)
	lbu	t5, THREAD_PRIORITY(s0)
	ld	t6, PROCESSOR_HIGHEST(s2)
	blt	t5, t6, slow
	ld	s4, THREAD_TOKEN(s0)
	beqz	s4, slow
	ld	s3, CONTEXT_STATUS(s0)
	.endm

	/* Leave tp for s0. */
	.macro	leave
	csrr	t5, sepc
	csrr	t6, sscratch
	addi	t5, t5, 4
	sd	t5, CONTEXT_PC(tp)
	sd	t6, CONTEXT_X(4)(tp)
	.irp n, 1, 2, 3, 17, 22, 23, 24, 25, 26, 27
	save \n
	.endr
	sd	s0, PROCESSOR_CURRENT(s2)
	ld	t5, PROCESSOR_LOADED(s2)
	beq	t5, s4, 1f
	sd	s4, PROCESSOR_LOADED(s2)
	csrw	satp, s4
1:
	.endm

	/* Go on as s0, with a0 as it is. \registers: which the call preserves
	 * beside the common ones. */
	.macro	enter registers:vararg
	ld	t5, CONTEXT_STATUS(tp)
	beq	t5, s3, 2f
	csrw	sstatus, s3
2:	ld	t5, CONTEXT_PC(s0)
	csrw	sscratch, s0
	csrw	sepc, t5
	.irp n, 1, 2, 3, 4, 17, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	restore \n
	.endr
	.irp n, \registers, 8
	restore \n
	.endr
	sret
	.endm

	.section .text.trap, "ax"

/*
 * s0 receiver, s1 physical map, s5 endpoint, t5 slot for the Reply, t3 badge,
 * t4 tag
 */
	.macro	call_body is_long
	check_thread
	save 9
	load_physical_map
	find_slot t5, a0, tp, t6, slow_call
	ld	t6, SLOT_META(t5)
	andi	t6, t6, 0xff | META_WRITE
	addi	t6, t6, -(OBJECT_ENDPOINT | META_WRITE)
	bnez	t6, invoke_object
	.irp n, 8, 18, 19, 20, 21, 28, 29
	save \n
	.endr
	ld	s5, SLOT_META(t5)
	ld	t3, SLOT_BADGE(t5)
	find_object s5
	ld	s0, ENDPOINT_HEAD(s5)
	beqz	s0, slow
	lhu	t5, THREAD_STATE(s0)
	li	t6, STATE_RECEIVING	/* and no flags */
	bne	t5, t6, slow
	check_next
	ld	t4, CONTEXT_X(28)(s0)
	find_slot t5, t4, s0, t6
	ld	t6, SLOT_META(t5)
	bnez	t6, slow
	.if \is_long
	mv	t4, t5
	check_utcbs
	mv	t5, t4
	.endif
	/* commit: cannot fail. The receiver leaves the queue, */
	ld	t6, THREAD_NEXT(s0)
	sd	t6, ENDPOINT_HEAD(s5)
	bnez	t6, 3f
	sd	zero, ENDPOINT_TAIL(s5)
	j	4f
3:	sd	zero, THREAD_PREV(t6)
	/* the Reply goes to its slot, */
4:	sub	t6, tp, s1
	slli	t6, t6, META_REFERENCE_SHIFT - REFERENCE_SHIFT
	li	a0, OBJECT_REPLY | META_RIGHTS_ALL
	or	t6, t6, a0
	sd	t6, SLOT_META(t5)
	sd	t5, THREAD_REPLY(tp)
	/* and the two change their states. */
	li	t5, STATE_CALLED
	sb	t5, THREAD_STATE(tp)
	li	t6, STATE_READY
	sb	t6, THREAD_STATE(s0)
	sd	a1, THREAD_INFO(tp)
	.if \is_long
	copy_long_message
	.endif
	ld	t4, THREAD_TAG(tp)
	li	a0, RECV_MESSAGE
	leave
	enter	30, 31
	.endm

	/* A Call on another object: t5 its slot. The words go to the handler
	 * as they are, and back; s1 becomes the thread. */
	.balign 64
invoke_object:
	lbu	t6, SLOT_META(t5)
	beqz	t6, slow_call
	addi	s1, t6, -OBJECT_ENDPOINT
	beqz	s1, slow_call
	addi	s1, t6, -OBJECT_TCB
	beqz	s1, slow_call
	mv	s1, tp
	csrr	t6, sepc
	addi	t6, t6, 4
	sd	t6, CONTEXT_PC(s1)
	csrrw	t6, sscratch, zero
	sd	t6, CONTEXT_X(4)(s1)
	.irp n, 1, 2, 8, 17, 28, 29
	save \n
	.endr
	ld	sp, CONTEXT_STACK(s1)
	ld	tp, CONTEXT_PROCESSOR(s1)
	addi	sp, sp, -INVOCATION_SIZE
	sd	t5, INVOCATION_SLOT(sp)
	andi	t6, a1, INFO_LENGTH_MASK
	sw	t6, INVOCATION_LENGTH(sp)
	srli	t6, a1, INFO_LABEL_SHIFT
	sw	t6, INVOCATION_LABEL(sp)
	sd	a2, INVOCATION_WORD(0)(sp)
	sd	a3, INVOCATION_WORD(1)(sp)
	sd	a4, INVOCATION_WORD(2)(sp)
	sd	a5, INVOCATION_WORD(3)(sp)
	sd	a6, INVOCATION_WORD(4)(sp)
	sd	t0, INVOCATION_WORD(5)(sp)
	sd	t1, INVOCATION_WORD(6)(sp)
	sd	t2, INVOCATION_WORD(7)(sp)
	sd	a0, CONTEXT_X(10)(s1)
	sd	a1, CONTEXT_X(11)(s1)
	mv	a0, sp
	mv	s0, zero		/* backtraces end here */
	call	trap_invoke
	beqz	a0, 1f
	ld	t6, CONTEXT_PC(s1)
	csrw	sscratch, s1
	csrw	sepc, t6
	ld	a0, INVOCATION_STATUS(sp)
	ld	a1, INVOCATION_INFO(sp)
	ld	a2, INVOCATION_WORD(0)(sp)
	ld	a3, INVOCATION_WORD(1)(sp)
	ld	a4, INVOCATION_WORD(2)(sp)
	ld	a5, INVOCATION_WORD(3)(sp)
	ld	a6, INVOCATION_WORD(4)(sp)
	ld	t0, INVOCATION_WORD(5)(sp)
	ld	t1, INVOCATION_WORD(6)(sp)
	ld	t2, INVOCATION_WORD(7)(sp)
	.irp n, 1, 2, 4, 8, 17, 28, 29, 30, 31, 9
	ld	x\n, CONTEXT_X(\n)(s1)
	.endr
	sret
	/* Not at once: what is missing of the context. */
1:	.irp n, 3, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	sd	x\n, CONTEXT_X(\n)(s1)
	.endr
	mv	a0, sp
	call	trap_invoked

	.balign 64
	.globl fast_call
fast_call:
	check_message fast_long_call
	call_body 0
	.balign 64
fast_long_call:
	check_long_message
	call_body 1

/* s0 caller, s1 physical map, s5 endpoint, t4 slot of the Reply */
	.macro	reply_body is_long
	check_thread
	.irp n, 8, 9, 18, 19, 20, 21, 28, 29
	save \n
	.endr
	load_physical_map
	find_slot t4, t3, tp, t6
	ld	s0, SLOT_META(t4)
	andi	t6, s0, 0xff
	addi	t6, t6, -OBJECT_REPLY
	bnez	t6, slow
	find_object s0
	lhu	t5, THREAD_STATE(s0)
	li	t6, STATE_CALLED	/* and no flags */
	.if \is_long
	bne	t5, t6, slow
	.else
	beq	t5, t6, 4f
	li	t6, STATE_CALLED | FLAG_FAULTING << 8
	bne	t5, t6, slow
	srli	t6, a1, INFO_LABEL_SHIFT
	bnez	t6, slow		/* else FAULT_ANSWER_RESUME */
	.endif
4:	find_slot t5, a0, tp, t6
	ld	s5, SLOT_META(t5)
	andi	t6, s5, 0xff | META_READ
	li	s2, OBJECT_ENDPOINT | META_READ
	bne	t6, s2, slow
	find_object s5
	ld	t5, ENDPOINT_HEAD(s5)
	beqz	t5, 5f
	lbu	t5, THREAD_STATE(t5)
	li	t6, STATE_RECEIVING
	bne	t5, t6, slow
5:	ld	t5, THREAD_NOTIFICATION + SLOT_META(tp)
	beqz	t5, 6f
	find_object t5
	ld	t5, NOTIFICATION_BITS(t5)
	bnez	t5, slow
6:	check_next
	.if \is_long
	check_utcbs
	.endif
	ld	t5, PROCESSOR_OWNER(s2)
	bne	t5, s0, slow
	/* commit: cannot fail. The Reply is gone, */
	sd	zero, SLOT_META(t4)
	li	t6, STATE_READY
	sb	t6, THREAD_STATE(s0)
	/* and the thread waits at the end of the queue. */
	ld	t5, ENDPOINT_TAIL(s5)
	sd	zero, THREAD_NEXT(tp)
	sd	t5, THREAD_PREV(tp)
	sd	tp, ENDPOINT_TAIL(s5)
	beqz	t5, 7f
	sd	tp, THREAD_NEXT(t5)
	j	8f
7:	sd	tp, ENDPOINT_HEAD(s5)
8:	sd	s5, THREAD_WAITING_ON(tp)
	li	t5, STATE_RECEIVING
	sb	t5, THREAD_STATE(tp)
	.if \is_long
	copy_long_message
	.endif
	leave
	lbu	t5, THREAD_FLAGS(s0)
	bnez	t5, 9f
	li	a0, STATUS_OK
	enter	28, 29, 30, 31
	/* A fault was answered: back to the instruction. */
9:	sb	zero, THREAD_FLAGS(s0)
	mv	a0, s0
	j	context_resume
	.endm

	.balign 64
	.globl fast_reply_receive
fast_reply_receive:
	check_message fast_long_reply
	reply_body 0
	.balign 64
fast_long_reply:
	check_long_message
	reply_body 1

	/* A signal that nobody waits for. t3 and t4 are put back by either way. */
	.balign 64
	.globl fast_send
fast_send:
	.irp n, 9, 28, 29
	save \n
	.endr
	load_physical_map
	find_slot t5, a0, tp, t6, slow_send
	ld	t3, SLOT_META(t5)
	andi	t6, t3, 0xff | META_WRITE
	addi	t6, t6, -(OBJECT_NOTIFICATION | META_WRITE)
	bnez	t6, slow_send
	ld	t4, SLOT_BADGE(t5)
	find_object t3
	ld	t5, NOTIFICATION_HEAD(t3)
	bnez	t5, slow_send
	ld	t5, NOTIFICATION_BOUND(t3)
	beqz	t5, 1f
	lbu	t5, THREAD_STATE(t5)
	addi	t5, t5, -STATE_RECEIVING
	beqz	t5, slow_send
	/* commit: cannot fail */
1:	ld	t6, NOTIFICATION_BITS(t3)
	csrr	t5, sepc
	or	t6, t6, t4
	addi	t5, t5, 4
	sd	t6, NOTIFICATION_BITS(t3)
	csrw	sepc, t5
	li	a0, STATUS_OK
	mv	a1, zero
	.irp n, 9, 28, 29, 30, 31
	ld	x\n, CONTEXT_X(\n)(tp)
	.endr
	csrrw	tp, sscratch, tp
	sret

	/* Not for us: as it was, then the long way. */
slow_send:
	.irp n, 9, 28, 29
	ld	x\n, CONTEXT_X(\n)(tp)
	.endr
	j	save_all
slow_call:
	ld	x9, CONTEXT_X(9)(tp)
	j	save_all
slow:
	.irp n, 8, 9, 18, 19, 20, 21, 28, 29
	ld	x\n, CONTEXT_X(\n)(tp)
	.endr
slow_untouched:
	j	save_all
