/* SPDX-License-Identifier: MIT
 *
 * The system calls (contract, section 1.1), slow but complete: each finds its
 * capability and hands over to the object.
 */
#include "cnode.h"
#include "endpoint.h"
#include "fault.h"
#include "message.h"
#include "notification.h"
#include "reply.h"
#include "sched.h"
#include "thread.h"
#include "trap.h"
#include "utcb.h"

/* Give the results of an invocation to the caller. With RESTART the call is
 * made again from arguments that say how far it came. */
static void
invocation_answer(struct thread *self, const struct invocation *in)
{
	if (in->status == STATUS_RESTART) {
		context_set_words(&self->context, in->words);
		context_repeat(&self->context);
		return;
	}
	if (in->results)
		context_set_words(&self->context, in->words);
	context_set_status(&self->context, (status_t)in->status);
	context_set_info(&self->context, in->info);
}

/* Slot, label, length and words are there. */
static ALWAYS_INLINE void
invocation_run(struct thread *self, struct invocation *in)
{
	in->self = self;
	in->cspace = thread_cspace(self);
	in->vspace = thread_vspace(self);
	in->more = message_more(self);
	in->results = 0;
	if (in->length > UTCB_WORDS || (in->length > INVOKE_WORDS && !in->more))
		in->status = STATUS_INVALID_METHOD;
	else
		in->status = invoke(in);
	in->info = info_make((uint32_t)in->status, in->results);
	if (object_any_dying())
		object_reap();
}

static void
call_object(struct thread *self, struct slot *slot)
{
	uint64_t info = context_info(&self->context);
	struct invocation in;

	in.slot = slot;
	in.label = info_label(info);
	in.length = info_length(info);
	context_get_words(&self->context, in.words);
	invocation_run(self, &in);
	invocation_answer(self, &in);
}

bool
trap_invoke(struct invocation *in)
{
	struct processor *processor = processor_self();
	struct thread *self = processor->current;

	kernel_lock();
	invocation_run(self, in);
	if (in->status == STATUS_RESTART || processor->current != self ||
		processor->reprogram || !sched_stays(processor, self))
		return false;
	kernel_unlock();
	return true;
}

_Noreturn void
trap_invoked(const struct invocation *in)
{
	sched_charge(processor_self(), false);
	invocation_answer(in->self, in);
	trap_end();
}

static void
syscall_call(struct thread *self)
{
	struct slot *slot = cspace_lookup(
		thread_cspace(self), context_capability(&self->context));

	if (!slot || slot_is_empty(slot))
		thread_set_result(self, STATUS_INVALID_CAP);
	else if (cap_type(&slot->cap) == OBJECT_ENDPOINT)
		endpoint_call(self, &slot->cap);
	else
		call_object(self, slot);
}

/* Receive from what a0 names. */
static void
receive(struct thread *self)
{
	uint64_t flags = context_reply(&self->context);
	struct slot *slot = cspace_lookup(
		thread_cspace(self), context_capability(&self->context));
	unsigned type = slot ? cap_type(&slot->cap) : CAP_NONE;

	if (type != OBJECT_ENDPOINT && type != OBJECT_NOTIFICATION)
		thread_set_result(self, STATUS_INVALID_CAP);
	else if (!cap_has(&slot->cap, CAP_READ))
		thread_set_result(self, STATUS_NO_RIGHT);
	else if (type == OBJECT_NOTIFICATION)
		notification_receive(
			self, &slot->cap, !(flags & RECV_NONBLOCK));
	else
		endpoint_receive(self, &slot->cap);
}

/* Answer first. A message that cannot be sent leaves everything as it was,
 * the Reply capability included. */
static void
syscall_reply_receive(struct thread *self)
{
	cptr_t cptr = context_reply(&self->context) & ~RECV_NONBLOCK;
	struct slot *slot = cspace_lookup(thread_cspace(self), cptr);
	struct thread *woken = NULL;
	status_t status;

	if (slot && cap_type(&slot->cap) == OBJECT_REPLY) {
		status = reply_send(
			self, slot, context_info(&self->context), &woken);
		if (status != STATUS_OK) {
			thread_set_result(self, status);
			return;
		}
	}
	receive(self);
	if (woken)
		sched_handoff(woken, false);
}

static void
syscall_send(struct thread *self)
{
	struct slot *slot = cspace_lookup(
		thread_cspace(self), context_capability(&self->context));
	unsigned type = slot ? cap_type(&slot->cap) : CAP_NONE;
	struct thread *woken = NULL;
	status_t status = STATUS_OK;

	if (type == OBJECT_REPLY) {
		status = reply_send(
			self, slot, context_info(&self->context), &woken);
		if (woken)
			sched_ready(woken);
	} else if (type != OBJECT_NOTIFICATION) {
		status = STATUS_INVALID_CAP;
	} else if (!cap_has(&slot->cap, CAP_WRITE)) {
		status = STATUS_NO_RIGHT;
	} else {
		notification_signal(&slot->cap);
	}
	thread_set_result(self, status);
}

/* The quick way is in the trap entry; here an interruption is pending, or
 * there is nothing to return to. */
static void
syscall_upcall_return(struct thread *self)
{
	struct utcb *utcb = self->utcb;
	bool pending = self->flags & THREAD_STICKY;

	if (!utcb || !thread_is_redirected(self)) {
		thread_set_result(self, STATUS_INVALID_ARGUMENT);
		return;
	}
	thread_clear_sticky(self);
	thread_leave_upcall(self);
	if (pending)
		thread_enter_signal(self);
}

void
trap_syscall(struct thread *self)
{
	uint64_t number = context_number(&self->context);

	switch (number) {
	case SYSCALL_CALL:
		syscall_call(self);
		break;
	case SYSCALL_REPLY_RECV:
		syscall_reply_receive(self);
		break;
	case SYSCALL_RECV:
		receive(self);
		break;
	case SYSCALL_SEND:
		syscall_send(self);
		break;
	case SYSCALL_YIELD:
		sched_yield();
		break;
	case SYSCALL_UPCALL_RETURN:
		syscall_upcall_return(self);
		break;
	default:
		self->fault_address = number;
		self->fault_cause = 0;
		self->fault_kind = FAULT_SYSCALL;
		self->fault_access = 0;
		fault_raise(self);
	}
}
