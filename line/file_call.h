/* SPDX-License-Identifier: MIT */
/*
 * What the calls on files share: results of Gopher's answers, and paths.
 * A path goes to Gopher as a lease of the program's own memory.
 */
#pragma once

#include "line.h"

#define NO_OFFSET INT64_C(-1)

/*
 * The result for a failed call of Gopher. A background process of a terminal
 * is sent the signal that stops it, and the call is repeated later; with
 * that signal blocked or ignored it is EIO.
 */
int64_t file_failed(struct line_thread *thread, status_t status);

/*
 * The same after writing: a broken pipe raises SIGPIPE, too, and a file beyond
 * the limit of sizes SIGXFSZ.
 */
int64_t write_failed(struct line_thread *thread, status_t status);

/* 0, or the result for a failed call. */
static inline int64_t
file_result(struct line_thread *thread, status_t status)
{
	return status < 0 ? file_failed(thread, status) : 0;
}

/* Length of a path: -EFAULT, -ENAMETOOLONG; -ENOENT for the empty one. */
int64_t path_length(uint64_t path);

/* The same, but the empty path is as good as any if `empty`. */
int64_t path_length_at(uint64_t path, bool empty);

/* A descriptor or folder as it travels: 32 bits. */
static inline uint32_t
fd_word(uint64_t argument)
{
	return (uint32_t)argument;
}

/* A file's time as it travels: nanoseconds since 1970, or one of these. */
#define FILE_TIME_NOW INT64_C(-1)
#define FILE_TIME_KEEP INT64_C(-2)
int64_t file_time(int64_t seconds, int64_t nanoseconds);

/*
 * Set access and modification time; a path of 0 means the descriptor itself.
 * `flags`: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH.
 */
int64_t file_times_set(struct line_thread *thread, uint64_t dirfd,
	uint64_t path, uint32_t flags, const int64_t *times);
