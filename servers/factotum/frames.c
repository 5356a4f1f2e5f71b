/* SPDX-License-Identifier: MIT */
/*
 * A block is eight pages with a mask of free ones. Blocks stand in one of two
 * lists: `full` (all eight free) and `partial`; blocks in use stand in none.
 * Blocks that were never used are the range of the youngest chunk.
 *
 * Making a chunk needs a little heap, and the heap needs a page: so a chunk
 * is made while LOW pages are still free, and not from within itself.
 */
#include "frames.h"

#include "heap.h"
#include "invariant.h"
#include "memory.h"
#include "slots.h"

#include <glenda/kernel_calls.h>

#define CHUNK_PAGES 512
#define CHUNK_SHIFT 9
#define CHUNK_BLOCKS (CHUNK_PAGES / FRAME_RUN)
#define BLOCK_SHIFT 6
#define CHUNK_MAX 8192
#define LOW 24
#define RESERVE 16
/* The count of a frame: holders, and above them pins. */
#define HOLDERS_MAX 0x1fff
#define PIN (HOLDERS_MAX + 1)
#define PINS_MAX 7

struct block {
	uint32_t next;
	uint32_t previous;
	uint8_t mask; /* bit set: page is free */
	bool fresh;   /* still part of the range */
};

struct chunk {
	cptr_t untyped;
	cptr_t frame;
	uint32_t pages;
	uint32_t used;
	struct block blocks[CHUNK_BLOCKS];
	uint16_t counts[CHUNK_PAGES];
};

static struct chunk first_chunk;
static struct chunk *chunks[CHUNK_MAX];
static uint32_t chunk_count; /* number 0 is never used */
static uint32_t full_head;   /* block numbers, 0 = end */
static uint32_t partial_head;
static uint32_t range_next; /* blocks never used */
static uint32_t range_end;
static uint64_t free_pages;
static uint64_t used_pages;
static bool growing;
static uint64_t floor_pages = RESERVE;

void
frames_set_floor(uint64_t pages)
{
	floor_pages = pages < RESERVE ? RESERVE : pages;
}

void
frames_init(void)
{
	floor_pages = RESERVE;
	chunk_count = 1;
	full_head = partial_head = range_next = range_end = 0;
	free_pages = used_pages = 0;
	growing = false;
}

static struct chunk *
chunk_of(frame_t frame)
{
	return chunks[frame >> CHUNK_SHIFT];
}

static struct block *
block_of(uint32_t number)
{
	return &chunks[number >> BLOCK_SHIFT]
			->blocks[number & (CHUNK_BLOCKS - 1)];
}

static void
list_push(uint32_t *head, uint32_t number)
{
	struct block *block = block_of(number);

	block->previous = 0;
	block->next = *head;
	if (*head)
		block_of(*head)->previous = number;
	*head = number;
}

static void
list_remove(uint32_t *head, uint32_t number)
{
	struct block *block = block_of(number);

	if (block->previous)
		block_of(block->previous)->next = block->next;
	else
		*head = block->next;
	if (block->next)
		block_of(block->next)->previous = block->previous;
}

/* What is left of the range goes to the recycle lists. */
static void
range_retire(void)
{
	for (; range_next < range_end; range_next++) {
		block_of(range_next)->fresh = false;
		list_push(&full_head, range_next);
	}
}

/* An Untyped of the largest size that is to be had, as one Frame. */
static uint32_t
carve_chunk(struct chunk *chunk)
{
	uint32_t pages = CHUNK_PAGES;

	chunk->untyped = slot_take();
	chunk->frame = slot_take();
	if (!chunk->untyped || !chunk->frame)
		return 0;
	while (pages >= FRAME_RUN &&
		memory_carve_slot(OBJECT_UNTYPED, pages, chunk->untyped, 0) < 0)
		pages /= 2;
	if (pages < FRAME_RUN)
		return 0;
	return pages;
}

static bool
chunk_fill(struct chunk *chunk)
{
	cptr_t cnode;
	uint64_t index;
	uint32_t pages = carve_chunk(chunk);

	if (pages > 0) {
		slot_locate(chunk->frame, &cnode, &index);
		if (untyped_retype(chunk->untyped, OBJECT_FRAME, pages, 1,
			    cnode, index, UNTYPED_FLAG_RAW) < 0)
			pages = 0;
	}
	if (pages == 0) {
		slot_drop(chunk->frame);
		slot_drop(chunk->untyped);
		return false;
	}
	chunk->pages = pages;
	chunk->used = 0;
	return true;
}

static uint32_t
chunk_number(void)
{
	for (uint32_t i = 1; i < chunk_count; i++)
		if (!chunks[i])
			return i;
	return chunk_count < CHUNK_MAX ? chunk_count : 0;
}

static void
chunk_add(void)
{
	uint32_t number = chunk_number();
	struct chunk *chunk;

	if (number == 0)
		return;
	chunk = number == 1 ? &first_chunk : heap_alloc(sizeof(*chunk));
	if (!chunk)
		return;
	if (!chunk_fill(chunk)) {
		if (chunk != &first_chunk)
			heap_free(chunk, sizeof(*chunk));
		return;
	}
	chunks[number] = chunk;
	if (number == chunk_count)
		chunk_count++;
	range_retire();
	range_next = number << BLOCK_SHIFT;
	range_end = range_next + chunk->pages / FRAME_RUN;
	for (uint32_t i = range_next; i < range_end; i++) {
		block_of(i)->mask = 0xff;
		block_of(i)->fresh = true;
	}
	free_pages += chunk->pages;
}

static void
replenish(void)
{
	uint64_t before = UINT64_MAX;

	/* One chunk may be less than what is to stay free. */
	while (free_pages <= LOW + floor_pages && !growing &&
		free_pages != before) {
		before = free_pages;
		growing = true;
		chunk_add();
		growing = false;
	}
}

/* A block with all eight pages free, in no list; 0 if there is none. */
static uint32_t
take_full(void)
{
	uint32_t number = full_head;

	if (number) {
		list_remove(&full_head, number);
	} else if (range_next < range_end) {
		number = range_next++;
		block_of(number)->fresh = false;
	}
	return number;
}

static frame_t
take_page(uint32_t number, unsigned page)
{
	frame_t frame = number * FRAME_RUN + page;
	struct block *block = block_of(number);
	struct chunk *chunk = chunk_of(frame);

	block->mask &= (uint8_t) ~(1u << page);
	chunk->counts[frame & (CHUNK_PAGES - 1)] = 1;
	chunk->used++;
	free_pages--;
	used_pages++;
	return frame;
}

frame_t
frame_alloc_reserve(void)
{
	uint32_t number;
	frame_t frame;

	replenish();
	number = partial_head;
	if (number) {
		frame = take_page(number,
			(unsigned)__builtin_ctz(block_of(number)->mask));
		if (block_of(number)->mask == 0)
			list_remove(&partial_head, number);
		return frame;
	}
	number = take_full();
	if (number == 0)
		return 0;
	frame = take_page(number, 0);
	list_push(&partial_head, number);
	return frame;
}

frame_t
frame_alloc(void)
{
	replenish();
	/* The table of a new chunk may cost the last pages of the old ones. */
	if (free_pages <= floor_pages && !growing)
		return 0;
	return frame_alloc_reserve();
}

frame_t
frame_alloc_zeroed(void)
{
	frame_t frame = frame_alloc();

	if (frame && frame_clear(frame_cap(frame), frame_page(frame), 1) < 0) {
		frame_drop(frame);
		return 0;
	}
	return frame;
}

/* All that is free lies scattered: a new chunk has whole blocks. */
static uint32_t
take_full_of_new(void)
{
	if (growing || memory_left() < CHUNK_PAGES * PAGE_SIZE)
		return 0;
	growing = true;
	chunk_add();
	growing = false;
	return take_full();
}

frame_t
frame_alloc_run(void)
{
	uint32_t number;

	replenish();
	if (free_pages < floor_pages + FRAME_RUN)
		return 0;
	number = take_full();
	if (number == 0)
		number = take_full_of_new();
	if (number == 0)
		return 0;
	for (unsigned i = 0; i < FRAME_RUN; i++)
		take_page(number, i);
	return number * FRAME_RUN;
}

/* How many whole free blocks follow each other from `number` on. */
static uint32_t
free_blocks(uint32_t number, uint32_t end)
{
	uint32_t count = 0;

	while (number + count < end && block_of(number + count)->mask == 0xff)
		count++;
	return count;
}

static frame_t
take_blocks(uint32_t number, uint32_t blocks, unsigned count)
{
	range_retire();
	for (uint32_t i = 0; i < blocks; i++) {
		list_remove(&full_head, number + i);
		for (unsigned page = 0; page < FRAME_RUN; page++)
			take_page(number + i, page);
	}
	for (unsigned i = count; i < blocks * FRAME_RUN; i++)
		frame_drop(number * FRAME_RUN + i);
	return number * FRAME_RUN;
}

static frame_t
find_blocks(uint32_t blocks, unsigned count)
{
	for (uint32_t i = 1; i < chunk_count; i++) {
		uint32_t start = i << BLOCK_SHIFT;
		uint32_t end;

		if (!chunks[i])
			continue;
		end = start + chunks[i]->pages / FRAME_RUN;
		while (start < end) {
			uint32_t found = free_blocks(start, end);

			if (found >= blocks)
				return take_blocks(start, blocks, count);
			start += found + 1;
		}
	}
	return 0;
}

frame_t
frame_alloc_contiguous(unsigned count)
{
	uint32_t blocks = (count + FRAME_RUN - 1) / FRAME_RUN;
	frame_t frame;

	if (count == 0 || blocks > CHUNK_BLOCKS)
		return 0;
	replenish();
	if (free_pages >= floor_pages + blocks * FRAME_RUN) {
		frame = find_blocks(blocks, count);
		if (frame)
			return frame;
	}
	if (growing)
		return 0;
	growing = true;
	chunk_add();
	growing = false;
	if (free_pages < floor_pages + blocks * FRAME_RUN)
		return 0;
	return find_blocks(blocks, count);
}

static uint16_t *
count_of(frame_t frame)
{
	return &chunk_of(frame)->counts[frame & (CHUNK_PAGES - 1)];
}

status_t
frame_hold(frame_t frame)
{
	uint16_t *count = count_of(frame);

	invariant(frame_holders(frame) > 0);
	if (frame_holders(frame) == HOLDERS_MAX)
		return STATUS_LIMIT;
	++*count;
	return STATUS_OK;
}

static void
free_page(frame_t frame)
{
	uint32_t number = frame / FRAME_RUN;
	struct block *block = block_of(number);
	uint8_t bit = (uint8_t)(1u << frame % FRAME_RUN);

	invariant(!(block->mask & bit));
	if (block->mask == 0)
		list_push(&partial_head, number);
	block->mask |= bit;
	if (block->mask == 0xff) {
		list_remove(&partial_head, number);
		list_push(&full_head, number);
	}
	chunk_of(frame)->used--;
	free_pages++;
	used_pages--;
}

void
frame_drop(frame_t frame)
{
	invariant(frame_holders(frame) > 0);
	if (--*count_of(frame) == 0)
		free_page(frame);
}

unsigned
frame_holders(frame_t frame)
{
	return *count_of(frame) & HOLDERS_MAX;
}

status_t
frame_pin(frame_t frame)
{
	uint16_t *count = count_of(frame);

	invariant(frame_holders(frame) > 0);
	if (*count / PIN == PINS_MAX)
		return STATUS_LIMIT;
	*count += PIN;
	return STATUS_OK;
}

void
frame_unpin(frame_t frame)
{
	uint16_t *count = count_of(frame);

	invariant(*count >= PIN);
	*count -= PIN;
	if (*count == 0)
		free_page(frame);
}

cptr_t
frame_cap(frame_t frame)
{
	return chunk_of(frame)->frame;
}

uint64_t
frame_page(frame_t frame)
{
	return frame & (CHUNK_PAGES - 1);
}

bool
frame_follows(frame_t first, frame_t second)
{
	return second == first + 1 &&
		first >> CHUNK_SHIFT == second >> CHUNK_SHIFT;
}

uint64_t
frames_used(void)
{
	return used_pages;
}

uint64_t
frames_free(void)
{
	return free_pages;
}

cptr_t
frames_surrender_chunk(void)
{
	for (uint32_t i = 2; i < chunk_count; i++) {
		struct chunk *chunk = chunks[i];
		cptr_t untyped, cnode;
		uint64_t index;

		if (!chunk || chunk->used > 0 ||
			free_pages < chunk->pages + 2 * LOW)
			continue;
		range_retire();
		for (uint32_t b = 0; b < chunk->pages / FRAME_RUN; b++)
			list_remove(&full_head, (i << BLOCK_SHIFT) + b);
		free_pages -= chunk->pages;
		untyped = chunk->untyped;
		slot_locate(untyped, &cnode, &index);
		cnode_revoke(cnode, index);
		slot_give(chunk->frame);
		chunks[i] = NULL;
		heap_free(chunk, sizeof(*chunk));
		return untyped;
	}
	return 0;
}

void
frame_wipe(frame_t frame, uint64_t offset, size_t length)
{
	static uint64_t zeros[PAGE_SIZE / sizeof(uint64_t) + 1];

	while (length > 0) {
		size_t part = length < PAGE_SIZE ? length : PAGE_SIZE;
		/* Both sides alike, so that words are copied. */
		uintptr_t from = (uintptr_t)zeros + offset % sizeof(*zeros);

		frame_write(frame_cap(frame),
			frame_page(frame) * PAGE_SIZE + offset, part, from);
		offset += part;
		length -= part;
	}
}
