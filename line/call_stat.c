/* SPDX-License-Identifier: MIT */
/*
 * Attributes of files: Gopher's struct file_stat (docs/contract.md, section
 * 6) turned into Linux's struct stat and struct statx.
 */
#include <arch/stat.h>
#include <glenda/file_stat.h>
#include <glenda/gopher_client.h>

#include "calls.h"
#include "file_call.h"
#include "linux.h"
#include "memory.h"
#include "user.h"

struct statx_time {
	int64_t seconds;
	uint32_t nanoseconds;
	int32_t zero;
};

struct linux_statx {
	uint32_t mask;
	uint32_t block_size;
	uint64_t attributes;
	uint32_t links;
	uint32_t uid;
	uint32_t gid;
	uint16_t mode;
	uint16_t zero;
	uint64_t inode;
	uint64_t size;
	uint64_t blocks;
	uint64_t attributes_mask;
	struct statx_time access;
	struct statx_time birth;
	struct statx_time change;
	struct statx_time modification;
	uint32_t type_major;
	uint32_t type_minor;
	uint32_t device_major;
	uint32_t device_minor;
	uint64_t spare[14];
};

_Static_assert(sizeof(struct linux_statx) == 256, "struct statx");

#define STATFS_BYTES 120 /* struct statfs, 64 bit */
#define FLAGS_OF_STAT \
	((uint32_t)(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))

static int64_t
stat_get(struct line_thread *thread, uint64_t dirfd, uint64_t path,
	uint32_t flags, struct file_stat *out)
{
	int64_t length = 0;

	/* A null path is an empty one to Linux, too. */
	if (path || !(flags & AT_EMPTY_PATH))
		length = path_length_at(path, flags & AT_EMPTY_PATH);
	if (length < 0)
		return length;
	return file_result(thread,
		gopher_stat(CAP_GOPHER, fd_word(dirfd),
			flags & ~(uint32_t)AT_NO_AUTOMOUNT, (const void *)path,
			(size_t)length, out, sizeof(*out)));
}

static struct linux_stat_time
stat_time(const struct file_time *t)
{
	return (struct linux_stat_time){t->seconds, t->nanoseconds};
}

static int64_t
stat_put(uint64_t address, const struct file_stat *s)
{
	struct linux_stat stat;

	memset(&stat, 0, sizeof(stat));
	stat.device = s->device;
	stat.inode = s->inode;
	stat.mode = s->mode;
	stat.links = s->links;
	stat.uid = s->uid;
	stat.gid = s->gid;
	stat.device_type = s->device_type;
	stat.size = (int64_t)s->size;
	stat.block_size = (int32_t)s->block_size;
	stat.blocks = (int64_t)s->blocks;
	stat.access = stat_time(&s->access);
	stat.modification = stat_time(&s->modification);
	stat.change = stat_time(&s->change);
	return user_write(address, &stat, sizeof(stat));
}

int64_t
sys_newfstatat(struct line_thread *thread, const uint64_t *args)
{
	uint32_t flags = (uint32_t)args[3];
	struct file_stat s = {0};
	int64_t result;

	if (flags & ~FLAGS_OF_STAT)
		return -EINVAL;
	result = stat_get(thread, args[0], args[1], flags, &s);
	return result < 0 ? result : stat_put(args[2], &s);
}

int64_t
sys_fstat(struct line_thread *thread, const uint64_t *args)
{
	struct file_stat s = {0};
	int64_t result = stat_get(thread, args[0], 0, AT_EMPTY_PATH, &s);

	return result < 0 ? result : stat_put(args[1], &s);
}

static struct statx_time
statx_time(const struct file_time *t)
{
	return (struct statx_time){t->seconds, t->nanoseconds, 0};
}

/* Device numbers as Linux packs them into 64 bits. */
static uint32_t
device_major(uint64_t device)
{
	return (uint32_t)((device >> 8 & 0xfff) |
		(device >> 32 & ~UINT64_C(0xfff)));
}

static uint32_t
device_minor(uint64_t device)
{
	return (uint32_t)((device & 0xff) | (device >> 12 & ~UINT64_C(0xff)));
}

static int64_t
statx_put(uint64_t address, const struct file_stat *s)
{
	enum { BASIC_AND_BIRTH = 0xfff };
	struct linux_statx x;

	memset(&x, 0, sizeof(x));
	x.mask = BASIC_AND_BIRTH;
	x.block_size = (uint32_t)s->block_size;
	x.links = s->links;
	x.uid = s->uid;
	x.gid = s->gid;
	x.mode = (uint16_t)s->mode;
	x.inode = s->inode;
	x.size = s->size;
	x.blocks = s->blocks;
	x.access = statx_time(&s->access);
	x.birth = statx_time(&s->birth);
	x.change = statx_time(&s->change);
	x.modification = statx_time(&s->modification);
	x.type_major = device_major(s->device_type);
	x.type_minor = device_minor(s->device_type);
	x.device_major = device_major(s->device);
	x.device_minor = device_minor(s->device);
	return user_write(address, &x, sizeof(x));
}

int64_t
sys_statx(struct line_thread *thread, const uint64_t *args)
{
	enum { SYNC_TYPE = 0x6000 };
	uint32_t flags = (uint32_t)args[2];
	struct file_stat s = {0};
	int64_t result;

	if (flags & ~(FLAGS_OF_STAT | SYNC_TYPE) ||
		(flags & SYNC_TYPE) == SYNC_TYPE || args[3] >> 31 & 1)
		return -EINVAL;
	result = stat_get(
		thread, args[0], args[1], flags & ~(uint32_t)SYNC_TYPE, &s);
	return result < 0 ? result : statx_put(args[4], &s);
}

static int64_t
statfs_get(struct line_thread *thread, uint32_t fd, uint32_t flags,
	const uint64_t *args)
{
	uint64_t data[STATFS_BYTES / 8];
	int64_t length = flags ? 0 : path_length(args[0]);
	status_t status;

	if (length < 0)
		return length;
	status = gopher_statfs(CAP_GOPHER, fd, flags,
		length ? (const void *)args[0] : NULL, (size_t)length, data,
		sizeof(data));
	if (status < 0)
		return file_failed(thread, status);
	return user_write(args[1], data, sizeof(data));
}

int64_t
sys_statfs(struct line_thread *thread, const uint64_t *args)
{
	return statfs_get(thread, fd_word((uint64_t)AT_FDCWD), 0, args);
}

int64_t
sys_fstatfs(struct line_thread *thread, const uint64_t *args)
{
	return statfs_get(thread, fd_word(args[0]), AT_EMPTY_PATH, args);
}
