/* SPDX-License-Identifier: MIT */
/* A handler that disturbs integer and float registers harms nothing. */
#include "check.h"
#include <sys/time.h>

static volatile int count;

static void
handler(int number)
{
	volatile double d = 3.5;

	for (int i = 0; i < 100; i++)
		d = d * 1.01 + number;
	count++;
}

int
main(void)
{
	struct itimerval timer = {{0, 2000}, {0, 2000}};
	struct sigaction action = {.sa_handler = handler};
	unsigned long a = 1, b = 2;
	double x = 0;
	long rounds = 0;

	NEED(sigaction(SIGALRM, &action, NULL));
	NEED(setitimer(ITIMER_REAL, &timer, NULL));
	while (count < 30) {
		double s = 0;
		unsigned long h = 7;
		for (int i = 1; i < 2000; i++) {
			s += 1.0 / i;
			h = h * 31 + (unsigned long)i;
		}
		if (rounds++ == 0)
			x = s, a = h;
		b = h;
		if (s != x || a != b) {
			printf("disturbed\n");
			return 1;
		}
	}
	printf("%.6f %lx\n", x, a);
	return 0;
}
