/* SPDX-License-Identifier: MIT
 *
 * The fast path of messages: a Call that finds its receiver waiting, an answer
 * with nothing to receive after it (also a fault's), when no capabilities
 * travel, and a signal that wakes nobody. The first eight words stay in their registers. Nothing that counts is
 * written before everything has been checked, so that any doubt leads to the
 * slow path (syscall.c, endpoint.c), which does the same in all cases.
 *
 * In: rsp of the program is saved and rsp free. rsp becomes the running thread,
 * rbp the next one, r11 the distance of the physical map. A switched-out thread
 * has the registers in its context that a call preserves; the others hold older
 * values of its own.
 *
 * The slice and the time go with the Call (processor.h), so the clock is not
 * read. Only one processor runs; the lock is not taken here.
 */
#include <glenda/abi.h>
#include <machine/cpu.h>
#include <machine/offsets.h>

	.macro	begin
	rdgsbase %rsp
	movq	%rcx, CONTEXT_IP(%rsp)
	movq	%r11, CONTEXT_FLAGS(%rsp)
	movq	%rbx, CONTEXT_BX(%rsp)
	movq	%rbp, CONTEXT_BP(%rsp)
	movq	%rdi, CONTEXT_DI(%rsp)
	movabsq	$PHYSICAL_START, %r11
	.endm

	/* To \long if more than 8 words travel, to \slow if capabilities do
	 * or something is special about the thread. */
	.macro	check_message long, slow
	cmpb	$0, THREAD_FLAGS(%rsp)
	jne	\slow
	movl	%esi, %eax
	andl	$INFO_LENGTH_MASK | INFO_COUNT_MASK << INFO_CAPS_SHIFT, %eax
	cmpl	$REGISTER_WORDS, %eax
	ja	\long
	.endm

	/* Both have a UTCB, and the message, whose length is in eax, fits. */
	.macro	check_long_message slow
	cmpl	$MAX_WORDS, %eax
	ja	\slow
	.endm
	.macro	check_utcbs slow
	cmpq	$0, THREAD_UTCB(%rsp)
	je	\slow
	cmpq	$0, THREAD_UTCB(%rbp)
	je	\slow
	.endm

	/* Copy the words from 8 on; loses rax, rbx, rcx, rdi. */
	.macro	copy_long_message
	movq	THREAD_UTCB(%rsp), %rcx
	movq	THREAD_UTCB(%rbp), %rdi
	movl	%esi, %eax
	andl	$INFO_LENGTH_MASK, %eax
1:	movq	-8(%rcx, %rax, 8), %rbx
	movq	%rbx, -8(%rdi, %rax, 8)
	decl	%eax
	cmpl	$REGISTER_WORDS, %eax
	ja	1b
	.endm

	/* \slot (of 32 bits \slot32, 8 bits \slot8): physical address of the
	 * slot that \cptr, which is lost, names in the root CNode of \thread.
	 * Loses rcx. */
	.macro	find_slot slot, slot32, slot8, cptr, thread, slow
	movq	THREAD_CSPACE + SLOT_META(\thread), \slot
	cmpb	$OBJECT_CNODE, \slot8
	jne	\slow
	movl	\slot32, %ecx
	shrl	$META_AUX_SHIFT, %ecx
	shrq	$META_REFERENCE_SHIFT, \slot
	addq	\cptr, \slot
	shrq	%cl, \cptr
	jnz	\slow
	shlq	$REFERENCE_SHIFT, \slot
	.endm

	/* \meta becomes a pointer to its object. */
	.macro	find_object meta
	shrq	$META_REFERENCE_SHIFT, \meta
	shlq	$REFERENCE_SHIFT, \meta
	addq	%r11, \meta
	.endm

	/* rcx processor: to \slow unless the next thread may run at once. */
	.macro	check_next slow
	movq	CONTEXT_PROCESSOR(%rsp), %rcx
	movzbl	THREAD_PRIORITY(%rbp), %eax
	cmpq	PROCESSOR_HIGHEST(%rcx), %rax
	jl	\slow
	cmpq	$0, THREAD_TOKEN(%rbp)
	je	\slow
	cmpb	$0, CONTEXT_FP_ON(%rbp)
	jne	1f
	cmpq	$-1, THREAD_REDIRECT_SIZE(%rbp)	/* see context_resume */
	jne	\slow
1:
	.endm

	/* rbp is current, in its address space. Loses rax, rcx. */
	.macro	switch_space
	movb	$0, CONTEXT_WHOLE(%rsp)
	movq	CONTEXT_PROCESSOR(%rsp), %rcx
	movq	%rbp, PROCESSOR_CURRENT(%rcx)
	movq	THREAD_TOKEN(%rbp), %rax
	cmpq	PROCESSOR_LOADED(%rcx), %rax
	je	1f
	movq	%rax, PROCESSOR_LOADED(%rcx)
	movq	%rax, %cr3
1:
	.endm

	/* Leave for rbp with rax = \status. */
	.macro	enter status
	movb	CONTEXT_FP_ON(%rbp), %al
	cmpb	%al, fp_is_on(%rip)
	je	1f
	movb	%al, fp_is_on(%rip)
	movq	%cr0, %rax
	xorl	$CR0_TASK_SWITCHED, %eax
	movq	%rax, %cr0
1:	rdfsbase %rax
	movq	%rax, CONTEXT_FS(%rsp)
	movq	CONTEXT_FS(%rbp), %rax
	wrfsbase %rax
	wrgsbase %rbp
	swapgs
	rdgsbase %rax
	movq	%rax, CONTEXT_GS(%rsp)
	movq	CONTEXT_GS(%rbp), %rax
	wrgsbase %rax
	movq	CONTEXT_IP(%rbp), %rcx
	movq	CONTEXT_FLAGS(%rbp), %r11
	movq	CONTEXT_SP(%rbp), %rsp
	movq	CONTEXT_BP(%rbp), %rbp
	movl	$\status, %eax
	sysretq
	.endm

	.section .text.trap, "ax"

	/* rbp receiver, rdi endpoint, rax slot for the Reply. The badge waits
	 * in the thread. */
	.macro	call_body is_long
	find_slot %rbx, %ebx, %bl, %rdi, %rsp, slow_call
	movq	SLOT_META(%r11, %rbx), %rdi
	movl	%edi, %eax
	andl	$0xff | META_WRITE, %eax
	cmpl	$OBJECT_ENDPOINT | META_WRITE, %eax
	jne	invoke_object
	movq	SLOT_BADGE(%r11, %rbx), %rbx
	movq	%rbx, THREAD_BADGE(%rsp)
	find_object %rdi
	movq	ENDPOINT_HEAD(%rdi), %rbp
	testq	%rbp, %rbp
	jz	slow_call
	cmpw	$STATE_RECEIVING, THREAD_STATE(%rbp)	/* and no flags */
	jne	slow_call
	check_next slow_call
	.if \is_long
	check_utcbs slow_call
	.endif
	movq	CONTEXT_BX(%rbp), %rbx
	find_slot %rax, %eax, %al, %rbx, %rbp, slow_call
	addq	%r11, %rax
	cmpq	$0, SLOT_META(%rax)
	jne	slow_call
	/* commit: cannot fail. The receiver leaves the queue, */
	movq	THREAD_NEXT(%rbp), %rcx
	movq	%rcx, ENDPOINT_HEAD(%rdi)
	testq	%rcx, %rcx
	jnz	2f
	movq	%rcx, ENDPOINT_TAIL(%rdi)
	jmp	3f
2:	movq	$0, THREAD_PREV(%rcx)
	/* the Reply goes to its slot, */
3:	movq	%rsp, %rcx
	subq	%r11, %rcx
	shlq	$META_REFERENCE_SHIFT - REFERENCE_SHIFT, %rcx
	orq	$OBJECT_REPLY | META_RIGHTS_ALL, %rcx
	movq	%rcx, SLOT_META(%rax)
	movq	%rax, THREAD_REPLY(%rsp)
	/* and the two change their states. */
	movb	$STATE_CALLED, THREAD_STATE(%rsp)
	movb	$STATE_READY, THREAD_STATE(%rbp)
	movq	%rsi, THREAD_INFO(%rsp)
	.if \is_long
	copy_long_message
	.endif
	movq	THREAD_BADGE(%rsp), %rbx
	movq	THREAD_TAG(%rsp), %rdi
	switch_space
	enter	RECV_MESSAGE
	.endm

	/* A Call on another object: rbx its slot in the physical map, dil its
	 * type. The words go to the handler as they are, and back. */
	.balign	64
invoke_object:
	testb	%dil, %dil
	jz	slow_call
	cmpb	$OBJECT_ENDPOINT, %dil
	je	slow_call
	cmpb	$OBJECT_TCB, %dil
	je	slow_call
	addq	%r11, %rbx
	movq	%rsi, CONTEXT_SI(%rsp)
	movq	CONTEXT_STACK(%rsp), %rsp
	subq	$INVOCATION_SIZE, %rsp
	movq	%rbx, INVOCATION_SLOT(%rsp)
	movl	%esi, %eax
	andl	$INFO_LENGTH_MASK, %eax
	movl	%eax, INVOCATION_LENGTH(%rsp)
	shrq	$INFO_LABEL_SHIFT, %rsi
	movl	%esi, INVOCATION_LABEL(%rsp)
	movq	%rdx, INVOCATION_WORD(0)(%rsp)
	movq	%r10, INVOCATION_WORD(1)(%rsp)
	movq	%r8, INVOCATION_WORD(2)(%rsp)
	movq	%r9, INVOCATION_WORD(3)(%rsp)
	movq	%r12, INVOCATION_WORD(4)(%rsp)
	movq	%r13, INVOCATION_WORD(5)(%rsp)
	movq	%r14, INVOCATION_WORD(6)(%rsp)
	movq	%r15, INVOCATION_WORD(7)(%rsp)
	movq	%rsp, %rdi
	xorl	%ebp, %ebp		/* backtraces end here */
	call	trap_invoke
	testb	%al, %al
	jz	1f
	movq	%gs:CONTEXT_IP, %rcx
	movq	%gs:CONTEXT_FLAGS, %r11
	movq	%gs:CONTEXT_BX, %rbx
	movq	%gs:CONTEXT_BP, %rbp
	movq	%gs:CONTEXT_DI, %rdi
	movq	INVOCATION_WORD(0)(%rsp), %rdx
	movq	INVOCATION_WORD(1)(%rsp), %r10
	movq	INVOCATION_WORD(2)(%rsp), %r8
	movq	INVOCATION_WORD(3)(%rsp), %r9
	movq	INVOCATION_WORD(4)(%rsp), %r12
	movq	INVOCATION_WORD(5)(%rsp), %r13
	movq	INVOCATION_WORD(6)(%rsp), %r14
	movq	INVOCATION_WORD(7)(%rsp), %r15
	movq	INVOCATION_STATUS(%rsp), %rax
	movq	INVOCATION_INFO(%rsp), %rsi
	movq	%gs:CONTEXT_SP, %rsp
	swapgs
	sysretq
	/* Not at once: what is missing of the context. */
1:	movb	$0, %gs:CONTEXT_WHOLE
	movq	$SYSCALL_CALL, %gs:CONTEXT_AX
	rdfsbase %rax
	movq	%rax, %gs:CONTEXT_FS
	swapgs
	rdgsbase %rax
	swapgs
	movq	%rax, %gs:CONTEXT_GS
	movq	%rsp, %rdi
	call	trap_invoked

	.balign	64
	.globl	fast_call
fast_call:
	begin
	check_message fast_long_call, slow_call
	call_body 0
	.balign	64
fast_long_call:
	check_long_message slow_call
	call_body 1

	/* rbp caller, rax slot of the Reply, rdi endpoint */
	.macro	reply_body is_long
	find_slot %rax, %eax, %al, %rbx, %rsp, slow_reply
	addq	%r11, %rax
	movq	SLOT_META(%rax), %rbp
	cmpb	$OBJECT_REPLY, %bpl
	jne	slow_reply
	find_object %rbp
	cmpw	$STATE_CALLED, THREAD_STATE(%rbp)	/* and no flags */
	.if \is_long
	jne	slow_reply
	.else
	je	2f
	cmpw	$STATE_CALLED | FLAG_FAULTING << 8, THREAD_STATE(%rbp)
	jne	slow_reply
	movq	%rsi, %rcx
	shrq	$INFO_LABEL_SHIFT, %rcx
	jnz	slow_reply		/* else FAULT_ANSWER_RESUME */
	.endif
2:	find_slot %rbx, %ebx, %bl, %rdi, %rsp, slow_reply
	movq	SLOT_META(%r11, %rbx), %rdi
	movl	%edi, %ecx
	andl	$0xff | META_READ, %ecx
	cmpl	$OBJECT_ENDPOINT | META_READ, %ecx
	jne	slow_reply
	find_object %rdi
	movq	ENDPOINT_HEAD(%rdi), %rcx
	testq	%rcx, %rcx
	jz	3f
	cmpb	$STATE_RECEIVING, THREAD_STATE(%rcx)
	jne	slow_reply
3:	movq	THREAD_NOTIFICATION + SLOT_META(%rsp), %rcx
	testq	%rcx, %rcx
	jz	4f
	find_object %rcx
	cmpq	$0, NOTIFICATION_BITS(%rcx)
	jne	slow_reply
4:	movq	%rax, %rbx
	check_next slow_reply
	cmpq	%rbp, PROCESSOR_OWNER(%rcx)
	jne	slow_reply
	.if \is_long
	check_utcbs slow_reply
	.endif
	/* commit: cannot fail. The Reply is gone, */
	movq	$0, SLOT_META(%rbx)
	movb	$STATE_READY, THREAD_STATE(%rbp)
	/* and the thread waits at the end of the queue. */
	movq	ENDPOINT_TAIL(%rdi), %rcx
	movq	$0, THREAD_NEXT(%rsp)
	movq	%rcx, THREAD_PREV(%rsp)
	movq	%rsp, ENDPOINT_TAIL(%rdi)
	testq	%rcx, %rcx
	jnz	5f
	movq	%rsp, ENDPOINT_HEAD(%rdi)
	jmp	6f
5:	movq	%rsp, THREAD_NEXT(%rcx)
6:	movq	%rdi, THREAD_WAITING_ON(%rsp)
	movb	$STATE_RECEIVING, THREAD_STATE(%rsp)
	.if \is_long
	copy_long_message
	.endif
	switch_space
	cmpb	$0, THREAD_FLAGS(%rbp)
	jne	fault_answered
	movq	CONTEXT_BX(%rbp), %rbx
	movq	CONTEXT_DI(%rbp), %rdi
	enter	STATUS_OK
	.endm

	.balign	64
	.globl	fast_reply_receive
fast_reply_receive:
	begin
	check_message fast_long_reply, slow_reply
	reply_body 0
	.balign	64
fast_long_reply:
	check_long_message slow_reply
	reply_body 1

	/* A signal that nobody waits for. */
	.balign	64
	.globl	fast_send
fast_send:
	begin
	find_slot %rbx, %ebx, %bl, %rdi, %rsp, slow_send
	movq	SLOT_META(%r11, %rbx), %rdi
	movl	%edi, %eax
	andl	$0xff | META_WRITE, %eax
	cmpl	$OBJECT_NOTIFICATION | META_WRITE, %eax
	jne	slow_send
	movq	SLOT_BADGE(%r11, %rbx), %rbx
	find_object %rdi
	cmpq	$0, NOTIFICATION_HEAD(%rdi)
	jne	slow_send
	movq	NOTIFICATION_BOUND(%rdi), %rcx
	testq	%rcx, %rcx
	jz	1f
	cmpb	$STATE_RECEIVING, THREAD_STATE(%rcx)
	je	slow_send
	/* commit: cannot fail */
1:	orq	%rbx, NOTIFICATION_BITS(%rdi)
	movq	CONTEXT_IP(%rsp), %rcx
	movq	CONTEXT_FLAGS(%rsp), %r11
	movq	CONTEXT_BX(%rsp), %rbx
	movq	CONTEXT_DI(%rsp), %rdi
	movq	CONTEXT_SP(%rsp), %rsp
	movl	$STATUS_OK, %eax
	xorl	%esi, %esi
	swapgs
	sysretq

	/* Back to the instruction that faulted. */
fault_answered:
	rdfsbase %rax
	movq	%rax, CONTEXT_FS(%rsp)
	swapgs
	rdgsbase %rax
	swapgs
	movq	%rax, CONTEXT_GS(%rsp)
	movb	$0, THREAD_FLAGS(%rbp)
	movq	CONTEXT_STACK(%rsp), %rsp
	movq	%rbp, %rdi
	jmp	context_resume

	/* Not for us: as it was, then the long way. */
	.macro	back number
	movq	CONTEXT_IP(%rsp), %rcx
	movq	CONTEXT_FLAGS(%rsp), %r11
	movq	CONTEXT_BX(%rsp), %rbx
	movq	CONTEXT_BP(%rsp), %rbp
	movq	CONTEXT_DI(%rsp), %rdi
	movl	$\number, %eax
	jmp	save_all
	.endm
slow_call:
	back	SYSCALL_CALL
slow_reply:
	back	SYSCALL_REPLY_RECV
slow_send:
	back	SYSCALL_SEND
