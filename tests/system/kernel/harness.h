/* SPDX-License-Identifier: MIT */
/*
 * What the kernel's tests share: objects, threads, address spaces, checks.
 * Every case makes its objects from an Untyped that is revoked afterwards, so
 * cases neither see each other nor have to clean up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <boot_info.h>
#include <glenda/ipc.h>
#include <glenda/kernel_calls.h>

/* NULL or what went wrong. */
typedef const char *verdict_t;

struct test {
	const char *name;
	verdict_t (*run)(void);
};

const char *failure(int line, const char *what, int64_t got, int64_t wanted);

#define CHECK(condition)                                            \
	do {                                                        \
		if (!(condition))                                   \
			return failure(__LINE__, #condition, 0, 1); \
	} while (0)

#define EQUAL(got, wanted)                                             \
	do {                                                           \
		int64_t got_ = (int64_t)(got);                         \
		int64_t wanted_ = (int64_t)(wanted);                   \
		if (got_ != wanted_)                                   \
			return failure(__LINE__, #got, got_, wanted_); \
	} while (0)

#define OK(call) EQUAL(call, STATUS_OK)

#define SELF_CNODE BOOT_SLOT_CNODE
#define SELF_VSPACE BOOT_SLOT_VSPACE
#define SELF_TCB BOOT_SLOT_TCB

/* Addresses that no case finds occupied, with page tables in place. */
#define SCRATCH UINT64_C(0x20000000)
#define SCRATCH_PAGES 512
/* An address without page tables. */
#define NOWHERE UINT64_C(0x900000000)

#define WORKER_MAX 20
#define PRIORITY_SELF 254
#define PRIORITY_HIGH 200
#define PRIORITY_MIDDLE 150
#define PRIORITY_LOW 100

extern const struct boot_info *boot;
/* The Untyped of the case that runs. */
extern cptr_t untyped;

/* The next empty slot of the root CNode. */
cptr_t slot_next(void);

/* A new object in a new slot; 0 when the kernel refused. */
cptr_t make(uint32_t type, uint64_t param);

/* A badged copy of an endpoint or notification in a new slot. */
cptr_t badged(cptr_t from, uint64_t badge);

/* An address space with this program in it at the same addresses. */
cptr_t space_make(void);

/* Map pages into a space, making page tables on the way. */
status_t space_map(cptr_t space, vaddr_t address, cptr_t frame, uint64_t page,
	uint64_t count, uint64_t rights);

struct worker {
	cptr_t tcb;
	struct utcb *utcb;
	uint64_t number;
};

struct worker_setup {
	void (*entry)(uint64_t argument);
	uint64_t argument;
	cptr_t space; /* 0: the test's own */
	cptr_t fault; /* 0: none */
	uint64_t tag;
	uint32_t priority; /* 0: PRIORITY_LOW */
	bool hold;	   /* do not start it */
};

/* A thread of this program; when `entry` returns it stops itself. */
struct worker worker_start(const struct worker_setup *setup);

/* Give a worker that does not run another capability space. */
status_t worker_confine(
	const struct worker *worker, cptr_t cspace, cptr_t space);

/* Everything made since is gone: slots from here on, workers, UTCBs. */
void harness_rewind(cptr_t slot);

/* Let workers run until none can. */
void settle(void);

uint64_t worker_state(const struct worker *worker);

/* Clock ticks in so many microseconds. */
uint64_t ticks_us(uint64_t us);

void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t instructions(void);
void figure(const char *operation, uint64_t value);

extern const struct test tests_boot[], tests_traps[], tests_caps[],
	tests_memory[], tests_ipc[], tests_threads[], tests_faults[],
	tests_redirect[], tests_sched[], tests_lease[], tests_fuzz[],
	tests_figures[];
/* What only one architecture has: arch/. */
extern const struct test tests_arch[];
