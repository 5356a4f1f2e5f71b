/* SPDX-License-Identifier: MIT */
/*
 * Descriptor tables: numbers to open files, shared or copied as clone asks
 * (descriptor.h). A table holds one reference to every file in it.
 */
#include "descriptor.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "lock.h"

enum { FIRST_ROOM = 16 };

struct descriptors *
descriptors_create(void)
{
	struct descriptors *table = calloc(1, sizeof(*table));

	if (table) {
		table->references = 1;
		table->limit = DESCRIPTOR_LIMIT;
	}
	return table;
}

struct descriptors *
descriptors_copy(const struct descriptors *from)
{
	struct descriptors *table = malloc(sizeof(*table));
	uint32_t fd;

	if (!table)
		return NULL;
	*table = *from;
	table->references = 1;
	if (table->room == 0)
		return table;
	table->files = malloc(table->room * sizeof(struct file *));
	if (!table->files) {
		free(table);
		return NULL;
	}
	for (fd = 0; fd < table->room; fd++) {
		table->files[fd] = from->files[fd];
		if (table->files[fd])
			file_get(table->files[fd]);
	}
	return table;
}

void
descriptors_get(struct descriptors *table)
{
	table->references++;
}

/* A file that is in the table no more: its record locks end, too. */
static void
file_leave(const struct descriptors *table, struct file *file)
{
	lock_release_table(file, table);
	file_put(file);
}

void
descriptors_put(struct descriptors *table)
{
	uint32_t fd;

	if (--table->references > 0)
		return;
	for (fd = 0; fd < table->room; fd++) {
		if (table->files[fd])
			file_leave(table, table->files[fd]);
	}
	free(table->files);
	free(table);
}

static status_t
table_widen(struct descriptors *table, uint32_t fd)
{
	uint32_t room = table->room ? table->room : FIRST_ROOM;
	struct file **files;

	while (room <= fd)
		room *= 2;
	if (room == table->room)
		return 0;
	files = realloc(table->files, room * sizeof(*files));
	if (!files)
		return ERR_NOMEM;
	memset(files + table->room, 0, (room - table->room) * sizeof(*files));
	table->files = files;
	table->room = room;
	return 0;
}

static int
lowest_free(const struct descriptors *table, uint32_t from)
{
	uint32_t word = from / 64;
	uint64_t busy = table->used[word] | ((1ULL << from % 64) - 1);

	while (busy == UINT64_MAX) {
		if (++word == DESCRIPTOR_WORDS)
			return ERR_MFILE;
		busy = table->used[word];
	}
	return (int)(word * 64 + (uint32_t)__builtin_ctzll(~busy));
}

static void
bit_set(uint64_t *bits, uint32_t fd, bool on)
{
	if (on)
		bits[fd / 64] |= 1ULL << fd % 64;
	else
		bits[fd / 64] &= ~(1ULL << fd % 64);
}

int
descriptors_add(struct descriptors *table, struct file *file, uint32_t from,
	bool cloexec)
{
	int fd;

	if (from >= table->limit)
		return from ? ERR_INVAL : ERR_MFILE;
	fd = lowest_free(table, from);
	if (fd < 0 || (uint32_t)fd >= table->limit)
		return ERR_MFILE;
	return descriptors_set(table, file, (uint32_t)fd, cloexec);
}

int
descriptors_set(
	struct descriptors *table, struct file *file, uint32_t fd, bool cloexec)
{
	struct file *old;
	status_t status;

	if (fd >= table->limit)
		return ERR_BADF;
	status = table_widen(table, fd);
	if (status < 0)
		return status;
	old = table->files[fd];
	table->files[fd] = file;
	bit_set(table->used, fd, true);
	bit_set(table->cloexec, fd, cloexec);
	if (old)
		file_leave(table, old);
	return (int)fd;
}

bool
descriptors_close(struct descriptors *table, uint32_t fd)
{
	struct file *file = descriptors_find(table, fd);

	if (!file)
		return false;
	table->files[fd] = NULL;
	bit_set(table->used, fd, false);
	bit_set(table->cloexec, fd, false);
	file_leave(table, file);
	return true;
}

bool
descriptors_cloexec(const struct descriptors *table, uint32_t fd)
{
	return table->cloexec[fd / 64] >> fd % 64 & 1;
}

void
descriptors_set_cloexec(struct descriptors *table, uint32_t fd, bool on)
{
	bit_set(table->cloexec, fd, on);
}

int
descriptors_next(const struct descriptors *table, uint32_t from)
{
	uint32_t fd;

	for (fd = from; fd < table->room; fd++) {
		if (table->files[fd])
			return (int)fd;
	}
	return -1;
}
