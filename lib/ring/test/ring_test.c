/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of lib/ring: against a naive queue with random lengths, across
 * two threads, and against a peer that writes anything into the shared
 * memory.  Each random test prints its seed; RING_SEED repeats it.
 */
#include "ring.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { SIZE = 128 + 97, CAPACITY = 97 };

static void *memory;
static struct ring writer, reader;
static uint64_t random_state;

static uint32_t
random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 16) % limit;
}

static void
random_seed(void)
{
	const char *given = getenv("RING_SEED");

	random_state = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	print_message("RING_SEED=%llu\n", (unsigned long long)random_state);
	random_state = random_state * 2654435761u + 1;
}

static int
setup(void **state)
{
	(void)state;
	/* Of exactly this size, so that the sanitizer guards the end. */
	memory = malloc(SIZE);
	assert_non_null(memory);
	assert_int_equal(ring_create(memory, SIZE), RING_OK);
	assert_int_equal(ring_attach(&writer, memory, SIZE, true), RING_OK);
	assert_int_equal(ring_attach(&reader, memory, SIZE, false), RING_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

static void
bytes_come_out_as_they_went_in(void **state)
{
	char out[CAPACITY + 1];

	(void)state;
	assert_int_equal(ring_read(&reader, out, sizeof out), 0);
	assert_int_equal(ring_write(&writer, "hello", 5), 5);
	assert_int_equal(ring_fill(&reader), 5);
	assert_int_equal(ring_read(&reader, out, 2), 2);
	assert_int_equal(ring_read(&reader, out + 2, sizeof out - 2), 3);
	assert_memory_equal(out, "hello", 5);
	assert_int_equal(ring_read(&reader, out, sizeof out), 0);
}

static void
full_ring_takes_no_more_and_counts(void **state)
{
	char in[CAPACITY + 10], out[CAPACITY + 10];

	(void)state;
	memset(in, 'x', sizeof in);
	assert_int_equal(ring_room(&writer), CAPACITY);
	assert_int_equal(ring_write(&writer, in, sizeof in), CAPACITY);
	assert_int_equal(ring_dropped(&reader), 10);
	assert_int_equal(ring_room(&writer), 0);
	assert_int_equal(ring_write(&writer, in, 3), 0);
	assert_int_equal(ring_dropped(&reader), 13);
	assert_int_equal(ring_write_some(&writer, in, 3), 0);
	assert_int_equal(ring_dropped(&reader), 13);
	assert_int_equal(ring_read(&reader, out, sizeof out), CAPACITY);
	assert_memory_equal(in, out, CAPACITY);
}

static void
random_lengths_agree_with_a_queue(void **state)
{
	uint8_t buffer[2 * CAPACITY], next_in = 0, next_out = 0;
	size_t held = 0, count, done, i;
	unsigned round;

	(void)state;
	random_seed();
	for (round = 0; round < 200000; round++) {
		count = random_below(2 * CAPACITY);
		if (random_below(2)) {
			for (i = 0; i < count; i++)
				buffer[i] = (uint8_t)(next_in + i);
			done = ring_write(&writer, buffer, count);
			assert_int_equal(done,
				count < CAPACITY - held ? count
							: CAPACITY - held);
			next_in = (uint8_t)(next_in + done);
			held += done;
		} else {
			done = (size_t)ring_read(&reader, buffer, count);
			assert_int_equal(done, count < held ? count : held);
			for (i = 0; i < done; i++)
				assert_int_equal(buffer[i], next_out++);
			held -= done;
		}
		assert_int_equal(ring_fill(&reader), held);
		assert_int_equal(ring_room(&writer), CAPACITY - held);
	}
}

/* Any piece may be moved, and the successor repeats what was not told. */
static void
transfers_in_place_agree_with_a_queue(void **state)
{
	uint8_t next_in = 0, next_out = 0, *to;
	const uint8_t *from;
	uint32_t count, i, target;
	size_t held = 0;

	(void)state;
	random_seed();
	for (unsigned round = 0; round < 100000; round++) {
		if (random_below(2)) {
			count = random_below(
				(uint32_t)ring_free(&writer, &to) + 1);
			for (i = 0; i < count; i++)
				to[i] = (uint8_t)(next_in + i);
			target = ring_ahead(&writer, writer.index, count);
			if (random_below(4) == 0) {
				ring_attach(&writer, memory, SIZE, true);
				continue;
			}
			ring_writer_move(&writer, target);
			ring_writer_move(&writer, target);
			next_in = (uint8_t)(next_in + count);
			held += count;
		} else {
			count = random_below(
				(uint32_t)ring_filled(&reader, &from) + 1);
			for (i = 0; i < count; i++)
				assert_int_equal(
					from[i], (uint8_t)(next_out + i));
			target = ring_ahead(&reader, reader.index, count);
			if (random_below(4) == 0) {
				ring_attach(&reader, memory, SIZE, false);
				continue;
			}
			ring_reader_move(&reader, target);
			next_out = (uint8_t)(next_out + count);
			held -= count;
		}
		assert_int_equal(ring_fill(&reader), held);
		assert_int_equal(ring_room(&writer), CAPACITY - held);
	}
	assert_true(next_in != 0 || next_out != 0);
}

static void
records_stay_whole(void **state)
{
	char text[CAPACITY], out[CAPACITY];
	struct ring_record record;
	unsigned round, length;
	uint64_t written = 0, read = 0;
	uint32_t dropped = 0;

	(void)state;
	random_seed();
	for (round = 0; round < 50000; round++) {
		length = random_below(40);
		memset(text, 'a' + (int)(written % 26), length);
		if (ring_record_write(
			    &writer, written << 8 | length, text, length))
			written++;
		else
			dropped += length;
		if (random_below(3) == 0)
			continue;
		while (ring_record_read(&reader, &record, out, sizeof out) ==
			1) {
			assert_int_equal(record.time >> 8, read);
			assert_int_equal(record.time & 0xff, record.length);
			memset(text, 'a' + (int)(read % 26), record.length);
			assert_memory_equal(text, out, record.length);
			read++;
		}
		assert_int_equal(read, written);
	}
	assert_int_equal(ring_dropped(&reader), dropped);
	assert_true(written > 1000);
}

static void
long_record_is_cut_to_the_buffer(void **state)
{
	struct ring_record record;
	char out[4];

	(void)state;
	assert_true(ring_record_write(&writer, 1, "abcdef", 6));
	assert_true(ring_record_write(&writer, 2, "gh", 2));
	assert_int_equal(ring_record_read(&reader, &record, out, 4), 1);
	assert_int_equal(record.length, 6);
	assert_memory_equal(out, "abcd", 4);
	assert_int_equal(ring_record_read(&reader, &record, out, 4), 1);
	assert_int_equal(record.time, 2);
	assert_memory_equal(out, "gh", 2);
	assert_int_equal(ring_record_read(&reader, &record, out, 4), 0);
	assert_false(ring_record_write(&writer, 3, out, RING_RECORD_MAX + 1));
	assert_int_equal(ring_dropped(&reader), RING_RECORD_MAX + 1);
}

static void
successor_goes_on_where_the_last_one_stopped(void **state)
{
	char out[8];

	(void)state;
	ring_write(&writer, "abcdef", 6);
	ring_read(&reader, out, 2);
	assert_int_equal(ring_attach(&reader, memory, SIZE, false), RING_OK);
	assert_int_equal(ring_attach(&writer, memory, SIZE, true), RING_OK);
	ring_write(&writer, "gh", 2);
	assert_int_equal(ring_read(&reader, out, sizeof out), 6);
	assert_memory_equal(out, "cdefgh", 6);
}

static void
impossible_indices_are_refused(void **state)
{
	struct ring_shared *shared = memory;
	struct ring other;
	char out[CAPACITY];

	(void)state;
	atomic_store(&shared->head, 2 * CAPACITY);
	assert_int_equal(ring_read(&reader, out, 1), RING_ERR_CORRUPT);
	assert_int_equal(
		ring_attach(&other, memory, SIZE, true), RING_ERR_CORRUPT);
	atomic_store(&shared->head, CAPACITY + 1);
	assert_int_equal(ring_read(&reader, out, 1), RING_ERR_CORRUPT);
	atomic_store(&shared->head, UINT32_MAX);
	assert_int_equal(ring_fill(&reader), RING_ERR_CORRUPT);
	atomic_store(&shared->tail, UINT32_MAX);
	assert_int_equal(ring_room(&writer), 0);
	assert_int_equal(ring_write(&writer, "x", 1), 0);
	atomic_store(&shared->tail, 2 * CAPACITY);
	assert_int_equal(ring_room(&writer), 0);
	atomic_store(&shared->tail, 1);
	assert_int_equal(ring_room(&writer), 0);
}

static void
broken_record_empties_the_ring(void **state)
{
	struct ring_record record;
	uint32_t huge[3] = {UINT32_MAX, 0, 0};
	char out[CAPACITY];

	(void)state;
	ring_write(&writer, huge, sizeof huge);
	assert_int_equal(ring_record_read(&reader, &record, out, sizeof out),
		RING_ERR_CORRUPT);
	assert_int_equal(ring_fill(&reader), 0);
	huge[0] = 1;
	ring_write(&writer, huge, sizeof huge);
	assert_int_equal(ring_record_read(&reader, &record, out, sizeof out),
		RING_ERR_CORRUPT);
	ring_write(&writer, huge, 11);
	assert_int_equal(ring_record_read(&reader, &record, out, sizeof out),
		RING_ERR_CORRUPT);
	assert_true(ring_record_write(&writer, 9, "ok", 2));
	assert_int_equal(
		ring_record_read(&reader, &record, out, sizeof out), 1);
	assert_int_equal(record.time, 9);
}

static void
record_over_the_limit_is_broken_even_if_it_is_there(void **state)
{
	static uint32_t page[1024], text[300];
	struct ring_record record;
	struct ring in, out;
	char buffer[sizeof text];

	(void)state;
	assert_int_equal(ring_create(page, sizeof page), RING_OK);
	ring_attach(&in, page, sizeof page, true);
	ring_attach(&out, page, sizeof page, false);
	text[0] = RING_RECORD_MAX;
	ring_write(&in, text, RING_RECORD_HEADER + RING_RECORD_MAX);
	assert_int_equal(
		ring_record_read(&out, &record, buffer, sizeof buffer), 1);
	text[0] = RING_RECORD_MAX + 1;
	ring_write(&in, text, RING_RECORD_HEADER + RING_RECORD_MAX + 1);
	assert_int_equal(ring_record_read(&out, &record, buffer, sizeof buffer),
		RING_ERR_CORRUPT);
}

/* The sanitizer is the judge: any step outside the block ends the test. */
static void
hostile_peer_cannot_lead_us_outside(void **state)
{
	static const uint32_t odd[] = {0, 1, CAPACITY - 1, CAPACITY,
		CAPACITY + 1, 2 * CAPACITY - 1, 2 * CAPACITY, 0x7fffffff,
		0x80000000, UINT32_MAX};
	uint32_t *word = memory;
	struct ring_record record;
	char buffer[CAPACITY];
	uint32_t value;
	ptrdiff_t got;
	unsigned round;

	(void)state;
	random_seed();
	for (round = 0; round < 300000; round++) {
		value = random_below(2)
			? odd[random_below(sizeof odd / sizeof *odd)]
			: random_below(3 * CAPACITY);
		word[random_below(SIZE / 4)] = value;
		word[random_below(2) ? 0 : 16] = value;
		got = ring_read(&reader, buffer, random_below(CAPACITY + 1));
		assert_true(got <= CAPACITY);
		ring_record_read(
			&reader, &record, buffer, random_below(CAPACITY + 1));
		assert_true(reader.index < 2 * CAPACITY);
		ring_write(&writer, buffer, random_below(CAPACITY + 1));
		ring_record_write(
			&writer, 0, buffer, random_below(CAPACITY + 1));
		assert_true(writer.index < 2 * CAPACITY);
	}
}

static void
wake_is_asked_for_once_per_sleep(void **state)
{
	char out[CAPACITY];

	(void)state;
	assert_false(ring_reader_wake(&writer));
	assert_true(ring_reader_wait(&reader));
	ring_write(&writer, "x", 1);
	assert_true(ring_reader_wake(&writer));
	assert_false(ring_reader_wake(&writer));
	assert_false(ring_reader_wait(&reader));
	assert_false(ring_reader_wake(&writer));
	assert_false(ring_writer_wait(&writer, CAPACITY - 1));
	assert_true(ring_writer_wait(&writer, CAPACITY));
	ring_read(&reader, out, 1);
	assert_true(ring_writer_wake(&reader));
	assert_false(ring_writer_wake(&reader));
}

/* Counting semaphores of one: what a kernel notification is. */
struct bell {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool rung;
};

static struct bell reader_bell = {
	PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
static struct bell writer_bell = {
	PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

static void
bell_ring(struct bell *bell)
{
	pthread_mutex_lock(&bell->mutex);
	bell->rung = true;
	pthread_cond_signal(&bell->changed);
	pthread_mutex_unlock(&bell->mutex);
}

static void
bell_wait(struct bell *bell)
{
	pthread_mutex_lock(&bell->mutex);
	while (!bell->rung)
		pthread_cond_wait(&bell->changed, &bell->mutex);
	bell->rung = false;
	pthread_mutex_unlock(&bell->mutex);
}

enum { STREAM_BYTES = 2000000 };

static void *
stream_write(void *arg)
{
	uint8_t chunk[61];
	uint32_t sent = 0, i, count;

	(void)arg;
	while (sent < STREAM_BYTES) {
		for (i = 0; i < sizeof chunk; i++)
			chunk[i] = (uint8_t)((sent + i) * 31 % 251);
		count = STREAM_BYTES - sent < sizeof chunk
			? STREAM_BYTES - sent
			: (uint32_t)sizeof chunk;
		count = (uint32_t)ring_write_some(&writer, chunk, count);
		sent += count;
		if (count > 0 && ring_reader_wake(&writer))
			bell_ring(&reader_bell);
		if (count == 0 && ring_writer_wait(&writer, 1))
			bell_wait(&writer_bell);
	}
	return NULL;
}

/* Neither a byte nor a wake-up may get lost: the latter would hang here. */
static void
two_threads_pass_a_stream_without_loss(void **state)
{
	uint8_t chunk[83];
	uint32_t seen = 0;
	pthread_t thread;
	ptrdiff_t i, count;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, stream_write, NULL), 0);
	while (seen < STREAM_BYTES) {
		count = ring_read(&reader, chunk, sizeof chunk);
		assert_true(count >= 0);
		for (i = 0; i < count; i++, seen++)
			assert_int_equal(chunk[i], seen * 31 % 251);
		if (count > 0 && ring_writer_wake(&reader))
			bell_ring(&writer_bell);
		if (count == 0 && ring_reader_wait(&reader))
			bell_wait(&reader_bell);
	}
	pthread_join(thread, NULL);
	assert_int_equal(ring_fill(&reader), 0);
}

static void
size_is_checked(void **state)
{
	struct ring ring;

	(void)state;
	assert_int_equal(ring_create(memory, 0), RING_ERR_SIZE);
	assert_int_equal(ring_create(memory, 128 + 63), RING_ERR_SIZE);
	assert_int_equal(ring_create(memory, SIZE_MAX), RING_ERR_SIZE);
	assert_int_equal(ring_attach(&ring, memory, 128, true), RING_ERR_SIZE);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(bytes_come_out_as_they_went_in),
		CASE(full_ring_takes_no_more_and_counts),
		CASE(random_lengths_agree_with_a_queue),
		CASE(transfers_in_place_agree_with_a_queue),
		CASE(records_stay_whole),
		CASE(long_record_is_cut_to_the_buffer),
		CASE(successor_goes_on_where_the_last_one_stopped),
		CASE(impossible_indices_are_refused),
		CASE(broken_record_empties_the_ring),
		CASE(record_over_the_limit_is_broken_even_if_it_is_there),
		CASE(hostile_peer_cannot_lead_us_outside),
		CASE(wake_is_asked_for_once_per_sleep),
		CASE(two_threads_pass_a_stream_without_loss),
		CASE(size_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
