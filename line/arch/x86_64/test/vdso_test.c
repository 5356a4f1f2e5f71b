/* SPDX-License-Identifier: MIT */
/*
 * The vDSO as the loader sees it, and its clock. The process page that it
 * reads is made at its own address, which the host must have free.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <sys/mman.h>
#include <time.h>

#include "line.h"

#define FREQUENCY UINT64_C(2500000000)
#define EPOCH INT64_C(1700000000987654321)

static void *vdso;

static void *
symbol(const char *name)
{
	void *address = dlvsym(vdso, name, "LINUX_2.6");

	assert_non_null(address);
	return address;
}

static void
names_are_those_of_linux(void **state)
{
	(void)state;
	(void)symbol("clock_gettime");
	(void)symbol("gettimeofday");
	(void)symbol("time");
	(void)symbol("getcpu");
	(void)symbol("clock_getres");
	(void)symbol("__vdso_gettimeofday");
	(void)symbol("__vdso_clock_getres");
}

static void
clocks_follow_the_counter(void **state)
{
	int (*get)(int, struct timespec *) = symbol("__vdso_clock_gettime");
	time_t (*seconds)(time_t *) = symbol("__vdso_time");
	struct timespec monotonic, real;
	uint64_t before = clock_ticks(), after;
	int64_t at;

	(void)state;
	assert_int_equal(get(CLOCK_MONOTONIC, &monotonic), 0);
	after = clock_ticks();
	at = monotonic.tv_sec * 1000000000 + monotonic.tv_nsec;
	assert_true(at >= (int64_t)(before * 10 / 25));
	assert_true(at <= (int64_t)(after * 10 / 25));
	assert_int_equal(get(CLOCK_REALTIME, &real), 0);
	assert_in_range(real.tv_nsec, 0, 999999999);
	at = real.tv_sec * 1000000000 + real.tv_nsec - EPOCH - at;
	assert_in_range(at, 0, 1000000000);
	assert_in_range(seconds(NULL) - real.tv_sec, 0, 1);
}

static void
other_clocks_are_the_kernels(void **state)
{
	int (*get)(int, struct timespec *) = symbol("__vdso_clock_gettime");
	int (*resolution)(int, struct timespec *) =
		symbol("__vdso_clock_getres");
	struct timespec out = {-1, -1};

	(void)state;
	assert_int_equal(get(CLOCK_THREAD_CPUTIME_ID, &out), 0);
	assert_int_equal(out.tv_sec, 0);
	assert_int_equal(get(1000, &out), -22);
	assert_int_equal(resolution(CLOCK_MONOTONIC, &out), 0);
	assert_int_equal(out.tv_nsec, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_linux),
		cmocka_unit_test(clocks_follow_the_counter),
		cmocka_unit_test(other_clocks_are_the_kernels),
	};
	struct line_process *process = mmap((void *)LINE_PROCESS, PAGE_BYTES,
		PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (process == MAP_FAILED)
		return 1;
	process->clock_frequency = FREQUENCY;
	process->clock_epoch = EPOCH;
	vdso = dlopen(VDSO, RTLD_NOW);
	if (!vdso)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
