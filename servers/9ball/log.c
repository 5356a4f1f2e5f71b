/* SPDX-License-Identifier: MIT */
/*
 * The output of all services: rings (lib/ring) drained into the store
 * (lib/logbuf). A writer may be hostile or dead in the middle of a record; the
 * ring's reader bears that, and the page outlives the writer, so that its last
 * words are found after its death.
 */
#include "log.h"

#include <stdio.h>
#include <string.h>

#include <glenda/syscall.h>
#include <logbuf.h>
#include <ring.h>

#include "own.h"
#include "report.h"

struct writer {
	struct ring ring;
	bool attached;
};

static uint8_t memory[LOGBUF_MEMORY] __attribute__((aligned(16)));
static struct logbuf store;
static struct writer writers[LOG_WRITERS];
static uint64_t ticks_per_us;
static bool echo;

void
log_init(uint64_t frequency)
{
	ticks_per_us = frequency / 1000000;
	if (ticks_per_us == 0)
		ticks_per_us = 1;
	logbuf_create(&store, memory, sizeof(memory));
	logbuf_service_add(&store, "9ball");
}

cptr_t
log_writer(unsigned writer, const char *name)
{
	cptr_t frame;
	void *page;

	if (writer >= LOG_WRITERS ||
		logbuf_service_add(&store, name) != (int)writer)
		return 0;
	frame = own_object(OBJECT_FRAME, 1);
	if (!frame)
		return 0;
	page = own_view(frame, 0, 1, RIGHT_READ | RIGHT_WRITE);
	if (!page || ring_create(page, PAGE_BYTES) != RING_OK)
		return 0;
	if (ring_attach(&writers[writer].ring, page, PAGE_BYTES, false) !=
		RING_OK)
		return 0;
	ring_reader_wait(&writers[writer].ring);
	writers[writer].attached = true;
	return frame;
}

static void
print(int service, const struct logbuf_line *line, const char *text)
{
	char head[64];
	int length = snprintf(head, sizeof(head),
		"[%6lu.%03lu] %s: ", (unsigned long)(line->time / 1000000),
		(unsigned long)(line->time / 1000 % 1000),
		logbuf_service_name(&store, service));

	report_text(head, (size_t)length);
	report_text(text, line->length);
	report_text("\n", 1);
}

static void
take(unsigned index)
{
	static char text[RING_RECORD_MAX];
	struct ring *ring = &writers[index].ring;
	struct ring_record record;
	int got;

	do {
		while ((got = ring_record_read(
				ring, &record, text, sizeof(text))) == 1) {
			struct logbuf_line line = {
				.time = record.time / 1000,
				.length = (uint16_t)record.length,
			};

			logbuf_write(&store, (int)index, line.time, text,
				record.length);
			if (echo)
				print((int)index, &line, text);
		}
	} while (got == 0 && !ring_reader_wait(ring));
}

void
log_drain(uint64_t bits)
{
	for (unsigned i = 0; i < LOG_WRITERS; i++) {
		if ((bits & LOG_BIT(i)) && writers[i].attached)
			take(i);
	}
}

void
log_own(const char *text, size_t length)
{
	if (length > 0 && text[length - 1] == '\n')
		length--;
	logbuf_write(
		&store, LOG_9BALL, clock_ticks() / ticks_per_us, text, length);
}

void
log_echo(bool on)
{
	echo = on;
}

void
log_dump(void)
{
	static char text[LOGBUF_LINE_MAX];
	static struct logbuf_cursor cursor;
	struct logbuf_line line;

	log_drain(UINT64_MAX);
	logbuf_cursor_start(&store, LOGBUF_ALL, &cursor);
	report_text("--- log ---\n", 12);
	while (logbuf_read(&store, &cursor, &line, text, sizeof(text)))
		print(line.service, &line, text);
}

/* A reader's place: the time of the last line that it has, and how many of
 * that time. Lines that go meanwhile do not move it. */
#define PLACE_COUNT_BITS 16

/* Whether a line comes before the place; `same` counts lines of its time. */
static bool
is_read(const struct logbuf_line *line, uint64_t place, uint64_t *same)
{
	uint64_t time = place >> PLACE_COUNT_BITS;

	if (line->time != time)
		return line->time < time;
	return (*same)++ < (place & ((1u << PLACE_COUNT_BITS) - 1));
}

static uint64_t
place_after(const struct logbuf_line *line, uint64_t place)
{
	if (line->time == place >> PLACE_COUNT_BITS)
		return place + 1;
	return line->time << PLACE_COUNT_BITS | 1;
}

size_t
log_copy(uint32_t writer, uint64_t *place, char *to, size_t size)
{
	static char text[LOGBUF_LINE_MAX];
	static struct logbuf_cursor cursor;
	uint64_t start = *place, same = 0;
	struct logbuf_line line;
	size_t used = 0;

	if (logbuf_cursor_start(&store,
		    writer == UINT32_MAX ? LOGBUF_ALL : (int)writer,
		    &cursor) < 0)
		return 0;
	while (logbuf_read(&store, &cursor, &line, text, sizeof(text))) {
		char head[64];
		int length;

		if (is_read(&line, start, &same))
			continue;
		length = snprintf(head, sizeof(head), "[%6lu.%06lu] %s: ",
			(unsigned long)(line.time / 1000000),
			(unsigned long)(line.time % 1000000),
			logbuf_service_name(&store, line.service));
		if (size - used < (size_t)length + line.length + 1)
			break;
		memcpy(to + used, head, (size_t)length);
		used += (size_t)length;
		memcpy(to + used, text, line.length);
		used += line.length;
		to[used++] = '\n';
		*place = place_after(&line, *place);
	}
	return used;
}
