/* SPDX-License-Identifier: MIT */
/*
 * The snapshot of processes and threads (row F17), layout in
 * <glenda/records.h>. Taken between two requests, so it is consistent.
 */
#pragma once

#include "process.h"

/*
 * An object with the snapshot, held by `who`: its own tree, or all.
 * NO_MEMORY.
 */
status_t ps_snapshot(struct process *who, bool all, struct object **object);
