/* SPDX-License-Identifier: MIT */
/*
 * Old system calls, said in the words of newer ones (man-pages, section 2:
 * each names its successor).
 */
#include "call_old.h"

#include <glenda/factotum_client.h>

#include "calls.h"
#include "clock.h"
#include "file_call.h"
#include "memory.h"
#include "signal.h"
#include "user.h"

/* The folder that paths without one begin at, as an argument. */
#define CURRENT_FOLDER ((uint64_t)AT_FDCWD)

int64_t
sys_open(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1], args[2]};

	return sys_openat(thread, at);
}

int64_t
sys_creat(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {
		CURRENT_FOLDER, args[0], O_CREAT | O_TRUNC | O_WRONLY, args[1]};

	return sys_openat(thread, at);
}

int64_t
sys_stat(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1], 0};

	return sys_newfstatat(thread, at);
}

int64_t
sys_lstat(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {
		CURRENT_FOLDER, args[0], args[1], AT_SYMLINK_NOFOLLOW};

	return sys_newfstatat(thread, at);
}

int64_t
sys_access(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1]};

	return sys_faccessat(thread, at);
}

int64_t
sys_pipe(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t with_flags[] = {args[0], 0};

	return sys_pipe2(thread, with_flags);
}

/* Unlike dup3, onto itself it only asks whether the descriptor is open. */
int64_t
sys_dup2(struct line_thread *thread, const uint64_t *args)
{
	enum { F_GETFD = 1 };
	const uint64_t ask[] = {args[0], F_GETFD, 0};
	const uint64_t with_flags[] = {args[0], args[1], 0};
	int64_t result;

	if ((uint32_t)args[0] != (uint32_t)args[1])
		return sys_dup3(thread, with_flags);
	result = sys_fcntl(thread, ask);
	return result < 0 ? result : (int64_t)(uint32_t)args[0];
}

int64_t
sys_unlink(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], 0};

	return sys_unlinkat(thread, at);
}

int64_t
sys_rmdir(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], AT_REMOVEDIR};

	return sys_unlinkat(thread, at);
}

int64_t
sys_mkdir(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1]};

	return sys_mkdirat(thread, at);
}

int64_t
sys_mknod(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1], args[2]};

	return sys_mknodat(thread, at);
}

int64_t
sys_rename(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {
		CURRENT_FOLDER, args[0], CURRENT_FOLDER, args[1], 0};

	return sys_renameat2(thread, at);
}

int64_t
sys_renameat(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t with_flags[] = {args[0], args[1], args[2], args[3], 0};

	return sys_renameat2(thread, with_flags);
}

int64_t
sys_link(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {
		CURRENT_FOLDER, args[0], CURRENT_FOLDER, args[1], 0};

	return sys_linkat(thread, at);
}

int64_t
sys_symlink(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {args[0], CURRENT_FOLDER, args[1]};

	return sys_symlinkat(thread, at);
}

int64_t
sys_readlink(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1], args[2]};

	return sys_readlinkat(thread, at);
}

int64_t
sys_chmod(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1]};

	return sys_fchmodat(thread, at);
}

int64_t
sys_chown(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1], args[2], 0};

	return sys_fchownat(thread, at);
}

int64_t
sys_lchown(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {
		CURRENT_FOLDER, args[0], args[1], args[2], AT_SYMLINK_NOFOLLOW};

	return sys_fchownat(thread, at);
}

/* struct utimbuf: two times in whole seconds. */
int64_t
sys_utime(struct line_thread *thread, const uint64_t *args)
{
	int64_t times[2] = {FILE_TIME_NOW, FILE_TIME_NOW};

	if (args[1]) {
		if (user_read(times, args[1], sizeof(times)) < 0)
			return -EFAULT;
		times[0] = file_time(times[0], 0);
		times[1] = file_time(times[1], 0);
	}
	if (!args[0])
		return -EFAULT;
	return file_times_set(thread, CURRENT_FOLDER, args[0], 0, times);
}

/* Two struct timeval; a path of 0 means the descriptor. */
int64_t
sys_futimesat(struct line_thread *thread, const uint64_t *args)
{
	int64_t times[2] = {FILE_TIME_NOW, FILE_TIME_NOW};
	struct linux_timeval t[2];

	if (args[2]) {
		if (user_read(t, args[2], sizeof(t)) < 0)
			return -EFAULT;
		for (unsigned i = 0; i < 2; i++) {
			if (t[i].microseconds < 0 ||
				t[i].microseconds >= (int64_t)MICROSECONDS)
				return -EINVAL;
			times[i] = file_time(
				t[i].seconds, t[i].microseconds * 1000);
		}
	}
	return file_times_set(thread, args[0], args[1], 0, times);
}

int64_t
sys_utimes(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t at[] = {CURRENT_FOLDER, args[0], args[1]};

	return args[0] ? sys_futimesat(thread, at) : -EFAULT;
}

/* The head of a record of getdents64; the old one has the kind at its end. */
#define DENT_LENGTH 16
#define DENT_KIND 18
#define DENT_NAME 19
#define DENT_NAME_OLD 18
#define DENT_MOST 280

/* Both forms of a record are equally long. The length, or -EFAULT. */
static int64_t
dent_convert(uint64_t address)
{
	uint8_t record[DENT_MOST];
	uint16_t length;
	uint8_t kind;

	if (user_read(record, address, DENT_NAME) < 0)
		return -EFAULT;
	memcpy(&length, record + DENT_LENGTH, sizeof(length));
	if (length <= DENT_NAME || length > sizeof(record) ||
		user_read(record, address, length) < 0)
		return -EFAULT;
	kind = record[DENT_KIND];
	memmove(record + DENT_NAME_OLD, record + DENT_NAME,
		(size_t)length - DENT_NAME);
	record[length - 1] = kind;
	if (user_write(address, record, length) < 0)
		return -EFAULT;
	return length;
}

int64_t
sys_getdents(struct line_thread *thread, const uint64_t *args)
{
	int64_t bytes = sys_getdents64(thread, args);

	for (int64_t at = 0; at < bytes;) {
		int64_t length = dent_convert(args[1] + (uint64_t)at);

		if (length < 0)
			return length;
		at += length;
	}
	return bytes;
}

int64_t
sys_fork(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t clone[5] = {SIGCHLD};

	(void)args;
	return sys_clone(thread, clone);
}

int64_t
sys_vfork(struct line_thread *thread, const uint64_t *args)
{
	enum { CLONE_VM = 0x100, CLONE_VFORK = 0x4000 };
	const uint64_t clone[5] = {CLONE_VM | CLONE_VFORK | SIGCHLD};

	(void)args;
	return sys_clone(thread, clone);
}

int64_t
sys_getpgrp(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t own[] = {0};

	(void)args;
	return sys_getpgid(thread, own);
}

/* The seconds that were left, rounded, and at least one of them. */
int64_t
sys_alarm(struct line_thread *thread, const uint64_t *args)
{
	enum { ITIMER_REAL = 0 };
	struct linux_timespec left;
	uint64_t old;
	status_t status = factotum_timer_set(CAP_FACTOTUM, ITIMER_REAL,
		line_ticks(thread->process, (uint32_t)args[0], 0), 0, &old,
		NULL);

	if (status < 0)
		return line_errno(status);
	left = clock_span(thread->process, old);
	if (left.nanoseconds >= (int64_t)NANOSECONDS / 2 ||
		(old && left.seconds == 0))
		left.seconds++;
	return left.seconds;
}

int64_t
sys_pause(struct line_thread *thread, const uint64_t *args)
{
	(void)args;
	while (!signal_waits(thread))
		factotum_pause(CAP_FACTOTUM);
	return RESTART_NOHAND;
}

int64_t
sys_time(struct line_thread *thread, const uint64_t *args)
{
	int64_t now = clock_realtime(thread->process).seconds;

	if (args[0] && user_write(args[0], &now, sizeof(now)) < 0)
		return -EFAULT;
	return now;
}

int64_t
sys_eventfd(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t with_flags[] = {args[0], 0};

	return sys_eventfd2(thread, with_flags);
}

int64_t
sys_epoll_create(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t flags[] = {0};

	return (int32_t)args[0] > 0 ? sys_epoll_create1(thread, flags)
				    : -EINVAL;
}

int64_t
sys_epoll_wait(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t unmasked[] = {args[0], args[1], args[2], args[3], 0, 0};

	return sys_epoll_pwait(thread, unmasked);
}
