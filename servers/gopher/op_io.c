/* SPDX-License-Identifier: MIT */
/* Messages that move bytes through descriptors. */
#include <string.h>

#include "lock.h"
#include "op.h"
#include "pages.h"
#include "system.h"

enum {
	WORD_FD = 0,
	WORD_OFFSET = 1,
	WORD_COUNT = 2,
	WORD_LEASE = 3,
	INLINE_BYTES = 32,
	OUT_INLINE_WORDS = 8,
	RANDOM_MOST = 4096,
	COUNT_MOST = 0x7ffff000, /* what Linux moves at once */
};

/* Who waits until another has moved all of its bytes. */
static struct wait_queue turns_over = {LIST_INIT(turns_over.waiters)};

static int
transfer_result(struct call *call, const struct io *io, uint64_t done)
{
	call->out[0] = done;
	call->out_count = io->is_inline ? OUT_INLINE_WORDS : 1;
	return 0;
}

/* What became of a transfer without positions: count, status, or wait. */
static int
stream_end(struct call *call, struct file *file, struct io *io, int64_t done)
{
	if (done >= 0)
		return transfer_result(call, io, (uint64_t)done);
	if (done != IO_WAIT)
		return (int)done;
	if (file->flags & OPEN_NONBLOCK) {
		if (call->done == 0)
			return ERR_AGAIN;
		return op_result(call, call->done);
	}
	if (io->deadline && call_deadline(call, io->deadline) < 0)
		return ERR_NOMEM;
	return call_park(call, io->wait);
}

static status_t
transfer_start(struct call *call, struct io *io)
{
	io->call = call;
	io->is_inline = call->lease_count == 0;
	if (call->words[WORD_COUNT] >
		(io->is_inline ? INLINE_BYTES : COUNT_MOST))
		return STATUS_INVALID_ARGUMENT;
	return 0;
}

/* The file of a request; one that goes in turns holds on to it. */
static struct file *
transfer_file(struct call *call)
{
	return call->held ? call->held : op_file(call, call->words[WORD_FD]);
}

static bool
moves_position(const struct call *call)
{
	return (int64_t)call->words[WORD_OFFSET] == -1;
}

/* Whether somebody else is in the middle of what excludes this. */
static bool
transfer_waits(const struct call *call, const struct file *file, bool writing)
{
	const struct node *node = file->place.node;

	if (moves_position(call) && file->mover && file->mover != call)
		return true;
	return writing && node && node->writer && node->writer != call;
}

static void
transfer_let_go(struct call *call)
{
	struct file *file = call->held;

	if (file->mover == call)
		file->mover = NULL;
	if (file->place.node && file->place.node->writer == call)
		file->place.node->writer = NULL;
	wait_wake(&turns_over);
}

/* The rest of it when others had their turn. */
static int
transfer_go_on(struct call *call, struct file *file, bool writing)
{
	if (!call->held) {
		file_get(file);
		call->held = file;
		call->let_go = transfer_let_go;
		if (moves_position(call))
			file->mover = call;
		if (writing && file->place.node)
			file->place.node->writer = call;
	}
	call_turn(call);
	return CALL_PARKED;
}

static bool
appends(const struct file *file)
{
	return (file->flags & OPEN_APPEND) && file->place.node;
}

/* Where a transfer begins. */
static uint64_t
transfer_begin(const struct call *call, const struct file *file, bool writing)
{
	struct file_stat stat;

	if (writing && appends(file)) {
		node_stat(file->place.node, &stat);
		return stat.size;
	}
	return moves_position(call) ? file->position : call->words[WORD_OFFSET];
}

/*
 * The client repeats the request from its start when it has provided its
 * pages: what was appended must go again.
 */
static void
transfer_undo(struct call *call, struct file *file, bool writing)
{
	if (call->done == 0)
		return;
	if (moves_position(call))
		file->position = call->mark;
	if (writing && appends(file) && file->place.node->ops->truncate)
		(void)file->place.node->ops->truncate(
			file->place.node, call->mark);
}

/*
 * How much of `count` bytes at `position` the session's limit of sizes lets
 * through; ERR_FBIG when nothing.
 */
static int64_t
within_limit(const struct call *call, uint64_t position, uint64_t count)
{
	uint64_t limit = call->session->size_bound - 1;

	if (count == 0 || limit >= position + count)
		return (int64_t)count;
	return position < limit ? (int64_t)(limit - position) : ERR_FBIG;
}

/* One turn of a transfer: what it moved, or a status. */
static int64_t
transfer_turn(struct call *call, struct file *file, struct io *io,
	uint64_t count, bool writing)
{
	uint64_t position = call->mark + call->done;
	int64_t allowed = (int64_t)count;

	io->base = call->done;
	if (!writing)
		return file->ops->read(file, io, position, count);
	if (file->place.node && node_is_regular(file->place.node))
		allowed = within_limit(call, position, count);
	if (allowed < 0)
		return allowed;
	return file->ops->write(file, io, position, (size_t)allowed);
}

/* What is the same everywhere and moved at once needs none of the below. */
static bool
is_simple(const struct call *call, const struct file *file)
{
	return file->ops->even && call->words[WORD_COUNT] <= TURN_BYTES &&
		moves_position(call);
}

static int
simple_end(struct call *call, const struct io *io, int64_t done)
{
	return done < 0 ? (int)done : transfer_result(call, io, (uint64_t)done);
}

/* Read from or write to what has positions. */
static int
transfer(struct call *call, struct file *file, struct io *io, bool writing)
{
	uint64_t left = call->words[WORD_COUNT] - call->done;
	uint64_t step = left < TURN_BYTES ? left : TURN_BYTES;
	int64_t done;

	if ((int64_t)call->words[WORD_OFFSET] < -1)
		return ERR_INVAL;
	if (transfer_waits(call, file, writing))
		return call_park(call, &turns_over);
	if (!call->held)
		call->mark = transfer_begin(call, file, writing);
	done = transfer_turn(call, file, io, step, writing);
	if (done == STATUS_AGAIN)
		transfer_undo(call, file, writing);
	if (done == STATUS_AGAIN || (done < 0 && call->done == 0))
		return (int)done;
	if (done > 0)
		call->done += (uint64_t)done;
	if (done > 0 && moves_position(call))
		file->position = call->mark + call->done;
	if (done == (int64_t)step && step < left)
		return transfer_go_on(call, file, writing);
	return transfer_result(call, io, call->done);
}

int
op_read(struct call *call)
{
	struct file *file = transfer_file(call);
	struct io io = {0};
	status_t status;

	if (!file || !file_readable(file))
		return ERR_BADF;
	status = transfer_start(call, &io);
	if (status < 0)
		return status;
	if (!file->ops || !file->ops->read)
		return file->ops ? ERR_INVAL : ERR_ISDIR;
	if (is_simple(call, file))
		return simple_end(call, &io,
			file->ops->read(file, &io, 0, call->words[WORD_COUNT]));
	if (!file->ops->stream)
		return transfer(call, file, &io, false);
	if (!moves_position(call))
		return ERR_SPIPE;
	return stream_end(call, file, &io,
		file->ops->read(file, &io, 0, call->words[WORD_COUNT]));
}

/*
 * Before anything of a long write to a stream leaves, all of it is looked at
 * (io_probe), a turn's worth at a time: 0 when that is done.
 */
static int
stream_probe(struct call *call, struct io *io, uint64_t count)
{
	uint64_t step = count - call->mark;
	status_t status;

	if (call->done > 0 || count <= TURN_BYTES || step == 0)
		return 0;
	if (step > TURN_BYTES)
		step = TURN_BYTES;
	io->base = call->mark;
	status = io_probe(io, step);
	io->base = 0;
	if (status < 0)
		return status;
	call->mark += step;
	call_turn(call);
	return CALL_PARKED;
}

static int
stream_write(struct call *call, struct file *file, struct io *io)
{
	uint64_t count = call->words[WORD_COUNT];
	int64_t done;
	int status;

	/* No stream takes more than this without waiting. */
	if ((file->flags & OPEN_NONBLOCK) && count > TURN_BYTES)
		count = TURN_BYTES;
	status = stream_probe(call, io, count);
	if (status != 0)
		return status;
	done = file->ops->write(file, io, 0, count);
	io->is_inline = false;
	return stream_end(call, file, io, done);
}

int
op_write(struct call *call)
{
	struct file *file = transfer_file(call);
	struct io io = {0};
	status_t status;
	int result;

	if (!file || !file_writable(file))
		return ERR_BADF;
	status = transfer_start(call, &io);
	if (status < 0)
		return status;
	if (!file->ops || !file->ops->write)
		return ERR_INVAL;
	if (file->ops->stream && !moves_position(call))
		return ERR_SPIPE;
	if (is_simple(call, file))
		result = simple_end(call, &io,
			file->ops->write(
				file, &io, 0, call->words[WORD_COUNT]));
	else
		result = file->ops->stream ? stream_write(call, file, &io)
					   : transfer(call, file, &io, true);
	/* The answer is the count alone. */
	if (result == 0)
		call->out_count = 1;
	return result;
}

enum {
	SEEK_FROM_START,
	SEEK_FROM_HERE,
	SEEK_FROM_END,
	SEEK_TO_DATA,
	SEEK_TO_HOLE
};

/* What cannot tell is all data up to its end, where a hole begins. */
static int64_t
seek_sparse(struct node *node, int64_t offset, uint64_t size, bool hole)
{
	uint64_t found;

	if (offset < 0 || offset >= (int64_t)size)
		return ERR_NXIO;
	if (!node->ops->seek)
		return hole ? (int64_t)size : offset;
	found = node->ops->seek(node, (uint64_t)offset, hole);
	return found == size && !hole ? ERR_NXIO : (int64_t)found;
}

int
op_seek(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);
	int64_t offset = (int64_t)call->words[1], base = 0;
	struct file_stat stat = {0};

	if (!file || (file->flags & OPEN_PATH))
		return ERR_BADF;
	if ((file->ops && file->ops->stream) || !file->place.node)
		return ERR_SPIPE;
	node_stat(file->place.node, &stat);
	switch (call->words[2]) {
	case SEEK_FROM_START:
		break;
	case SEEK_FROM_HERE:
		base = (int64_t)file->position;
		break;
	case SEEK_FROM_END:
		base = (int64_t)stat.size;
		break;
	case SEEK_TO_DATA:
	case SEEK_TO_HOLE:
		offset = seek_sparse(file->place.node, offset, stat.size,
			call->words[2] == SEEK_TO_HOLE);
		if (offset < 0)
			return (int)offset;
		break;
	default:
		return ERR_INVAL;
	}
	if (__builtin_add_overflow(base, offset, &offset))
		return ERR_OVERFLOW;
	if (offset < 0)
		return ERR_INVAL;
	/* Character devices have no positions, and do not mind. */
	if ((stat.mode & MODE_TYPE) == MODE_CHARACTER)
		return op_result(call, 0);
	file->position = (uint64_t)offset;
	return op_result(call, file->position);
}

/* struct linux_dirent64 */
struct dirent {
	uint64_t inode;
	int64_t next;
	uint16_t length;
	uint8_t type;
	char name[];
};

enum { DIRENT_HEAD = 19, DIRENT_BATCH = 8192 };

struct dirent_visitor {
	struct node_visitor visitor;
	struct io io;
	uint64_t limit; /* of the client's buffer */
	uint64_t sent;
	size_t fill;	   /* of `batch` */
	uint64_t position; /* behind the last entry taken */
	status_t status;
};

static char dirent_batch[DIRENT_BATCH];

static bool
batch_send(struct dirent_visitor *this)
{
	this->status = io_put(&this->io, this->sent, dirent_batch, this->fill);
	if (this->status < 0)
		return false;
	this->sent += this->fill;
	this->fill = 0;
	return true;
}

static bool
dirent_take(struct node_visitor *visitor, const char *name, size_t length,
	uint64_t inode, uint32_t mode, uint64_t next)
{
	struct dirent_visitor *this =
		container_of(visitor, struct dirent_visitor, visitor);
	size_t size = (DIRENT_HEAD + length + 1 + 7) & ~(size_t)7;
	struct dirent entry;
	char *to;

	if (this->sent + this->fill + size > this->limit) {
		if (this->sent + this->fill == 0)
			this->status = ERR_INVAL;
		return false;
	}
	if (this->fill + size > sizeof(dirent_batch) && !batch_send(this))
		return false;
	to = dirent_batch + this->fill;
	memset(to, 0, size);
	entry.inode = inode;
	entry.next = (int64_t)next;
	entry.length = (uint16_t)size;
	entry.type = (uint8_t)((mode & MODE_TYPE) >> 12);
	memcpy(to, &entry, DIRENT_HEAD);
	memcpy(to + DIRENT_HEAD, name, length);
	this->fill += size;
	this->position = next;
	return true;
}

int
op_getdents(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);
	struct dirent_visitor this = {
		.visitor.take = dirent_take,
		.io.call = call,
		.limit = call->words[1],
	};
	struct node *node;
	status_t status;

	if (!file || (file->flags & OPEN_PATH))
		return ERR_BADF;
	node = file->place.node;
	if (!node || !node_is_folder(node))
		return ERR_NOTDIR;
	if (node->links == 0)
		return op_result(call, 0);
	this.position = file->position;
	status = node->ops->list(node, file->position, &this.visitor);
	if (status < 0)
		return status;
	if (this.status == 0 && this.fill > 0)
		batch_send(&this);
	if (this.status < 0)
		return this.status;
	file->position = this.position;
	return op_result(call, this.sent);
}

static int
ioctl_common(
	struct call *call, struct file *file, uint32_t command, bool *handled)
{
	struct io io = {.call = call};
	int32_t on;
	status_t status;

	*handled = true;
	switch (command) {
	case IOCTL_FIOCLEX:
	case IOCTL_FIONCLEX:
		descriptors_set_cloexec(call->session->descriptors,
			(uint32_t)call->words[0], command == IOCTL_FIOCLEX);
		return 0;
	case IOCTL_FIONBIO:
		status = io_get(&io, 0, &on, sizeof(on));
		if (status < 0)
			return status;
		file->flags &= ~(uint32_t)OPEN_NONBLOCK;
		if (on)
			file->flags |= OPEN_NONBLOCK;
		return 0;
	default:
		*handled = false;
		return 0;
	}
}

/* Bytes between the position and the end of a regular file. */
static int
ioctl_left(struct call *call, struct file *file)
{
	struct io io = {.call = call};
	struct file_stat stat;
	int32_t left = 0;

	node_stat(file->place.node, &stat);
	if (stat.size > file->position)
		left = (int32_t)(stat.size - file->position);
	return io_put(&io, 0, &left, sizeof(left));
}

int
op_ioctl(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);
	uint32_t command = (uint32_t)call->words[1];
	bool handled;
	int status;

	if (!file || (file->flags & OPEN_PATH))
		return ERR_BADF;
	call->out_count = 1;
	status = ioctl_common(call, file, command, &handled);
	if (handled)
		return status;
	if (file->ops && file->ops->ioctl)
		return file->ops->ioctl(file, call, command, call->words[2]);
	if (command == IOCTL_FIONREAD && file->place.node &&
		(file->place.node->mode & MODE_TYPE) == MODE_FILE)
		return ioctl_left(call, file);
	return ERR_NOTTY;
}

int
op_sync(struct call *call)
{
	/* Every back end here is memory: all has arrived. */
	if ((uint32_t)call->words[0] == UINT32_MAX)
		return 0;
	return op_file(call, call->words[0]) ? 0 : ERR_BADF;
}

/* As much as /dev/urandom gives, without a name or a descriptor. */
int
op_random(struct call *call)
{
	static uint8_t bytes[RANDOM_MOST];
	struct io io = {.call = call};
	uint64_t count = call->words[0];
	status_t status;

	if (count > sizeof(bytes))
		return STATUS_INVALID_ARGUMENT;
	system_random(bytes, count);
	status = io_put(&io, 0, bytes, count);
	memset(bytes, 0, count);
	return status;
}

int
op_flock(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);

	if (!file || (file->flags & OPEN_PATH))
		return ERR_BADF;
	return lock_flock(file, call, (uint32_t)call->words[1]);
}

int
op_allocate(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);
	struct node *node;

	if (!file || !file_writable(file))
		return ERR_BADF;
	node = file->place.node;
	if (!node || !node->ops->allocate)
		return file->ops && file->ops->stream ? ERR_SPIPE : ERR_NODEV;
	if (call->words[1] != 0 && call->words[1] != 1 && call->words[1] != 3)
		return ERR_OPNOTSUPP;
	if ((int64_t)call->words[2] < 0 || (int64_t)call->words[3] <= 0)
		return ERR_INVAL;
	return node->ops->allocate(
		node, (uint32_t)call->words[1], call->words[2], call->words[3]);
}

enum {
	SPLICE_OUT,
	SPLICE_IN,
	SPLICE_OUT_OFFSET,
	SPLICE_IN_OFFSET,
	SPLICE_COUNT
};

/* One end of a splice: its position, and how to move it. */
static uint64_t
splice_position(struct file *file, int64_t offset, uint64_t moved)
{
	if (offset >= 0)
		return (uint64_t)offset + moved;
	return file->position;
}

/* Write all of `bytes`, or what is possible before it would wait. */
static int64_t
splice_push(struct file *file, uint64_t position, char *bytes, size_t count,
	struct wait_queue **wait)
{
	struct io io = {.memory = bytes};
	int64_t done = file->ops->write(file, &io, position, count);

	if (done == IO_WAIT)
		*wait = io.wait;
	return done;
}

/* How much the output takes at once; 0: wait for it. */
static size_t
splice_room(struct file *out, size_t limit, struct wait_queue **wait)
{
	unsigned bits = out->ops->poll ? out->ops->poll(out, wait) : POLL_OUT;

	if (bits & (POLL_OUT | POLL_ERR))
		return limit < PAGE_BYTES ? limit : PAGE_BYTES;
	return 0;
}

/* Move one piece; its size, 0 at the end, a status, or IO_WAIT. */
static int64_t
splice_step(struct call *call, struct file *in, struct file *out,
	struct wait_queue **wait)
{
	static char bytes[PAGE_BYTES];
	struct io io = {.memory = bytes};
	int64_t got, put;
	size_t step;

	step = splice_room(out, call->words[SPLICE_COUNT] - call->done, wait);
	if (step == 0)
		return IO_WAIT;
	got = in->ops->read(in, &io,
		splice_position(
			in, (int64_t)call->words[SPLICE_IN_OFFSET], call->done),
		step);
	if (got == IO_WAIT)
		*wait = io.wait;
	if (got <= 0)
		return got;
	put = splice_push(out,
		splice_position(out, (int64_t)call->words[SPLICE_OUT_OFFSET],
			call->done),
		bytes, (size_t)got, wait);
	if (put < 0)
		return put;
	if (!in->ops->stream && (int64_t)call->words[SPLICE_IN_OFFSET] < 0)
		in->position += (uint64_t)put;
	if (!out->ops->stream && (int64_t)call->words[SPLICE_OUT_OFFSET] < 0)
		out->position += (uint64_t)put;
	return put;
}

static int
splice_end(struct call *call)
{
	call->out[0] = call->done;
	call->out[1] = (int64_t)call->words[SPLICE_IN_OFFSET] < 0
		? UINT64_MAX
		: call->words[SPLICE_IN_OFFSET] + call->done;
	call->out_count = 2;
	return 0;
}

int
op_splice(struct call *call)
{
	struct file *out = op_file(call, call->words[SPLICE_OUT]);
	struct file *in = op_file(call, call->words[SPLICE_IN]);
	struct wait_queue *wait = NULL;
	uint64_t most = call->words[SPLICE_COUNT];
	int64_t moved;

	if (most > TURN_BYTES)
		most = TURN_BYTES;
	if (!in || !out || !file_readable(in) || !file_writable(out))
		return ERR_BADF;
	if (!in->ops || !in->ops->read || !out->ops || !out->ops->write)
		return ERR_INVAL;
	/* Where the file ends is not where these bytes would go. */
	if (out->flags & OPEN_APPEND)
		return ERR_INVAL;
	if (in->ops->stream && (int64_t)call->words[SPLICE_IN_OFFSET] >= 0)
		return ERR_SPIPE;
	/* What was taken from one stream might not fit into another. */
	if (in->ops->stream && out->ops->stream)
		return ERR_INVAL;
	while (call->done < most) {
		moved = splice_step(call, in, out, &wait);
		if (moved > 0) {
			call->done += (uint64_t)moved;
			continue;
		}
		if (call->done > 0 || moved == 0)
			break;
		if (moved != IO_WAIT)
			return (int)moved;
		if ((in->flags | out->flags) & OPEN_NONBLOCK)
			return ERR_AGAIN;
		return call_park(call, wait);
	}
	return splice_end(call);
}
