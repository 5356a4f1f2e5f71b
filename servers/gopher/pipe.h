/* SPDX-License-Identifier: MIT */
/*
 * Pipes and FIFOs: bytes in a ring of pages.
 *
 * Invariants: head - tail bytes are in the pipe, at most `capacity`; page
 * i of the ring exists whenever a byte of it is in the pipe; readers and
 * writers count open files, and the pipe lives while there are any.
 */
#pragma once

#include <stdint.h>

#include "call.h"
#include "file.h"

enum { PIPE_PAGES = 16 };

struct pipe {
	uint64_t head;	   /* bytes ever written, restarts when empty */
	uint64_t tail;	   /* bytes ever read, likewise */
	uint32_t capacity; /* bytes, a power of two of pages */
	uint32_t readers;
	uint32_t writers;
	uint32_t reader_opens; /* ever, for opening a FIFO */
	uint32_t writer_opens;
	char **pages;
	struct wait_queue changed;
	struct quota *quota;
	struct pipe **owner; /* the FIFO's pointer here, or NULL */
	char *first[PIPE_PAGES];
};

/* Both ends, each with one reference. */
status_t pipe_create(struct quota *quota, uint32_t flags, struct file **reader,
	struct file **writer);

/*
 * Open one end of a FIFO whose pipe is *slot (made here when NULL).  May
 * park the call, which then keeps the file (call->held) and comes back.
 */
status_t fifo_open(struct pipe **slot, struct file *file, struct call *call);

/* Make the file another opening of this pipe, by /proc/PID/fd. */
void pipe_reopen(struct pipe *pipe, struct file *file);

/* The pipe of an open file, or NULL. */
struct pipe *pipe_of(const struct file *file);

/* F_SETPIPE_SZ: the new capacity, or EBUSY, EPERM, ENOMEM. */
int64_t pipe_resize(struct pipe *pipe, uint64_t size);
