/* SPDX-License-Identifier: MIT */
/*
 * Resource limits that bind here (row P7): processor time, address space,
 * data, pending signals; processes are counted by fork.c, stacks bounded at
 * exec. Numbers and meanings are Linux's. Files and their sizes are Gopher's.
 */
#pragma once

#include "process.h"

enum {
	LIMIT_CPU = 0,
	LIMIT_DATA = 2,
	LIMIT_STACK = 3,
	LIMIT_CORE = 4,
	LIMIT_PROCESSES = 6,
	LIMIT_FILES = 7,
	LIMIT_SPACE = 9,
	LIMIT_PENDING = 11,
	LIMIT_REAL_TIME = 15,
};

#define LIMIT_NONE (~0ul)

/*
 * Change one. INVALID_ARGUMENT: no such limit, or soft above hard. FORBIDDEN:
 * the hard one rises without credentials 0, or nothing here enforces it.
 * NO_MEMORY: nothing changed.
 */
status_t limit_set(struct process *process, uint32_t resource, uint64_t soft,
	uint64_t hard);

/* A new process has its limits: watch over its time. NO_MEMORY. */
status_t limits_watch(struct process *process);

/*
 * May a space of the process grow by so many bytes, of which `data` are
 * private and writable?
 */
bool limits_allow(const struct process *process, const struct space *space,
	uint64_t bytes, uint64_t data);

/* Is an area private and writable, as RLIMIT_DATA counts? */
bool limits_is_data(uint32_t flags, uint32_t prot);

/* May the range get this permission? */
bool limits_allow_protect(const struct process *process, vaddr_t start,
	vaddr_t end, uint8_t prot);
