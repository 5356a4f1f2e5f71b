/* SPDX-License-Identifier: MIT */
/*
 * Everything that Tux asks of Factotum and Gopher, behind narrow functions:
 * system.c makes real calls, the unit tests link a double. All answer 0 or a
 * negative status.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glenda/types.h>

/* A process as Factotum has it. */
struct system_process {
	uint64_t puid;
	uint64_t credentials; /* uid << 32 | gid */
	uint32_t pid;
	uint32_t parent;
	uint32_t group;
	uint32_t session;
	uint32_t execs;
	bool zombie;
};

/* NOT_FOUND: there is no such process. */
status_t system_look(uint32_t pid, struct system_process *out);

/*
 * Call `each` for every Linux process, zombies included, until it answers
 * false. What `each` does to processes changes nothing in the list.
 */
status_t system_each(
	bool (*each)(void *context, const struct system_process *process),
	void *context);

/* The process that a thread belongs to; NOT_FOUND. */
status_t system_thread(uint32_t tid, uint32_t *pid);

/* Tags. */
status_t system_set_group(uint32_t pid, uint32_t group);
status_t system_set_session(uint32_t pid, uint32_t session);

/*
 * Who a process is: the tag that others read, and words of our own that its
 * children have from their fork on (table.c says what is in them).
 */
#define SYSTEM_WORDS 4
status_t system_set_identity(uint32_t pid, uint64_t puid, uint64_t credentials,
	const uint64_t words[SYSTEM_WORDS]);
status_t system_get_words(uint32_t pid, uint64_t words[SYSTEM_WORDS]);

/* Supplementary groups, where Gopher checks them (tux.h: groups_get). */
status_t system_set_groups(uint64_t puid, const uint32_t *ids, uint32_t count);
status_t system_get_groups(
	uint64_t puid, uint32_t *ids, uint32_t room, uint32_t *count);

struct system_signal {
	uint32_t number;
	uint32_t uid; /* the sender's */
	uint64_t info;
	uint64_t value;
};

/* To a process, to one thread, to a process group; NOT_FOUND. */
status_t system_post(uint32_t pid, const struct system_signal *signal);
status_t system_post_thread(uint32_t tid, const struct system_signal *signal);
status_t system_post_group(uint32_t group, const struct system_signal *signal);

/* Kernel policy (0 round-robin, 1 FIFO, 2 batch) and priority. */
status_t system_schedule(uint32_t pid, uint32_t policy, uint32_t priority);
