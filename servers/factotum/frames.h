/* SPDX-License-Identifier: MIT */
/*
 * The page frame allocator (row A2): a range that was never used, and recycle
 * lists of blocks of eight pages with something free in them. Allocating and
 * freeing take constant time; a page freed twice breaks an invariant;
 * exhaustion is 0, with a reserve that only Factotum's own tables may use.
 *
 * Memory comes in chunks of up to 512 pages, each under one Frame capability
 * and one Untyped of its own. A frame is named by a small number, 0 is none.
 * Every frame in use has a count of holders (copy on write).
 */
#pragma once

#include <glenda/types.h>

typedef uint32_t frame_t;

#define PAGE_SIZE 4096ul
#define PAGE_SHIFT 12
#define FRAME_RUN 8

/* Forget everything; the first chunk is made by the first allocation. */
void frames_init(void);

/*
 * Leave so many pages alone from here on: what the one who is served now may
 * not take, so that others go on when it takes all it can get.
 */
void frames_set_floor(uint64_t pages);

/* One page with undefined contents, or with zeros; one holder. 0: none. */
frame_t frame_alloc(void);
frame_t frame_alloc_zeroed(void);

/* As frame_alloc, down to the last page. */
frame_t frame_alloc_reserve(void);

/* Eight pages in a row, contents undefined, each with one holder; or 0. */
frame_t frame_alloc_run(void);

/* `count` pages in a row, at most a chunk; or 0. Time: linear in memory. */
frame_t frame_alloc_contiguous(unsigned count);

/* One more holder. LIMIT when there are as many as can be counted. */
status_t frame_hold(frame_t frame);

/* One holder less; the last one frees it. */
void frame_drop(frame_t frame);

unsigned frame_holders(frame_t frame);

/*
 * The kernel writes to it by itself (a UTCB): keep it from other uses even
 * when nobody holds it any more. LIMIT after seven pins.
 */
status_t frame_pin(frame_t frame);
void frame_unpin(frame_t frame);

/* The Frame capability that covers it, and its page number in there. */
cptr_t frame_cap(frame_t frame);
uint64_t frame_page(frame_t frame);

/* Are these neighbours under one capability? */
bool frame_follows(frame_t first, frame_t second);

/* Pages in use, and free ones in chunks. */
uint64_t frames_used(void);
uint64_t frames_free(void);

/*
 * Give up a chunk that is all free: its Untyped, empty again, now the
 * caller's; 0 if there is none.
 */
cptr_t frames_surrender_chunk(void);

/* Put zeros into `length` bytes at byte `offset` of one page. */
void frame_wipe(frame_t frame, uint64_t offset, size_t length);
