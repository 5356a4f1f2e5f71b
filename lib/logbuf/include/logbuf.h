/* SPDX-License-Identifier: MIT */
/*
 * Log store of 9Ball: time-stamped lines of up to 24 services.
 *
 * When it is full, the oldest lines go first, but never one that belongs to
 * the newest LOGBUF_KEEP bytes of its service: a chatty service cannot push
 * out another's last words.  Text counts with one byte per line for the line
 * break.  Since each line also needs a header in the store, a service whose
 * lines are very short is protected for logbuf_keep_stored() bytes of text
 * and headers, if that is reached first: with LOGBUF_MEMORY this matters
 * only where its lines average less than 11 bytes.
 *
 * Oldest is meant by the time that the caller states; times of one service
 * are raised so that they never fall.  Lines are numbered per service, so a
 * reader that comes back sees each line once, and knows how many it missed.
 *
 * The caller gives the memory; nothing is allocated; one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOGBUF_SERVICES 24
#define LOGBUF_NAME_MAX 31  /* bytes of a service's name */
#define LOGBUF_LINE_MAX 512 /* bytes; longer lines are stored in parts */
#define LOGBUF_KEEP 2048    /* bytes per service that are never evicted */

/* Memory that holds 64 KiB of text in lines of 19 bytes and more. */
#define LOGBUF_MEMORY (96 * 1024)

enum logbuf_status {
	LOGBUF_OK = 0,
	LOGBUF_ERR_SIZE = -1,	 /* too little memory to keep the promise */
	LOGBUF_ERR_FULL = -2,	 /* there are 24 services already */
	LOGBUF_ERR_NAME = -3,	 /* name empty or too long */
	LOGBUF_ERR_SERVICE = -4, /* no such service */
};

/* Read every service's lines, merged by time. */
#define LOGBUF_ALL (-1)

struct logbuf_block;

struct logbuf_position {
	uint16_t block;
	uint16_t offset;
};

struct logbuf_service {
	char name[LOGBUF_NAME_MAX + 1];
	struct logbuf_position head; /* of the oldest line */
	struct logbuf_position tail; /* behind the newest line */
	uint64_t first;		     /* number of the oldest line held */
	uint64_t count;		     /* lines held */
	uint64_t oldest_time;	     /* microseconds; valid if count > 0 */
	uint64_t newest_time;
	uint32_t oldest_length;
	uint32_t text_bytes;   /* held, with a byte per line break */
	uint32_t stored_bytes; /* held, with headers */
};

/* Treat as private. */
struct logbuf {
	struct logbuf_block *blocks;
	uint32_t block_count;
	uint32_t free_count;
	uint32_t keep_stored;
	uint16_t free_first;
	uint16_t service_count;
	struct logbuf_service services[LOGBUF_SERVICES];
};

/* Where a reader stands; lives as long as the reader likes. */
struct logbuf_cursor {
	int service;	 /* or LOGBUF_ALL */
	uint64_t missed; /* lines evicted before they were read */
	uint64_t next[LOGBUF_SERVICES];
	struct logbuf_position at[LOGBUF_SERVICES];
};

struct logbuf_line {
	uint64_t time; /* microseconds, below 2^48 */
	uint16_t service;
	uint16_t length; /* of the text, without line break */
	bool continues;	 /* the next line is more of the same */
};

/*
 * Set up an empty store in `size` bytes aligned to 2, that belong to it from
 * now on.  LOGBUF_OK or LOGBUF_ERR_SIZE; LOGBUF_MEMORY always suffices.
 */
int logbuf_create(struct logbuf *log, void *memory, size_t size);

/* The number of a service, new or known: 0 to 23, or _FULL, _NAME. */
int logbuf_service_add(struct logbuf *log, const char *name);

/* A service's name, or NULL. */
const char *logbuf_service_name(const struct logbuf *log, int service);

/*
 * Append a line (without its line break) of a service, evicting as needed.
 * One of more than LOGBUF_LINE_MAX bytes becomes several, all but the last
 * marked `continues`.  Time is in microseconds and cut to 2^48 - 1.
 * LOGBUF_OK or LOGBUF_ERR_SERVICE; it always finds room.
 */
int logbuf_write(struct logbuf *log, int service, uint64_t time,
	const char *text, size_t length);

/* Put a cursor at the oldest line of one service or of LOGBUF_ALL. */
int logbuf_cursor_start(
	const struct logbuf *log, int service, struct logbuf_cursor *out);

/*
 * Read the next line.  At most `size` bytes of its text are copied, without
 * a NUL; LOGBUF_LINE_MAX always suffice.  Returns false when there is none
 * (yet).  Of several services the line of the lowest time comes first, of
 * equal times that of the lowest service number.
 */
bool logbuf_read(const struct logbuf *log, struct logbuf_cursor *cursor,
	struct logbuf_line *out, char *text, size_t size);

/* Bytes of text and headers that are protected in any case, see above. */
uint32_t logbuf_keep_stored(const struct logbuf *log);
