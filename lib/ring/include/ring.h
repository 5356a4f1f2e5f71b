/* SPDX-License-Identifier: MIT */
/*
 * Byte ring in memory that two programs share: one writes, one reads.
 *
 * Carries log output from a service to 9Ball and byte streams between a
 * driver and Gopher.  Neither side trusts the other: each keeps its own
 * index privately, checks the other's on every use, and never touches a
 * byte outside the ring or loops for longer than its own buffer, whatever
 * the other side writes into the shared memory.  The worst that a hostile
 * peer achieves is RING_ERR_CORRUPT or rubbish bytes.
 *
 * Layout of the shared memory (one page or more, no pointers in it):
 *
 *	  0	head		written by the writer
 *	  4	dropped		bytes that found no room, modulo 2^32
 *	  8	writer_waiting	1: wants to be told when there is room
 *	 64	tail		written by the reader
 *	 68	reader_waiting	1: wants to be told when there are bytes
 *	128	data		capacity = size - 128 bytes
 *
 * head and tail run from 0 to 2 x capacity - 1, so that full and empty
 * differ: (head - tail) mod (2 x capacity) bytes are in the ring.
 *
 * Nothing here blocks.  To sleep, a side calls ring_..._wait and then waits
 * for its notification; after each transfer the other side asks
 * ring_..._wake and, if told so, posts that notification.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ring_status {
	RING_OK = 0,
	RING_ERR_CORRUPT = -1, /* the peer wrote what cannot be */
	RING_ERR_SIZE = -2,    /* the memory is too small or too large */
};

/* Bytes of text in one record; longer ones are refused. */
#define RING_RECORD_MAX 1024

/* Bytes that a record takes in the ring besides its text. */
#define RING_RECORD_HEADER 12

struct ring_shared {
	_Atomic uint32_t head;
	_Atomic uint32_t dropped;
	_Atomic uint32_t writer_waiting;
	uint32_t reserved_writer[13];
	_Atomic uint32_t tail;
	_Atomic uint32_t reader_waiting;
	uint32_t reserved_reader[14];
	uint8_t data[];
};

/* One side's private handle. */
struct ring {
	struct ring_shared *shared;
	uint32_t capacity;
	uint32_t index; /* own head or tail, the one that counts */
};

struct ring_record {
	uint64_t time;	 /* nanoseconds, as the writer said */
	uint32_t length; /* of the text, even if more than was copied */
};

/*
 * Make an empty ring of `size` bytes of shared memory, aligned to 4; done
 * once, by its owner, before either side attaches.  RING_OK or _SIZE.
 */
int ring_create(void *memory, size_t size);

/*
 * Take up one side of a ring.  Each side may be taken by one thread at a
 * time; whoever takes it after another goes on where that one stopped.
 * RING_OK, RING_ERR_SIZE, or RING_ERR_CORRUPT when the side's own index in
 * shared memory is impossible.
 */
int ring_attach(struct ring *ring, void *memory, size_t size, bool as_writer);

/*
 * Writer: put in as many of the bytes as find room.  Returns their number.
 * A peer whose tail is impossible has no room.
 */
size_t ring_write_some(struct ring *ring, const void *bytes, size_t count);

/* The same, counting what finds no room in `dropped`: for log output. */
size_t ring_write(struct ring *ring, const void *bytes, size_t count);

/* Writer: bytes of room. */
size_t ring_room(const struct ring *ring);

/* Reader: take up to `size` bytes.  Their number, or RING_ERR_CORRUPT. */
ptrdiff_t ring_read(struct ring *ring, void *buffer, size_t size);

/* Reader: bytes there are to read, or RING_ERR_CORRUPT. */
ptrdiff_t ring_fill(const struct ring *ring);

/*
 * Transfers in place, for a side that may die at any instruction: the bytes
 * are moved first, and one store, ring_reader_move or ring_writer_move, says
 * so to the peer and to whoever takes the side up again.
 */

/* Reader: the next bytes that lie in one piece, or RING_ERR_CORRUPT. */
ptrdiff_t ring_filled(const struct ring *ring, const uint8_t **bytes);

/* Writer: the room that lies in one piece. */
size_t ring_free(const struct ring *ring, uint8_t **bytes);

/* The index `count` bytes after another; count is at most capacity. */
uint32_t ring_ahead(const struct ring *ring, uint32_t index, uint32_t count);

static inline void
ring_reader_move(struct ring *ring, uint32_t index)
{
	atomic_store_explicit(&ring->shared->tail, index, memory_order_release);
	ring->index = index;
}

static inline void
ring_writer_move(struct ring *ring, uint32_t index)
{
	atomic_store_explicit(&ring->shared->head, index, memory_order_release);
	ring->index = index;
}

/*
 * Writer: put in one record, whole or not at all.  False if it did not find
 * room (its length is added to `dropped`) or is over RING_RECORD_MAX.
 * Records and plain bytes do not mix in one ring.
 */
bool ring_record_write(
	struct ring *ring, uint64_t time, const char *text, size_t length);

/*
 * Reader: take one record; of its text at most `size` bytes are copied, the
 * rest is lost.  Returns 1 with *out filled, 0 if there is none, or
 * RING_ERR_CORRUPT, after which everything in the ring has been skipped.
 */
int ring_record_read(
	struct ring *ring, struct ring_record *out, char *buffer, size_t size);

/* Either side: bytes that the writer says were dropped, modulo 2^32. */
uint32_t ring_dropped(const struct ring *ring);

/*
 * Announce that this side is about to sleep.  True: sleep, the peer has been
 * asked to wake us.  False: there is work already (bytes to read; `room`
 * bytes of room), do not sleep.
 */
bool ring_reader_wait(struct ring *ring);

bool ring_writer_wait(struct ring *ring, size_t room);

/*
 * After a transfer: must the peer be woken?  True at most once for each time
 * that it announced its sleep.
 */
bool ring_reader_wake(struct ring *ring);

bool ring_writer_wake(struct ring *ring);
