/* SPDX-License-Identifier: MIT */
/*
 * Factotum's snapshot of processes.  Reading the folder of all processes
 * keeps one for a short while, so that a `ps`, which then reads a file of
 * each, does not ask for hundreds; everybody else gets a fresh one.
 */
#pragma once

#include <glenda/records.h>
#include <stdbool.h>
#include <stdint.h>

/* A snapshot that is fresh enough, or NULL; good until the call ends. */
const struct ps_header *snapshot_get(void);

/* The same; it is kept for those who go through all processes. */
const struct ps_header *snapshot_scan(void);

/*
 * The process with this id, or NULL: in a fresh snapshot when the one that is
 * kept does not know it.  *header is the one it stands in.
 */
const struct ps_process *snapshot_process(
	const struct ps_header **header, uint32_t pid);

/* Process number `index`. */
const struct ps_process *snapshot_at(
	const struct ps_header *header, uint32_t index);

/* Thread number `index`; the thread of a process with this id, or NULL. */
const struct ps_thread *snapshot_thread_at(
	const struct ps_header *header, uint32_t index);
const struct ps_thread *snapshot_thread(
	const struct ps_header *header, uint32_t pid, uint32_t tid);

/* The name of a process: that of its first thread, when it has one. */
const char *snapshot_name(
	const struct ps_header *header, const struct ps_process *process);

/* One letter for the state of a process, as ps shows it. */
char snapshot_state(
	const struct ps_header *header, const struct ps_process *process);
