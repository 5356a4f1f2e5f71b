/* SPDX-License-Identifier: MIT */
/*
 * Copying and replacing processes (rows F11, A11).
 */
#pragma once

#include "process.h"

struct factotum_fork_args;
struct factotum_exec_args;

/* Copy the thread's process; *child runs when this returns OK. */
status_t fork_process(struct thread *caller,
	const struct factotum_fork_args *args, struct process **child);

/*
 * Replace the image of the caller's process. Before the commit every error
 * leaves all as it was. `reply` is that of the request, for its leases.
 */
status_t exec_process(struct thread *caller,
	const struct factotum_exec_args *args, cptr_t reply,
	struct object *image, struct object *interpreter);

/* A vfork child has its own space now, or ended: its parent goes on. */
void process_release_vfork(struct process *process);
