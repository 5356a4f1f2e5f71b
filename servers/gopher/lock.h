/* SPDX-License-Identifier: MIT */
/*
 * Advisory locks on files: whole-file locks of open files (flock), and
 * ranges owned by a process (its descriptor table, as fork and CLONE_FILES
 * want it) or by an open file (OFD).
 */
#pragma once

#include "call.h"
#include "file.h"

struct descriptors;

void lock_set_destroy(struct lock_set *set);

/* flock(): operation bits 1 shared, 2 exclusive, 8 unlock, 4 do not wait. */
int lock_flock(struct file *file, struct call *call, uint32_t operation);

/* fcntl locks; the structure is in lease 0. */
int lock_range(struct file *file, struct call *call, uint32_t command);

/*
 * A file left a descriptor table: the ranges that its processes have on the
 * node go, whichever of its open files they came through.
 */
void lock_release_table(struct file *file, const struct descriptors *table);
/* The open file goes for good. */
void lock_release_file(struct file *file);
