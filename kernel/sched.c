/* SPDX-License-Identifier: MIT
 *
 * The scheduler (sched.h). Time is charged to the owner of the processor: as
 * user time while the owner itself ran, as system time while the kernel or a
 * server that it called did.
 */
#include "sched.h"
#include "panic.h"
#include "processor.h"
#include "thread.h"
#include "timer.h"
#include "vspace.h"

/* Not worth another interrupt: slices that end this soon have ended. */
#define SLICE_SLACK 2

struct processor processors[PROCESSORS_MAX];

static void
highest_update(struct processor *self)
{
	int word;

	for (word = 3; word >= 0; word--)
		if (self->ready[word]) {
			self->highest = word * 64 + 63 -
				__builtin_clzl(self->ready[word]);
			return;
		}
	self->highest = -1;
}

static void
enqueue(struct processor *self, struct thread *thread, bool at_head)
{
	struct ready_queue *queue = &self->queue[thread->priority];

	kernel_assert(!thread->queued);
	thread->queued = true;
	thread->prev = at_head ? NULL : queue->tail;
	thread->next = at_head ? queue->head : NULL;
	*(thread->prev ? &thread->prev->next : &queue->head) = thread;
	*(thread->next ? &thread->next->prev : &queue->tail) = thread;
	self->ready[thread->priority / 64] |= UINT64_C(1)
		<< thread->priority % 64;
	if (thread->priority > self->highest)
		self->highest = thread->priority;
	if (self->owner && self->owner->priority == thread->priority)
		self->reprogram = true;
}

static void
dequeue(struct processor *self, struct thread *thread)
{
	struct ready_queue *queue = &self->queue[thread->priority];

	*(thread->prev ? &thread->prev->next : &queue->head) = thread->next;
	*(thread->next ? &thread->next->prev : &queue->tail) = thread->prev;
	thread->queued = false;
	thread->next = NULL;
	thread->prev = NULL;
	if (queue->head)
		return;
	self->ready[thread->priority / 64] &=
		~(UINT64_C(1) << thread->priority % 64);
	if (thread->priority == self->highest)
		highest_update(self);
}

void
sched_ready(struct thread *thread)
{
	struct processor *self = processor_self();

	if (!sched_is_runnable(thread) || thread->queued ||
		thread == self->current || thread == self->handoff)
		return;
	if (thread->flags & THREAD_EXPIRED) {
		thread->flags &= ~THREAD_EXPIRED;
		thread->slice_left = thread->slice;
	}
	enqueue(self, thread, false);
}

void
sched_handoff(struct thread *thread, bool keep_owner)
{
	struct processor *self = processor_self();

	if (!sched_is_runnable(thread) || self->handoff ||
		thread->flags & THREAD_EXPIRED ||
		(!keep_owner && thread != self->owner)) {
		sched_ready(thread);
		return;
	}
	kernel_assert(!thread->queued);
	self->handoff = thread;
}

void
sched_remove(struct thread *thread)
{
	struct processor *self = processor_self();

	if (thread->queued)
		dequeue(self, thread);
	if (self->handoff == thread)
		self->handoff = NULL;
}

void
sched_yield(void)
{
	processor_self()->yielded = true;
}

static void
owner_set(struct processor *self, struct thread *thread, uint64_t now)
{
	struct thread *old = self->owner;

	/* Alone, its slice may have ended while a server ran for it. */
	if (old == thread && self->slice_end != UINT64_MAX)
		return;
	if (old && self->slice_end != UINT64_MAX)
		old->slice_left = self->slice_end > now + SLICE_SLACK
			? self->slice_end - now
			: old->slice;
	self->owner = thread;
	self->reprogram = true;
	self->slice_end = UINT64_MAX;
	if (thread && thread->slice)
		self->slice_end = now + thread->slice_left;
}

void
sched_change(struct thread *thread, unsigned priority, unsigned policy,
	uint64_t slice)
{
	struct processor *self = processor_self();
	bool queued = thread->queued;

	if (queued)
		dequeue(self, thread);
	thread->priority = (uint8_t)priority;
	thread->policy = (uint8_t)policy;
	thread->slice = policy == THREAD_ROUND_ROBIN ? slice : 0;
	thread->slice_left = thread->slice;
	if (self->owner == thread) {
		self->slice_end = thread->slice ? clock_now() + thread->slice
						: UINT64_MAX;
		self->reprogram = true;
	}
	if (queued)
		enqueue(self, thread, false);
}

void
sched_forget(struct thread *thread)
{
	struct processor *self = processor_self();

	if (self->current == thread)
		self->current = NULL;
	if (self->owner == thread)
		owner_set(self, self->current, clock_now());
}

/* A server that works on when its client's slice ends goes on with a slice of
 * its own, or it could keep its equals waiting for ever. The client has had
 * its turn: it joins the tail when it is answered, if it is not queued. */
void
sched_clock(struct processor *self, uint64_t now)
{
	struct thread *owner = self->owner;

	if (!owner || self->slice_end > now + SLICE_SLACK)
		return;
	if (owner == self->current) {
		self->yielded = true;
		return;
	}
	if (!owner->queued)
		owner->flags |= THREAD_EXPIRED;
	owner_set(self, self->current, now);
}

/* Put the current thread, which can go on, back into its queue. */
static void
current_requeue(struct processor *self, struct thread *current, uint64_t now)
{
	bool at_head = !self->yielded;

	if (!self->yielded || self->slice_end <= now + SLICE_SLACK)
		current->switches_involuntary++;
	else
		current->switches_voluntary++;
	if (!at_head && self->owner == current) {
		current->slice_left = current->slice;
		self->owner = NULL;
		self->reprogram = true;
	}
	enqueue(self, current, at_head);
}

/* Whoever must not run has left the queue; should one ever be left in it, it
 * must still not run. */
static struct thread *
take_first(struct processor *self)
{
	while (self->highest >= 0) {
		struct thread *thread = self->queue[self->highest].head;

		dequeue(self, thread);
		if (sched_is_runnable(thread))
			return thread;
	}
	return NULL;
}

/* Whether the current thread simply goes on. */
static bool
current_stays(struct processor *self, struct thread *current, uint64_t now)
{
	if (!current || !sched_is_runnable(current))
		return false;
	if (self->highest > current->priority)
		return false;
	if (!self->yielded)
		return true;
	if (self->highest == current->priority)
		return false;
	if (self->owner == current && current->slice) {
		self->slice_end = now + current->slice;
		self->reprogram = true;
	}
	return true;
}

static void
clock_program(struct processor *self, uint64_t now)
{
	uint64_t deadline = timers_next();
	struct thread *owner = self->owner;

	self->reprogram = false;
	if (owner && self->slice_end < deadline &&
		self->queue[owner->priority].head)
		deadline = self->slice_end;
	if (self->programmed <= deadline && self->programmed > now)
		return;
	if (self->programmed == UINT64_MAX && deadline == UINT64_MAX)
		return;
	self->programmed = deadline;
	clock_interrupt_at(deadline);
}

static struct thread *
choose(struct processor *self, uint64_t now)
{
	struct thread *current = self->current, *next = self->handoff;

	self->handoff = NULL;
	if (next && current && sched_is_runnable(current)) {
		sched_ready(next);
		next = NULL;
	}
	if (next && next->priority >= self->highest) {
		if (current)
			current->switches_voluntary++;
		return next;
	}
	if (next)
		enqueue(self, next, true);
	if (current_stays(self, current, now))
		return current;
	if (current && sched_is_runnable(current))
		current_requeue(self, current, now);
	else if (current)
		current->switches_voluntary++;
	next = take_first(self);
	owner_set(self, next, now);
	return next;
}

static void
space_load(struct processor *self, struct thread *thread)
{
	struct vspace *space = thread_vspace(thread);
	uint64_t token = vspace_token(space);

	thread->token =
		UNTAGGED_LOAD_FLUSHES || !vspace_is_untagged(space) ? token : 0;
	if (token == self->token)
		return;
	self->token = token;
	space_switch(token);
	if (!thread->token)
		tlb_flush_all();
}

void
space_unload(const struct vspace *space)
{
	struct processor *self = processor_self();

	if (self->token != vspace_token(space))
		return;
	self->token = self->kernel_token;
	space_switch(self->token);
}

struct thread *
sched_next(struct processor *self, uint64_t now)
{
	struct thread *next = choose(self, now);

	self->yielded = false;
	if (next && next != self->current)
		next->scheduled++;
	self->current = next;
	if (self->reprogram)
		clock_program(self, now);
	if (!next)
		return NULL;
	space_load(self, next);
	return next;
}
