/* SPDX-License-Identifier: MIT */
/*
 * exec: from a path to a new image in the same process.
 */
#pragma once

#include "line.h"

/* Pointers are the program's; argv and envp may be 0. */
struct exec_request {
	uint32_t dirfd;
	uint64_t path;
	uint64_t argv;
	uint64_t envp;
	uint32_t flags; /* AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH */
};

/*
 * Replace the image. On success the thread's registers are those of the new
 * program (full_restore is set) and 0 is returned; on an error, -errno, nothing
 * has changed.
 */
int64_t line_exec(
	struct line_thread *thread, const struct exec_request *request);

/* Announce process page, window and entries to Factotum. */
int64_t line_attach_self(const struct line_process *process);

/* What this architecture adds to the auxiliary vector (arch/). */
#define AUXILIARY_ARCH 5
unsigned auxiliary_add(const struct line_process *process, uint64_t pairs[][2]);
