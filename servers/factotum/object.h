/* SPDX-License-Identifier: MIT */
/*
 * Memory objects: what areas show. An object is anonymous (zero pages made
 * when they are touched), physical (a Frame run that somebody handed over:
 * boot archive, device registers), supplied (file pages, absent until their
 * supplier brings them: supply.h), or a window of another object.
 *
 * An object lives while it is held (by the process that made it, until that
 * releases it or dies) or used (by areas that show it, windows of it,
 * Factotum itself). Clients name it by a badge: serial | rights << 56.
 */
#pragma once

#include "pages.h"

struct process;

enum object_kind {
	OBJECT_KIND_ANONYMOUS,
	OBJECT_KIND_PHYSICAL,
	OBJECT_KIND_WINDOW,
	OBJECT_KIND_SUPPLIED,
};

struct object {
	uint64_t serial;
	uint64_t size; /* bytes */
	uint32_t uses;
	uint8_t kind;	/* enum object_kind */
	uint8_t rights; /* prot bits, the most it permits */
	bool held;
	bool device;
	bool contiguous;
	struct object *base; /* of a window */
	uint64_t offset;     /* of a window, in pages */
	struct pages pages;  /* of an anonymous or supplied one */
	cptr_t frame;	     /* of a physical one: owned slot */
	uint64_t key;	     /* of a supplied one: its supplier's name for it */
	bool rung;	     /* the supplier was told that pages are needed */
	struct object *hash_next;
	struct process *owner; /* who holds it */
	struct object *owner_next;
	struct object *owner_previous;
};

/* Where a page of an object stands. */
struct place {
	cptr_t cap;
	uint64_t page;
	frame_t frame; /* 0 when physical */
};

/* The object with this serial number, or NULL. */
struct object *object_find(uint64_t serial);

/*
 * A new anonymous object of `size` bytes, held by `owner` (NULL: only used
 * by us, one use counted). NULL when there is no memory.
 */
struct object *object_create(struct process *owner, uint64_t size);

/* One whose pages `owner` supplies; `key` is told with each notice. */
struct object *object_create_supplied(
	struct process *owner, uint64_t size, uint64_t key);

/*
 * Put `length` bytes, at most a page, into an absent page of a supplied
 * object, zeros behind them. A page that is there stays as it is. NO_MEMORY.
 */
status_t object_supply(struct object *object, uint64_t number,
	const void *bytes, size_t length);

/* Give all pages of a new object at once, in a row: for devices. */
status_t object_make_contiguous(struct object *object);

/* Wrap a Frame run; the slot passes to the object. */
struct object *object_wrap(
	struct process *owner, cptr_t frame, uint64_t size, bool device);

/* A window: `offset` and `size` in bytes, within the object. */
struct object *object_window(struct process *owner, struct object *base,
	uint64_t offset, uint64_t size);

/* One use more or less; the last one frees it if it is not held. */
void object_use(struct object *object);
void object_unuse(struct object *object);

/* The holder lets go. */
void object_release(struct object *object);

/* All objects that a process holds are released. */
void objects_release_all(struct process *owner);

/* Cut or extend an anonymous object; pages beyond the end are dropped. */
void object_set_size(struct object *object, uint64_t size);

/*
 * Find page `number`. With `make` a missing page of an anonymous object is
 * made. NOT_FOUND: beyond the end, or missing. NOT_READY: missing, to be
 * supplied. NO_MEMORY.
 */
status_t object_page(
	struct object *object, uint64_t number, bool make, struct place *place);

/* Copy bytes out of the object; missing pages read as zeros. NOT_READY. */
status_t object_read(
	struct object *object, uint64_t offset, void *to, size_t length);

/* Copy bytes into an anonymous object. */
status_t object_write(struct object *object, uint64_t offset, const void *from,
	size_t length);

/* Physical address of the first page when all are in a row, else 0. */
uint64_t object_physical(const struct object *object);

/* Pages present. */
uint64_t object_resident(const struct object *object);
