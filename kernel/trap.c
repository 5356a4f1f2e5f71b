/* SPDX-License-Identifier: MIT
 *
 * The way through the kernel (trap.h): take the lock, do one thing, choose a
 * thread, leave. The kernel has no context of its own between traps; a thread
 * that blocks is only a state in its TCB.
 *
 * The lock is one word for all processors. With one processor running it is
 * never contended; it stands where it will be needed.
 */
#include "trap.h"
#include "fault.h"
#include "panic.h"
#include "processor.h"
#include "sched.h"
#include "thread.h"
#include "timer.h"
#include "vspace.h"
#include "work.h"

#include <arch/processor.h>

uint32_t kernel_lock_word;

bool
preempt_pending(void)
{
	return interrupt_waits();
}

void
trap_clock(void)
{
	struct processor *self = processor_self();

	self->programmed = 0;
	self->reprogram = true;
	timers_expire(self->stamp);
	sched_clock(self, self->stamp);
}

void
trap_fp_wanted(struct thread *self)
{
	struct processor *processor = processor_self();

	thread_fp_release(processor->fp_owner);
	fp_load(&self->fp);
	processor->fp_owner = self;
	context_fp_set(&self->context, true);
}

/* Another thread may have mapped the page meanwhile. */
void
trap_fault(struct thread *self, uint32_t kind, uint32_t access)
{
	struct vspace *space = thread_vspace(self);

	self->faults++;
	if (kind == FAULT_PAGE && space &&
		cause_may_be_stale(self->fault_cause) &&
		vspace_fault_is_stale(
			space, uaddr_make(self->fault_address), access))
		return;
	self->fault_kind = kind;
	self->fault_access = access;
	fault_raise(self);
}

_Noreturn void
trap_end(void)
{
	struct processor *self = processor_self();
	uint64_t now = sched_charge(self, true);
	struct thread *next = self->current;

	if (!sched_stays(self, next) || self->reprogram) {
		next = sched_direct(self);
		if (!next)
			next = sched_next(self, now);
	}
	while (!next) {
		kernel_unlock();
		processor_idle();
		kernel_lock();
		now = sched_charge(self, true);
		interrupt_serve();
		next = sched_next(self, now);
	}
	kernel_unlock();
	context_resume(next);
}

/* A fault that finds its handler waiting hands the processor over as a Call
 * does: on the same slice, without a look at the clock. */
static void
exception_from_user(struct thread *thread, uint64_t cause, uint64_t address)
{
	struct processor *self = processor_self();
	struct thread *next;

	trap_exception(thread, cause, address);
	if (self->reprogram)
		return;
	next = sched_stays(self, thread) ? thread : sched_direct(self);
	if (next) {
		kernel_unlock();
		context_resume(next);
	}
}

_Noreturn void
trap_from_user(struct thread *thread, uint64_t cause, uint64_t address)
{
	struct processor *self = processor_self();

	kernel_lock();
	if (cause_is_call(cause)) {
		sched_charge(self, false);
		context_behind_call(&thread->context);
		trap_syscall(thread);
	} else if (cause_is_interrupt(cause)) {
		sched_charge(self, false);
		interrupt_serve();
	} else {
		exception_from_user(thread, cause, address);
		sched_charge(self, false);
	}
	trap_end();
}
