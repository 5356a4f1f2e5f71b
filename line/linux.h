/* SPDX-License-Identifier: MIT */
/*
 * Linux's structures, flags and errnos that the calls share and that no
 * architecture changes (uapi/asm-generic and uapi/linux).
 */
#pragma once

#include <stdint.h>

#include "errno.h"

#define NANOSECONDS UINT64_C(1000000000)
#define MICROSECONDS UINT64_C(1000000)

struct linux_timespec {
	int64_t seconds;
	int64_t nanoseconds;
};

struct linux_timeval {
	int64_t seconds;
	int64_t microseconds;
};

enum {
	AT_FDCWD = -100,
	AT_SYMLINK_NOFOLLOW = 0x100,
	AT_EACCESS = 0x200,
	AT_REMOVEDIR = 0x200,
	AT_SYMLINK_FOLLOW = 0x400,
	AT_NO_AUTOMOUNT = 0x800,
	AT_EMPTY_PATH = 0x1000,
};

enum {
	O_RDONLY = 0,
	O_WRONLY = 1,
	O_RDWR = 2,
	O_CREAT = 0100,
	O_NOCTTY = 0400,
	O_TRUNC = 01000,
	O_APPEND = 02000,
	O_NONBLOCK = 04000,
	O_NOFOLLOW = 0400000,
	O_CLOEXEC = 02000000,
	O_TMPFILE = 020200000,
};

enum {
	S_IFMT = 0170000,
	S_IFIFO = 0010000,
	S_IFDIR = 0040000,
	S_IFREG = 0100000,
};

enum {
	CLOCK_REALTIME = 0,
	CLOCK_MONOTONIC = 1,
	CLOCK_PROCESS_CPUTIME_ID = 2,
	CLOCK_THREAD_CPUTIME_ID = 3,
	CLOCK_MONOTONIC_RAW = 4,
	CLOCK_REALTIME_COARSE = 5,
	CLOCK_MONOTONIC_COARSE = 6,
	CLOCK_BOOTTIME = 7,
};

#define PATH_MAX 4096
/* What one transfer moves at most. */
#define RW_MAX UINT64_C(0x7ffff000)
