/* SPDX-License-Identifier: MIT */
/*
 * The output of all services (row N7): a ring page per service that the
 * service writes, and the store of 64 KiB that 9Ball drains them into.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glenda/types.h>

/* Writers: 9Ball, Factotum, and the services. */
#define LOG_WRITERS 20
#define LOG_9BALL 0
#define LOG_FACTOTUM 1
#define LOG_SERVICE 2 /* the first service's */

/* The bit of 9Ball's notification that writer w rings. */
#define LOG_BIT(w) (UINT64_C(1) << (32 + (w)))

void log_init(uint64_t frequency);

/*
 * Give a writer a name and a ring page, whose Frame is returned (9Ball keeps
 * it; it outlives the writer). 0 on failure.
 */
cptr_t log_writer(unsigned writer, const char *name);

/* Take what the writers of these notification bits have written. */
void log_drain(uint64_t bits);

/* A line of 9Ball's own. */
void log_own(const char *text, size_t length);

/* Print lines on the console, too, as they come. */
void log_echo(bool on);

/* Print all that is kept on the console. */
void log_dump(void);

/*
 * Copy lines of a writer (UINT32_MAX: all) from *place on, which moves; 0 is
 * the oldest. Whole lines only. Bytes copied.
 */
size_t log_copy(uint32_t writer, uint64_t *place, char *to, size_t size);
