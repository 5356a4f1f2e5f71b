/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of lib/logbuf: the promise about the newest bytes of a service,
 * order and completeness of what is read, and a random comparison with a
 * naive model that keeps every line in one list.  The random test prints its
 * seed; LOGBUF_SEED repeats it.
 */
#include "logbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct logbuf log_store;
static void *memory;
static uint64_t random_state;

static uint32_t
random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 16) % limit;
}

static int
setup(void **state)
{
	(void)state;
	memory = malloc(LOGBUF_MEMORY);
	assert_int_equal(
		logbuf_create(&log_store, memory, LOGBUF_MEMORY), LOGBUF_OK);
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
services_add(unsigned count)
{
	char name[20];
	unsigned i;

	for (i = 0; i < count; i++) {
		sprintf(name, "service%u", i);
		assert_int_equal(logbuf_service_add(&log_store, name), i);
	}
}

static void
lines_come_back_in_order_of_time(void **state)
{
	struct logbuf_cursor cursor;
	struct logbuf_line line;
	char text[LOGBUF_LINE_MAX];

	(void)state;
	services_add(2);
	assert_int_equal(logbuf_write(&log_store, 1, 10, "one", 3), 0);
	assert_int_equal(logbuf_write(&log_store, 0, 20, "two", 3), 0);
	assert_int_equal(logbuf_write(&log_store, 1, 20, "", 0), 0);
	logbuf_cursor_start(&log_store, LOGBUF_ALL, &cursor);
	assert_true(logbuf_read(&log_store, &cursor, &line, text, 512));
	assert_int_equal(line.service, 1);
	assert_int_equal(line.time, 10);
	assert_int_equal(line.length, 3);
	assert_false(line.continues);
	assert_memory_equal(text, "one", 3);
	assert_true(logbuf_read(&log_store, &cursor, &line, text, 2));
	assert_int_equal(line.service, 0);
	assert_int_equal(line.length, 3);
	assert_memory_equal(text, "tw", 2);
	assert_true(logbuf_read(&log_store, &cursor, &line, text, 512));
	assert_int_equal(line.service, 1);
	assert_int_equal(line.length, 0);
	assert_false(logbuf_read(&log_store, &cursor, &line, text, 512));
	logbuf_write(&log_store, 0, 5, "late", 4);
	assert_true(logbuf_read(&log_store, &cursor, &line, text, 512));
	assert_int_equal(line.time, 20);
	assert_memory_equal(text, "late", 4);
	assert_int_equal(cursor.missed, 0);
	logbuf_cursor_start(&log_store, 1, &cursor);
	assert_true(logbuf_read(&log_store, &cursor, &line, text, 512));
	assert_true(logbuf_read(&log_store, &cursor, &line, text, 512));
	assert_false(logbuf_read(&log_store, &cursor, &line, text, 512));
}

static void
services_are_named_once(void **state)
{
	char name[LOGBUF_NAME_MAX + 2];

	(void)state;
	assert_int_equal(logbuf_service_add(&log_store, "gopher"), 0);
	assert_int_equal(logbuf_service_add(&log_store, "gopher2"), 1);
	assert_int_equal(logbuf_service_add(&log_store, "gopher"), 0);
	assert_string_equal(logbuf_service_name(&log_store, 1), "gopher2");
	assert_null(logbuf_service_name(&log_store, 2));
	assert_null(logbuf_service_name(&log_store, -1));
	assert_int_equal(logbuf_service_add(&log_store, ""), LOGBUF_ERR_NAME);
	memset(name, 'x', sizeof name);
	name[LOGBUF_NAME_MAX + 1] = '\0';
	assert_int_equal(logbuf_service_add(&log_store, name), LOGBUF_ERR_NAME);
	name[LOGBUF_NAME_MAX] = '\0';
	assert_int_equal(logbuf_service_add(&log_store, name), 2);
	assert_int_equal(
		logbuf_write(&log_store, 3, 0, "x", 1), LOGBUF_ERR_SERVICE);
	assert_int_equal(
		logbuf_write(&log_store, -1, 0, "x", 1), LOGBUF_ERR_SERVICE);
}

static void
there_are_no_more_than_24_services(void **state)
{
	(void)state;
	services_add(LOGBUF_SERVICES);
	assert_int_equal(logbuf_service_add(&log_store, "service3"), 3);
	assert_int_equal(
		logbuf_service_add(&log_store, "another"), LOGBUF_ERR_FULL);
}

static void
long_line_is_stored_in_parts(void **state)
{
	struct logbuf_cursor cursor;
	struct logbuf_line line;
	char in[2 * LOGBUF_LINE_MAX + 100], out[LOGBUF_LINE_MAX];
	size_t i, at = 0;

	(void)state;
	services_add(1);
	for (i = 0; i < sizeof in; i++)
		in[i] = (char)('a' + i % 26);
	logbuf_write(&log_store, 0, 1, in, sizeof in);
	logbuf_cursor_start(&log_store, 0, &cursor);
	for (i = 0; i < 3; i++) {
		assert_true(logbuf_read(
			&log_store, &cursor, &line, out, sizeof out));
		assert_int_equal(line.continues, i < 2);
		assert_memory_equal(in + at, out, line.length);
		at += line.length;
	}
	assert_int_equal(at, sizeof in);
	logbuf_write(&log_store, 0, 1, in, LOGBUF_LINE_MAX);
	assert_true(logbuf_read(&log_store, &cursor, &line, out, sizeof out));
	assert_false(line.continues);
	assert_false(logbuf_read(&log_store, &cursor, &line, out, sizeof out));
}

/* All services but one say their last words, then that one shouts. */
static void
last_words_survive_a_chatty_service(void **state)
{
	static const unsigned lengths[] = {11, 40, 79, 250, 511};
	struct logbuf_cursor cursor;
	struct logbuf_line line;
	char in[LOGBUF_LINE_MAX], out[LOGBUF_LINE_MAX];
	unsigned i, s, n, total, lines[LOGBUF_SERVICES];

	(void)state;
	services_add(LOGBUF_SERVICES);
	for (s = 1; s < LOGBUF_SERVICES; s++) {
		n = lengths[s % 5];
		lines[s] = (LOGBUF_KEEP + n) / (n + 1);
		memset(in, 'A' + (int)s, n);
		for (i = 0; i < 3 * lines[s]; i++) {
			sprintf(in, "%5u", i);
			logbuf_write(&log_store, (int)s, s, in, n);
		}
	}
	memset(in, 'x', sizeof in);
	for (i = 0; i < 20000; i++)
		logbuf_write(&log_store, 0, 100 + i, in, random_below(512));
	for (s = 1; s < LOGBUF_SERVICES; s++) {
		n = lengths[s % 5];
		logbuf_cursor_start(&log_store, (int)s, &cursor);
		total = 0;
		for (i = 0; logbuf_read(
			     &log_store, &cursor, &line, out, sizeof out);
			i++) {
			assert_int_equal(line.length, n);
			total += n + 1;
		}
		assert_true(total >= LOGBUF_KEEP);
		/* The last is the last that was said. */
		out[5] = '\0';
		assert_int_equal(atoi(out), 3 * lines[s] - 1);
	}
}

static void
a_lone_service_fills_the_whole_store(void **state)
{
	struct logbuf_cursor cursor;
	struct logbuf_line line;
	char in[LOGBUF_LINE_MAX] = {0};
	size_t total = 0;
	unsigned i;

	(void)state;
	services_add(LOGBUF_SERVICES);
	for (i = 0; i < 10000; i++)
		logbuf_write(&log_store, 7, i, in, 19);
	logbuf_cursor_start(&log_store, LOGBUF_ALL, &cursor);
	while (logbuf_read(&log_store, &cursor, &line, in, sizeof in))
		total += line.length + 1u;
	assert_true(total >= 64 * 1024);
	assert_int_equal(line.time, 9999);
}

static void
reader_that_comes_late_knows_what_it_missed(void **state)
{
	struct logbuf_cursor cursor;
	struct logbuf_line line;
	char text[100] = {0};
	uint64_t seen = 0;
	unsigned i;

	(void)state;
	services_add(2);
	logbuf_cursor_start(&log_store, LOGBUF_ALL, &cursor);
	logbuf_write(&log_store, 0, 0, text, 10);
	assert_true(logbuf_read(&log_store, &cursor, &line, text, 100));
	for (i = 0; i < 5000; i++)
		logbuf_write(&log_store, 0, 1 + i, text, 100);
	while (logbuf_read(&log_store, &cursor, &line, text, 100))
		seen++;
	assert_true(cursor.missed > 0);
	assert_int_equal(seen + cursor.missed, 5000);
}

static void
too_little_memory_is_refused(void **state)
{
	struct logbuf other;
	size_t size;

	(void)state;
	for (size = 0; size < 64 * 1024; size += 1000)
		assert_int_equal(
			logbuf_create(&other, memory, size), LOGBUF_ERR_SIZE);
}

/*
 * The model: one array of all lines ever written in the present run.  What
 * it shares with the store is only the arithmetic of blocks, 62 bytes each,
 * of which a service holds those that its bytes from `start` to `end` touch.
 */
enum { MODEL_LINES = 30000, BLOCK = 62, HEADER = 8 };

struct model_line {
	uint64_t time;
	uint32_t stamp;
	uint16_t length;
	uint8_t service;
	bool gone;
};

static struct model_line model[MODEL_LINES];
static unsigned model_count;
static struct {
	uint64_t start, end;
	unsigned oldest; /* no line of it before this one is held */
} chain[LOGBUF_SERVICES];

static unsigned
model_blocks(void)
{
	unsigned s, sum = 0;

	for (s = 0; s < LOGBUF_SERVICES; s++) {
		if (chain[s].end > chain[s].start)
			sum += (unsigned)((chain[s].end + BLOCK - 1) / BLOCK -
				chain[s].start / BLOCK);
	}
	return sum;
}

/* Oldest line of a service, if newer ones (the coming too) exceed a limit. */
static int
model_candidate(unsigned s)
{
	uint32_t newer = 0, stored = 0;
	unsigned i;
	int oldest = -1;

	for (i = chain[s].oldest; i < model_count; i++) {
		if (model[i].service != s || model[i].gone)
			continue;
		if (oldest == -1)
			oldest = (int)i;
		else
			newer += model[i].length + 1u;
		stored += HEADER + (uint32_t)model[i].length;
	}
	/* The coming line stands last and is never a candidate itself. */
	if (oldest == -1 || oldest == (int)model_count - 1)
		return -1;
	chain[s].oldest = (unsigned)oldest;
	return newer >= LOGBUF_KEEP || stored > log_store.keep_stored ? oldest
								      : -1;
}

static void
model_evict_one(void)
{
	unsigned s;
	int candidate, victim = -1;

	for (s = 0; s < LOGBUF_SERVICES; s++) {
		candidate = model_candidate(s);
		if (candidate != -1 &&
			(victim == -1 ||
				model[candidate].time < model[victim].time))
			victim = candidate;
	}
	assert_true(victim != -1);
	model[victim].gone = true;
	s = model[victim].service;
	chain[s].start += HEADER + (uint64_t)model[victim].length;
}

static void
model_write(unsigned s, uint64_t time, uint32_t stamp, unsigned length)
{
	uint64_t stored = HEADER + length, room;

	model[model_count++] = (struct model_line){
		.time = time,
		.stamp = stamp,
		.service = (uint8_t)s,
		.length = (uint16_t)length,
	};
	for (;;) {
		/* A chain that ran empty begins a block of its own. */
		if (chain[s].start == chain[s].end)
			chain[s].start = chain[s].end =
				(chain[s].end + BLOCK - 1) / BLOCK * BLOCK;
		room = (BLOCK - chain[s].end % BLOCK) % BLOCK;
		if (stored <= room ||
			model_blocks() + (stored - room + BLOCK - 1) / BLOCK <=
				log_store.block_count)
			break;
		model_evict_one();
	}
	chain[s].end += stored;
}

/* The store must hold exactly the model's lines, each where it belongs. */
static void
model_compare(int only)
{
	struct logbuf_cursor cursor;
	struct logbuf_line line;
	static char text[LOGBUF_LINE_MAX];
	unsigned at[LOGBUF_SERVICES] = {0};
	unsigned seen = 0, held = 0, i;
	uint64_t last = 0;
	uint32_t stamp;

	for (i = 0; i < model_count; i++)
		held += !model[i].gone &&
			(only == LOGBUF_ALL || model[i].service == only);
	logbuf_cursor_start(&log_store, only, &cursor);
	while (logbuf_read(&log_store, &cursor, &line, text, sizeof text)) {
		for (i = at[line.service]; i < model_count; i++) {
			if (model[i].service == line.service && !model[i].gone)
				break;
		}
		assert_true(i < model_count);
		at[line.service] = i + 1;
		assert_int_equal(line.time, model[i].time);
		assert_int_equal(line.length, model[i].length);
		assert_true(line.time >= last);
		last = line.time;
		memcpy(&stamp, text, sizeof stamp);
		if (line.length >= sizeof stamp)
			assert_int_equal(stamp, model[i].stamp);
		seen++;
	}
	assert_int_equal(seen, held);
	assert_int_equal(cursor.missed, 0);
}

static unsigned
random_length(unsigned kind)
{
	static const unsigned limit[] = {4, 30, 80, 200, LOGBUF_LINE_MAX};

	return random_below(limit[kind] + 1);
}

static void
model_round(unsigned services, unsigned lines)
{
	uint64_t now[LOGBUF_SERVICES] = {0}, clock = 0;
	static char text[LOGBUF_LINE_MAX];
	unsigned i, s, length, kind = 0, chatty = 0;

	model_count = 0;
	memset(chain, 0, sizeof chain);
	for (i = 0; i < lines; i++) {
		if (random_below(500) == 0)
			kind = random_below(5);
		if (random_below(700) == 0)
			chatty = random_below(services);
		clock += random_below(3);
		s = random_below(4) ? chatty : random_below(services);
		length = random_length(kind);
		if (now[s] < clock - (clock > 50 ? random_below(50) : 0))
			now[s] = clock;
		memcpy(text, &i, sizeof i);
		assert_int_equal(
			logbuf_write(&log_store, (int)s, now[s], text, length),
			LOGBUF_OK);
		model_write(s, now[s], i, length);
		if (random_below(lines / 8) == 0)
			model_compare(random_below(2)
					? LOGBUF_ALL
					: (int)random_below(services));
	}
	model_compare(LOGBUF_ALL);
}

/*
 * All services say so many short lines that hardly anything is unprotected;
 * now and then a long line needs much room at once.
 */
static void
model_tight_round(void)
{
	static char text[LOGBUF_LINE_MAX];
	unsigned i, s, length;

	model_count = 0;
	memset(chain, 0, sizeof chain);
	for (i = 0; i < 20000; i++) {
		s = i < 12000 ? i % LOGBUF_SERVICES
			      : random_below(LOGBUF_SERVICES);
		length = random_below(5);
		if (i >= 12000 && random_below(10) == 0)
			length = random_below(LOGBUF_LINE_MAX + 1);
		memcpy(text, &i, sizeof i);
		logbuf_write(&log_store, (int)s, i, text, length);
		model_write(s, i, i, length);
		if (random_below(1000) == 0)
			model_compare(LOGBUF_ALL);
	}
	model_compare(LOGBUF_ALL);
}

static void
store_agrees_with_a_naive_model(void **state)
{
	static const unsigned services[] = {1, 2, 5, 23, 24, 24};
	const char *given = getenv("LOGBUF_SEED");
	unsigned i;

	random_state = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	print_message("LOGBUF_SEED=%llu\n", (unsigned long long)random_state);
	random_state = random_state * 2654435761u + 1;
	for (i = 0; i < sizeof services / sizeof *services; i++) {
		teardown(state);
		setup(state);
		services_add(services[i]);
		model_round(services[i], 12000);
	}
	teardown(state);
	setup(state);
	services_add(LOGBUF_SERVICES);
	model_tight_round();
}

/* A reader that follows sees each line once, whatever is evicted. */
static void
following_reader_sees_every_line_once(void **state)
{
	struct logbuf_cursor cursor;
	struct logbuf_line line;
	char text[LOGBUF_LINE_MAX];
	uint32_t next[LOGBUF_SERVICES] = {0}, said[LOGBUF_SERVICES] = {0};
	uint64_t missed = 0, skipped = 0;
	unsigned i, s;
	uint32_t number;

	(void)state;
	random_state = 88172645463325252u;
	services_add(6);
	logbuf_cursor_start(&log_store, LOGBUF_ALL, &cursor);
	for (i = 0; i < 100000; i++) {
		s = random_below(6) * random_below(2);
		memcpy(text, &said[s], 4);
		said[s]++;
		logbuf_write(
			&log_store, (int)s, i, text, 4 + random_below(150));
		if (random_below(i % 10000 < 5000 ? 50 : 3000) != 0)
			continue;
		while (logbuf_read(&log_store, &cursor, &line, text, 512)) {
			memcpy(&number, text, 4);
			assert_true(number >= next[line.service]);
			skipped += number - next[line.service];
			next[line.service] = number + 1;
		}
		missed = cursor.missed;
		assert_int_equal(skipped, missed);
		for (s = 0; s < 6; s++)
			assert_int_equal(next[s], said[s]);
	}
	assert_true(missed > 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(lines_come_back_in_order_of_time),
		CASE(services_are_named_once),
		CASE(there_are_no_more_than_24_services),
		CASE(long_line_is_stored_in_parts),
		CASE(last_words_survive_a_chatty_service),
		CASE(a_lone_service_fills_the_whole_store),
		CASE(reader_that_comes_late_knows_what_it_missed),
		CASE(too_little_memory_is_refused),
		CASE(following_reader_sees_every_line_once),
		CASE(store_agrees_with_a_naive_model),
	};

	random_state = 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
