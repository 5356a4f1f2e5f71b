/* SPDX-License-Identifier: MIT */
/* An interrupted nanosleep tells the time that was left. */
#include "check.h"
#include <sys/time.h>

static void
handler(int number)
{
	(void)number;
}

int
main(void)
{
	struct itimerval timer = {.it_value.tv_usec = 200000};
	struct timespec want = {20, 0}, left = {0, 0}, bad = {0, 1000000000};
	struct sigaction action = {.sa_handler = handler};

	NEED(sigaction(SIGALRM, &action, NULL));
	NEED(setitimer(ITIMER_REAL, &timer, NULL));
	SHOW(nanosleep(&want, &left));
	double rest = (double)left.tv_sec + (double)left.tv_nsec / 1e9;
	printf("left %d\n", rest > 10.0 && rest < 20.0);
	SHOW(nanosleep(&bad, NULL));
	SHOW(nanosleep(&(struct timespec){-1, 0}, NULL));
	SHOW(nanosleep(&(struct timespec){0, 0}, NULL));
	NEED(setitimer(ITIMER_REAL, &timer, NULL));
	SHOW(clock_nanosleep(CLOCK_MONOTONIC, 0, &want, &left) == EINTR);
	SHOW(clock_nanosleep(99, 0, &want, &left) == EINVAL);
	SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME,
		&(struct timespec){0, 1}, NULL));
	return 0;
}
