/* SPDX-License-Identifier: MIT */
/*
 * Futexes (row F14): queues of threads that sleep on a 32-bit word. A word in
 * private memory is known by (space, address), one in shared memory by
 * (object, offset). Since Factotum serves one request at a time, looking at
 * the word and going to sleep are one step.
 */
#pragma once

#include "process.h"

/* flags of the messages */
#define FUTEX_PRIVATE 1u
#define FUTEX_COMPARE 2u

/* INVALID_ARGUMENT when misaligned, FAULT when there is no such memory. */
status_t futex_find(struct space *space, vaddr_t address, uint32_t flags,
	struct futex_key *key);

/* Read the word. FAULT. */
status_t futex_load(struct space *space, vaddr_t address, uint32_t *value);

/* Queue a thread that was parked as PARK_FUTEX under its park.key. */
void futex_enqueue(struct thread *thread);

/* Take it out of its queue. */
void futex_unlink(struct thread *thread);

/* Wake up to `count` whose bits meet `bits`; how many there were. */
uint32_t futex_wake(const struct futex_key *key, uint32_t count, uint32_t bits);

/* Move up to `count` sleepers to another key. */
uint32_t futex_move(const struct futex_key *from, const struct futex_key *to,
	uint32_t count);

/* Entries of a robust list that are looked at (Linux's ROBUST_LIST_LIMIT). */
#define ROBUST_MAX 2048

/*
 * A thread dies: the futexes of its robust list, as far as it holds them, are
 * marked and a waiter of each is woken. Looks at `most` entries; returns how
 * many are left of those.
 */
unsigned futex_release_robust(struct thread *thread, unsigned most);

/* Set a 32-bit word to 0 and wake one who waits for it. */
void futex_clear(struct space *space, vaddr_t address);
