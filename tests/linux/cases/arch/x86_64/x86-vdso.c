/* SPDX-License-Identifier: MIT */
/* Time without a system call, by the functions that the system brings along. */
#include "check.h"
#include <elf.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/time.h>

static long
nanoseconds(const struct timespec *t)
{
	return t->tv_sec * 1000000000 + t->tv_nsec;
}

int
main(void)
{
	const Elf64_Ehdr *image = (void *)getauxval(AT_SYSINFO_EHDR);
	static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC,
		CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,
		CLOCK_MONOTONIC_RAW};
	struct timespec a, b, c;
	struct timeval tv;
	unsigned cpu = 99, node = 99;

	printf("there: %d\n", image && !memcmp(image->e_ident, ELFMAG, 4));
	for (unsigned i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		SHOW(clock_gettime(clocks[i], &a));
		SHOW(syscall(SYS_clock_gettime, clocks[i], &b));
		SHOW(clock_gettime(clocks[i], &c));
		printf("in order: %d\n",
			nanoseconds(&a) <= nanoseconds(&b) &&
				nanoseconds(&b) <= nanoseconds(&c));
	}
	SHOW(gettimeofday(&tv, NULL));
	clock_gettime(CLOCK_REALTIME, &a);
	printf("near: %d\n", labs(tv.tv_sec - a.tv_sec) <= 1);
	printf("time: %d\n", labs(time(NULL) - a.tv_sec) <= 1);
	SHOW(getcpu(&cpu, &node));
	printf("processor %u, node %u\n", cpu, node);
	SHOW(clock_gettime(999, &a));
	return 0;
}
