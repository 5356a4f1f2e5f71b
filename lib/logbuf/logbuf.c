/* SPDX-License-Identifier: MIT */
/*
 * Log store.  The memory is cut into small blocks; each service owns a chain
 * of them in which its lines lie back to back (header, text, header, ...),
 * so nothing but the ends of a chain is wasted, and dropping a service's
 * oldest line frees blocks without moving anything.
 *
 * Invariants: a service without lines has no blocks; every block is in one
 * chain or in the free list; the sum over all services of what is protected
 * fits the memory with two part-filled blocks each.  The last one is why a
 * write always finds a line that may go: keep_stored is chosen for it.
 */
#include "logbuf.h"

#include <string.h>

enum {
	BLOCK_BYTES = 62,
	HEADER_BYTES = 8,
	NONE = 0xffff,
};

struct logbuf_block {
	uint16_t next;
	uint8_t bytes[BLOCK_BYTES];
};

/* The header of a line: length with a flag in 16 bits, time in 48. */
#define LENGTH_MASK 0x7fffu
#define LENGTH_CONTINUES 0x8000u
#define TIME_MAX ((UINT64_C(1) << 48) - 1)

static void
header_pack(uint8_t *bytes, const struct logbuf_line *line)
{
	uint64_t word = line->length | line->time << 16 |
		(line->continues ? LENGTH_CONTINUES : 0);

	memcpy(bytes, &word, HEADER_BYTES);
}

static void
header_unpack(const uint8_t *bytes, struct logbuf_line *out)
{
	uint64_t word;

	memcpy(&word, bytes, HEADER_BYTES);
	out->length = (uint16_t)(word & LENGTH_MASK);
	out->continues = (word & LENGTH_CONTINUES) != 0;
	out->time = word >> 16;
}

/* Copy `count` bytes from a position in a chain and move it behind them. */
static void
chain_read(const struct logbuf *log, struct logbuf_position *at, void *buffer,
	size_t count)
{
	uint8_t *out = buffer;
	size_t part;

	while (count > 0) {
		if (at->offset == BLOCK_BYTES) {
			at->block = log->blocks[at->block].next;
			at->offset = 0;
		}
		part = (size_t)BLOCK_BYTES - at->offset;
		if (part > count)
			part = count;
		if (out != NULL) {
			memcpy(out, log->blocks[at->block].bytes + at->offset,
				part);
			out += part;
		}
		at->offset = (uint16_t)(at->offset + part);
		count -= part;
	}
}

static uint16_t
block_take(struct logbuf *log)
{
	uint16_t block = log->free_first;

	log->free_first = log->blocks[block].next;
	log->free_count--;
	log->blocks[block].next = NONE;
	return block;
}

static void
block_free(struct logbuf *log, uint16_t block)
{
	log->blocks[block].next = log->free_first;
	log->free_first = block;
	log->free_count++;
}

/* Append to a service's chain; the free blocks that it takes are there. */
static void
chain_append(struct logbuf *log, struct logbuf_service *service,
	const void *bytes, size_t count)
{
	struct logbuf_position *tail = &service->tail;
	const uint8_t *in = bytes;
	uint16_t block;
	size_t part;

	while (count > 0) {
		if (tail->block == NONE || tail->offset == BLOCK_BYTES) {
			block = block_take(log);
			if (tail->block == NONE)
				service->head =
					(struct logbuf_position){block, 0};
			else
				log->blocks[tail->block].next = block;
			*tail = (struct logbuf_position){block, 0};
		}
		part = (size_t)BLOCK_BYTES - tail->offset;
		if (part > count)
			part = count;
		memcpy(log->blocks[tail->block].bytes + tail->offset, in, part);
		tail->offset = (uint16_t)(tail->offset + part);
		in += part;
		count -= part;
	}
}

/* Give back the blocks before the head, or all if no line is left. */
static void
chain_trim(
	struct logbuf *log, struct logbuf_service *service, uint16_t old_block)
{
	uint16_t next, end = service->count > 0 ? service->head.block : NONE;

	for (; old_block != end; old_block = next) {
		next = log->blocks[old_block].next;
		block_free(log, old_block);
	}
	if (service->count == 0) {
		service->head.block = NONE;
		service->tail.block = NONE;
	}
}

/* Look at the line at the head, for the choice of what to evict. */
static void
oldest_note(const struct logbuf *log, struct logbuf_service *service)
{
	struct logbuf_position at = service->head;
	uint8_t header[HEADER_BYTES];
	struct logbuf_line line;

	chain_read(log, &at, header, sizeof header);
	header_unpack(header, &line);
	service->oldest_time = line.time;
	service->oldest_length = line.length;
}

static void
oldest_evict(struct logbuf *log, struct logbuf_service *service)
{
	uint16_t old_block = service->head.block;
	uint32_t length = service->oldest_length;

	chain_read(log, &service->head, NULL, HEADER_BYTES + length);
	service->text_bytes -= length + 1;
	service->stored_bytes -= HEADER_BYTES + length;
	service->first++;
	service->count--;
	if (service->count > 0 && service->head.offset == BLOCK_BYTES) {
		service->head.block = log->blocks[service->head.block].next;
		service->head.offset = 0;
	}
	chain_trim(log, service, old_block);
	if (service->count > 0)
		oldest_note(log, service);
}

/*
 * May the oldest line of a service go, when a line of `coming` bytes of text
 * is about to be added to it (0 and not `adds`: none is)?
 */
static bool
oldest_may_go(const struct logbuf *log, const struct logbuf_service *service,
	uint32_t coming, bool adds)
{
	uint32_t newer = service->text_bytes - service->oldest_length - 1;
	uint32_t stored = service->stored_bytes;

	if (service->count == 0)
		return false;
	if (adds) {
		newer += coming + 1;
		stored += HEADER_BYTES + coming;
	}
	return newer >= LOGBUF_KEEP || stored > log->keep_stored;
}

static struct logbuf_service *
victim_find(struct logbuf *log, const struct logbuf_service *writer,
	uint32_t coming)
{
	struct logbuf_service *service, *victim = NULL;
	unsigned i;

	for (i = 0; i < log->service_count; i++) {
		service = &log->services[i];
		if (!oldest_may_go(log, service, coming, service == writer))
			continue;
		if (victim == NULL ||
			service->oldest_time < victim->oldest_time)
			victim = service;
	}
	return victim;
}

static uint32_t
blocks_needed(const struct logbuf_service *service, uint32_t bytes)
{
	uint32_t room = 0;

	if (service->tail.block != NONE)
		room = (uint32_t)BLOCK_BYTES - service->tail.offset;
	if (bytes <= room)
		return 0;
	return (bytes - room + BLOCK_BYTES - 1) / BLOCK_BYTES;
}

static void
line_append(struct logbuf *log, struct logbuf_service *service,
	const struct logbuf_line *line, const char *text)
{
	uint32_t stored = HEADER_BYTES + (uint32_t)line->length;
	uint8_t header[HEADER_BYTES];
	struct logbuf_service *victim;

	/* The victim may be the writer, which changes its own need. */
	while (log->free_count < blocks_needed(service, stored)) {
		victim = victim_find(log, service, line->length);
		oldest_evict(log, victim);
	}
	header_pack(header, line);
	chain_append(log, service, header, sizeof header);
	chain_append(log, service, text, line->length);
	service->text_bytes += line->length + 1u;
	service->stored_bytes += stored;
	service->newest_time = line->time;
	if (service->count++ == 0)
		oldest_note(log, service);
}

int
logbuf_create(struct logbuf *log, void *memory, size_t size)
{
	size_t count = size / sizeof(struct logbuf_block);
	size_t share, waste = (size_t)2 * BLOCK_BYTES;
	size_t i;

	if (count > NONE)
		count = NONE;
	share = count * BLOCK_BYTES / LOGBUF_SERVICES;
	/* The longest line, and a service's promise with some headers. */
	if (share < waste + LOGBUF_KEEP + LOGBUF_LINE_MAX + 256)
		return LOGBUF_ERR_SIZE;
	memset(log, 0, sizeof *log);
	log->blocks = memory;
	log->block_count = (uint32_t)count;
	log->keep_stored = (uint32_t)(share - waste);
	log->free_first = NONE;
	for (i = count; i-- > 0;)
		block_free(log, (uint16_t)i);
	return LOGBUF_OK;
}

int
logbuf_service_add(struct logbuf *log, const char *name)
{
	struct logbuf_service *service;
	size_t length = strlen(name);
	int i;

	if (length == 0 || length > LOGBUF_NAME_MAX)
		return LOGBUF_ERR_NAME;
	for (i = 0; i < log->service_count; i++) {
		if (memcmp(log->services[i].name, name, length + 1) == 0)
			return i;
	}
	if (log->service_count == LOGBUF_SERVICES)
		return LOGBUF_ERR_FULL;
	service = &log->services[log->service_count++];
	memcpy(service->name, name, length + 1);
	service->head.block = NONE;
	service->tail.block = NONE;
	return i;
}

const char *
logbuf_service_name(const struct logbuf *log, int service)
{
	if (service < 0 || service >= log->service_count)
		return NULL;
	return log->services[service].name;
}

int
logbuf_write(struct logbuf *log, int service, uint64_t time, const char *text,
	size_t length)
{
	struct logbuf_line line = {.time = time};

	if (service < 0 || service >= log->service_count)
		return LOGBUF_ERR_SERVICE;
	if (line.time > TIME_MAX)
		line.time = TIME_MAX;
	if (line.time < log->services[service].newest_time)
		line.time = log->services[service].newest_time;
	do {
		line.continues = length > LOGBUF_LINE_MAX;
		line.length =
			(uint16_t)(line.continues ? LOGBUF_LINE_MAX : length);
		line_append(log, &log->services[service], &line, text);
		text += line.length;
		length -= line.length;
	} while (line.continues);
	return LOGBUF_OK;
}

int
logbuf_cursor_start(
	const struct logbuf *log, int service, struct logbuf_cursor *out)
{
	unsigned i;

	if (service != LOGBUF_ALL &&
		(service < 0 || service >= log->service_count))
		return LOGBUF_ERR_SERVICE;
	memset(out, 0, sizeof *out);
	out->service = service;
	for (i = 0; i < LOGBUF_SERVICES; i++)
		out->next[i] = log->services[i].first;
	return LOGBUF_OK;
}

/*
 * Bring the cursor to a line of a service that is still there.  A place
 * noted earlier is good only if the line before it still is: else its block
 * may have gone, and the head is the place.
 */
static void
cursor_settle(
	const struct logbuf *log, struct logbuf_cursor *cursor, unsigned i)
{
	const struct logbuf_service *service = &log->services[i];

	if (cursor->next[i] > service->first)
		return;
	cursor->missed += service->first - cursor->next[i];
	cursor->next[i] = service->first;
	cursor->at[i] = service->head;
}

/* The header of a service's next line, if it has one. */
static bool
cursor_peek(const struct logbuf *log, struct logbuf_cursor *cursor, unsigned i,
	struct logbuf_line *out)
{
	const struct logbuf_service *service = &log->services[i];
	struct logbuf_position at;
	uint8_t header[HEADER_BYTES];

	cursor_settle(log, cursor, i);
	if (cursor->next[i] == service->first + service->count)
		return false;
	at = cursor->at[i];
	chain_read(log, &at, header, sizeof header);
	header_unpack(header, out);
	out->service = (uint16_t)i;
	return true;
}

bool
logbuf_read(const struct logbuf *log, struct logbuf_cursor *cursor,
	struct logbuf_line *out, char *text, size_t size)
{
	struct logbuf_line line;
	struct logbuf_position *at;
	bool found = false;
	unsigned i;

	for (i = 0; i < log->service_count; i++) {
		if (cursor->service != LOGBUF_ALL && cursor->service != (int)i)
			continue;
		if (!cursor_peek(log, cursor, i, &line))
			continue;
		if (!found || line.time < out->time)
			*out = line;
		found = true;
	}
	if (!found)
		return false;
	if (size > out->length)
		size = out->length;
	at = &cursor->at[out->service];
	chain_read(log, at, NULL, HEADER_BYTES);
	chain_read(log, at, text, size);
	chain_read(log, at, NULL, out->length - size);
	cursor->next[out->service]++;
	return true;
}

uint32_t
logbuf_keep_stored(const struct logbuf *log)
{
	return log->keep_stored;
}
