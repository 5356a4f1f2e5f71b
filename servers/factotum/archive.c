/* SPDX-License-Identifier: MIT */
/*
 * The boot archive: where images come from by name. It is mapped read-only
 * into our own space, so that names and symbols are found without copying.
 */
#include "load.h"

#include <cpio.h>
#include <glenda/kernel_calls.h>
#include <string.h>

#define ARCHIVE_ADDRESS 0x2000000000ul

static struct object *archive_object;
static struct cpio archive;

static status_t
map_archive(const struct object *object)
{
	uint64_t left = (object->size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	vaddr_t address = ARCHIVE_ADDRESS;
	uint64_t page = 0;

	for (;;) {
		uint64_t done = 0;
		status_t status = vspace_map(own.vspace, address, object->frame,
			page, left, RIGHT_READ, &done, NULL);

		if (status != STATUS_NO_TABLE)
			return status;
		address += done * PAGE_SIZE;
		page += done;
		left -= done;
		if (!kobject_map_table(own.vspace, address, NULL))
			return STATUS_NO_MEMORY;
	}
}

status_t
archive_set(struct object *object, uint64_t size)
{
	const char *bytes = (const char *)(uintptr_t)ARCHIVE_ADDRESS;
	struct cpio_entry entry;
	size_t cursor = 0;
	status_t status;

	if (archive_object)
		return STATUS_EXISTS;
	if (object->kind != OBJECT_KIND_PHYSICAL || object->device ||
		size > object->size)
		return STATUS_BAD_IMAGE;
	status = map_archive(object);
	if (status < 0)
		return status;
	/* What stands before the archive is the rest of its first page. */
	archive.bytes = bytes + (object->size - size) % PAGE_SIZE;
	archive.size = size;
	if (cpio_next(&archive, &cursor, &entry) <= 0) {
		vspace_unmap(own.vspace, ARCHIVE_ADDRESS,
			(object->size + PAGE_SIZE - 1) >> PAGE_SHIFT);
		return STATUS_BAD_IMAGE;
	}
	archive_object = object;
	object_use(object);
	return STATUS_OK;
}

/* The file's pages as an object: a window, or a copy if it lies askew. */
static struct object *
image_of(const struct cpio_entry *entry)
{
	uint64_t offset = (uint64_t)((uintptr_t)entry->data - ARCHIVE_ADDRESS);
	struct object *object;

	if (offset % PAGE_SIZE == 0)
		return object_window(NULL, archive_object, offset, entry->size);
	object = object_create(NULL, entry->size);
	if (object && object_write(object, 0, entry->data, entry->size) < 0) {
		object_unuse(object);
		object = NULL;
	}
	return object;
}

struct object *
archive_image(const char *name)
{
	struct cpio_entry entry;

	if (!archive_object || cpio_find(&archive, name, &entry) <= 0 ||
		(entry.mode & CPIO_TYPE_MASK) != CPIO_TYPE_FILE ||
		entry.size == 0)
		return NULL;
	return image_of(&entry);
}

const void *
archive_bytes(const struct object *image, size_t *size)
{
	if (!image || image->base != archive_object || !archive_object)
		return NULL;
	*size = image->size;
	return (const char *)(uintptr_t)ARCHIVE_ADDRESS +
		image->offset * PAGE_SIZE;
}
