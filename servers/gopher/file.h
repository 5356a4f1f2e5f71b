/* SPDX-License-Identifier: MIT */
/*
 * Open files: what descriptors of one or more sessions refer to, with the
 * position and the flags that they share.  A kind of open file is a table
 * of operations; NULL means not offered.
 *
 * Reads and writes return a count, a negative status, or IO_WAIT with
 * io->wait set; they may move bytes piecemeal, in which case call->done
 * tells how far they came (io_done below).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call.h"
#include "node.h"

struct file;

struct file_ops {
	int64_t (*read)(struct file *file, struct io *io, uint64_t offset,
		size_t count);
	int64_t (*write)(struct file *file, struct io *io, uint64_t offset,
		size_t count);
	/* POLL bits that hold now; *queue is where changes are heard. */
	unsigned (*poll)(struct file *file, struct wait_queue **queue);
	/* Result in call->out[0]; may park. */
	int (*ioctl)(struct file *file, struct call *call, uint32_t command,
		uint64_t argument);
	void (*release)(struct file *file);
	/* /proc/PID/fd shows it so when there is no path; may be NULL. */
	const char *label;
	bool stream; /* no positions: seek answers ESPIPE */
	bool even;   /* the same at every position, which never moves */
};

struct file {
	const struct file_ops *ops;
	uint32_t references;
	uint32_t flags; /* OPEN flags, the settable ones included */
	uint64_t position;
	struct place place;	  /* node is NULL for pipes and their like */
	void *data;		  /* the kind's own */
	struct list watchers;	  /* epoll items */
	struct quota *quota;	  /* whom it is charged to */
	bool locks;		  /* may hold locks: look when it goes */
	const struct call *mover; /* who moves the position, in turns */
};

/* An open file with one reference, charged to the quota; ENFILE, ENOMEM. */
status_t file_create(struct quota *quota, const struct file_ops *ops,
	uint32_t flags, struct file **out);

static inline void
file_get(struct file *file)
{
	file->references++;
}

void file_put(struct file *file);

static inline bool
file_readable(const struct file *file)
{
	return (file->flags & (OPEN_ACCESS | OPEN_PATH)) != OPEN_WRITE &&
		!(file->flags & OPEN_PATH);
}

static inline bool
file_writable(const struct file *file)
{
	return (file->flags & OPEN_ACCESS) != OPEN_READ &&
		!(file->flags & OPEN_PATH);
}

/* Bytes that earlier tries of this request moved already. */
static inline uint64_t
io_done(const struct io *io)
{
	return io->call ? io->call->done : 0;
}

static inline void
io_advance(struct io *io, uint64_t count)
{
	if (io->call)
		io->call->done += count;
}

/* Open files that are always ready. */
unsigned file_poll_ready(struct file *file, struct wait_queue **queue);
