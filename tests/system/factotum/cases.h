/* SPDX-License-Identifier: MIT */
/*
 * What the cases share: checks, children, the own capabilities.
 */
#pragma once

#include <glenda/factotum_client.h>
#include <glenda/slots.h>
#include <glenda/start.h>
#include <stdio.h>
#include <string.h>

/* NULL or what went wrong. */
typedef const char *verdict_t;

struct test {
	const char *name;
	verdict_t (*run)(void);
};

const char *failure(const char *file, int line, const char *what, int64_t got,
	int64_t wanted);

#define CHECK(condition)                                                      \
	do {                                                                  \
		if (!(condition))                                             \
			return failure(__FILE__, __LINE__, #condition, 0, 1); \
	} while (0)

#define EQUAL(got, wanted)                                                \
	do {                                                              \
		int64_t got_ = (int64_t)(got);                            \
		int64_t wanted_ = (int64_t)(wanted);                      \
		if (got_ != wanted_)                                      \
			return failure(                                   \
				__FILE__, __LINE__, #got, got_, wanted_); \
	} while (0)

#define OK(call) EQUAL(call, STATUS_OK)

#define SELF CAP_FACTOTUM
#define PAGE 4096ul
#define EXITED(code) ((uint32_t)(code) << 8)

/* The capability `manager` (signal, inspect). */
extern cptr_t manager;

/* Tables of cases, one per file, each ending in a NULL name. */
extern const struct test process_tests[], family_tests[], memory_tests[],
	object_tests[], thread_tests[], signal_tests[], broker_tests[],
	hostile_tests[], info_tests[], supply_tests[], trace_tests[],
	wish_tests[], image_tests[], snapshot_tests[], schedule_tests[],
	timed_tests[], slice_tests[];

/* Spawn this program as `verb argument`; WAIT among the flags is allowed. */
status_t spawn(uint32_t flags, const char *verb, const char *argument,
	uint32_t *pid, cptr_t handle);

/* Spawn, wait for it, and give the wait status. */
status_t run_child(const char *verb, const char *argument, uint32_t *status);

/* Wait for one child. */
status_t reap(uint32_t pid, uint32_t *status);

/*
 * Fork; in the child run `body` and exit with what it returns. The wait
 * status through *status.
 */
status_t in_child(
	int (*body)(void *argument), void *argument, uint32_t *status);

/* Anonymous private memory, or 0. */
vaddr_t map(size_t length);

/* Supply a page to a child of our own, and leave it waiting. */
int supplier_leaves(void);

/* Be a service that tells its callers their badges. */
int teller(void);

/* Ask for that service, which is `want`: "allowed" or "forbidden". */
int requests_as_child(const char *want);

/* 0 when we hold so many granted capabilities, and no others. */
int holds(const char *grants);

/* 0 when PS shows our own tree and nothing else. */
int sees_its_tree(void);

/* Run cases, one line each; how many failed. */
unsigned run_tests(const struct test *test);

/* Count in the word of the granted memory that `which` names. */
int counts_for_ever(const char *which);

/* Spin until a timer of ours ends us, or "for ever". */
_Noreturn void spins(const char *how);

/* Be a Linux process that makes two system calls. */
int linux_calls(void);

/* What a spawned child does; returns its exit code. */
int child_main(int argc, char **argv, char **envp);
