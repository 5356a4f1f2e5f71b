/* SPDX-License-Identifier: MIT
 *
 * Scheduling (rows A12, Y2, P3): 256 priorities, one queue each, the highest
 * runs. Round-robin threads have slices; FIFO and batch threads run until they
 * block, yield, or a higher one is ready. A preempted thread goes back to the
 * head of its queue and keeps the rest of its slice; one whose slice ended
 * goes to the tail.
 *
 * Nothing here switches: sched_next() decides once, at the end of a trap.
 */
#pragma once

#include "processor.h"
#include "thread.h"

/* The thread, whose state is READY, may run: to the tail of its queue. No
 * effect on a suspended one, or one that runs or is queued already. */
void sched_ready(struct thread *thread);

/* The same for the one that should run next if nobody of higher priority
 * wants to: it just was sent a message by the current thread. */
void sched_handoff(struct thread *thread, bool keep_owner);

/* It must not run: take it out of the queue, or off the processor. */
void sched_remove(struct thread *thread);

/* The current thread gives up the rest of its slice. */
void sched_yield(void);

/* Give the thread another priority and policy, wherever it stands. */
void sched_change(struct thread *thread, unsigned priority, unsigned policy,
	uint64_t slice);

/* The thread ends: it is not current any more, and a slice that ran on its
 * behalf is the current thread's own. */
void sched_forget(struct thread *thread);

/* Charge the time since the last call to who used it; returns the clock. */
static ALWAYS_INLINE uint64_t
sched_charge(struct processor *self, bool in_kernel)
{
	uint64_t now = clock_now();
	struct thread *owner = self->owner;

	if (owner) {
		if (in_kernel || owner != self->current)
			owner->time_system += now - self->stamp;
		else
			owner->time_user += now - self->stamp;
	}
	self->stamp = now;
	return now;
}

/* Whether a thread in state READY may run. */
static inline bool
sched_is_runnable(const struct thread *thread)
{
	return thread->state == THREAD_READY &&
		!(thread->flags & THREAD_SUSPENDED);
}

/* Whether the current thread (or NULL) simply goes on. */
static ALWAYS_INLINE bool
sched_stays(const struct processor *self, const struct thread *current)
{
	return current && sched_is_runnable(current) && !self->yielded &&
		!self->handoff && self->highest <= current->priority;
}

/* The thread that was sent a message, if the current one waits now and
 * nothing else has to be looked at: it has become current, in its address
 * space. NULL: sched_next() has to decide. */
static ALWAYS_INLINE struct thread *
sched_direct(struct processor *self)
{
	struct thread *next = self->handoff, *current = self->current;

	if (!next || self->reprogram || !next->token || !current ||
		sched_is_runnable(current) || next->priority < self->highest)
		return NULL;
	self->handoff = NULL;
	self->current = next;
	self->yielded = false;
	current->switches_voluntary++;
	next->scheduled++;
	if (next->token != self->token) {
		self->token = next->token;
		space_switch(next->token);
	}
	return next;
}

/* The slice's end may have come. */
void sched_clock(struct processor *self, uint64_t now);

/*
 * Choose who runs now, make it current, set its address space and the clock's
 * next interrupt. NULL: nobody wants to run.
 */
struct thread *sched_next(struct processor *self, uint64_t now);
