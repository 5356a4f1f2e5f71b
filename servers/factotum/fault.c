/* SPDX-License-Identifier: MIT */
/*
 * How pages come into an address space: zero pages and copies on demand,
 * windows of objects several pages at a time, growing memory in runs.
 */
#include "space.h"

#include "heap.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>

#define AROUND 16

static bool
shared(const struct area *area)
{
	return area->flags & FACTOTUM_MAP_SHARED;
}

static uint64_t
object_index(const struct area *area, vaddr_t page)
{
	return (area->offset + (page - area->start)) >> PAGE_SHIFT;
}

/* Does the object supply this page of a private area, in whole or part? */
static bool
from_object(const struct area *area, vaddr_t page)
{
	return area->object && page < area->file_end;
}

/* May the object's own page be shown here? */
static bool
shows_object(const struct area *area, vaddr_t page)
{
	if (shared(area))
		return true;
	return area->object && page + PAGE_SIZE <= area->file_end;
}

static uint64_t
area_rights(const struct area *area, bool writable)
{
	uint64_t rights = prot_rights(area->prot);

	if (!writable)
		rights &= ~(uint64_t)RIGHT_WRITE;
	if (area->object && area->object->device)
		rights |= VSPACE_FLAG_UNCACHED;
	return rights;
}

static status_t
object_fault(status_t status)
{
	return status == STATUS_NOT_FOUND ? (status_t)ACCESS_BEYOND : status;
}

/* Enter a frame as the space's own; it is dropped on failure. */
static status_t
keep(struct space *space, vaddr_t page, frame_t frame, struct place *place)
{
	status_t status = pages_set(&space->own, page >> PAGE_SHIFT, frame);

	if (status < 0) {
		frame_drop(frame);
		return status;
	}
	place->frame = frame;
	place->cap = frame_cap(frame);
	place->page = frame_page(frame);
	return STATUS_OK;
}

static status_t
copy_frame(struct space *space, vaddr_t page, cptr_t cap, uint64_t number,
	struct place *place)
{
	frame_t frame = frame_alloc();

	if (!frame)
		return STATUS_NO_MEMORY;
	frame_copy(frame_cap(frame), frame_page(frame), cap, number, 1);
	return keep(space, page, frame, place);
}

/* A private copy of an object's page, zeros behind the end of the file. */
static status_t
copy_object(struct space *space, const struct area *area, vaddr_t page,
	struct place *place)
{
	struct place source;
	status_t status = object_page(
		area->object, object_index(area, page), true, &source);

	if (status < 0)
		return object_fault(status);
	status = copy_frame(space, page, source.cap, source.page, place);
	if (status >= 0 && page + PAGE_SIZE > area->file_end)
		frame_wipe(place->frame, area->file_end - page,
			page + PAGE_SIZE - area->file_end);
	return status;
}

static status_t
zero_page(struct space *space, vaddr_t page, struct place *place)
{
	frame_t frame = frame_alloc_zeroed();

	return frame ? keep(space, page, frame, place) : STATUS_NO_MEMORY;
}

/* What the space has of its own here: copied if it must be written. */
static status_t
own_page(struct space *space, vaddr_t page, frame_t frame, bool write,
	struct place *place)
{
	if (write && frame_holders(frame) > 1)
		return copy_frame(space, page, frame_cap(frame),
			frame_page(frame), place);
	place->frame = frame;
	place->cap = frame_cap(frame);
	place->page = frame_page(frame);
	return STATUS_OK;
}

/*
 * Find or make the page behind an address; *writable tells whether it may be
 * mapped so.
 */
static status_t
page_in(struct space *space, const struct area *area, vaddr_t page, bool write,
	struct place *place, bool *writable)
{
	frame_t frame;
	status_t status;

	*writable = true;
	*place = (struct place){0};
	if (shared(area))
		return object_fault(object_page(
			area->object, object_index(area, page), true, place));
	frame = pages_get(&space->own, page >> PAGE_SHIFT);
	if (frame)
		status = own_page(space, page, frame, write, place);
	else if (!from_object(area, page))
		status = zero_page(space, page, place);
	else if (write || !shows_object(area, page))
		status = copy_object(space, area, page, place);
	else {
		*writable = false;
		return object_fault(object_page(
			area->object, object_index(area, page), true, place));
	}
	if (status >= 0)
		*writable = frame_holders(place->frame) == 1;
	return status;
}

struct run {
	vaddr_t address;
	cptr_t cap;
	uint64_t page;
	uint64_t count;
};

static status_t
run_flush(struct space *space, struct run *run, uint64_t rights)
{
	uint64_t count = run->count;

	run->count = 0;
	if (count == 0)
		return STATUS_OK;
	return space_install(space, run->address, run->cap, run->page, count,
		rights | VSPACE_FLAG_REPLACE);
}

/* Map the object's pages that are present around one that was asked for. */
static status_t
map_around(struct space *space, const struct area *area, vaddr_t page)
{
	vaddr_t from = page & ~(AROUND * PAGE_SIZE - 1);
	vaddr_t to = from + AROUND * PAGE_SIZE;
	uint64_t rights = area_rights(area, shared(area));
	struct run run = {0};
	status_t status = STATUS_OK;

	if (from < area->start)
		from = area->start;
	if (to > area->end)
		to = area->end;
	for (; from < to && status >= 0; from += PAGE_SIZE) {
		struct place place;

		if (!shows_object(area, from) ||
			(!shared(area) &&
				pages_get(&space->own, from >> PAGE_SHIFT)) ||
			object_page(area->object, object_index(area, from),
				false, &place) < 0) {
			status = run_flush(space, &run, rights);
			continue;
		}
		if (run.count &&
			(run.cap != place.cap ||
				run.page + run.count != place.page))
			status = run_flush(space, &run, rights);
		if (run.count == 0)
			run = (struct run){.address = from,
				.cap = place.cap,
				.page = place.page};
		run.count++;
	}
	if (status >= 0)
		status = run_flush(space, &run, rights);
	return status;
}

/*
 * How many pages of a growing anonymous area to bring at once, from *first
 * on: memory that was touched next door will be touched further on, and a
 * stack further down, wherever it was touched.
 */
static unsigned
growth(const struct space *space, const struct area *area, vaddr_t page,
	vaddr_t *first)
{
	const struct pages *own = &space->own;
	uint64_t number = page >> PAGE_SHIFT;
	unsigned count = 1;

	*first = page;
	if (pages_get(own, number - 1)) {
		while (count < FRAME_RUN &&
			page + count * PAGE_SIZE < area->end &&
			!pages_get(own, number + count))
			count++;
	} else if (area->flags & FACTOTUM_MAP_STACK) {
		while (count < FRAME_RUN / 2 && *first > area->start &&
			!pages_get(own, (*first >> PAGE_SHIFT) - 1)) {
			*first -= PAGE_SIZE;
			count++;
		}
	}
	return count;
}

static status_t
grow(struct space *space, const struct area *area, vaddr_t first,
	unsigned count)
{
	frame_t run = frame_alloc_run();
	cptr_t cap;

	if (!run)
		return STATUS_NO_MEMORY;
	for (unsigned i = count; i < FRAME_RUN; i++)
		frame_drop(run + i);
	cap = frame_cap(run);
	frame_clear(cap, frame_page(run), count);
	for (unsigned i = 0; i < count; i++) {
		if (pages_set(&space->own, (first >> PAGE_SHIFT) + i,
			    run + i) >= 0)
			continue;
		for (unsigned j = i; j < count; j++)
			frame_drop(run + j);
		return STATUS_NO_MEMORY;
	}
	return space_install(space, first, cap, frame_page(run), count,
		area_rights(area, true) | VSPACE_FLAG_REPLACE);
}

static status_t
bring(struct space *space, struct area *area, vaddr_t page, bool write)
{
	struct place place;
	bool writable;
	status_t status;

	area->touched = true;
	if (!area->object && !pages_get(&space->own, page >> PAGE_SHIFT)) {
		vaddr_t first;
		unsigned count = growth(space, area, page, &first);

		if (count > 1 && grow(space, area, first, count) >= 0)
			return STATUS_OK;
	}
	status = page_in(space, area, page, write, &place, &writable);
	if (status == STATUS_NOT_READY)
		space->missing = page;
	if (status < 0)
		return status;
	if (area->object && shows_object(area, page) &&
		(shared(area) || !pages_get(&space->own, page >> PAGE_SHIFT)))
		return map_around(space, area, page);
	return space_install(space, page, place.cap, place.page, 1,
		area_rights(area, writable) | VSPACE_FLAG_REPLACE);
}

static status_t
check(const struct area *area, unsigned access)
{
	if (!area)
		return ACCESS_NO_AREA;
	if (access & FACTOTUM_PROT_READ && area->prot & FACTOTUM_PROT_WRITE)
		access &= ~(unsigned)FACTOTUM_PROT_READ;
	return access & ~(unsigned)area->prot ? (status_t)ACCESS_FORBIDDEN
					      : STATUS_OK;
}

status_t
space_fault(struct space *space, vaddr_t address, unsigned access)
{
	struct area *area = area_find(space, address);
	status_t status = check(area, access);

	if (status < 0)
		return status;
	return bring(space, area, address & ~(PAGE_SIZE - 1),
		access & FACTOTUM_PROT_WRITE);
}

/* Is the page mapped already in the way that is wanted? */
static bool
present(struct space *space, vaddr_t page, bool write)
{
	uint64_t rights = 0;

	if (vspace_translate(space->vspace, page, NULL, &rights) < 0)
		return false;
	return rights & (write ? RIGHT_WRITE : RIGHT_READ);
}

status_t
space_populate(struct space *space, vaddr_t start, uint64_t length, bool write)
{
	vaddr_t page = start & ~(PAGE_SIZE - 1);
	vaddr_t end = start + length;

	if (length == 0)
		return STATUS_OK;
	if (start >= USER_END || length > USER_END - start)
		return ACCESS_NO_AREA;
	for (; page < end; page += PAGE_SIZE) {
		struct area *area = area_find(space, page);
		status_t status = check(
			area, write ? FACTOTUM_PROT_WRITE : FACTOTUM_PROT_READ);

		if (status < 0)
			return status;
		if (area->touched && present(space, page, write))
			continue;
		status = bring(space, area, page, write);
		if (status < 0)
			return status;
	}
	return STATUS_OK;
}

/* The page behind an address, made present and, with `write`, writable. */
static status_t
locate(struct space *space, vaddr_t address, bool write, struct place *place)
{
	struct area *area = area_find(space, address);
	vaddr_t page = address & ~(PAGE_SIZE - 1);
	bool writable;
	frame_t before;
	status_t status;

	if (!area)
		return ACCESS_NO_AREA;
	/* A private page is copied first; what is shared is others', too. */
	if (write && shared(area) && !(area->prot & FACTOTUM_PROT_WRITE))
		return ACCESS_FORBIDDEN;
	area->touched = true;
	before = pages_get(&space->own, page >> PAGE_SHIFT);
	status = page_in(space, area, page, write, place, &writable);
	if (status < 0)
		return status;
	/* What was shown before must not stay mapped beside a new copy. */
	if (area->prot && !shared(area) && place->frame != before)
		status = space_install(space, page, place->cap, place->page, 1,
			area_rights(area, writable) | VSPACE_FLAG_REPLACE);
	return status;
}

status_t
space_locate(struct space *space, vaddr_t address, bool write, cptr_t *frame,
	uint64_t *offset)
{
	struct place place;
	status_t status = locate(space, address, write, &place);

	if (status < 0)
		return status;
	*frame = place.cap;
	*offset = place.page * PAGE_SIZE + (address & (PAGE_SIZE - 1));
	return STATUS_OK;
}

status_t
space_pin(struct space *space, vaddr_t address, frame_t *pinned)
{
	struct area *area = area_find(space, address);
	struct place place;
	status_t status;

	if (!area)
		return ACCESS_NO_AREA;
	if (shared(area) || !(area->prot & FACTOTUM_PROT_WRITE))
		return ACCESS_FORBIDDEN;
	status = locate(space, address, true, &place);
	if (status >= 0)
		status = frame_pin(place.frame);
	if (status >= 0)
		*pinned = place.frame;
	return status;
}

static status_t
transfer(struct space *space, vaddr_t address, void *own, size_t length,
	bool write)
{
	uint8_t *next = own;

	while (length > 0) {
		size_t part = PAGE_SIZE - (address & (PAGE_SIZE - 1));
		cptr_t frame;
		uint64_t offset;
		status_t status;

		if (part > length)
			part = length;
		status = space_locate(space, address, write, &frame, &offset);
		if (status < 0)
			return status;
		status = write
			? frame_write(frame, offset, part, (uintptr_t)next)
			: frame_read(frame, offset, part, (uintptr_t)next);
		if (status < 0)
			return status;
		next += part;
		address += part;
		length -= part;
	}
	return STATUS_OK;
}

status_t
space_read(struct space *space, vaddr_t address, void *to, size_t length)
{
	return transfer(space, address, to, length, false);
}

status_t
space_write(
	struct space *space, vaddr_t address, const void *from, size_t length)
{
	return transfer(space, address, (void *)(uintptr_t)from, length, true);
}
