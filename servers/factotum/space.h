/* SPDX-License-Identifier: MIT */
/*
 * Address spaces (rows A5, A6, F2, F12): an ordered set of areas over a
 * VSpace. An area is a run of pages with one permission: anonymous, or a
 * window of a memory object, private or shared.
 *
 * What a private area has of its own stands in the space's sparse table
 * `own`, by page number: there a frame with one holder may be written in
 * place, one with several is copied first. Pages of objects stand with the
 * object and are never entered there. So areas split and merge without
 * touching pages, and a fork shares what is there by counting.
 *
 * Invariants: areas are sorted, page aligned and disjoint; every page mapped
 * in the VSpace lies in an area with `touched` set and is mapped with no
 * right that the area lacks; a frame with several holders, or of an object
 * shown privately, is never mapped writable.
 */
#pragma once

#include "object.h"

#include <glenda/layout.h>

#define USER_START 0x1000ul
#define AREAS_MAX 65530

struct area {
	vaddr_t start;
	vaddr_t end;
	struct object *object; /* NULL: anonymous and private */
	uint64_t offset;       /* of `start` in the object, bytes */
	vaddr_t file_end;      /* private: zeros from this address on */
	uint32_t flags;	       /* FACTOTUM_MAP_ bits */
	uint8_t prot;	       /* FACTOTUM_PROT_ bits */
	bool touched;	       /* something may be mapped */
};

struct space {
	cptr_t vspace;
	uint32_t tables; /* list of PageTables that hang in it */
	uint32_t table_count;
	uint32_t users;	 /* processes in it (vfork: two) */
	bool forked;	 /* frames may have several holders */
	uint64_t serial; /* never reused: key of private futexes */
	struct area *areas;
	uint32_t count;
	uint32_t capacity;
	struct pages own;
	vaddr_t missing; /* page that a supplier must bring: NOT_READY */
	vaddr_t brk_start;
	vaddr_t brk;
	struct space *next; /* all spaces; when dying, the queue */
	struct space *previous;
};

/* Why an access failed. */
enum access_fault {
	ACCESS_NO_AREA = -1001,	  /* nothing there */
	ACCESS_FORBIDDEN = -1002, /* the area does not permit it */
	ACCESS_BEYOND = -1003,	  /* past the end of the object */
};

/* Does [start, start + length) lie within the user's half, aligned? */
bool range_valid(vaddr_t start, uint64_t length);

/* ---- area.c: the ordered set ---- */

/* The area that contains an address, or NULL. */
struct area *area_find(const struct space *space, vaddr_t address);

/* Index of the first area that ends behind `address`. */
uint32_t area_search(const struct space *space, vaddr_t address);

/*
 * Add an area where nothing is; it joins its neighbours where they are
 * alike. Takes one use of the object. NO_MEMORY.
 */
status_t area_insert(struct space *space, const struct area *area);

/*
 * Split so that no area crosses `start` or `end`. *first is the index of the
 * first area in the range. NO_MEMORY: nothing changed that matters.
 */
status_t area_isolate(
	struct space *space, vaddr_t start, vaddr_t end, uint32_t *first);

/* Forget areas [first, first + count), with their uses of objects. */
void area_remove(struct space *space, uint32_t first, uint32_t count);

/* Join alike neighbours around the areas [first, first + count). */
void area_join(struct space *space, uint32_t first, uint32_t count);

/* Is nothing in the range? Is all of it covered? */
bool area_vacant(const struct space *space, vaddr_t start, vaddr_t end);
bool area_covered(const struct space *space, vaddr_t start, vaddr_t end);

/* The highest gap of `length` bytes within [low, high), or 0. */
vaddr_t area_gap(
	const struct space *space, uint64_t length, vaddr_t low, vaddr_t high);

/* ---- space.c ---- */

/* Forget all spaces. */
void spaces_init(void);

/* An empty space with one user, or NULL. */
struct space *space_create(void);

/* One user more; one less: the last one queues it for dismantling. */
void space_hold(struct space *space);
void space_drop(struct space *space);

/* One step of dismantling dead spaces; true when more is left. */
bool spaces_reap(void);

/* Take apart one VSpace that is kept for reuse; false when none is. */
bool spaces_cool(void);

/* Hang a page table into the next missing level on the way to `address`. */
bool space_add_table(struct space *space, vaddr_t address);

/* Every space that is alive, for those who must look at all. */
struct space *spaces_first(void);

/*
 * Map `count` pages of a Frame run, making tables as needed. `rights` are
 * RIGHT_ bits and VSPACE_FLAG_ bits.
 */
status_t space_install(struct space *space, vaddr_t address, cptr_t frame,
	uint64_t page, uint64_t count, uint64_t rights);

/* What is mapped under a permission: writing implies reading. */
uint64_t prot_rights(uint8_t prot);

/* Remove everything in the range. NO_MEMORY when a split needs memory. */
status_t space_unmap(struct space *space, vaddr_t start, vaddr_t end);

/* NOT_MAPPED, NO_RIGHT, NO_MEMORY: nothing changed. */
status_t space_protect(
	struct space *space, vaddr_t start, vaddr_t end, uint8_t prot);

/* Move the break; the result through *end. */
status_t space_sbrk(struct space *space, int64_t increment, vaddr_t *end);

/* Pages of private areas are forgotten: zero, or the file's, from now on. */
status_t space_forget(struct space *space, vaddr_t start, vaddr_t end);

/* The object's pages from `size` on are going: unmap them everywhere. */
void spaces_truncate(struct object *object, uint64_t size);

struct remap {
	vaddr_t address;
	uint64_t old_length;
	uint64_t new_length;
	uint32_t flags; /* 1 may move, 2 fixed at new_address */
	vaddr_t new_address;
};

/* Grow, shrink or move one area; *address is where it stands now. */
status_t space_remap(
	struct space *space, const struct remap *remap, vaddr_t *address);

/*
 * A copy with copy on write. Writable SHIM areas are copied at once, and only
 * those that contain the UTCB or the process page: kits of other threads are
 * of no use to a child that has but one. Of the UTCB's area, pages between
 * that of the UTCB and `stack` stay behind, if it lies there. NULL: no memory.
 */
struct kept {
	vaddr_t utcb;
	vaddr_t stack; /* lowest address in use, or 0 */
	vaddr_t process_page;
};

struct space *space_clone(struct space *parent, const struct kept *kept);

/*
 * Bring the pages of one area into another space, which has the like area:
 * `copy` copies them, else both share them until one writes.
 */
status_t space_bring(struct space *space, struct space *from,
	const struct area *area, bool copy);

/* ---- fault.c ---- */

/*
 * Serve a fault at `address`: `access` is 1 read, 2 write, 4 execute. OK, an
 * enum access_fault, NO_MEMORY; NOT_READY: `missing` must be supplied first.
 */
status_t space_fault(struct space *space, vaddr_t address, unsigned access);

/* Make a range present. As space_fault. */
status_t space_populate(
	struct space *space, vaddr_t start, uint64_t length, bool write);

/*
 * The frame and byte offset behind an address, made present and, with
 * `write`, the space's own. As space_fault.
 */
status_t space_locate(struct space *space, vaddr_t address, bool write,
	cptr_t *frame, uint64_t *offset);

/*
 * Make the page of a UTCB present and pin its frame, which must be private
 * and writable: an enum access_fault, NO_MEMORY, LIMIT.
 */
status_t space_pin(struct space *space, vaddr_t address, frame_t *pinned);

/*
 * Copy bytes out of and into the space, whatever the areas permit: but what
 * is shared with others is written only where they may.
 */
status_t space_read(
	struct space *space, vaddr_t address, void *to, size_t length);
status_t space_write(
	struct space *space, vaddr_t address, const void *from, size_t length);
