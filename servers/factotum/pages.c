/* SPDX-License-Identifier: MIT */
/*
 * A leaf is made with its first page and goes with its last.
 */
#include "pages.h"

#include "heap.h"
#include "invariant.h"

#include <string.h>

#define LEAF_SHIFT 6
#define LEAF_PAGES (1u << LEAF_SHIFT)
#define LEAF_BYTES (LEAF_PAGES * sizeof(frame_t))

/* Index of the first leaf whose key is not less than `key`. */
static uint32_t
leaf_search(const struct pages *pages, uint64_t key)
{
	uint32_t low = 0;
	uint32_t high = pages->count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (pages->leaves[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct leaf *
leaf_find(const struct pages *pages, uint64_t number)
{
	uint64_t key = number >> LEAF_SHIFT;
	uint32_t at = leaf_search(pages, key);

	if (at < pages->count && pages->leaves[at].key == key)
		return &pages->leaves[at];
	return NULL;
}

frame_t
pages_get(const struct pages *pages, uint64_t number)
{
	const struct leaf *leaf = leaf_find(pages, number);

	return leaf ? leaf->frames[number % LEAF_PAGES] : 0;
}

static bool
make_room(struct pages *pages)
{
	uint32_t capacity = pages->capacity ? pages->capacity * 2 : 8;
	struct leaf *leaves;

	if (pages->count < pages->capacity)
		return true;
	leaves = heap_alloc(capacity * sizeof(*leaves));
	if (!leaves)
		return false;
	if (pages->count)
		memcpy(leaves, pages->leaves, pages->count * sizeof(*leaves));
	heap_free(pages->leaves, pages->capacity * sizeof(*leaves));
	pages->leaves = leaves;
	pages->capacity = capacity;
	return true;
}

static struct leaf *
leaf_make(struct pages *pages, uint64_t number)
{
	uint64_t key = number >> LEAF_SHIFT;
	uint32_t at = leaf_search(pages, key);
	struct leaf *leaf;
	frame_t *frames;

	if (at < pages->count && pages->leaves[at].key == key)
		return &pages->leaves[at];
	if (key > UINT32_MAX || !make_room(pages))
		return NULL;
	frames = heap_alloc(LEAF_BYTES);
	if (!frames)
		return NULL;
	leaf = &pages->leaves[at];
	memmove(leaf + 1, leaf, (pages->count - at) * sizeof(*leaf));
	pages->count++;
	*leaf = (struct leaf){.key = (uint32_t)key, .frames = frames};
	return leaf;
}

static void
leaf_remove(struct pages *pages, struct leaf *leaf)
{
	uint32_t at = (uint32_t)(leaf - pages->leaves);

	heap_free(leaf->frames, LEAF_BYTES);
	pages->count--;
	memmove(leaf, leaf + 1, (pages->count - at) * sizeof(*leaf));
	if (pages->count == 0) {
		heap_free(pages->leaves, pages->capacity * sizeof(*leaf));
		pages->leaves = NULL;
		pages->capacity = 0;
	}
}

status_t
pages_set(struct pages *pages, uint64_t number, frame_t frame)
{
	struct leaf *leaf = leaf_make(pages, number);
	frame_t *entry;

	invariant(frame != 0);
	if (!leaf)
		return STATUS_NO_MEMORY;
	entry = &leaf->frames[number % LEAF_PAGES];
	if (*entry) {
		frame_drop(*entry);
	} else {
		leaf->used++;
		pages->resident++;
	}
	*entry = frame;
	return STATUS_OK;
}

frame_t
pages_take(struct pages *pages, uint64_t number)
{
	struct leaf *leaf = leaf_find(pages, number);
	frame_t frame;

	if (!leaf || !leaf->frames[number % LEAF_PAGES])
		return 0;
	frame = leaf->frames[number % LEAF_PAGES];
	leaf->frames[number % LEAF_PAGES] = 0;
	pages->resident--;
	if (--leaf->used == 0)
		leaf_remove(pages, leaf);
	return frame;
}

bool
pages_next(const struct pages *pages, uint64_t *number, uint64_t end,
	frame_t *frame)
{
	uint32_t at = leaf_search(pages, *number >> LEAF_SHIFT);

	for (; at < pages->count; at++) {
		const struct leaf *leaf = &pages->leaves[at];
		uint64_t base = (uint64_t)leaf->key << LEAF_SHIFT;
		uint64_t i = *number > base ? *number - base : 0;

		for (; i < LEAF_PAGES && base + i < end; i++) {
			if (!leaf->frames[i])
				continue;
			*number = base + i;
			*frame = leaf->frames[i];
			return true;
		}
		if (base + LEAF_PAGES >= end)
			return false;
	}
	return false;
}

/* Drop pages [from, to) of one leaf; the leaf stays, maybe empty. */
static void
leaf_drop(struct pages *pages, struct leaf *leaf, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to && leaf->used > 0; i++) {
		if (!leaf->frames[i])
			continue;
		frame_drop(leaf->frames[i]);
		leaf->frames[i] = 0;
		leaf->used--;
		pages->resident--;
	}
}

void
pages_drop(struct pages *pages, uint64_t first, uint64_t end)
{
	uint32_t at = leaf_search(pages, first >> LEAF_SHIFT);

	while (at < pages->count) {
		struct leaf *leaf = &pages->leaves[at];
		uint64_t base = (uint64_t)leaf->key << LEAF_SHIFT;
		uint64_t from = first > base ? first - base : 0;
		uint64_t to = end - base < LEAF_PAGES ? end - base : LEAF_PAGES;

		if (base >= end)
			return;
		leaf_drop(pages, leaf, from, to);
		if (leaf->used == 0)
			leaf_remove(pages, leaf);
		else
			at++;
	}
}

bool
pages_dismantle(struct pages *pages, unsigned budget)
{
	while (pages->count > 0 && budget-- > 0) {
		struct leaf *leaf = &pages->leaves[pages->count - 1];

		leaf_drop(pages, leaf, 0, LEAF_PAGES);
		leaf_remove(pages, leaf);
	}
	return pages->count == 0;
}

/* Enter pages [from, to) of another table's leaf here, too. */
static status_t
leaf_share(struct pages *pages, const struct leaf *source, uint64_t from,
	uint64_t to)
{
	uint32_t left = source->used; /* at most so many are to come */
	struct leaf *leaf = NULL;
	status_t status = STATUS_OK;

	for (uint64_t i = from; i < to && left > 0; i++) {
		frame_t frame = source->frames[i];

		if (!frame)
			continue;
		left--;
		if (!leaf)
			leaf = leaf_make(
				pages, (uint64_t)source->key << LEAF_SHIFT);
		if (!leaf)
			return STATUS_NO_MEMORY;
		status = frame_hold(frame);
		if (status < 0)
			break;
		if (leaf->frames[i]) {
			frame_drop(leaf->frames[i]);
		} else {
			leaf->used++;
			pages->resident++;
		}
		leaf->frames[i] = frame;
	}
	if (leaf && leaf->used == 0)
		leaf_remove(pages, leaf);
	return status;
}

status_t
pages_share(struct pages *pages, const struct pages *from, uint64_t first,
	uint64_t end)
{
	uint32_t at = leaf_search(from, first >> LEAF_SHIFT);

	for (; at < from->count; at++) {
		const struct leaf *leaf = &from->leaves[at];
		uint64_t base = (uint64_t)leaf->key << LEAF_SHIFT;
		status_t status;

		if (base >= end)
			break;
		status = leaf_share(pages, leaf,
			first > base ? first - base : 0,
			end - base < LEAF_PAGES ? end - base : LEAF_PAGES);
		if (status < 0)
			return status;
	}
	return STATUS_OK;
}
