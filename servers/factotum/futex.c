/* SPDX-License-Identifier: MIT */
/*
 * Sleepers stand in chains by hash of their key, in order of arrival.
 */
#include "futex.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>

#define BUCKETS 256

struct bucket {
	struct thread *first;
	struct thread *last;
};

static struct bucket buckets[BUCKETS];

static struct bucket *
bucket_of(const struct futex_key *key)
{
	uint64_t mix =
		(key->space * 31 + (key->offset >> 2)) * 0x9e3779b97f4a7c15ul;

	return &buckets[mix >> 56];
}

static bool
same(const struct futex_key *first, const struct futex_key *second)
{
	return first->space == second->space &&
		first->offset == second->offset &&
		first->object == second->object;
}

status_t
futex_find(struct space *space, vaddr_t address, uint32_t flags,
	struct futex_key *key)
{
	const struct area *area;

	if (address % 4)
		return STATUS_INVALID_ARGUMENT;
	*key = (struct futex_key){.space = space->serial, .offset = address};
	if (flags & FUTEX_PRIVATE)
		return STATUS_OK;
	area = area_find(space, address);
	if (!area)
		return STATUS_FAULT;
	if (!(area->flags & FACTOTUM_MAP_SHARED))
		return STATUS_OK;
	key->object = true;
	key->space = area->object->serial;
	key->offset = area->offset + (address - area->start);
	if (area->object->base) {
		key->space = area->object->base->serial;
		key->offset += area->object->offset * PAGE_SIZE;
	}
	return STATUS_OK;
}

status_t
futex_load(struct space *space, vaddr_t address, uint32_t *value)
{
	cptr_t frame;
	uint64_t offset, word = 0;

	if (space_locate(space, address, false, &frame, &offset) < 0 ||
		frame_load(frame, offset, 4, &word) < 0)
		return STATUS_FAULT;
	*value = (uint32_t)word;
	return STATUS_OK;
}

void
futex_enqueue(struct thread *thread)
{
	struct bucket *bucket = bucket_of(&thread->park.key);

	thread->park.queue_next = NULL;
	thread->park.queue_previous = bucket->last;
	if (bucket->last)
		bucket->last->park.queue_next = thread;
	else
		bucket->first = thread;
	bucket->last = thread;
}

void
futex_unlink(struct thread *thread)
{
	struct bucket *bucket = bucket_of(&thread->park.key);
	struct park *park = &thread->park;

	if (park->queue_next)
		park->queue_next->park.queue_previous = park->queue_previous;
	else
		bucket->last = park->queue_previous;
	if (park->queue_previous)
		park->queue_previous->park.queue_next = park->queue_next;
	else
		bucket->first = park->queue_next;
}

uint32_t
futex_wake(const struct futex_key *key, uint32_t count, uint32_t bits)
{
	struct thread *thread = bucket_of(key)->first;
	uint32_t woken = 0;

	while (thread && woken < count) {
		struct thread *next = thread->park.queue_next;

		if (same(&thread->park.key, key) && thread->park.bits & bits) {
			thread_answer(thread, STATUS_OK, NULL);
			woken++;
		}
		thread = next;
	}
	return woken;
}

uint32_t
futex_move(const struct futex_key *from, const struct futex_key *to,
	uint32_t count)
{
	struct thread *thread = bucket_of(from)->first;
	uint32_t moved = 0;

	if (same(from, to))
		return 0;
	while (thread && moved < count) {
		struct thread *next = thread->park.queue_next;

		if (same(&thread->park.key, from)) {
			futex_unlink(thread);
			thread->park.key = *to;
			futex_enqueue(thread);
			moved++;
		}
		thread = next;
	}
	return moved;
}

#define OWNER_DIED 0x40000000u
#define WAITERS 0x80000000u
#define OWNER_MASK 0x3fffffffu

void
futex_clear(struct space *space, vaddr_t address)
{
	const uint32_t zero = 0;
	struct futex_key key;

	if (address % 4 || space_write(space, address, &zero, 4) < 0)
		return;
	if (futex_find(space, address, 0, &key) >= 0)
		futex_wake(&key, 1, ~0u);
	/* Waiters may have said that they wait privately. */
	if (futex_find(space, address, FUTEX_PRIVATE, &key) >= 0)
		futex_wake(&key, 1, ~0u);
}

static void
release_one(struct thread *thread, vaddr_t address)
{
	struct space *space = thread->process->space;
	uint32_t word;
	struct futex_key key;

	if (address % 4 || futex_load(space, address, &word) < 0 ||
		(word & OWNER_MASK) != thread->tid)
		return;
	word = (word & WAITERS) | OWNER_DIED;
	space_write(space, address, &word, 4);
	if (word & WAITERS && futex_find(space, address, 0, &key) >= 0)
		futex_wake(&key, 1, ~0u);
}

/* The head: first entry, offset of the futex in an entry, one being taken. */
unsigned
futex_release_robust(struct thread *thread, unsigned most)
{
	struct space *space = thread->process->space;
	vaddr_t head = thread->robust_head;
	uint64_t words[3];
	vaddr_t entry;

	thread->robust_head = 0;
	if (!head || !space || space_read(space, head, words, 24) < 0)
		return most;
	entry = words[0];
	for (; most > 0 && entry && entry != head; most--) {
		vaddr_t next;

		if (space_read(space, entry, &next, 8) < 0)
			return most;
		if (entry != words[2])
			release_one(thread, entry + words[1]);
		entry = next;
	}
	if (words[2])
		release_one(thread, words[2] + words[1]);
	return most;
}
