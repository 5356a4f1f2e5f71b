/* SPDX-License-Identifier: MIT */
/*
 * Copying address spaces (row F11) and moving areas within one.
 */
#include "heap.h"
#include "kobjects.h"
#include "space.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>

static bool
is_private(const struct area *area)
{
	return !(area->flags & FACTOTUM_MAP_SHARED);
}

/* Map here what the other space has mapped in a range. */
static status_t
share_mapped(struct space *space, struct space *from, vaddr_t start,
	vaddr_t end, uint64_t flags)
{
	while (start < end) {
		uint64_t done = 0;
		status_t status = vspace_share(space->vspace, from->vspace,
			start, (end - start) >> PAGE_SHIFT, flags, &done, NULL);

		if (status != STATUS_NO_TABLE)
			return status;
		start += done * PAGE_SIZE;
		if (!space_add_table(space, start))
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

static status_t
copy_page(struct space *space, const struct area *area, uint64_t number,
	frame_t source)
{
	frame_t frame = frame_alloc();
	status_t status;

	if (!frame)
		return STATUS_NO_MEMORY;
	frame_copy(frame_cap(frame), frame_page(frame), frame_cap(source),
		frame_page(source), 1);
	status = pages_set(&space->own, number, frame);
	if (status < 0) {
		frame_drop(frame);
		return status;
	}
	if (area->prot == 0)
		return STATUS_OK;
	return space_install(space, number << PAGE_SHIFT, frame_cap(frame),
		frame_page(frame), 1, prot_rights(area->prot));
}

static status_t
copy_pages(struct space *space, struct space *from, const struct area *area)
{
	uint64_t number = area->start >> PAGE_SHIFT;
	frame_t frame;
	status_t status = STATUS_OK;

	for (; status >= 0 &&
		pages_next(
			&from->own, &number, area->end >> PAGE_SHIFT, &frame);
		number++)
		status = copy_page(space, area, number, frame);
	return status;
}

status_t
space_bring(struct space *space, struct space *from, const struct area *area,
	bool copy)
{
	uint64_t first = area->start >> PAGE_SHIFT;
	uint64_t end = area->end >> PAGE_SHIFT;
	uint64_t flags = 0;
	frame_t frame;
	status_t status = STATUS_OK;

	if (!area->touched)
		return STATUS_OK;
	if (copy)
		return copy_pages(space, from, area);
	if (is_private(area)) {
		status = pages_share(&space->own, &from->own, first, end);
		if (area->prot & FACTOTUM_PROT_WRITE)
			flags = VSPACE_FLAG_COW;
		/* Stacks and the like: nothing is mapped below. */
		if (!area->object &&
			!pages_next(&from->own, &first, end, &frame))
			return status;
	}
	if (status >= 0 && area->prot)
		status = share_mapped(
			space, from, first << PAGE_SHIFT, area->end, flags);
	return status;
}

static bool
contains(const struct area *area, vaddr_t address)
{
	return address >= area->start && address < area->end;
}

/* The page of the UTCB, and from the page on where the stack is in use. */
static status_t
bring_kit(struct space *child, struct space *parent, const struct area *area,
	const struct kept *kept)
{
	struct area part = *area;
	vaddr_t low = (kept->utcb & ~(PAGE_SIZE - 1)) + PAGE_SIZE;
	vaddr_t high = kept->stack & ~(PAGE_SIZE - 1);
	status_t status;

	if (!contains(area, kept->stack) || high <= low)
		return space_bring(child, parent, area, true);
	part.end = low;
	status = space_bring(child, parent, &part, true);
	if (status < 0)
		return status;
	part.start = high;
	part.end = area->end;
	return space_bring(child, parent, &part, true);
}

static status_t
clone_areas(struct space *child, struct space *parent, const struct kept *kept)
{
	status_t status = STATUS_OK;

	for (uint32_t i = 0; status >= 0 && i < parent->count; i++) {
		const struct area *area = &parent->areas[i];
		bool copy = area->flags & FACTOTUM_MAP_SHIM &&
			is_private(area) && area->prot & FACTOTUM_PROT_WRITE;

		if (area->flags & FACTOTUM_MAP_DONTFORK ||
			(copy && !contains(area, kept->utcb) &&
				!contains(area, kept->process_page)))
			continue;
		status = area_insert(child, area);
		if (status < 0)
			break;
		if (copy && contains(area, kept->utcb))
			status = bring_kit(child, parent, area, kept);
		else
			status = space_bring(child, parent, area, copy);
	}
	return status;
}

struct space *
space_clone(struct space *parent, const struct kept *kept)
{
	struct space *child = space_create();

	if (!child)
		return NULL;
	child->brk_start = parent->brk_start;
	child->brk = parent->brk;
	parent->forked = child->forked = true;
	if (clone_areas(child, parent, kept) < 0) {
		space_drop(child);
		return NULL;
	}
	return child;
}

/* ---- mremap ---- */

/* The area at an address, if it covers `length` bytes from there. */
static struct area *
whole_area(struct space *space, vaddr_t address, uint64_t length)
{
	struct area *area = area_find(space, address);

	return area && area->end - address >= length ? area : NULL;
}

/* The same area, from another place in it and of another size. */
static struct area
piece(const struct area *area, vaddr_t from, vaddr_t at, uint64_t length)
{
	struct area result = *area;

	result.start = at;
	result.end = at + length;
	result.offset += from - area->start;
	if (area->file_end)
		result.file_end = area->file_end > from
			? at + (area->file_end - from)
			: at;
	return result;
}

static status_t
move_pages(struct space *space, vaddr_t from, vaddr_t to, uint64_t length)
{
	uint64_t number = from >> PAGE_SHIFT;
	uint64_t end = (from + length) >> PAGE_SHIFT;
	uint64_t shift = (to >> PAGE_SHIFT) - number;
	frame_t frame;

	for (; pages_next(&space->own, &number, end, &frame); number++) {
		status_t status = frame_hold(frame);

		if (status < 0)
			return status;
		status = pages_set(&space->own, number + shift, frame);
		if (status < 0) {
			frame_drop(frame);
			return status;
		}
	}
	return STATUS_OK;
}

static status_t
move_area(struct space *space, const struct remap *remap, vaddr_t to)
{
	struct area *area =
		whole_area(space, remap->address, remap->old_length);
	struct area moved = piece(area, remap->address, to, remap->new_length);
	uint64_t kept = remap->old_length < remap->new_length
		? remap->old_length
		: remap->new_length;
	status_t status = move_pages(space, remap->address, to, kept);

	if (status >= 0)
		status = area_insert(space, &moved);
	if (status < 0) {
		pages_drop(&space->own, to >> PAGE_SHIFT,
			(to + kept) >> PAGE_SHIFT);
		return status;
	}
	return space_unmap(
		space, remap->address, remap->address + remap->old_length);
}

static status_t
grow_in_place(struct space *space, const struct remap *remap)
{
	vaddr_t end = remap->address + remap->old_length;
	uint64_t more = remap->new_length - remap->old_length;
	const struct area *area = area_find(space, remap->address);
	struct area added;

	if (area->end != end || !range_valid(end, more) ||
		!area_vacant(space, end, end + more))
		return STATUS_NO_MEMORY;
	added = piece(area, end, end, more);
	added.file_end = area->file_end;
	return area_insert(space, &added);
}

static status_t
remap_fixed(struct space *space, const struct remap *remap)
{
	vaddr_t new = remap->new_address;
	status_t status;

	if (!range_valid(new, remap->new_length) ||
		(new < remap->address + remap->old_length &&
			remap->address < new + remap->new_length))
		return STATUS_INVALID_ARGUMENT;
	status = space_unmap(space, new, new + remap->new_length);
	return status < 0 ? status : move_area(space, remap, new);
}

status_t
space_remap(struct space *space, const struct remap *remap, vaddr_t *address)
{
	vaddr_t to;
	status_t status;

	if (!range_valid(remap->address, remap->old_length) ||
		!range_valid(USER_START, remap->new_length))
		return STATUS_INVALID_ARGUMENT;
	if (!whole_area(space, remap->address, remap->old_length))
		return STATUS_NOT_MAPPED;
	*address = remap->address;
	if (remap->flags & 2) {
		*address = remap->new_address;
		return remap_fixed(space, remap);
	}
	if (remap->new_length == remap->old_length)
		return STATUS_OK;
	if (remap->new_length < remap->old_length)
		return space_unmap(space, remap->address + remap->new_length,
			remap->address + remap->old_length);
	status = grow_in_place(space, remap);
	if (status >= 0 || !(remap->flags & 1))
		return status;
	to = area_gap(space, remap->new_length, USER_START, MMAP_TOP);
	if (!to)
		return STATUS_NO_MEMORY;
	*address = to;
	return move_area(space, remap, to);
}
