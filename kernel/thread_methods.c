/* SPDX-License-Identifier: MIT
 *
 * The methods of the TCB object.
 */
#include "boot.h"
#include "cnode.h"
#include "endpoint.h"
#include "notification.h"
#include "processor.h"
#include "reply.h"
#include "sched.h"
#include "thread.h"
#include "utcb.h"
#include "vspace.h"

#include <string.h>

static struct thread *
target(const struct invocation *in)
{
	return cap_object(&in->slot->cap);
}

/* What TCB.configure names, looked up. */
struct configuration {
	struct slot *cspace;
	struct slot *vspace;
	struct slot *utcb;  /* NULL: none */
	struct slot *fault; /* NULL: none */
	uint64_t utcb_offset;
	uaddr_t utcb_address;
};

static status_t
decode_utcb(const struct invocation *in, struct configuration *to)
{
	status_t status;

	to->utcb = NULL;
	if (!in->words[2])
		return STATUS_OK;
	status = invoke_cap(in, in->words[2], OBJECT_FRAME,
		CAP_READ | CAP_WRITE, &to->utcb);
	if (status != STATUS_OK)
		return status;
	to->utcb_offset = in->words[3];
	to->utcb_address = uaddr_make(in->words[4]);
	if (to->utcb_offset % UTCB_SIZE ||
		to->utcb_offset >> PAGE_SHIFT >= cap_pages(&to->utcb->cap) ||
		to->utcb_address.value % UTCB_SIZE ||
		to->utcb_address.value >= USER_END ||
		cap_aux(&to->utcb->cap) & CAP_DEVICE)
		return STATUS_INVALID_ARGUMENT;
	return STATUS_OK;
}

static status_t
decode_configuration(const struct invocation *in, struct configuration *to)
{
	status_t status =
		invoke_cap(in, in->words[0], OBJECT_CNODE, 0, &to->cspace);

	if (status == STATUS_OK)
		status = invoke_cap(
			in, in->words[1], OBJECT_VSPACE, 0, &to->vspace);
	if (status == STATUS_OK)
		status = decode_utcb(in, to);
	to->fault = NULL;
	if (status == STATUS_OK && in->words[5])
		status = invoke_cap(in, in->words[5], OBJECT_ENDPOINT,
			CAP_WRITE, &to->fault);
	return status;
}

/*
 * A TCB may have served another program before: neither its floating-point
 * registers nor its times are the new one's.
 */
static void
thread_forget_past(struct thread *thread)
{
	if (processor_self()->fp_owner == thread)
		processor_self()->fp_owner = NULL;
	context_fp_set(&thread->context, false);
	fp_init(&thread->fp);
	thread->time_user = 0;
	thread->time_system = 0;
	thread->switches_voluntary = 0;
	thread->switches_involuntary = 0;
	thread->faults = 0;
	thread->scheduled = 0;
}

static status_t
thread_configure(struct invocation *in)
{
	struct thread *thread = target(in);
	struct configuration to;
	status_t status = decode_configuration(in, &to);

	if (status != STATUS_OK)
		return status;
	if (thread->state != THREAD_INACTIVE)
		return STATUS_BUSY;
	/* commit: cannot fail */
	thread_forget_past(thread);
	(void)slot_delete(&thread->cspace);
	(void)slot_delete(&thread->vspace);
	(void)slot_delete(&thread->utcb_frame);
	(void)slot_delete(&thread->fault);
	thread_hold(&thread->cspace, to.cspace);
	thread_hold(&thread->vspace, to.vspace);
	if (to.utcb)
		thread_set_utcb(
			thread, to.utcb, to.utcb_offset, to.utcb_address);
	if (to.fault)
		thread_hold(&thread->fault, to.fault);
	thread->tag = in->words[6];
	thread->token = 0;
	return STATUS_OK;
}

static status_t
thread_set_redirect(struct invocation *in)
{
	struct thread *thread = target(in);
	uint64_t start = in->words[0], end = in->words[1];

	if (end &&
		(start >= end || end > USER_END || in->words[2] >= USER_END ||
			in->words[3] >= USER_END))
		return STATUS_INVALID_ARGUMENT;
	if (end && !thread->utcb)
		return STATUS_NOT_READY;
	/* commit: cannot fail */
	thread->redirect_start = end ? start : 0;
	thread->redirect_size = end ? end - start : UINT64_MAX;
	thread->redirect_upcall = in->words[2];
	thread->redirect_signal = in->words[3];
	context_set_upcall(&thread->context, in->words[2]);
	if (!end) {
		thread_clear_sticky(thread);
		thread->flags &= ~THREAD_NOTICE;
	}
	return STATUS_OK;
}

static status_t
thread_set_schedule(struct invocation *in)
{
	uint64_t policy = in->words[0], priority = in->words[1];
	uint64_t slice_us = in->words[2], affinity = in->words[3];

	if (policy > THREAD_BATCH || priority > THREAD_PRIORITY_MAX ||
		slice_us > UINT32_MAX ||
		(policy == THREAD_ROUND_ROBIN && !slice_us) || !(affinity & 1))
		return STATUS_INVALID_ARGUMENT;
	if (priority > in->self->priority)
		return STATUS_FORBIDDEN;
	/* commit: cannot fail */
	target(in)->affinity = affinity;
	sched_change(target(in), (unsigned)priority, (unsigned)policy,
		clock_from_us(slice_us));
	return STATUS_OK;
}

static status_t
thread_resume(struct invocation *in)
{
	struct thread *thread = target(in);

	if (!thread_vspace(thread))
		return STATUS_NOT_READY;
	/* commit: cannot fail */
	thread->flags &= ~THREAD_SUSPENDED;
	if (thread->state == THREAD_INACTIVE)
		thread->state = THREAD_READY;
	sched_ready(thread);
	return STATUS_OK;
}

static status_t
thread_suspend(struct invocation *in)
{
	struct thread *thread = target(in);

	/* commit: cannot fail */
	if (thread->state == THREAD_INACTIVE)
		return STATUS_OK;
	thread->flags |= THREAD_SUSPENDED;
	sched_remove(thread);
	return STATUS_OK;
}

static status_t
thread_read_registers(struct invocation *in)
{
	const uint64_t *registers = context_registers_of(&target(in)->context);

	if (!in->more)
		return STATUS_NOT_READY;
	/* commit: cannot fail */
	memcpy(in->more, registers, CONTEXT_REGISTERS * sizeof(uint64_t));
	memcpy(in->words, registers, sizeof(in->words));
	in->results = CONTEXT_REGISTERS;
	return STATUS_OK;
}

static status_t
thread_write_registers(struct invocation *in)
{
	struct thread *thread = target(in);

	if (!in->more || in->length > CONTEXT_REGISTERS)
		return STATUS_INVALID_ARGUMENT;
	if (thread == in->self)
		return STATUS_BUSY;
	/* commit: cannot fail */
	if (thread->state != THREAD_INACTIVE &&
		!(thread->flags & THREAD_SUSPENDED))
		thread_stop(thread);
	else
		thread_unblock(thread);
	context_set_registers(&thread->context, in->more, in->length);
	return STATUS_OK;
}

static status_t
thread_copy_context(struct invocation *in)
{
	struct thread *thread = target(in);
	struct slot *slot;
	struct thread *source;
	status_t status =
		invoke_cap(in, in->words[0], OBJECT_TCB, CAP_READ, &slot);

	if (status != STATUS_OK)
		return status;
	source = cap_object(&slot->cap);
	if (thread->state != THREAD_INACTIVE || thread == source)
		return STATUS_BUSY;
	/* commit: cannot fail */
	thread_fp_release(source);
	if (processor_self()->fp_owner == thread)
		processor_self()->fp_owner = NULL;
	context_fp_set(&thread->context, false);
	context_set_registers(&thread->context,
		context_registers_of(&source->context), CONTEXT_REGISTERS);
	thread->fp = source->fp;
	context_set_status(&thread->context, STATUS_OK);
	context_set_info(&thread->context, info_make(0, 1));
	*context_word(&thread->context, 0) = in->words[1];
	return STATUS_OK;
}

enum interrupt_result {
	INTERRUPTED_RUNNING,
	INTERRUPTED_QUEUED,
	INTERRUPTED_MARKED,
	INTERRUPTED_BLOCKED,
};

/* A thread that faulted outside the window hears of it when the fault has
 * been answered. */
static enum interrupt_result
interrupt_blocked(struct thread *thread)
{
	bool cancellable = thread->info & INFO_CANCELLABLE;

	if (thread->flags & THREAD_FAULTING) {
		if (thread_is_redirected(thread) && !thread_in_window(thread))
			thread->flags |= THREAD_NOTICE;
		return INTERRUPTED_BLOCKED;
	}
	if (thread->state == THREAD_CALLING && cancellable) {
		endpoint_cancel(thread);
		reply_fail(thread, STATUS_CANCELLED);
		return INTERRUPTED_QUEUED;
	}
	if (thread->state == THREAD_CALLED && cancellable) {
		thread->flags |= THREAD_CANCELLED;
		return INTERRUPTED_MARKED;
	}
	return INTERRUPTED_BLOCKED;
}

static void
interrupt_window(struct thread *thread)
{
	thread->flags |= THREAD_STICKY;
	context_mark_sticky(
		&thread->context, thread->utcb, thread->redirect_start);
}

static status_t
thread_interrupt(struct invocation *in)
{
	struct thread *thread = target(in);

	if (thread->state == THREAD_INACTIVE)
		return STATUS_BUSY;
	/* commit: cannot fail */
	if (thread_in_window(thread))
		interrupt_window(thread);
	else if (thread->state == THREAD_READY && thread_is_redirected(thread))
		thread_enter_signal(thread);
	in->words[0] = INTERRUPTED_RUNNING;
	if (thread->state != THREAD_READY)
		in->words[0] = interrupt_blocked(thread);
	in->results = 1;
	return STATUS_OK;
}

static status_t
thread_stop_method(struct invocation *in)
{
	/* commit: cannot fail */
	thread_stop(target(in));
	return STATUS_OK;
}

static status_t
thread_bind(struct invocation *in)
{
	struct thread *thread = target(in);
	struct notification *notification = NULL;
	struct slot *slot = NULL;
	status_t status;

	if (in->words[0]) {
		status = invoke_cap(
			in, in->words[0], OBJECT_NOTIFICATION, CAP_READ, &slot);
		if (status != STATUS_OK)
			return status;
		notification = cap_object(&slot->cap);
		if (notification->bound && notification->bound != thread)
			return STATUS_BUSY;
	}
	/* commit: cannot fail */
	(void)slot_delete(&thread->notification);
	if (slot) {
		thread_hold(&thread->notification, slot);
		notification_bind(notification, thread);
	}
	return STATUS_OK;
}

enum info_state {
	INFO_INACTIVE,
	INFO_READY,
	INFO_RUNNING,
	INFO_BLOCKED,
	INFO_SUSPENDED,
};

static enum info_state
info_state(const struct thread *thread)
{
	if (thread->state == THREAD_INACTIVE)
		return INFO_INACTIVE;
	if (thread->flags & THREAD_SUSPENDED)
		return INFO_SUSPENDED;
	if (thread == processor_self()->current)
		return INFO_RUNNING;
	return thread->state == THREAD_READY ? INFO_READY : INFO_BLOCKED;
}

static status_t
thread_info(struct invocation *in)
{
	const struct thread *thread = target(in);

	in->words[0] = info_state(thread);
	in->words[1] = thread->time_user;
	in->words[2] = thread->time_system;
	in->words[3] = thread->switches_voluntary;
	in->words[4] = thread->switches_involuntary;
	in->words[5] = thread->faults;
	in->words[6] = thread->scheduled;
	in->results = TCB_INFO_RESULTS;
	return STATUS_OK;
}

const struct method thread_methods[METHOD(TCB_INFO) + 1] = {
	[METHOD(TCB_CONFIGURE)] = {.run = thread_configure,
		.words = TCB_CONFIGURE_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_SET_REDIRECT)] = {.run = thread_set_redirect,
		.words = TCB_SET_REDIRECT_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_SET_SCHEDULE)] = {.run = thread_set_schedule,
		.words = TCB_SET_SCHEDULE_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_RESUME)] = {.run = thread_resume,
		.words = TCB_RESUME_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_SUSPEND)] = {.run = thread_suspend,
		.words = TCB_SUSPEND_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_READ_REGISTERS)] = {.run = thread_read_registers,
		.words = TCB_READ_REGISTERS_ARGS,
		.rights = CAP_READ},
	[METHOD(TCB_WRITE_REGISTERS)] = {.run = thread_write_registers,
		.words = TCB_WRITE_REGISTERS_ARGS,
		.open = true,
		.rights = CAP_WRITE},
	[METHOD(TCB_COPY_CONTEXT)] = {.run = thread_copy_context,
		.words = TCB_COPY_CONTEXT_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_INTERRUPT)] = {.run = thread_interrupt,
		.words = TCB_INTERRUPT_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_STOP)] = {.run = thread_stop_method,
		.words = TCB_STOP_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_BIND)] = {.run = thread_bind,
		.words = TCB_BIND_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TCB_INFO)] = {.run = thread_info,
		.words = TCB_INFO_ARGS,
		.rights = CAP_READ},
};
