/* SPDX-License-Identifier: MIT */
/*
 * Factotum's snapshot of processes, kept for a short while so that one `ps`
 * does not ask for it hundreds of times.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glenda/records.h>

/* A snapshot that is fresh enough, or NULL. */
const struct ps_header *
snapshot_get(void);

/* The process with this id in it, or NULL. */
const struct ps_process *
snapshot_process(const struct ps_header *header, uint32_t pid);

/* Process number `index`. */
const struct ps_process *
snapshot_at(const struct ps_header *header, uint32_t index);

/* Thread number `index`; the thread of a process with this id, or NULL. */
const struct ps_thread *
snapshot_thread_at(const struct ps_header *header, uint32_t index);
const struct ps_thread *
snapshot_thread(const struct ps_header *header, uint32_t pid, uint32_t tid);

/* The name of a process: that of its first thread, when it has one. */
const char *
snapshot_name(const struct ps_header *header,
	      const struct ps_process *process);

/* One letter for the state of a process, as ps shows it. */
char
snapshot_state(const struct ps_header *header,
	       const struct ps_process *process);
