/* SPDX-License-Identifier: MIT */
/* setitimer, getitimer and alarm: repeat, replace, tell what was left. */
#include "check.h"
#include <sys/time.h>

static volatile int count;

static void
handler(int number)
{
	(void)number;
	count++;
}

int
main(void)
{
	struct itimerval repeat = {{0, 20000}, {0, 20000}}, old, off = {0};
	struct sigaction action = {.sa_handler = handler};

	NEED(sigaction(SIGALRM, &action, NULL));
	NEED(sigaction(SIGVTALRM, &action, NULL));
	SHOW(setitimer(ITIMER_REAL, &repeat, NULL));
	while (count < 5)
		pause();
	SHOW(getitimer(ITIMER_REAL, &old));
	printf("interval %ld\n", (long)old.it_interval.tv_usec);
	SHOW(setitimer(ITIMER_REAL, &off, &old));
	count = 0;
	usleep(100000);
	printf("off %d\n", count);
	SHOW(alarm(100));
	SHOW(alarm(1) > 90);
	pause();
	printf("alarm %d\n", count);
	SHOW(alarm(0));
	count = 0;
	SHOW(setitimer(ITIMER_VIRTUAL, &repeat, NULL));
	while (count < 3)
		continue;
	printf("virtual %d\n", count);
	SHOW(setitimer(99, &off, NULL));
	repeat.it_value.tv_usec = 2000000;
	SHOW(setitimer(ITIMER_REAL, &repeat, NULL));
	return 0;
}
