/* SPDX-License-Identifier: MIT */
/*
 * Pipes: a ring of pages between two open files (pipe.h). Positions only grow;
 * their difference is what is in the pipe.
 */
#include "pipe.h"

#include <stdlib.h>
#include <string.h>

#include "pages.h"
#include "quota.h"

enum { CAPACITY_LIMIT = 1 << 20 };

static const struct file_ops pipe_ops;

static struct pipe *
pipe_make(struct quota *quota)
{
	struct pipe *pipe = calloc(1, sizeof(*pipe));

	if (!pipe)
		return NULL;
	pipe->capacity = PIPE_PAGES * PAGE_BYTES;
	pipe->pages = pipe->first;
	pipe->quota = quota;
	quota_get(quota);
	wait_init(&pipe->changed);
	return pipe;
}

static uint32_t
pipe_page_count(const struct pipe *pipe)
{
	return pipe->capacity / PAGE_BYTES;
}

/* Give back pages from number `first` on. */
static void
pipe_trim(struct pipe *pipe, uint32_t first)
{
	uint32_t i;

	for (i = first; i < pipe_page_count(pipe); i++) {
		if (!pipe->pages[i])
			continue;
		page_give(pipe->pages[i]);
		pipe->pages[i] = NULL;
		quota_give(pipe->quota, QUOTA_PIPE_PAGES, 1);
	}
}

static void
pipe_free(struct pipe *pipe)
{
	pipe_trim(pipe, 0);
	if (pipe->pages != pipe->first)
		free(pipe->pages);
	if (pipe->owner)
		*pipe->owner = NULL;
	quota_put(pipe->quota);
	free(pipe);
}

struct pipe *
pipe_of(const struct file *file)
{
	return file->ops == &pipe_ops ? file->data : NULL;
}

/* An empty pipe's first page is due to it even when its quota is used up. */
static char *
pipe_page(struct pipe *pipe, uint64_t position)
{
	char **slot = &pipe->pages[position / PAGE_BYTES &
		(pipe_page_count(pipe) - 1)];
	char *page = *slot;

	if (page)
		return page;
	if (position == 0)
		quota_add(pipe->quota, QUOTA_PIPE_PAGES, 1);
	else if (!quota_take(pipe->quota, QUOTA_PIPE_PAGES, 1))
		return NULL;
	page = page_take_reserved();
	if (!page)
		quota_give(pipe->quota, QUOTA_PIPE_PAGES, 1);
	*slot = page;
	return page;
}

static size_t
segment(uint64_t position, size_t limit)
{
	size_t left = PAGE_BYTES - position % PAGE_BYTES;

	return left < limit ? left : limit;
}

/* An empty pipe starts at its first page again. */
static void
pipe_rewind(struct pipe *pipe)
{
	if (pipe->head != pipe->tail)
		return;
	if (pipe->head > PAGE_BYTES)
		pipe_trim(pipe, 1);
	pipe->head = 0;
	pipe->tail = 0;
}

static int64_t
pipe_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct pipe *pipe = file->data;
	size_t done = 0, step;
	status_t status;
	char *page;

	(void)offset;
	if (count == 0)
		return 0;
	if (pipe->head == pipe->tail) {
		io->wait = &pipe->changed;
		return pipe->writers ? IO_WAIT : 0;
	}
	if (count > pipe->head - pipe->tail)
		count = pipe->head - pipe->tail;
	while (done < count) {
		step = segment(pipe->tail + done, count - done);
		page = pipe_page(pipe, pipe->tail + done);
		status = io_put(io, done,
			page + (pipe->tail + done) % PAGE_BYTES, step);
		if (status < 0)
			return status;
		done += step;
	}
	pipe->tail += done;
	pipe_rewind(pipe);
	wait_wake(&pipe->changed);
	return (int64_t)done;
}

/* Put in bytes [at, at + count) of the request; how many, or a status. */
static int64_t
pipe_fill(struct pipe *pipe, struct io *io, uint64_t at, size_t count)
{
	size_t done = 0, step;
	status_t status = 0;
	char *page;

	while (done < count) {
		step = segment(pipe->head, count - done);
		page = pipe_page(pipe, pipe->head);
		status = page ? io_get(io, at + done,
					page + pipe->head % PAGE_BYTES, step)
			      : ERR_NOMEM;
		if (status < 0)
			break;
		pipe->head += step;
		done += step;
	}
	return done ? (int64_t)done : status;
}

/* Of the next `count` bytes to be written, how many have pages. */
static size_t
pipe_provide(struct pipe *pipe, size_t count)
{
	size_t ready = 0;

	while (ready < count && pipe_page(pipe, pipe->head + ready))
		ready += segment(pipe->head + ready, count - ready);
	return ready;
}

/* No page is left: readers give some back, where there is what to read. */
static int64_t
pipe_starve(struct pipe *pipe, struct io *io)
{
	if (pipe->head == pipe->tail)
		return ERR_NOMEM;
	io->wait = &pipe->changed;
	return IO_WAIT;
}

/* Whole or not at all, for what is small. */
static int64_t
pipe_write_small(struct pipe *pipe, struct io *io, size_t count)
{
	uint64_t head = pipe->head;
	int64_t done;

	if (pipe->capacity - (pipe->head - pipe->tail) < count) {
		io->wait = &pipe->changed;
		return IO_WAIT;
	}
	if (pipe_provide(pipe, count) < count)
		return pipe_starve(pipe, io);
	done = pipe_fill(pipe, io, 0, count);
	if (done == (int64_t)count) {
		wait_wake(&pipe->changed);
		return done;
	}
	pipe->head = head;
	return done < 0 ? done : STATUS_AGAIN;
}

static int64_t
pipe_write(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct pipe *pipe = file->data;
	uint64_t before = io_done(io);
	size_t room = pipe->capacity - (pipe->head - pipe->tail);
	int64_t done;

	(void)offset;
	if (count == 0)
		return 0;
	if (pipe->readers == 0)
		return before ? (int64_t)before : ERR_PIPE;
	if (count <= PIPE_ATOMIC)
		return pipe_write_small(pipe, io, count);
	io->wait = &pipe->changed;
	if (room == 0)
		return IO_WAIT;
	if (before == 0 && room < count && io_probe(io, count) < 0)
		return STATUS_AGAIN;
	if (room > count - before)
		room = count - before;
	room = pipe_provide(pipe, room);
	if (room == 0 && before == 0)
		return pipe_starve(pipe, io);
	if (room == 0)
		return IO_WAIT;
	done = pipe_fill(pipe, io, before, room);
	if (done < 0)
		return before ? (int64_t)before : done;
	wait_wake(&pipe->changed);
	io_advance(io, (uint64_t)done);
	before += (uint64_t)done;
	if (!io->call)
		return (int64_t)before;
	return before < count ? IO_WAIT : (int64_t)before;
}

static unsigned
pipe_poll(struct file *file, struct wait_queue **queue)
{
	struct pipe *pipe = file->data;
	uint64_t fill = pipe->head - pipe->tail;
	unsigned bits = 0;

	*queue = &pipe->changed;
	if (file_readable(file)) {
		if (fill > 0)
			bits |= POLL_IN | POLL_RDNORM;
		if (pipe->writers == 0)
			bits |= POLL_HUP;
	}
	if (file_writable(file)) {
		if (pipe->capacity - fill >= PIPE_ATOMIC)
			bits |= POLL_OUT | POLL_WRNORM;
		if (pipe->readers == 0)
			bits |= POLL_ERR;
	}
	return bits;
}

static int
pipe_ioctl(struct file *file, struct call *call, uint32_t command,
	uint64_t argument)
{
	struct pipe *pipe = file->data;
	uint32_t fill = (uint32_t)(pipe->head - pipe->tail);
	struct io io = {.call = call};

	(void)argument;
	if (command != IOCTL_FIONREAD)
		return ERR_NOTTY;
	return io_put(&io, 0, &fill, sizeof(fill));
}

static void
pipe_count(struct pipe *pipe, const struct file *file, int by)
{
	if (file_readable(file))
		pipe->readers += (uint32_t)by;
	if (file_writable(file))
		pipe->writers += (uint32_t)by;
	if (by > 0 && file_readable(file))
		pipe->reader_opens++;
	if (by > 0 && file_writable(file))
		pipe->writer_opens++;
}

static void
pipe_release(struct file *file)
{
	struct pipe *pipe = file->data;

	pipe_count(pipe, file, -1);
	wait_wake(&pipe->changed);
	if (pipe->readers == 0 && pipe->writers == 0)
		pipe_free(pipe);
}

static const struct file_ops pipe_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.release = pipe_release,
	.label = "pipe",
	.stream = true,
};

status_t
pipe_create(struct quota *quota, uint32_t flags, struct file **reader,
	struct file **writer)
{
	struct pipe *pipe = pipe_make(quota);
	status_t status;

	if (!pipe)
		return ERR_NFILE;
	flags &= OPEN_SETTABLE;
	status = file_create(quota, &pipe_ops, flags | OPEN_READ, reader);
	if (status < 0) {
		pipe_free(pipe);
		return status;
	}
	(*reader)->data = pipe;
	pipe_count(pipe, *reader, 1);
	status = file_create(quota, &pipe_ops, flags | OPEN_WRITE, writer);
	if (status < 0) {
		file_put(*reader);
		return status;
	}
	(*writer)->data = pipe;
	pipe_count(pipe, *writer, 1);
	return 0;
}

void
pipe_reopen(struct pipe *pipe, struct file *file)
{
	file->data = pipe;
	file->ops = &pipe_ops;
	pipe_count(pipe, file, 1);
	wait_wake(&pipe->changed);
}

/* Whether an opened end has to wait for the other side to come. */
static bool
fifo_waits(const struct pipe *pipe, const struct file *file,
	const struct call *call)
{
	if (file->flags & OPEN_NONBLOCK)
		return false;
	if (!file_writable(file))
		return pipe->writers == 0 && pipe->writer_opens == call->mark;
	if (!file_readable(file))
		return pipe->readers == 0 && pipe->reader_opens == call->mark;
	return false;
}

status_t
fifo_open(struct pipe **slot, struct file *file, struct call *call)
{
	struct pipe *pipe = *slot;

	if (call->held != file) {
		if ((file->flags & (OPEN_ACCESS | OPEN_NONBLOCK)) ==
				(OPEN_WRITE | OPEN_NONBLOCK) &&
			(!pipe || pipe->readers == 0))
			return ERR_NXIO;
		if (!pipe) {
			pipe = pipe_make(file->quota);
			if (!pipe)
				return ERR_NFILE;
			*slot = pipe;
			pipe->owner = slot;
		}
		call->mark = file_writable(file) ? pipe->reader_opens
						 : pipe->writer_opens;
		pipe_reopen(pipe, file);
	}
	if (!fifo_waits(pipe, file, call))
		return 0;
	return call_park(call, &pipe->changed);
}

int64_t
pipe_resize(struct pipe *pipe, uint64_t size)
{
	uint64_t fill = pipe->head - pipe->tail, capacity = PAGE_BYTES, i;
	uint64_t first = pipe->tail / PAGE_BYTES;
	uint64_t used = (pipe->head + PAGE_BYTES - 1) / PAGE_BYTES - first;
	char **pages;

	if (size > CAPACITY_LIMIT)
		return size > INT32_MAX ? ERR_INVAL : ERR_PERM;
	while (capacity < size)
		capacity *= 2;
	if (fill > capacity || used > capacity / PAGE_BYTES)
		return ERR_BUSY;
	pages = calloc(capacity / PAGE_BYTES, sizeof(*pages));
	if (!pages)
		return ERR_NOMEM;
	for (i = 0; fill > 0 && i < used; i++) {
		char **slot =
			&pipe->pages[(first + i) & (pipe_page_count(pipe) - 1)];

		pages[i] = *slot;
		*slot = NULL;
	}
	pipe_trim(pipe, 0);
	if (pipe->pages != pipe->first)
		free(pipe->pages);
	pipe->pages = pages;
	pipe->capacity = (uint32_t)capacity;
	pipe->tail -= first * PAGE_BYTES;
	pipe->head -= first * PAGE_BYTES;
	wait_wake(&pipe->changed);
	return (int64_t)capacity;
}
