/* SPDX-License-Identifier: MIT */
/*
 * Extended attributes. No file system here keeps any: a file has none, and
 * none can be set. Names are in the four name spaces that Linux has.
 */
#include <glenda/file_stat.h>
#include <glenda/gopher_client.h>

#include "calls.h"
#include "file_call.h"
#include "linux.h"
#include "memory.h"
#include "user.h"

#define ATTRIBUTE_NAME_MAX 255
#define ATTRIBUTE_VALUE_MAX 65536

enum {
	XATTR_CREATE = 1,
	XATTR_REPLACE = 2,
};

/* Which file: a path from the current folder, or a descriptor. */
struct subject {
	uint32_t fd;
	uint32_t flags; /* AT_* */
	uint64_t path;	/* 0: the descriptor itself */
};

static struct subject
by_path(uint64_t path, uint32_t flags)
{
	return (struct subject){.fd = fd_word((uint64_t)AT_FDCWD),
		.flags = flags,
		.path = path};
}

static struct subject
by_descriptor(uint64_t fd)
{
	return (struct subject){.fd = fd_word(fd), .flags = AT_EMPTY_PATH};
}

/* 0 when the file is there. */
static int64_t
subject_check(struct line_thread *thread, const struct subject *subject)
{
	struct file_stat stat;
	int64_t length = 0;

	if (!(subject->flags & AT_EMPTY_PATH))
		length = path_length(subject->path);
	if (length < 0)
		return length;
	return file_result(thread,
		gopher_stat(CAP_GOPHER, subject->fd, subject->flags,
			(const void *)subject->path, (size_t)length, &stat,
			sizeof(stat)));
}

static int64_t
name_check(uint64_t address)
{
	static const char spaces[][10] = {
		"user.", "system.", "security.", "trusted."};
	char name[ATTRIBUTE_NAME_MAX + 1] = {0};
	int64_t length = user_length(address, sizeof(name));

	if (length < 0)
		return length;
	if (length == 0 || length > ATTRIBUTE_NAME_MAX)
		return -ERANGE;
	if (user_read(name, address, (size_t)length) < 0)
		return -EFAULT;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		if (memcmp(name, spaces[i], strlen(spaces[i])) == 0)
			return 0;
	}
	return -EOPNOTSUPP;
}

/* Getting and removing: what is not there. */
static int64_t
attribute_missing(
	struct line_thread *thread, struct subject subject, uint64_t name)
{
	int64_t named = name_check(name);
	int64_t result;

	if (named == -EFAULT || named == -ERANGE)
		return named;
	result = subject_check(thread, &subject);
	if (result < 0)
		return result;
	return named < 0 ? named : -ENODATA;
}

static int64_t
attribute_set(struct line_thread *thread, struct subject subject,
	const uint64_t *args)
{
	int64_t result;

	if (args[4] & ~(uint64_t)(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	result = name_check(args[1]);
	if (result == -EFAULT || result == -ERANGE)
		return result;
	if (args[3] > ATTRIBUTE_VALUE_MAX)
		return -E2BIG;
	result = subject_check(thread, &subject);
	return result < 0 ? result : -EOPNOTSUPP;
}

int64_t
sys_setxattr(struct line_thread *thread, const uint64_t *args)
{
	return attribute_set(thread, by_path(args[0], 0), args);
}

int64_t
sys_lsetxattr(struct line_thread *thread, const uint64_t *args)
{
	return attribute_set(
		thread, by_path(args[0], AT_SYMLINK_NOFOLLOW), args);
}

int64_t
sys_fsetxattr(struct line_thread *thread, const uint64_t *args)
{
	return attribute_set(thread, by_descriptor(args[0]), args);
}

int64_t
sys_getxattr(struct line_thread *thread, const uint64_t *args)
{
	return attribute_missing(thread, by_path(args[0], 0), args[1]);
}

int64_t
sys_lgetxattr(struct line_thread *thread, const uint64_t *args)
{
	return attribute_missing(
		thread, by_path(args[0], AT_SYMLINK_NOFOLLOW), args[1]);
}

int64_t
sys_fgetxattr(struct line_thread *thread, const uint64_t *args)
{
	return attribute_missing(thread, by_descriptor(args[0]), args[1]);
}

int64_t
sys_removexattr(struct line_thread *thread, const uint64_t *args)
{
	return sys_getxattr(thread, args);
}

int64_t
sys_lremovexattr(struct line_thread *thread, const uint64_t *args)
{
	return sys_lgetxattr(thread, args);
}

int64_t
sys_fremovexattr(struct line_thread *thread, const uint64_t *args)
{
	return sys_fgetxattr(thread, args);
}

/* The list is empty: 0 bytes of names. */
int64_t
sys_listxattr(struct line_thread *thread, const uint64_t *args)
{
	const struct subject subject = by_path(args[0], 0);

	return subject_check(thread, &subject);
}

int64_t
sys_llistxattr(struct line_thread *thread, const uint64_t *args)
{
	const struct subject subject = by_path(args[0], AT_SYMLINK_NOFOLLOW);

	return subject_check(thread, &subject);
}

int64_t
sys_flistxattr(struct line_thread *thread, const uint64_t *args)
{
	const struct subject subject = by_descriptor(args[0]);

	return subject_check(thread, &subject);
}
