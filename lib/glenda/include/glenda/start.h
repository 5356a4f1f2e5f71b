/* SPDX-License-Identifier: MIT */
/*
 * What a native process finds at its start (docs/contract.md, section 2), and
 * the run-time's own entry. The start page is written by Factotum before the
 * first instruction, at START_ADDRESS of <glenda/layout.h>, and never changes;
 * everything here may be called any
 * time, by any thread.
 */
#pragma once

#include <glenda/types.h>

#define START_MAGIC UINT64_C(0x474c4e4453545254)
#define START_BYTES 16384
#define START_NAME_BYTES 24

struct start_info {
	uint64_t magic;
	uint64_t pid;
	uint64_t clock_frequency; /* ticks per second */
	uint64_t utcb;		  /* address of the first thread's */
	uint64_t argument_count;
	uint64_t arguments; /* byte offset in the page */
	uint64_t environment_count;
	uint64_t environment; /* byte offset in the page */
	uint64_t capability_count;
	uint64_t capabilities; /* byte offset in the page */
	uint64_t heap_start;
	int64_t clock_epoch; /* ns since 1970 at tick 0; 0: unknown */
};

struct start_capability {
	char name[START_NAME_BYTES]; /* padded with NUL */
	uint64_t slot;
};

/* The start page; NULL in a program that was not started with one (9Ball). */
const struct start_info *start_info(void);

/* The slot of a capability that came under this name; 0 = there is none. */
cptr_t start_cap(const char *name);

/*
 * Where crt0 goes: `start` is the first argument register at the entry. The
 * library's own reads the start page, calls main(argc, argv, environ) and
 * exits with its result; 9Ball, which gets boot information, has another.
 */
_Noreturn void runtime_main(uintptr_t start);
