/* SPDX-License-Identifier: MIT */
/*
 * Loading a checked ELF image without Factotum's help.
 */
#include "image.h"

#include <glenda/kernel_calls.h>

#include "own.h"

static uint64_t
page_down(uint64_t address)
{
	return address & ~(PAGE_BYTES - 1);
}

static uint64_t
page_up(uint64_t address)
{
	return page_down(address + PAGE_BYTES - 1);
}

static uint64_t
segment_pages(const struct elf_segment *segment)
{
	return (page_up(segment->vaddr + segment->memory_bytes) -
		       page_down(segment->vaddr)) /
		PAGE_BYTES;
}

uint64_t
image_writable_pages(const struct elf_image *image)
{
	struct elf_segment segment;
	unsigned cursor = 0;
	uint64_t pages = 0;

	while (elf_segment_next(image, &cursor, &segment) == 1) {
		if (segment.flags & ELF_WRITE)
			pages += segment_pages(&segment);
	}
	return pages;
}

static status_t
map_read_only(const struct elf_segment *segment, cptr_t vspace, cptr_t file,
	uint64_t offset)
{
	uint64_t rights = RIGHT_READ;

	if (segment->flags & ELF_EXEC)
		rights |= RIGHT_EXECUTE;
	return own_map(vspace, page_down(segment->vaddr), file,
		page_down(offset + segment->offset) / PAGE_BYTES,
		segment_pages(segment), rights);
}

static status_t
map_writable(const struct elf_segment *segment, cptr_t vspace,
	const uint8_t *bytes, cptr_t run, uint64_t page)
{
	status_t status = 0;

	if (segment->file_bytes > 0)
		status = frame_write(run,
			page * PAGE_BYTES + segment->vaddr % PAGE_BYTES,
			segment->file_bytes,
			(uintptr_t)bytes + segment->offset);
	if (status < 0)
		return status;
	return own_map(vspace, page_down(segment->vaddr), run, page,
		segment_pages(segment), RIGHT_READ | RIGHT_WRITE);
}

status_t
image_map(const struct elf_image *image, cptr_t vspace, cptr_t file,
	uint64_t offset, cptr_t run)
{
	struct elf_segment segment;
	unsigned cursor = 0;
	uint64_t page = 0;

	while (elf_segment_next(image, &cursor, &segment) == 1) {
		status_t status;

		if (segment.shares_page)
			return STATUS_BAD_IMAGE;
		if (segment.flags & ELF_WRITE) {
			status = map_writable(
				&segment, vspace, image->bytes, run, page);
			page += segment_pages(&segment);
		} else {
			status = map_read_only(&segment, vspace, file, offset);
		}
		if (status < 0)
			return status;
	}
	return 0;
}
