/* SPDX-License-Identifier: MIT */
/*
 * Reader for cpio archives of the "newc" form: the boot archive.
 *
 * Used by the kernel to find 9Ball, by 9Ball to find images and init.toml,
 * by Gopher to show the archive as a file system.  The archive is read in
 * place: names and data of an entry point into it.  Nothing is allocated,
 * nothing outside the archive's bytes is read, and every number that the
 * archive states is checked before it is used.
 *
 * A name may be followed by further NULs that its stated length counts; the
 * image builder uses this to put the data on a page border.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum cpio_status {
	CPIO_ERR_MAGIC = -1,	 /* an entry does not begin with 070701 */
	CPIO_ERR_NUMBER = -2,	 /* a field is not eight hex digits */
	CPIO_ERR_NAME = -3,	 /* empty name, or no NUL at its end */
	CPIO_ERR_TRUNCATED = -4, /* an entry passes the archive's end */
};

/* File type bits within `mode`, as POSIX has them. */
enum cpio_mode {
	CPIO_TYPE_MASK = 0170000,
	CPIO_TYPE_FIFO = 0010000,
	CPIO_TYPE_CHARACTER = 0020000,
	CPIO_TYPE_FOLDER = 0040000,
	CPIO_TYPE_BLOCK = 0060000,
	CPIO_TYPE_FILE = 0100000,
	CPIO_TYPE_LINK = 0120000,
	CPIO_TYPE_SOCKET = 0140000,
};

struct cpio {
	const void *bytes; /* need not be aligned */
	size_t size;	   /* what follows the end mark is ignored */
};

struct cpio_entry {
	const char *name;   /* as stored, NUL-terminated */
	size_t name_length; /* up to the first NUL */
	const void *data;   /* of a link: its target, no NUL */
	size_t size;	    /* bytes of data */
	uint32_t ino;	    /* equal for hard links; the last has data */
	uint32_t mode;	    /* type and permissions */
	uint32_t uid;
	uint32_t gid;
	uint32_t nlink;
	uint32_t mtime;	       /* seconds since 1970 */
	uint32_t device_major; /* what a device node stands for */
	uint32_t device_minor;
};

/*
 * Read the entry at *cursor and move the cursor behind it.  Start with 0.
 * Returns 1 with *out filled, 0 at the end mark (the cursor stays there), or
 * a negative enum cpio_status (the cursor stays at the broken entry, *out
 * is undefined).
 */
int cpio_next(
	const struct cpio *archive, size_t *cursor, struct cpio_entry *out);

/*
 * Find an entry by name; leading "/" and "./" do not count on either side.
 * The first one of that name is given.  Returns 1 with *out filled, 0 if
 * there is none, or a negative enum cpio_status when the archive is broken
 * before the name was found.  Time is linear in the number of entries.
 */
int cpio_find(
	const struct cpio *archive, const char *name, struct cpio_entry *out);

/* The name without any leading "/" and "./"; "." becomes "". */
const char *cpio_name_plain(const char *name);

/* One sentence without a full stop, for any enum cpio_status. */
const char *cpio_error_string(int status);
