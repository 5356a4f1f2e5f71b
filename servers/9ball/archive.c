/* SPDX-License-Identifier: MIT */
/*
 * The boot archive as 9Ball sees it.
 */
#include "archive.h"

#include "own.h"

static struct cpio archive;
static const char *view;

bool
archive_init(const struct boot_info *boot)
{
	uint64_t bytes = boot->archive_offset + boot->archive_bytes;

	view = own_view(BOOT_SLOT_ARCHIVE, 0,
		(bytes + PAGE_BYTES - 1) / PAGE_BYTES, RIGHT_READ);
	if (!view)
		return false;
	archive.bytes = view + boot->archive_offset;
	archive.size = boot->archive_bytes;
	return true;
}

bool
archive_find(const char *name, struct cpio_entry *out)
{
	return cpio_find(&archive, name, out) == 1;
}

size_t
archive_bytes(void)
{
	return archive.size;
}

uint64_t
archive_offset(const struct cpio_entry *entry)
{
	return (uint64_t)((const char *)entry->data - view);
}
