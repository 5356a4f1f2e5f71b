/* SPDX-License-Identifier: MIT */
/*
 * Walking: from a text and a session to a node.  Nothing that a walk gives
 * is referenced; it is good until the call ends (node.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "node.h"

enum walk_flag {
	WALK_FOLLOW = 1, /* a link at the end is followed */
	WALK_CREATE = 2, /* the last name need not exist */
	WALK_EMPTY = 4,	 /* an empty path means dirfd itself */
};

struct walk {
	struct place parent; /* folder of the last name; node may be NULL
			      * when the path has none ("/", "..") */
	struct place at;     /* what it leads to; node NULL: nothing yet */
	struct file *open;   /* a link of /proc led to this open file */
	bool slash;	     /* the path ended in a slash: folder wanted */
	uint16_t length;     /* of the last name */
	char last[NAME_BYTES + 1];
};

/*
 * Walk `path` (ending in NUL) from dirfd.  0, or the error that Linux gives:
 * ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG, EBADF.
 */
status_t path_walk(struct session *session, uint32_t dirfd, const char *path,
	unsigned flags, struct walk *out);

/*
 * The path that lease `lease` of the call holds, of `length` bytes.  The text
 * stays until the next path_read with the same `which` (0 or 1).
 */
status_t path_read(struct call *call, unsigned lease, uint64_t length,
	unsigned which, const char **out);

/* Both at once: read and walk. */
status_t path_resolve(struct call *call, uint32_t dirfd, unsigned lease,
	uint64_t length, unsigned flags, struct walk *out);
