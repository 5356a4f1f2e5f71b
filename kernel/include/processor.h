/* SPDX-License-Identifier: MIT
 *
 * What each processor has of its own (rows A12, Y3): the thread that it runs,
 * its ready queues, and the state of its clock and FP unit.
 *
 * `owner` is the thread that the scheduler chose and whose slice runs. When it
 * Calls a server that waits, the server runs on the same slice and the time
 * is the owner's, so that a Call needs no look at the clock. The owner changes
 * when the scheduler chooses, when its slice ends before the server's work,
 * and when it ends itself.
 */
#pragma once

#include "types.h"
#include <arch/processor.h>

#define PROCESSORS_MAX 8

struct thread;

struct ready_queue {
	struct thread *head;
	struct thread *tail;
};

struct processor {
	struct thread *current; /* NULL: idle */
	struct thread *owner;
	int64_t highest;	 /* priority in the queues, -1: none */
	uint64_t token;		 /* address space in use */
	struct thread *handoff;	 /* ready, not queued: is to run next */
	struct thread *fp_owner; /* whose FP registers are loaded */
	uint64_t stamp;		 /* clock, when time was last charged */
	uint64_t slice_end;	 /* clock; UINT64_MAX: no slice runs */
	uint64_t programmed;	 /* next clock interrupt */
	uint64_t kernel_token;	 /* the kernel's own root */
	uint64_t kernel_stack;	 /* top */
	uint32_t number;
	uint32_t hart;	   /* the firmware's number */
	bool yielded;	   /* the current thread's turn is over */
	bool reprogram;	   /* the next clock interrupt may have changed */
	uint64_t ready[4]; /* priorities that have threads */
	struct ready_queue queue[256];
};

extern struct processor processors[PROCESSORS_MAX];

/* The one big lock: taken on entry to the kernel, released on the way out. */
extern uint32_t kernel_lock_word;

static inline void
kernel_lock(void)
{
	while (__atomic_exchange_n(&kernel_lock_word, 1, __ATOMIC_ACQUIRE))
		;
}

static inline void
kernel_unlock(void)
{
	__atomic_store_n(&kernel_lock_word, 0, __ATOMIC_RELEASE);
}

/* Clock ticks in so many microseconds. */
uint64_t clock_from_us(uint64_t us);
