/* SPDX-License-Identifier: MIT */
/*
 * Bytes from one descriptor to another inside Gopher, without a way through
 * the program: sendfile, splice, copy_file_range.
 */
#include <glenda/gopher_client.h>

#include "calls.h"
#include "file_call.h"
#include "linux.h"
#include "user.h"

#define F_GETFL 3

struct transfer {
	uint64_t from;
	uint64_t from_offset; /* address of an offset, or 0 */
	uint64_t to;
	uint64_t to_offset; /* the same */
	uint64_t count;
};

/* An offset of the program; NO_OFFSET without one. */
static int64_t
offset_read(uint64_t address, int64_t *out)
{
	*out = NO_OFFSET;
	if (!address)
		return 0;
	if (user_read(out, address, sizeof(*out)) < 0)
		return -EFAULT;
	return *out < 0 ? -EINVAL : 0;
}

static int64_t
transfer(struct line_thread *thread, const struct transfer *t)
{
	uint64_t count = t->count < RW_MAX ? t->count : RW_MAX;
	int64_t from, to, next, result;
	size_t done;
	status_t status;

	result = offset_read(t->from_offset, &from);
	if (result == 0)
		result = offset_read(t->to_offset, &to);
	if (result < 0)
		return result;
	status = gopher_splice(CAP_GOPHER, fd_word(t->to), fd_word(t->from), to,
		from, count, &done, &next);
	if (status < 0)
		return write_failed(thread, status);
	to += (int64_t)done;
	if (t->from_offset && user_write(t->from_offset, &next, 8) < 0)
		return -EFAULT;
	if (t->to_offset && user_write(t->to_offset, &to, 8) < 0)
		return -EFAULT;
	return (int64_t)done;
}

int64_t
sys_sendfile(struct line_thread *thread, const uint64_t *args)
{
	const struct transfer t = {
		.from = args[1],
		.from_offset = args[2],
		.to = args[0],
		.count = args[3],
	};

	return transfer(thread, &t);
}

int64_t
sys_splice(struct line_thread *thread, const uint64_t *args)
{
	enum { FLAGS = 15 };
	const struct transfer t = {
		.from = args[0],
		.from_offset = args[1],
		.to = args[2],
		.to_offset = args[3],
		.count = args[4],
	};

	if (args[5] & ~(uint64_t)FLAGS)
		return -EINVAL;
	return transfer(thread, &t);
}

int64_t
sys_copy_file_range(struct line_thread *thread, const uint64_t *args)
{
	const struct transfer t = {
		.from = args[0],
		.from_offset = args[1],
		.to = args[2],
		.to_offset = args[3],
		.count = args[4],
	};

	uint64_t flags = 0;
	int64_t result;

	if (args[5])
		return -EINVAL;
	result = transfer(thread, &t);
	/* Appending is another error here than it is to sendfile. */
	if (result == -EINVAL &&
		gopher_fcntl(CAP_GOPHER, fd_word(args[2]), F_GETFL, 0, NULL, 0,
			&flags) == STATUS_OK &&
		flags & O_APPEND)
		return -EBADF;
	return result;
}
