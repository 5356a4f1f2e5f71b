/* SPDX-License-Identifier: MIT */
/*
 * Descriptor tables: numbers to open files, with the close-on-exec bit.
 * Invariant: bit fd of `used` is set exactly when files[fd] is not NULL.
 */
#pragma once

#include <glenda/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file;

enum {
	DESCRIPTOR_LIMIT = 1024,
	DESCRIPTOR_WORDS = DESCRIPTOR_LIMIT / 64,
};

struct descriptors {
	uint32_t references;
	uint32_t room;	/* of files[] */
	uint32_t limit; /* numbers below it are given out */
	struct file **files;
	uint64_t used[DESCRIPTOR_WORDS];
	uint64_t cloexec[DESCRIPTOR_WORDS];
};

struct descriptors *descriptors_create(void);
/* The same files, all of them shared. */
struct descriptors *descriptors_copy(const struct descriptors *from);
void descriptors_get(struct descriptors *table);
/* With the last reference every file is let go. */
void descriptors_put(struct descriptors *table);

static inline struct file *
descriptors_find(const struct descriptors *table, uint32_t fd)
{
	return fd < table->room ? table->files[fd] : NULL;
}

/*
 * Put the file at the lowest free number from `from` on; the reference moves
 * into the table.  The number, ERR_MFILE, ERR_INVAL or ERR_NOMEM (the
 * reference stays with the caller).
 */
int descriptors_add(struct descriptors *table, struct file *file, uint32_t from,
	bool cloexec);

/* Put the file at exactly this number, letting go what was there. */
int descriptors_set(struct descriptors *table, struct file *file, uint32_t fd,
	bool cloexec);

/*
 * Free the number and let the file go, with the record locks that the table's
 * processes have on it.  False: was not open.
 */
bool descriptors_close(struct descriptors *table, uint32_t fd);

bool descriptors_cloexec(const struct descriptors *table, uint32_t fd);
void descriptors_set_cloexec(struct descriptors *table, uint32_t fd, bool on);

/* The lowest open number >= from, or -1. */
int descriptors_next(const struct descriptors *table, uint32_t from);
