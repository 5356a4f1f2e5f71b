/* SPDX-License-Identifier: MIT */
/*
 * Priorities and slices are Factotum's policy, set by handle.
 */
#include "cases.h"

#include <unistd.h>

#define RW (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE)
#define ORDINARY 100
#define HIGHEST 120 /* for who does not supervise */

static volatile uint64_t *counts;

/* A child that counts for ever in its own word of shared memory. */
int
counts_for_ever(const char *which)
{
	vaddr_t address;
	volatile uint64_t *words;

	if (factotum_mmap(SELF, 0, PAGE, RW, FACTOTUM_MAP_SHARED, 0,
		    start_cap("gift"), &address) < 0)
		return 1;
	words = (volatile uint64_t *)(uintptr_t)address;
	for (;;)
		words[which[0] - '0']++;
}

struct pair {
	cptr_t object;
	cptr_t handles[2];
	uint32_t pids[2];
};

static status_t
pair_begin(struct pair *pair)
{
	vaddr_t address = 0;
	status_t status;

	pair->object = slot_take();
	status = factotum_object_create(SELF, PAGE, 0, pair->object);
	if (status >= 0)
		status = factotum_mmap(SELF, 0, PAGE, RW, FACTOTUM_MAP_SHARED,
			0, pair->object, &address);
	counts = (volatile uint64_t *)(uintptr_t)address;
	for (unsigned i = 0; i < 2 && status >= 0; i++) {
		pair->handles[i] = slot_take();
		status = spawn(FACTOTUM_SPAWN_FLAG_WAIT, "count", i ? "1" : "0",
			&pair->pids[i], pair->handles[i]);
		if (status >= 0)
			status = factotum_grant(pair->handles[i], "gift", 4,
				pair->object, NULL);
	}
	return status;
}

static status_t
pair_run(struct pair *pair, uint64_t ms)
{
	status_t status = factotum_start(pair->handles[0]);

	if (status >= 0)
		status = factotum_start(pair->handles[1]);
	if (status >= 0)
		status = factotum_sleep(SELF, ms, 0);
	return status;
}

static status_t
pair_end(struct pair *pair)
{
	status_t status = STATUS_OK;

	for (unsigned i = 0; i < 2 && status >= 0; i++) {
		uint32_t ended;

		factotum_kill(pair->handles[i], 9);
		status = reap(pair->pids[i], &ended);
		slot_drop(pair->handles[i]);
	}
	factotum_munmap(SELF, (uintptr_t)counts, PAGE);
	factotum_object_release(pair->object);
	slot_drop(pair->object);
	return status;
}

/* While the higher one wants to run, the lower one does not. */
static verdict_t
priorities(void)
{
	struct pair pair;
	uint64_t low, high;

	OK(pair_begin(&pair));
	OK(factotum_set_schedule(pair.handles[0], 0, ORDINARY - 2, 4000));
	OK(factotum_set_schedule(pair.handles[1], 0, ORDINARY - 1, 4000));
	OK(pair_run(&pair, 60));
	low = counts[0];
	high = counts[1];
	CHECK(high > 1000);
	/* The first may have run before the second was started. */
	OK(factotum_sleep(SELF, 40, 0));
	CHECK(counts[1] > high);
	EQUAL(counts[0], low);
	/* Lowered while it runs, it gives way. */
	OK(factotum_set_schedule(pair.handles[1], 0, ORDINARY - 3, 4000));
	OK(factotum_sleep(SELF, 40, 0));
	CHECK(counts[0] > low + 1000);
	OK(pair_end(&pair));
	return NULL;
}

/* Of two that take turns, the one with the longer slice gets more. */
static verdict_t
slices(void)
{
	struct pair pair;

	OK(pair_begin(&pair));
	OK(factotum_set_schedule(pair.handles[0], 0, ORDINARY - 1, 1000));
	OK(factotum_set_schedule(pair.handles[1], 0, ORDINARY - 1, 8000));
	OK(pair_run(&pair, 200));
	CHECK(counts[0] > 0);
	CHECK(counts[1] > 3 * counts[0]);
	OK(pair_end(&pair));
	return NULL;
}

/* Higher than we are: only what is above it can end it. */
_Noreturn void
spins(const char *how)
{
	if (strcmp(how, "for ever"))
		factotum_timer_set(SELF, 0, start_info()->clock_frequency / 50,
			0, NULL, NULL);
	for (;;)
		__asm__ volatile("");
}

static verdict_t
factotum_is_above(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "spin", "", &pid, handle));
	OK(factotum_set_schedule(handle, 1, HIGHEST, 0));
	EQUAL(factotum_set_schedule(handle, 1, HIGHEST + 1, 0),
		STATUS_FORBIDDEN);
	EQUAL(factotum_set_schedule(handle, 1, 190, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_set_schedule(handle, 9, HIGHEST, 0),
		STATUS_INVALID_ARGUMENT);
	/* FIFO, above us, and it never gives up: its timer ends it. */
	OK(factotum_start(handle));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(128 + 14));
	slot_drop(handle);
	return NULL;
}

const struct test slice_tests[] = {
	{"schedule-slices", slices},
	{NULL, NULL},
};

const struct test schedule_tests[] = {
	{"schedule-priorities", priorities},
	{"schedule-factotum-is-above", factotum_is_above},
	{NULL, NULL},
};
