/* SPDX-License-Identifier: MIT */
/*
 * The ordered set of areas: a sorted array that is searched by halving.
 */
#include "space.h"

#include "heap.h"

#include <glenda/factotum.h>
#include <string.h>

bool
range_valid(vaddr_t start, uint64_t length)
{
	return start % PAGE_SIZE == 0 && start >= USER_START &&
		start < USER_END && length > 0 && length <= USER_END - start;
}

uint32_t
area_search(const struct space *space, vaddr_t address)
{
	uint32_t low = 0;
	uint32_t high = space->count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (space->areas[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct area *
area_find(const struct space *space, vaddr_t address)
{
	uint32_t at = area_search(space, address);

	if (at < space->count && space->areas[at].start <= address)
		return &space->areas[at];
	return NULL;
}

static bool
make_room(struct space *space, uint32_t more)
{
	uint32_t capacity = space->capacity ? space->capacity : 16;
	struct area *areas;

	if (space->count + more <= space->capacity)
		return true;
	while (capacity < space->count + more)
		capacity *= 2;
	areas = heap_alloc(capacity * sizeof(*areas));
	if (!areas)
		return false;
	if (space->count)
		memcpy(areas, space->areas, space->count * sizeof(*areas));
	heap_free(space->areas, space->capacity * sizeof(*areas));
	space->areas = areas;
	space->capacity = capacity;
	return true;
}

static void
open_gap(struct space *space, uint32_t at)
{
	struct area *area = &space->areas[at];

	memmove(area + 1, area, (space->count - at) * sizeof(*area));
	space->count++;
}

static void
close_gap(struct space *space, uint32_t at, uint32_t count)
{
	struct area *area = &space->areas[at];

	space->count -= count;
	memmove(area, area + count, (space->count - at) * sizeof(*area));
}

static bool
alike(const struct area *first, const struct area *second)
{
	if (first->end != second->start || first->prot != second->prot ||
		first->flags != second->flags ||
		first->object != second->object)
		return false;
	if (!first->object)
		return true;
	return first->file_end == second->file_end &&
		first->offset + (first->end - first->start) == second->offset;
}

void
area_join(struct space *space, uint32_t first, uint32_t count)
{
	uint32_t at = first > 0 ? first - 1 : 0;
	uint32_t last = first + count;

	while (at + 1 < space->count && at < last) {
		struct area *area = &space->areas[at];

		if (!alike(area, area + 1)) {
			at++;
			continue;
		}
		area->end = area[1].end;
		area->touched |= area[1].touched;
		if (area->object)
			object_unuse(area->object);
		close_gap(space, at + 1, 1);
		last--;
	}
}

status_t
area_insert(struct space *space, const struct area *area)
{
	uint32_t at = area_search(space, area->start);

	if (space->count >= AREAS_MAX || !make_room(space, 1))
		return STATUS_NO_MEMORY;
	open_gap(space, at);
	space->areas[at] = *area;
	if (area->object)
		object_use(area->object);
	area_join(space, at, 1);
	return STATUS_OK;
}

static void
split(struct space *space, uint32_t at, vaddr_t address)
{
	struct area *area = &space->areas[at];

	if (address <= area->start || address >= area->end)
		return;
	open_gap(space, at);
	area[0] = area[1];
	area[0].end = address;
	area[1].start = address;
	if (area->object) {
		area[1].offset += address - area[0].start;
		object_use(area->object);
	}
}

status_t
area_isolate(struct space *space, vaddr_t start, vaddr_t end, uint32_t *first)
{
	uint32_t at;

	if (!make_room(space, 2))
		return STATUS_NO_MEMORY;
	at = area_search(space, start);
	if (at < space->count)
		split(space, at, start);
	*first = area_search(space, start);
	at = area_search(space, end);
	if (at < space->count)
		split(space, at, end);
	return STATUS_OK;
}

void
area_remove(struct space *space, uint32_t first, uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++)
		if (space->areas[i].object)
			object_unuse(space->areas[i].object);
	close_gap(space, first, count);
}

bool
area_vacant(const struct space *space, vaddr_t start, vaddr_t end)
{
	uint32_t at = area_search(space, start);

	return at == space->count || space->areas[at].start >= end;
}

bool
area_covered(const struct space *space, vaddr_t start, vaddr_t end)
{
	uint32_t at = area_search(space, start);

	for (; at < space->count && space->areas[at].start <= start; at++) {
		start = space->areas[at].end;
		if (start >= end)
			return true;
	}
	return false;
}

vaddr_t
area_gap(const struct space *space, uint64_t length, vaddr_t low, vaddr_t high)
{
	uint32_t at = area_search(space, high - 1);

	/* `high` goes down over the areas; at is the first one above it. */
	if (at < space->count && space->areas[at].start < high)
		high = space->areas[at].start;
	for (;;) {
		vaddr_t floor = at > 0 ? space->areas[at - 1].end : 0;

		if (floor < low)
			floor = low;
		if (high > floor && high - floor >= length)
			return high - length;
		if (at == 0 || high <= low)
			return 0;
		at--;
		high = space->areas[at].start;
	}
}
