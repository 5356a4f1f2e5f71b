/* SPDX-License-Identifier: MIT */
/*
 * A sparse table from page numbers to frames: the private pages of an address
 * space, and the pages of an anonymous memory object. Each entry is one
 * holder of its frame. Leaves of 64 pages stand in an array by rising number,
 * so that walking what is there costs what is there.
 */
#pragma once

#include "frames.h"

struct leaf {
	uint32_t key; /* page number / 64 */
	uint32_t used;
	frame_t *frames;
};

struct pages {
	struct leaf *leaves;
	uint32_t count;
	uint32_t capacity;
	uint64_t resident;
};

/* The frame of a page, 0 if there is none. */
frame_t pages_get(const struct pages *pages, uint64_t number);

/*
 * Enter a frame, whose hold passes to the table; what stood there is dropped.
 * NO_MEMORY: nothing changed, the hold stays the caller's.
 */
status_t pages_set(struct pages *pages, uint64_t number, frame_t frame);

/* Take a frame out with its hold; 0 if there was none. */
frame_t pages_take(struct pages *pages, uint64_t number);

/*
 * Find the first page in [*number, end). True: *number and *frame tell it.
 */
bool pages_next(const struct pages *pages, uint64_t *number, uint64_t end,
	frame_t *frame);

/* Drop all pages in [first, end). */
void pages_drop(struct pages *pages, uint64_t first, uint64_t end);

/* Drop up to `budget` leaves from the end; true when nothing is left. */
bool pages_dismantle(struct pages *pages, unsigned budget);

/*
 * Enter all pages of `from` in [first, end) here too, each with one holder
 * more. On an error some are entered.
 */
status_t pages_share(struct pages *pages, const struct pages *from,
	uint64_t first, uint64_t end);
