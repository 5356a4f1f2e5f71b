/* SPDX-License-Identifier: MIT */
/*
 * Threads of a native process, and the mutex that they need. Each thread has
 * one mapping: a guard page, the stack, and a last page for its UTCB.
 */
#pragma once

#include <glenda/types.h>

struct thread {
	uint32_t tid;
	vaddr_t base; /* of the mapping */
	size_t length;
};

/*
 * Start a thread in entry(argument), on a stack of stack_bytes (rounded up to
 * pages). `thread` is the creator's until thread_join. NO_MEMORY or LIMIT.
 */
status_t thread_create(struct thread *thread, void (*entry)(void *argument),
	void *argument, size_t stack_bytes);

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
