/* SPDX-License-Identifier: MIT
 *
 * Faults (fault.h). The thread's registers stay as they were at the fault;
 * the message is made from the fault fields when a handler receives it.
 */
#include "fault.h"
#include "boot.h"
#include "console.h"
#include "endpoint.h"
#include "panic.h"
#include "sched.h"
#include "thread.h"
#include "utcb.h"

#define FAULT_WORDS 5

/* Any thread in 9Ball's address space is 9Ball. */
static bool
is_root(const struct thread *thread)
{
	return thread == boot_thread ||
		(thread_vspace(thread) &&
			thread_vspace(thread) == thread_vspace(boot_thread));
}

static void
fault_unhandled(struct thread *self)
{
	if (is_root(self))
		panic("9Ball faulted: kind %u, address 0x%lx, pc 0x%lx, "
		      "cause %lu",
			self->fault_kind & 0xffff, self->fault_address,
			context_pc(&self->context), self->fault_cause);
	console_print("kernel: thread with tag 0x%lx has no fault handler "
		      "and is suspended: kind %u, address 0x%lx, pc 0x%lx\n",
		self->tag, self->fault_kind & 0xffff, self->fault_address,
		context_pc(&self->context));
	self->flags |= THREAD_SUSPENDED;
}

void
fault_raise(struct thread *self)
{
	const struct cap *cap = &self->fault.cap;

	if (cap_type(cap) != OBJECT_ENDPOINT || !cap_has(cap, CAP_WRITE)) {
		fault_unhandled(self);
		return;
	}
	self->flags |= THREAD_FAULTING;
	self->info = 0;
	endpoint_send(self, cap);
}

uint64_t
fault_message(const struct thread *from, struct thread *to)
{
	struct trap_context *context = &to->context;

	*context_word(context, 0) = from->fault_address;
	*context_word(context, 1) = context_pc(&from->context);
	*context_word(context, 2) = from->fault_access;
	*context_word(context, 3) = from->fault_cause;
	*context_word(context, 4) = context_sp(&from->context);
	return info_make(from->fault_kind, FAULT_WORDS);
}

static void
fault_resume_at(struct thread *self, uint64_t pc)
{
	if (self->utcb) {
		self->utcb->fault_pc = context_pc(&self->context);
		self->utcb->fault_address = self->fault_address;
		self->utcb->fault_cause = self->fault_cause;
	}
	context_set_pc(&self->context, pc);
}

void
fault_answer(struct thread *self, uint32_t label, uint64_t word)
{
	bool notice = self->flags & THREAD_NOTICE;

	self->flags &= ~(THREAD_FAULTING | THREAD_NOTICE);
	if (label == FAULT_ANSWER_RESUME_AT)
		fault_resume_at(self, word);
	else if (label == FAULT_ANSWER_SIGNAL && self->utcb &&
		thread_is_redirected(self))
		notice = true;
	else if (label != FAULT_ANSWER_RESUME)
		self->flags |= THREAD_SUSPENDED;
	if (notice)
		thread_enter_signal(self);
}
