/* SPDX-License-Identifier: MIT */
/*
 * Pages of 4 KiB for the contents of files and pipes, out of chunks that
 * Factotum maps.  Their number is bounded, so that files never take the
 * memory that programs need.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { PAGE_BYTES = 4096 };

/* At most so many pages; once, at start. */
void pages_limit(uint64_t count);

/* A page with undefined contents; NULL when the limit is reached. */
char *page_take(void);
/* The same for pipes, out of what files may not take. */
char *page_take_reserved(void);
/* As page_take, cleared. */
char *page_take_clear(void);
void page_give(char *page);

/* Count pages that stand elsewhere (false: too many), and uncount them. */
bool pages_charge(uint64_t count);
void pages_uncharge(uint64_t count);

/* Pages in use, and how many files may bring that to. */
uint64_t pages_used(void);
uint64_t pages_total(void);
