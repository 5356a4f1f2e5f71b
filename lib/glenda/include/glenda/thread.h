/* SPDX-License-Identifier: MIT */
/*
 * Threads of a native process, and the mutex that they need. Each has one of
 * the address space's stack slots (<glenda/layout.h>), whose lowest page stays
 * unmapped and whose others come when they are touched, and a page for its
 * UTCB. The first thread has slot 1.
 */
#pragma once

#include <glenda/types.h>

struct thread {
	uint32_t tid;
	uint32_t slot;
	vaddr_t utcb;
	void (*entry)(void *argument);
	void *argument;
};

/*
 * Start a thread in entry(argument). `thread` must stay until thread_join.
 * NO_MEMORY, or LIMIT when all slots are taken.
 */
status_t thread_create(
	struct thread *thread, void (*entry)(void *argument), void *argument);

/* Wait for the thread's end and give its memory back. CANCELLED, NOT_FOUND. */
status_t thread_join(struct thread *thread, uint32_t *status);

/* End the calling thread, which thread_create made. */
_Noreturn void thread_exit(uint32_t status);

/* 0 = free, 1 = held, 2 = held and somebody may sleep. Starts as zero. */
struct mutex {
	uint32_t state;
};

/* Blocks. Not recursive. */
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);
