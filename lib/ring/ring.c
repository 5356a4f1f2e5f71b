/* SPDX-License-Identifier: MIT */
/*
 * Single-producer single-consumer byte ring.  Invariants: ring->index is
 * below 2 x capacity and is never read back from shared memory; a fill that
 * was computed is at most capacity, else it is not used; data is copied out
 * before it is looked at, so that the peer cannot change it meanwhile.
 *
 * Order: the writer stores head (release) after the data, the reader stores
 * tail (release) after it has copied; each loads the other's with acquire.
 */
#include "ring.h"

#include <string.h>

#define CAPACITY_MAX 0x40000000u

_Static_assert(offsetof(struct ring_shared, tail) == 64, "layout");
_Static_assert(offsetof(struct ring_shared, data) == 128, "layout");

static bool
size_is_good(size_t size)
{
	return size >= sizeof(struct ring_shared) + 64 &&
		size - sizeof(struct ring_shared) <= CAPACITY_MAX;
}

int
ring_create(void *memory, size_t size)
{
	struct ring_shared *shared = memory;

	if (!size_is_good(size))
		return RING_ERR_SIZE;
	memset(memory, 0, sizeof *shared);
	atomic_init(&shared->head, 0);
	atomic_init(&shared->tail, 0);
	return RING_OK;
}

int
ring_attach(struct ring *ring, void *memory, size_t size, bool as_writer)
{
	struct ring_shared *shared = memory;

	if (!size_is_good(size))
		return RING_ERR_SIZE;
	ring->shared = shared;
	ring->capacity = (uint32_t)(size - sizeof *shared);
	ring->index =
		atomic_load_explicit(as_writer ? &shared->head : &shared->tail,
			memory_order_acquire);
	return ring->index < 2 * ring->capacity ? RING_OK : RING_ERR_CORRUPT;
}

/* Bytes between two indices, or more than capacity if they cannot be. */
static uint32_t
fill_between(const struct ring *ring, uint32_t head, uint32_t tail)
{
	if (head >= 2 * ring->capacity || tail >= 2 * ring->capacity)
		return UINT32_MAX;
	return head >= tail ? head - tail : head + 2 * ring->capacity - tail;
}

static uint32_t
index_after(const struct ring *ring, uint32_t index, uint32_t count)
{
	index += count;
	return index >= 2 * ring->capacity ? index - 2 * ring->capacity : index;
}

static uint32_t
offset_of(const struct ring *ring, uint32_t index)
{
	return index >= ring->capacity ? index - ring->capacity : index;
}

/* Copy in at an index, around the end; count is at most capacity. */
static void
copy_in(struct ring *ring, uint32_t index, const void *bytes, uint32_t count)
{
	uint32_t offset = offset_of(ring, index);
	uint32_t first = ring->capacity - offset;

	if (count == 0)
		return;
	if (first > count)
		first = count;
	memcpy(ring->shared->data + offset, bytes, first);
	memcpy(ring->shared->data, (const uint8_t *)bytes + first,
		count - first);
}

static void
copy_out(const struct ring *ring, uint32_t index, void *buffer, uint32_t count)
{
	uint32_t offset = offset_of(ring, index);
	uint32_t first = ring->capacity - offset;

	if (count == 0)
		return;
	if (first > count)
		first = count;
	memcpy(buffer, ring->shared->data + offset, first);
	memcpy((uint8_t *)buffer + first, ring->shared->data, count - first);
}

static void
head_publish(struct ring *ring, uint32_t count)
{
	ring_writer_move(ring, index_after(ring, ring->index, count));
}

static void
tail_publish(struct ring *ring, uint32_t count)
{
	ring_reader_move(ring, index_after(ring, ring->index, count));
}

/* Only the writer changes the count, so it need not be one step. */
static void
dropped_add(struct ring *ring, size_t count)
{
	uint32_t old = ring_dropped(ring);

	atomic_store_explicit(&ring->shared->dropped, old + (uint32_t)count,
		memory_order_relaxed);
}

size_t
ring_room(const struct ring *ring)
{
	uint32_t tail =
		atomic_load_explicit(&ring->shared->tail, memory_order_acquire);
	uint32_t fill = fill_between(ring, ring->index, tail);

	return fill > ring->capacity ? 0 : ring->capacity - fill;
}

size_t
ring_write_some(struct ring *ring, const void *bytes, size_t count)
{
	size_t room = ring_room(ring);

	if (count > room)
		count = room;
	if (count == 0)
		return 0;
	copy_in(ring, ring->index, bytes, (uint32_t)count);
	head_publish(ring, (uint32_t)count);
	return count;
}

size_t
ring_write(struct ring *ring, const void *bytes, size_t count)
{
	size_t done = ring_write_some(ring, bytes, count);

	if (done < count)
		dropped_add(ring, count - done);
	return done;
}

ptrdiff_t
ring_fill(const struct ring *ring)
{
	uint32_t head =
		atomic_load_explicit(&ring->shared->head, memory_order_acquire);
	uint32_t fill = fill_between(ring, head, ring->index);

	return fill > ring->capacity ? RING_ERR_CORRUPT : (ptrdiff_t)fill;
}

ptrdiff_t
ring_read(struct ring *ring, void *buffer, size_t size)
{
	ptrdiff_t fill = ring_fill(ring);

	if (fill <= 0 || size == 0)
		return fill < 0 ? fill : 0;
	if (size > (size_t)fill)
		size = (size_t)fill;
	copy_out(ring, ring->index, buffer, (uint32_t)size);
	tail_publish(ring, (uint32_t)size);
	return (ptrdiff_t)size;
}

/* Of `count` bytes from the own index on, those before the data's end. */
static uint32_t
in_one_piece(const struct ring *ring, uint32_t count)
{
	uint32_t left = ring->capacity - offset_of(ring, ring->index);

	return count < left ? count : left;
}

ptrdiff_t
ring_filled(const struct ring *ring, const uint8_t **bytes)
{
	ptrdiff_t fill = ring_fill(ring);

	*bytes = ring->shared->data + offset_of(ring, ring->index);
	return fill < 0 ? fill : (ptrdiff_t)in_one_piece(ring, (uint32_t)fill);
}

size_t
ring_free(const struct ring *ring, uint8_t **bytes)
{
	*bytes = ring->shared->data + offset_of(ring, ring->index);
	return in_one_piece(ring, (uint32_t)ring_room(ring));
}

uint32_t
ring_ahead(const struct ring *ring, uint32_t index, uint32_t count)
{
	return index_after(ring, index, count);
}

bool
ring_record_write(
	struct ring *ring, uint64_t time, const char *text, size_t length)
{
	uint32_t length32 = (uint32_t)length;
	uint8_t header[RING_RECORD_HEADER];

	if (length > RING_RECORD_MAX ||
		ring_room(ring) < RING_RECORD_HEADER + length) {
		dropped_add(ring, length);
		return false;
	}
	memcpy(header, &length32, 4);
	memcpy(header + 4, &time, 8);
	copy_in(ring, ring->index, header, RING_RECORD_HEADER);
	copy_in(ring, index_after(ring, ring->index, RING_RECORD_HEADER), text,
		length32);
	head_publish(ring, RING_RECORD_HEADER + length32);
	return true;
}

int
ring_record_read(
	struct ring *ring, struct ring_record *out, char *buffer, size_t size)
{
	ptrdiff_t fill = ring_fill(ring);
	uint8_t header[RING_RECORD_HEADER];

	if (fill <= 0)
		return fill < 0 ? RING_ERR_CORRUPT : 0;
	if (fill < RING_RECORD_HEADER) {
		tail_publish(ring, (uint32_t)fill);
		return RING_ERR_CORRUPT;
	}
	copy_out(ring, ring->index, header, RING_RECORD_HEADER);
	memcpy(&out->length, header, 4);
	memcpy(&out->time, header + 4, 8);
	if (out->length > RING_RECORD_MAX ||
		out->length > (size_t)fill - RING_RECORD_HEADER) {
		tail_publish(ring, (uint32_t)fill);
		return RING_ERR_CORRUPT;
	}
	copy_out(ring, index_after(ring, ring->index, RING_RECORD_HEADER),
		buffer, size < out->length ? (uint32_t)size : out->length);
	tail_publish(ring, RING_RECORD_HEADER + out->length);
	return 1;
}

uint32_t
ring_dropped(const struct ring *ring)
{
	return atomic_load_explicit(
		&ring->shared->dropped, memory_order_relaxed);
}

/*
 * Sleeping: the one side stores its flag, then looks for work; the other
 * provides work, then looks at the flag.  With a full fence between on both
 * sides at least one sees the other, so no wake-up is lost.
 */
bool
ring_reader_wait(struct ring *ring)
{
	_Atomic uint32_t *flag = &ring->shared->reader_waiting;

	atomic_store_explicit(flag, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	if (ring_fill(ring) == 0)
		return true;
	atomic_store_explicit(flag, 0, memory_order_relaxed);
	return false;
}

bool
ring_writer_wait(struct ring *ring, size_t room)
{
	_Atomic uint32_t *flag = &ring->shared->writer_waiting;

	atomic_store_explicit(flag, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	if (ring_room(ring) < room)
		return true;
	atomic_store_explicit(flag, 0, memory_order_relaxed);
	return false;
}

static bool
flag_take(_Atomic uint32_t *flag)
{
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load_explicit(flag, memory_order_relaxed) == 0)
		return false;
	return atomic_exchange_explicit(flag, 0, memory_order_acq_rel) != 0;
}

bool
ring_reader_wake(struct ring *ring)
{
	return flag_take(&ring->shared->reader_waiting);
}

bool
ring_writer_wake(struct ring *ring)
{
	return flag_take(&ring->shared->writer_waiting);
}
