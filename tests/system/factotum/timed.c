/* SPDX-License-Identifier: MIT */
/*
 * Cases that assert times: they run in a machine whose clock counts
 * instructions, so that the host's load has no part in them.
 */
#include "cases.h"

#include <glenda/syscall.h>
#include <unistd.h>

#define SLICE_MS 4
#define MEASURED 512 /* pages */
#define CROWD 12000

static uint64_t
ticks_of_ms(uint64_t ms)
{
	return ms * start_info()->clock_frequency / 1000;
}

/* The worst error of sleeps of 1 to 50 ms, in ticks. */
static verdict_t
worst_error(uint64_t *worst)
{
	*worst = 0;
	for (uint64_t ms = 1; ms <= 50; ms += 7) {
		uint64_t start = clock_ticks(), passed;

		OK(factotum_sleep(SELF, ms, 0));
		passed = clock_ticks() - start;
		CHECK(passed >= ticks_of_ms(ms));
		passed -= ticks_of_ms(ms);
		if (passed > *worst)
			*worst = passed;
	}
	return NULL;
}

static verdict_t
sleep_error_alone(void)
{
	uint64_t worst;
	verdict_t verdict = worst_error(&worst);

	if (verdict)
		return verdict;
	CHECK(worst < ticks_of_ms(1));
	return NULL;
}

/* Another of our priority may have its slice first: one scheduling delay. */
static verdict_t
sleep_error_beside_another(void)
{
	uint32_t pid = ~0u, status;
	uint64_t worst;
	verdict_t verdict;
	cptr_t handle = slot_take();

	OK(spawn(0, "spin", "for ever", &pid, handle));
	verdict = worst_error(&worst);
	OK(factotum_kill(handle, 9));
	OK(reap(pid, &status));
	slot_drop(handle);
	if (verdict)
		return verdict;
	CHECK(worst < ticks_of_ms(1 + SLICE_MS));
	return NULL;
}

/* Ticks to bring and to give back so many pages. */
static verdict_t
measure(uint64_t *bring, uint64_t *give)
{
	vaddr_t address = map(MEASURED * PAGE);
	uint64_t start = clock_ticks();

	OK(factotum_populate(SELF, address, MEASURED * PAGE, true));
	*bring = clock_ticks() - start;
	start = clock_ticks();
	OK(factotum_munmap(SELF, address, MEASURED * PAGE));
	*give = clock_ticks() - start;
	return NULL;
}

/* Another process takes much memory, with holes: what is free lies about. */
static _Noreturn void
crowd(volatile uint32_t *done)
{
	vaddr_t address = map(CROWD * PAGE);

	*done = factotum_populate(SELF, address, CROWD * PAGE, true) >= 0;
	for (uint64_t page = 0; page < CROWD; page += 16)
		*done &= factotum_munmap(
				 SELF, address + page * PAGE, 3 * PAGE) >= 0;
	*done += 1;
	for (;;)
		factotum_sleep(SELF, 1000, 0);
}

/* A page costs the same when a thousand times as many are in use. */
static verdict_t
pages_cost_the_same(void)
{
	uint64_t bring[2], give[2];
	uint32_t pid = ~0u, status;
	vaddr_t shared;
	volatile uint32_t *done;
	verdict_t verdict;

	OK(factotum_mmap(SELF, 0, PAGE, 3,
		FACTOTUM_MAP_SHARED | FACTOTUM_MAP_ANONYMOUS, 0, 0, &shared));
	done = (volatile uint32_t *)(uintptr_t)shared;
	*done = 0;
	verdict = measure(&bring[0], &give[0]);
	if (!verdict)
		verdict = measure(&bring[0], &give[0]);
	if (verdict)
		return verdict;
	OK(factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL));
	if (pid == 0)
		crowd(done);
	for (unsigned i = 0; i < 1000 && *done != 2; i++)
		factotum_sleep(SELF, 1, 0);
	EQUAL(*done, 2);
	verdict = measure(&bring[1], &give[1]);
	if (!verdict)
		verdict = measure(&bring[1], &give[1]);
	OK(factotum_signal_post(
		start_cap("manager"), 0, pid, 9, 0, 0, 0, NULL));
	OK(reap(pid, &status));
	if (verdict)
		return verdict;
	CHECK(bring[1] < bring[0] + bring[0] / 4);
	CHECK(give[1] < give[0] + give[0] / 4);
	return NULL;
}

const struct test timed_tests[] = {
	{"sleep-error-alone", sleep_error_alone},
	{"sleep-error-beside-another", sleep_error_beside_another},
	{"pages-cost-the-same", pages_cost_the_same},
	{NULL, NULL},
};
