/* SPDX-License-Identifier: MIT */
/*
 * Opening, closing, and moving bytes. Up to INLINE_MAX bytes travel in the
 * message itself; more are lent to Gopher where the program has them.
 */
#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>
#include <glenda/tux_client.h>

#include "calls.h"
#include "file_call.h"
#include "linux.h"
#include "signal.h"
#include "user.h"

#define INLINE_MAX 32
#define INLINE_WORD 4  /* where inline bytes begin in a message */
#define INLINE_WORDS 8 /* length of a message that carries them */

#define IOV_MAX 1024
#define IOV_COPIED 8

#define GOPHER_STOP_INPUT (-(4096 + 512))
#define GOPHER_STOP_OUTPUT (-(4096 + 513))

struct iovec {
	uint64_t base;
	uint64_t length;
};

/* A vector that was checked: where Gopher finds it, and its bytes in all. */
struct vector {
	struct iovec copy[IOV_COPIED];
	const void *pairs;
	uint64_t count;
	uint64_t total;
};

static int64_t
stop_group(struct line_thread *thread, unsigned signal)
{
	const struct utcb *utcb = line_utcb(thread);
	uint64_t hidden = utcb->user[USER_MASK] | thread->process->ignored;

	if (hidden & SIGNAL_BIT(signal))
		return -EIO;
	if (tux_kill(CAP_TUX, 0, signal, (uint64_t)thread->pid << 32, 0) < 0)
		return -EIO;
	return RESTART_SYS;
}

int64_t
file_failed(struct line_thread *thread, status_t status)
{
	if (status == GOPHER_STOP_INPUT)
		return stop_group(thread, SIGTTIN);
	if (status == GOPHER_STOP_OUTPUT)
		return stop_group(thread, SIGTTOU);
	/* The kernel gave the call back before Gopher saw it. */
	if (status == STATUS_CANCELLED)
		return RESTART_NOINTR;
	return line_restartable(status);
}

int64_t
write_failed(struct line_thread *thread, status_t status)
{
	int64_t result = file_failed(thread, status);
	uint32_t signal = result == -EPIPE ? SIGPIPE
		: result == -EFBIG	   ? SIGXFSZ
					   : 0;

	if (signal)
		factotum_signal_self(CAP_FACTOTUM, thread->tid, signal,
			(uint64_t)thread->pid << 32, 0);
	return result;
}

int64_t
path_length_at(uint64_t path, bool empty)
{
	int64_t length = user_length(path, PATH_MAX);

	if (length == PATH_MAX)
		return -ENAMETOOLONG;
	if (length == 0 && !empty)
		return -ENOENT;
	return length;
}

int64_t
path_length(uint64_t path)
{
	return path_length_at(path, false);
}

static int64_t
open_path(struct line_thread *thread, uint64_t dirfd, uint64_t path,
	const uint64_t *how)
{
	int64_t length = path_length(path);
	uint32_t fd;
	status_t status;

	if (length < 0)
		return length;
	status = gopher_open(CAP_GOPHER, fd_word(dirfd), (uint32_t)how[0],
		(uint32_t)how[1] & 07777, (uint32_t)how[2], (const void *)path,
		(size_t)length, &fd);
	return status < 0 ? file_failed(thread, status) : (int64_t)fd;
}

int64_t
sys_openat(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t how[3] = {args[2], args[3], 0};

	return open_path(thread, args[0], args[1], how);
}

int64_t
sys_openat2(struct line_thread *thread, const uint64_t *args)
{
	uint64_t how[3]; /* struct open_how: flags, mode, resolve */

	if (args[3] < sizeof(how))
		return -EINVAL;
	if (args[3] > sizeof(how))
		return -E2BIG;
	if (user_read(how, args[2], sizeof(how)) < 0)
		return -EFAULT;
	if (how[0] >> 32 || how[1] & ~UINT64_C(07777) || how[2] >> 32)
		return -EINVAL;
	return open_path(thread, args[0], args[1], how);
}

int64_t
sys_close(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return line_errno(gopher_close(CAP_GOPHER, fd_word(args[0])));
}

int64_t
sys_close_range(struct line_thread *thread, const uint64_t *args)
{
	enum { CLOEXEC = 4, RLIMIT_NOFILE = 7, F_SETFD = 2, FD_CLOEXEC = 1 };
	uint32_t first = (uint32_t)args[0];
	uint32_t last = (uint32_t)args[1];
	uint64_t soft, hard;

	(void)thread;
	if (first > last || args[2] & ~(uint64_t)CLOEXEC)
		return -EINVAL;
	if (factotum_get_limit(CAP_FACTOTUM, RLIMIT_NOFILE, &soft, &hard) < 0)
		return -EIO;
	if (last >= hard)
		last = (uint32_t)hard - 1;
	for (uint64_t fd = first; fd <= last; fd++) {
		if (args[2])
			gopher_fcntl(CAP_GOPHER, (uint32_t)fd, F_SETFD,
				FD_CLOEXEC, NULL, 0, NULL);
		else
			gopher_close(CAP_GOPHER, (uint32_t)fd);
	}
	return 0;
}

static int64_t
read_inline(struct line_thread *thread, uint64_t fd, int64_t offset,
	uint64_t buffer, uint64_t count)
{
	struct message m = {
		.info = message_info(GOPHER_READ, 4, 0, 0) | INFO_CANCELLABLE,
		.words = {fd_word(fd), (uint64_t)offset, count, 0},
	};
	status_t status;
	uint64_t done;

	/* Bytes that have left a pipe cannot go back. */
	if (user_probe(buffer, count) < 0)
		return -EFAULT;
	status = ipc_call(CAP_GOPHER, &m);
	done = m.words[0];
	if (status < 0)
		return file_failed(thread, status);
	if (done > count)
		return -EIO;
	if (user_write(buffer, &m.words[INLINE_WORD], done) < 0)
		return -EFAULT;
	return (int64_t)done;
}

static int64_t
write_inline(struct line_thread *thread, uint64_t fd, int64_t offset,
	const uint64_t *bytes, uint64_t count)
{
	struct message m = {
		.info = message_info(GOPHER_WRITE, INLINE_WORDS, 0, 0) |
			INFO_CANCELLABLE,
		.words = {fd_word(fd), (uint64_t)offset, count, 0, bytes[0],
			bytes[1], bytes[2], bytes[3]},
	};
	status_t status = ipc_call(CAP_GOPHER, &m);

	if (status < 0)
		return write_failed(thread, status);
	return (int64_t)m.words[0];
}

static int64_t
read_at(struct line_thread *thread, const uint64_t *args, int64_t offset)
{
	uint64_t count = args[2] < RW_MAX ? args[2] : RW_MAX;
	size_t done;
	status_t status;

	if (count <= INLINE_MAX)
		return read_inline(thread, args[0], offset, args[1], count);
	if ((int64_t)args[2] < 0)
		return -EINVAL;
	status = gopher_read(CAP_GOPHER, fd_word(args[0]), offset, count,
		(void *)args[1], count, 0, NULL, &done);
	return status < 0 ? file_failed(thread, status) : (int64_t)done;
}

static int64_t
write_at(struct line_thread *thread, const uint64_t *args, int64_t offset)
{
	uint64_t count = args[2] < RW_MAX ? args[2] : RW_MAX;
	uint64_t bytes[INLINE_MAX / 8];
	size_t done;
	status_t status;

	if (count <= INLINE_MAX) {
		if (user_read(bytes, args[1], count) < 0)
			return -EFAULT;
		return write_inline(thread, args[0], offset, bytes, count);
	}
	if ((int64_t)args[2] < 0)
		return -EINVAL;
	status = gopher_write(CAP_GOPHER, fd_word(args[0]), offset, count,
		(const void *)args[1], count, 0, NULL, &done);
	return status < 0 ? write_failed(thread, status) : (int64_t)done;
}

int64_t
sys_read(struct line_thread *thread, const uint64_t *args)
{
	return read_at(thread, args, NO_OFFSET);
}

int64_t
sys_write(struct line_thread *thread, const uint64_t *args)
{
	return write_at(thread, args, NO_OFFSET);
}

int64_t
sys_pread64(struct line_thread *thread, const uint64_t *args)
{
	if ((int64_t)args[3] < 0)
		return -EINVAL;
	return read_at(thread, args, (int64_t)args[3]);
}

int64_t
sys_pwrite64(struct line_thread *thread, const uint64_t *args)
{
	if ((int64_t)args[3] < 0)
		return -EINVAL;
	return write_at(thread, args, (int64_t)args[3]);
}

static int64_t
vector_add(struct vector *v, const struct iovec *pairs, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		if ((int64_t)pairs[i].length < 0)
			return -EINVAL;
		v->total += pairs[i].length;
		if (v->total > RW_MAX)
			v->total = RW_MAX;
	}
	return 0;
}

/*
 * Few pairs are copied. A long vector stays where the program has it; it was
 * readable a moment ago, and whoever takes it away harms itself.
 */
static int64_t
vector_take(struct vector *v, uint64_t address, uint64_t count)
{
	int64_t result = 0;

	if (count > IOV_MAX)
		return -EINVAL;
	v->count = count;
	v->total = 0;
	v->pairs = count > IOV_COPIED ? (const void *)address : v->copy;
	for (uint64_t i = 0; i < count && result == 0; i += IOV_COPIED) {
		uint64_t some = count - i < IOV_COPIED ? count - i : IOV_COPIED;

		if (user_read(v->copy, address + i * sizeof(struct iovec),
			    some * sizeof(struct iovec)) < 0)
			return -EFAULT;
		result = vector_add(v, v->copy, some);
	}
	return result;
}

/* The only pair with bytes of a short vector; NULL: there are more, or none. */
static const struct iovec *
vector_single(const struct vector *v)
{
	const struct iovec *single = NULL;

	if (v->count > IOV_COPIED)
		return NULL;
	for (uint64_t i = 0; i < v->count; i++) {
		if (v->copy[i].length == 0)
			continue;
		if (single)
			return NULL;
		single = &v->copy[i];
	}
	return single;
}

static int64_t
vector_gather(const struct vector *v, uint64_t *bytes)
{
	uint8_t *to = (uint8_t *)bytes;

	for (uint64_t i = 0; i < v->count; i++) {
		const struct iovec *pair = &v->copy[i];

		if (user_read(to, pair->base, pair->length) < 0)
			return -EFAULT;
		to += pair->length;
	}
	return 0;
}

static int64_t
read_vector(struct line_thread *thread, const uint64_t *args, int64_t offset)
{
	struct vector v;
	int64_t result = vector_take(&v, args[1], args[2]);
	const struct iovec *single;
	size_t done;
	status_t status;

	if (result < 0)
		return result;
	single = vector_single(&v);
	if (single || v.total == 0) {
		const uint64_t plain[3] = {
			args[0], single ? single->base : 0, v.total};

		return read_at(thread, plain, offset);
	}
	status = gopher_read(CAP_GOPHER, fd_word(args[0]), offset, v.total,
		(void *)(uintptr_t)v.pairs, v.count, LEASE_VECTOR, NULL, &done);
	return status < 0 ? file_failed(thread, status) : (int64_t)done;
}

static int64_t
write_vector(struct line_thread *thread, const uint64_t *args, int64_t offset)
{
	struct vector v;
	int64_t result = vector_take(&v, args[1], args[2]);
	const struct iovec *single;
	uint64_t bytes[INLINE_MAX / 8] = {0};
	size_t done;
	status_t status;

	if (result < 0)
		return result;
	if (v.total <= INLINE_MAX && v.count <= IOV_COPIED) {
		if (vector_gather(&v, bytes) < 0)
			return -EFAULT;
		return write_inline(thread, args[0], offset, bytes, v.total);
	}
	single = vector_single(&v);
	if (single) {
		const uint64_t plain[3] = {args[0], single->base, v.total};

		return write_at(thread, plain, offset);
	}
	status = gopher_write(CAP_GOPHER, fd_word(args[0]), offset, v.total,
		v.pairs, v.count, LEASE_VECTOR, NULL, &done);
	return status < 0 ? write_failed(thread, status) : (int64_t)done;
}

int64_t
sys_readv(struct line_thread *thread, const uint64_t *args)
{
	return read_vector(thread, args, NO_OFFSET);
}

int64_t
sys_writev(struct line_thread *thread, const uint64_t *args)
{
	return write_vector(thread, args, NO_OFFSET);
}

int64_t
sys_preadv(struct line_thread *thread, const uint64_t *args)
{
	if ((int64_t)args[3] < 0)
		return -EINVAL;
	return read_vector(thread, args, (int64_t)args[3]);
}

int64_t
sys_pwritev(struct line_thread *thread, const uint64_t *args)
{
	if ((int64_t)args[3] < 0)
		return -EINVAL;
	return write_vector(thread, args, (int64_t)args[3]);
}

/* With flags; none is supported. Offset -1 is the position here. */
int64_t
sys_preadv2(struct line_thread *thread, const uint64_t *args)
{
	if (args[5])
		return -EOPNOTSUPP;
	if ((int64_t)args[3] == NO_OFFSET)
		return sys_readv(thread, args);
	return sys_preadv(thread, args);
}

int64_t
sys_pwritev2(struct line_thread *thread, const uint64_t *args)
{
	if (args[5])
		return -EOPNOTSUPP;
	if ((int64_t)args[3] == NO_OFFSET)
		return sys_writev(thread, args);
	return sys_pwritev(thread, args);
}

int64_t
sys_lseek(struct line_thread *thread, const uint64_t *args)
{
	uint64_t position;
	status_t status;

	(void)thread;
	status = gopher_seek(CAP_GOPHER, fd_word(args[0]), (int64_t)args[1],
		(uint32_t)args[2], &position);
	return status < 0 ? line_errno(status) : (int64_t)position;
}
