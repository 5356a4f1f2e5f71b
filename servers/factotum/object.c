/* SPDX-License-Identifier: MIT */
/*
 * Objects are found by serial number in a hash table of chains. Windows of
 * windows are flattened when they are made, so one step leads to the pages.
 */
#include "object.h"

#include "heap.h"
#include "invariant.h"
#include "process.h"
#include "slots.h"
#include "supply.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>
#include <string.h>

#define BUCKETS 256

static struct object *buckets[BUCKETS];
static uint64_t last_serial;

struct object *
object_find(uint64_t serial)
{
	struct object *object = buckets[serial % BUCKETS];

	while (object && object->serial != serial)
		object = object->hash_next;
	return object;
}

static struct object *
object_new(struct process *owner, uint64_t size, enum object_kind kind)
{
	struct object *object = heap_alloc(sizeof(*object));

	if (!object)
		return NULL;
	object->serial = ++last_serial;
	object->size = size;
	object->kind = (uint8_t)kind;
	object->rights =
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE | FACTOTUM_PROT_EXEC;
	object->hash_next = buckets[object->serial % BUCKETS];
	buckets[object->serial % BUCKETS] = object;
	object->owner = owner;
	object->held = owner != NULL;
	object->uses = owner ? 0 : 1;
	if (owner) {
		object->owner_next = owner->objects;
		if (owner->objects)
			owner->objects->owner_previous = object;
		owner->objects = object;
	}
	return object;
}

struct object *
object_create(struct process *owner, uint64_t size)
{
	return object_new(owner, size, OBJECT_KIND_ANONYMOUS);
}

struct object *
object_create_supplied(struct process *owner, uint64_t size, uint64_t key)
{
	struct object *object = object_new(owner, size, OBJECT_KIND_SUPPLIED);

	if (object)
		object->key = key;
	return object;
}

static uint64_t
page_count(uint64_t size)
{
	return (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

status_t
object_make_contiguous(struct object *object)
{
	uint64_t count = page_count(object->size);
	frame_t first;

	if (count > UINT32_MAX)
		return STATUS_NO_MEMORY;
	first = frame_alloc_contiguous((unsigned)count);
	if (!first)
		return STATUS_NO_MEMORY;
	frame_clear(frame_cap(first), frame_page(first), count);
	object->contiguous = true;
	for (uint64_t i = 0; i < count; i++) {
		frame_t frame = first + (frame_t)i;

		if (pages_set(&object->pages, i, frame) == STATUS_OK)
			continue;
		for (; i < count; i++)
			frame_drop(first + (frame_t)i);
		return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

struct object *
object_wrap(struct process *owner, cptr_t frame, uint64_t size, bool device)
{
	struct object *object = object_new(owner, size, OBJECT_KIND_PHYSICAL);

	if (!object)
		return NULL;
	object->frame = frame;
	object->device = device;
	object->contiguous = true;
	return object;
}

struct object *
object_window(struct process *owner, struct object *base, uint64_t offset,
	uint64_t size)
{
	struct object *object = object_new(owner, size, OBJECT_KIND_WINDOW);
	struct object *root = base;

	if (!object)
		return NULL;
	object->offset = offset >> PAGE_SHIFT;
	if (base->kind == OBJECT_KIND_WINDOW) {
		root = base->base;
		object->offset += base->offset;
	}
	object->base = root;
	object->rights = base->rights;
	object->device = root->device;
	object->contiguous = root->contiguous;
	object_use(root);
	return object;
}

static void
object_free(struct object *object)
{
	struct object **link = &buckets[object->serial % BUCKETS];
	struct object *base = object->base;

	supply_forget(object);
	while (*link != object)
		link = &(*link)->hash_next;
	*link = object->hash_next;
	pages_drop(&object->pages, 0, UINT64_MAX);
	slot_drop(object->frame);
	heap_free(object, sizeof(*object));
	if (base)
		object_unuse(base);
}

void
object_use(struct object *object)
{
	object->uses++;
}

void
object_unuse(struct object *object)
{
	invariant(object->uses > 0);
	if (--object->uses == 0 && !object->held)
		object_free(object);
}

void
object_release(struct object *object)
{
	if (!object->held)
		return;
	object->held = false;
	if (object->owner_next)
		object->owner_next->owner_previous = object->owner_previous;
	if (object->owner_previous)
		object->owner_previous->owner_next = object->owner_next;
	else
		object->owner->objects = object->owner_next;
	object->owner = NULL;
	supply_forget(object);
	if (object->uses == 0)
		object_free(object);
}

void
objects_release_all(struct process *owner)
{
	while (owner->objects)
		object_release(owner->objects);
}

void
object_set_size(struct object *object, uint64_t size)
{
	uint64_t tail = size & (PAGE_SIZE - 1);
	frame_t frame;

	if (size < object->size) {
		pages_drop(&object->pages, page_count(size), UINT64_MAX);
		frame = tail ? pages_get(&object->pages, size >> PAGE_SHIFT)
			     : 0;
		/* What comes back by growing again must read as zeros. */
		if (frame)
			frame_wipe(frame, tail, PAGE_SIZE - tail);
	}
	object->size = size;
	supply_forget(object);
}

static status_t
anonymous_page(
	struct object *object, uint64_t number, bool make, struct place *place)
{
	frame_t frame = pages_get(&object->pages, number);

	if (!frame && make) {
		frame = frame_alloc_zeroed();
		if (!frame)
			return STATUS_NO_MEMORY;
		if (pages_set(&object->pages, number, frame) < 0) {
			frame_drop(frame);
			return STATUS_NO_MEMORY;
		}
	}
	if (!frame)
		return STATUS_NOT_FOUND;
	place->frame = frame;
	place->cap = frame_cap(frame);
	place->page = frame_page(frame);
	return STATUS_OK;
}

static status_t
supplied_page(const struct object *object, uint64_t number, struct place *place)
{
	frame_t frame = pages_get(&object->pages, number);

	if (!frame)
		return STATUS_NOT_READY;
	place->frame = frame;
	place->cap = frame_cap(frame);
	place->page = frame_page(frame);
	return STATUS_OK;
}

status_t
object_supply(struct object *object, uint64_t number, const void *bytes,
	size_t length)
{
	frame_t frame;

	if (pages_get(&object->pages, number))
		return STATUS_OK;
	frame = frame_alloc();
	if (!frame)
		return STATUS_NO_MEMORY;
	frame_write(frame_cap(frame), frame_page(frame) * PAGE_SIZE, length,
		(uintptr_t)bytes);
	if (length < PAGE_SIZE)
		frame_wipe(frame, length, PAGE_SIZE - length);
	if (pages_set(&object->pages, number, frame) >= 0)
		return STATUS_OK;
	frame_drop(frame);
	return STATUS_NO_MEMORY;
}

status_t
object_page(
	struct object *object, uint64_t number, bool make, struct place *place)
{
	if (number >= page_count(object->size))
		return STATUS_NOT_FOUND;
	if (object->kind == OBJECT_KIND_WINDOW) {
		number += object->offset;
		object = object->base;
		if (number >= page_count(object->size))
			return STATUS_NOT_FOUND;
	}
	if (object->kind == OBJECT_KIND_ANONYMOUS)
		return anonymous_page(object, number, make, place);
	if (object->kind == OBJECT_KIND_SUPPLIED)
		return supplied_page(object, number, place);
	place->frame = 0;
	place->cap = object->frame;
	place->page = number;
	return STATUS_OK;
}

status_t
object_read(struct object *object, uint64_t offset, void *to, size_t length)
{
	uint8_t *next = to;

	if (offset > object->size || length > object->size - offset)
		return STATUS_INVALID_ARGUMENT;
	while (length > 0) {
		uint64_t in_page = offset & (PAGE_SIZE - 1);
		size_t part = PAGE_SIZE - in_page;
		struct place place;
		status_t status;

		if (part > length)
			part = length;
		status = object_page(
			object, offset >> PAGE_SHIFT, false, &place);
		if (status == STATUS_NOT_READY)
			return status;
		if (status < 0)
			memset(next, 0, part);
		else
			frame_read(place.cap, place.page * PAGE_SIZE + in_page,
				part, (uintptr_t)next);
		next += part;
		offset += part;
		length -= part;
	}
	return STATUS_OK;
}

status_t
object_write(
	struct object *object, uint64_t offset, const void *from, size_t length)
{
	const uint8_t *next = from;

	if (offset > object->size || length > object->size - offset)
		return STATUS_INVALID_ARGUMENT;
	while (length > 0) {
		uint64_t in_page = offset & (PAGE_SIZE - 1);
		size_t part = PAGE_SIZE - in_page;
		struct place place;
		status_t status;

		if (part > length)
			part = length;
		status =
			object_page(object, offset >> PAGE_SHIFT, true, &place);
		if (status < 0)
			return status;
		frame_write(place.cap, place.page * PAGE_SIZE + in_page, part,
			(uintptr_t)next);
		next += part;
		offset += part;
		length -= part;
	}
	return STATUS_OK;
}

uint64_t
object_physical(const struct object *object)
{
	const struct object *root = object->base ? object->base : object;
	uint64_t page = object->base ? object->offset : 0;
	cptr_t cap = root->frame;
	uint64_t base = 0;

	if (!root->contiguous)
		return 0;
	if (root->kind == OBJECT_KIND_ANONYMOUS) {
		frame_t frame = pages_get(&root->pages, page);

		if (!frame)
			return 0;
		cap = frame_cap(frame);
		page = frame_page(frame);
	}
	if (frame_info(cap, &base, NULL, NULL) < 0)
		return 0;
	return base + page * PAGE_SIZE;
}

uint64_t
object_resident(const struct object *object)
{
	if (object->kind == OBJECT_KIND_ANONYMOUS ||
		object->kind == OBJECT_KIND_SUPPLIED)
		return object->pages.resident;
	return page_count(object->size);
}
