/* SPDX-License-Identifier: MIT */
/*
 * Making a process from an ELF image (rows F3, F8): areas for the segments, a
 * stack, a UTCB, and the start page that tells the program who it is.
 */
#pragma once

#include "process.h"

#define LINE_KIT_PAGES 4
#define NATIVE_UTCB_COUNT 256

/*
 * Map the image into the process's empty space and note its entry. BAD_IMAGE
 * or NO_MEMORY.
 */
status_t load_image(struct process *process, struct object *image);

/* Stack, UTCB, CNode and first thread of a process with an image. */
status_t load_surroundings(struct process *process);

/*
 * Write the start page and let the first thread run. BUSY if it runs
 * already, LIMIT when arguments and names do not fit, NO_MEMORY; after the
 * last two it has failed for good.
 */
status_t load_start(struct process *process);

/* An address for one more UTCB of a native's thread, 0 if there is none. */
vaddr_t utcb_take(struct process *process);
void utcb_give(struct process *process, vaddr_t utcb);

/* The boot archive. BAD_IMAGE when it is none. */
status_t archive_set(struct object *archive, uint64_t size);

/* An image of the boot archive by name, as a window with one use; or NULL. */
struct object *archive_image(const char *name);

/* A file that contains an address of the object, for symbols; or NULL. */
const void *archive_bytes(const struct object *image, size_t *size);
