/* SPDX-License-Identifier: MIT */
/* The clocks never go back, tick, and agree with each other. */
#include "check.h"
#include <sys/time.h>

static double
now(clockid_t clock)
{
	struct timespec t;

	NEED(clock_gettime(clock, &t));
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(void)
{
	double last = now(CLOCK_MONOTONIC);
	int back = 0;
	struct timespec resolution;
	struct timeval day;

	for (int i = 0; i < 20000; i++) {
		double t = now(CLOCK_MONOTONIC);
		back += t < last;
		last = t;
	}
	printf("went back %d\n", back);
	double mono = now(CLOCK_MONOTONIC), real = now(CLOCK_REALTIME);
	usleep(200000);
	mono = now(CLOCK_MONOTONIC) - mono;
	real = now(CLOCK_REALTIME) - real;
	printf("slept %d %d\n", mono >= 0.2 && mono < 2,
		real >= 0.19 && real < 2);
	double cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	for (volatile int i = 0; i < 3000000; i++)
		continue;
	printf("cpu %d\n", now(CLOCK_PROCESS_CPUTIME_ID) > cpu);
	gettimeofday(&day, NULL);
	printf("day %d\n",
		(double)day.tv_sec - now(CLOCK_REALTIME) < 1 &&
			time(NULL) - day.tv_sec < 2);
	SHOW(clock_getres(CLOCK_MONOTONIC, &resolution));
	SHOW(clock_gettime(99, &resolution));
	printf("boot %d\n", now(CLOCK_BOOTTIME) >= now(CLOCK_MONOTONIC) - 1);
	return 0;
}
