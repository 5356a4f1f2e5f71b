/* SPDX-License-Identifier: MIT */
/* Names: making, removing and renaming them, and what belongs to them. */
#include <glenda/gopher_client.h>
#include <glenda/tux_client.h>

#include "calls.h"
#include "file_call.h"
#include "linux.h"
#include "memory.h"
#include "user.h"

#define CURRENT_FOLDER fd_word((uint64_t)AT_FDCWD)
#define PATH(address) ((const void *)(address))
#define FLAGS_OF_PATH (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)

/*
 * The lengths of two paths; of a pair the first is looked at first, as Linux
 * does. `empty`: the first may be the empty one.
 */
static int64_t
pair_lengths(uint64_t first, bool empty, uint64_t second, size_t *lengths)
{
	int64_t result = path_length_at(first, empty);

	if (result < 0)
		return result;
	lengths[0] = (size_t)result;
	result = path_length(second);
	if (result < 0)
		return result;
	lengths[1] = (size_t)result;
	return 0;
}

int64_t
sys_mknodat(struct line_thread *thread, const uint64_t *args)
{
	int64_t length = path_length(args[1]);
	uint32_t mode = (uint32_t)args[2];

	if (length < 0)
		return length;
	if ((mode & S_IFMT) == 0)
		mode |= S_IFREG;
	if ((mode & S_IFMT) == S_IFDIR)
		return -EPERM;
	return file_result(thread,
		gopher_make(CAP_GOPHER, fd_word(args[0]), mode, args[3],
			PATH(args[1]), (size_t)length));
}

int64_t
sys_mkdirat(struct line_thread *thread, const uint64_t *args)
{
	int64_t length = path_length(args[1]);
	uint32_t mode = S_IFDIR | ((uint32_t)args[2] & 07777);

	if (length < 0)
		return length;
	return file_result(thread,
		gopher_make(CAP_GOPHER, fd_word(args[0]), mode, 0,
			PATH(args[1]), (size_t)length));
}

int64_t
sys_unlinkat(struct line_thread *thread, const uint64_t *args)
{
	int64_t length = path_length(args[1]);

	if ((uint32_t)args[2] & ~(uint32_t)AT_REMOVEDIR)
		return -EINVAL;
	if (length < 0)
		return length;
	return file_result(thread,
		gopher_unlink(CAP_GOPHER, fd_word(args[0]), (uint32_t)args[2],
			PATH(args[1]), (size_t)length));
}

int64_t
sys_symlinkat(struct line_thread *thread, const uint64_t *args)
{
	size_t lengths[2];
	int64_t result = pair_lengths(args[0], false, args[2], lengths);

	if (result < 0)
		return result;
	return file_result(thread,
		gopher_symlink(CAP_GOPHER, fd_word(args[1]), PATH(args[0]),
			lengths[0], PATH(args[2]), lengths[1]));
}

int64_t
sys_linkat(struct line_thread *thread, const uint64_t *args)
{
	uint32_t flags = (uint32_t)args[4];
	size_t lengths[2];
	int64_t result;

	if (flags & ~(uint32_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	result = pair_lengths(args[1], flags & AT_EMPTY_PATH, args[3], lengths);
	if (result < 0)
		return result;
	return file_result(thread,
		gopher_link(CAP_GOPHER, fd_word(args[0]), fd_word(args[2]),
			flags, PATH(args[1]), lengths[0], PATH(args[3]),
			lengths[1]));
}

int64_t
sys_renameat2(struct line_thread *thread, const uint64_t *args)
{
	enum { KNOWN = 3 }; /* NOREPLACE, EXCHANGE */
	uint32_t flags = (uint32_t)args[4];
	size_t lengths[2];
	int64_t result;

	if (flags & ~(uint32_t)KNOWN || flags == KNOWN)
		return -EINVAL;
	result = pair_lengths(args[1], false, args[3], lengths);
	if (result < 0)
		return result;
	return file_result(thread,
		gopher_rename(CAP_GOPHER, fd_word(args[0]), fd_word(args[2]),
			flags, PATH(args[1]), lengths[0], PATH(args[3]),
			lengths[1]));
}

int64_t
sys_readlinkat(struct line_thread *thread, const uint64_t *args)
{
	int64_t length = path_length_at(args[1], true);
	uint64_t room = args[3] < PATH_MAX ? args[3] : PATH_MAX;
	size_t done;
	status_t status;

	if ((int32_t)args[3] <= 0)
		return -EINVAL;
	if (length < 0)
		return length;
	status = gopher_readlink(CAP_GOPHER, fd_word(args[0]), PATH(args[1]),
		(size_t)length, (void *)args[2], room, &done);
	if (status < 0)
		return file_failed(thread, status);
	return (int64_t)(done < room ? done : room);
}

int64_t
sys_truncate(struct line_thread *thread, const uint64_t *args)
{
	int64_t length = path_length(args[0]);
	status_t status;

	if ((int64_t)args[1] < 0)
		return -EINVAL;
	if (length < 0)
		return length;
	status = gopher_truncate(CAP_GOPHER, CURRENT_FOLDER, args[1],
		PATH(args[0]), (size_t)length);

	return status < 0 ? write_failed(thread, status) : 0;
}

int64_t
sys_faccessat2(struct line_thread *thread, const uint64_t *args)
{
	uint32_t flags = (uint32_t)args[3];
	int64_t length = path_length_at(args[1], flags & AT_EMPTY_PATH);

	if ((uint32_t)args[2] & ~7u ||
		flags & ~(uint32_t)(AT_EACCESS | FLAGS_OF_PATH))
		return -EINVAL;
	if (length < 0)
		return length;
	return file_result(thread,
		gopher_access(CAP_GOPHER, fd_word(args[0]), (uint32_t)args[2],
			flags, PATH(args[1]), (size_t)length));
}

int64_t
sys_faccessat(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t plain[4] = {args[0], args[1], args[2], 0};

	return sys_faccessat2(thread, plain);
}

int64_t
sys_fchmod(struct line_thread *thread, const uint64_t *args)
{
	return file_result(thread,
		gopher_chmod(CAP_GOPHER, fd_word(args[0]), AT_EMPTY_PATH,
			(uint32_t)args[1] & 07777, NULL, 0));
}

int64_t
sys_fchmodat2(struct line_thread *thread, const uint64_t *args)
{
	uint32_t flags = (uint32_t)args[3];
	int64_t length = path_length_at(args[1], flags & AT_EMPTY_PATH);

	if (flags & ~(uint32_t)FLAGS_OF_PATH)
		return -EINVAL;
	if (length < 0)
		return length;
	return file_result(thread,
		gopher_chmod(CAP_GOPHER, fd_word(args[0]), flags,
			(uint32_t)args[2] & 07777, PATH(args[1]),
			(size_t)length));
}

int64_t
sys_fchmodat(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t plain[4] = {args[0], args[1], args[2], 0};

	return sys_fchmodat2(thread, plain);
}

int64_t
sys_fchown(struct line_thread *thread, const uint64_t *args)
{
	return file_result(thread,
		gopher_chown(CAP_GOPHER, fd_word(args[0]), AT_EMPTY_PATH,
			(uint32_t)args[1], (uint32_t)args[2], NULL, 0));
}

int64_t
sys_fchownat(struct line_thread *thread, const uint64_t *args)
{
	uint32_t flags = (uint32_t)args[4];
	int64_t length = path_length_at(args[1], flags & AT_EMPTY_PATH);

	if (flags & ~(uint32_t)FLAGS_OF_PATH)
		return -EINVAL;
	if (length < 0)
		return length;
	return file_result(thread,
		gopher_chown(CAP_GOPHER, fd_word(args[0]), flags,
			(uint32_t)args[2], (uint32_t)args[3], PATH(args[1]),
			(size_t)length));
}

int64_t
file_time(int64_t seconds, int64_t nanoseconds)
{
	int64_t time;

	if (__builtin_mul_overflow(seconds, (int64_t)NANOSECONDS, &time) ||
		__builtin_add_overflow(time, nanoseconds, &time))
		return seconds < 0 ? INT64_MIN : INT64_MAX;
	return time;
}

/* One time as Gopher has it; -EINVAL. */
static int64_t
take_time(const struct linux_timespec *t, int64_t *out)
{
	enum { UTIME_NOW = 0x3fffffff, UTIME_OMIT = 0x3ffffffe };

	if (t->nanoseconds == UTIME_NOW)
		*out = FILE_TIME_NOW;
	else if (t->nanoseconds == UTIME_OMIT)
		*out = FILE_TIME_KEEP;
	else if (t->nanoseconds < 0 || t->nanoseconds >= (int64_t)NANOSECONDS)
		return -EINVAL;
	else
		*out = file_time(t->seconds, t->nanoseconds);
	return 0;
}

static int64_t
take_times(uint64_t address, int64_t *times)
{
	struct linux_timespec t[2];
	int64_t result;

	times[0] = times[1] = FILE_TIME_NOW;
	if (!address)
		return 0;
	if (user_read(t, address, sizeof(t)) < 0)
		return -EFAULT;
	result = take_time(&t[0], &times[0]);
	return result < 0 ? result : take_time(&t[1], &times[1]);
}

int64_t
file_times_set(struct line_thread *thread, uint64_t dirfd, uint64_t path,
	uint32_t flags, const int64_t *times)
{
	int64_t length = 0;

	if (path)
		length = path_length_at(path, flags & AT_EMPTY_PATH);
	else
		flags |= AT_EMPTY_PATH;
	if (length < 0)
		return length;
	return file_result(thread,
		gopher_utimens(CAP_GOPHER, fd_word(dirfd), flags, times[0],
			times[1], PATH(path), (size_t)length));
}

int64_t
sys_utimensat(struct line_thread *thread, const uint64_t *args)
{
	uint32_t flags = (uint32_t)args[3];
	int64_t times[2];
	int64_t result = take_times(args[2], times);

	if (result < 0)
		return result;
	if (flags & ~(uint32_t)FLAGS_OF_PATH)
		return -EINVAL;
	if (times[0] == FILE_TIME_KEEP && times[1] == FILE_TIME_KEEP)
		return 0;
	return file_times_set(thread, args[0], args[1], flags, times);
}

int64_t
sys_chdir(struct line_thread *thread, const uint64_t *args)
{
	int64_t length = path_length(args[0]);

	if (length < 0)
		return length;
	return file_result(thread,
		gopher_chdir(CAP_GOPHER, CURRENT_FOLDER, PATH(args[0]),
			(size_t)length));
}

int64_t
sys_fchdir(struct line_thread *thread, const uint64_t *args)
{
	return file_result(
		thread, gopher_chdir(CAP_GOPHER, fd_word(args[0]), NULL, 0));
}

int64_t
sys_chroot(struct line_thread *thread, const uint64_t *args)
{
	int64_t length = path_length(args[0]);

	if (length < 0)
		return length;
	return file_result(thread,
		gopher_chroot(CAP_GOPHER, PATH(args[0]), (size_t)length));
}

int64_t
sys_getcwd(struct line_thread *thread, const uint64_t *args)
{
	uint64_t room = args[1] < PATH_MAX ? args[1] : PATH_MAX;
	size_t length;
	status_t status;

	if (room == 0)
		return -ERANGE;
	status = gopher_getcwd(CAP_GOPHER, (void *)args[0], room, &length);
	return status < 0 ? file_failed(thread, status) : (int64_t)length;
}

int64_t
sys_umask(struct line_thread *thread, const uint64_t *args)
{
	uint32_t old;
	status_t status;

	(void)thread;
	status = gopher_umask(CAP_GOPHER, (uint32_t)args[0] & 0777, &old);
	return status < 0 ? line_errno(status) : (int64_t)old;
}

static bool
is_root(void)
{
	uint32_t effective = UINT32_MAX;

	return tux_getids(CAP_TUX, NULL, &effective, NULL, NULL, NULL, NULL) ==
		STATUS_OK &&
		effective == 0;
}

/* Binds, and file systems that Gopher has itself. */
int64_t
sys_mount(struct line_thread *thread, const uint64_t *args)
{
	enum { MS_BIND = 4096, MS_SILENT = 32768, KIND_BIND = 0, KIND_TMPFS };
	static const char tmpfs[] = "tmpfs";
	char type[sizeof(tmpfs)];
	const void *old = tmpfs;
	int64_t old_length = sizeof(tmpfs) - 1, length = path_length(args[1]);
	uint32_t kind = KIND_TMPFS;

	if (!is_root())
		return -EPERM;
	if (length < 0)
		return length;
	if (args[3] & ~(uint64_t)(MS_BIND | MS_SILENT))
		return -EINVAL;
	if (args[3] & MS_BIND) {
		kind = KIND_BIND;
		old = PATH(args[0]);
		old_length = path_length(args[0]);
	} else if (user_read(type, args[2], sizeof(type)) < 0) {
		return -EFAULT;
	} else if (memcmp(type, tmpfs, sizeof(tmpfs)) != 0) {
		return -ENODEV;
	}
	if (old_length < 0)
		return old_length;
	return file_result(thread,
		gopher_mount(CAP_GOPHER, 0, kind, old, (size_t)old_length,
			PATH(args[1]), (size_t)length));
}

int64_t
sys_umount2(struct line_thread *thread, const uint64_t *args)
{
	int64_t length = path_length(args[0]);

	if (!is_root())
		return -EPERM;
	if (length < 0)
		return length;
	if (args[1])
		return -EINVAL;
	return file_result(thread,
		gopher_unmount(CAP_GOPHER, PATH(args[0]), (size_t)length));
}
