/* SPDX-License-Identifier: MIT */
/*
 * Notices to those who watch: Factotum never calls up, it rings a
 * notification and the other side comes to fetch. Each watcher has a ring of
 * notices; when that is full an OVERFLOW notice stands for what was lost.
 */
#pragma once

#include "process.h"

struct factotum_fetch_results;

/*
 * Ring `signal` (an owned slot, which passes to the watch) for notices of
 * `kinds` (1 << kind each). Replaces an earlier watch. `all`: of strangers,
 * too, not only of children. NO_MEMORY.
 */
status_t watch_set(
	struct process *process, cptr_t signal, uint32_t kinds, bool all);

/* Tell all who watch that kind. */
void notice_post(uint32_t kind, uint32_t detail, const struct process *about);

/*
 * Tell one process alone, if it watches that kind: false when it does not.
 */
bool notice_tell(struct process *process, uint32_t kind, uint64_t id);

/* Up to three notices. */
void notices_fetch(
	struct process *process, struct factotum_fetch_results *results);

/* The process watches nothing any more. */
void notices_forget(struct process *process);

/* Does anybody watch for this kind? */
bool notices_watched(uint32_t kind);
