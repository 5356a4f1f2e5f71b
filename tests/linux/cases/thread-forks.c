/* SPDX-License-Identifier: MIT */
/* A thread's fork gives a child with that one thread. */
#include "check.h"
#include <pthread.h>

static volatile int ticks;

static void *
ticker(void *arg)
{
	for (;;) {
		ticks++;
		usleep(1000);
	}
	return arg;
}

static void *
forker(void *arg)
{
	pid_t pid = fork();

	if (pid == 0) {
		int before = ticks;
		usleep(50000);
		printf("pid is tid %d, frozen %d\n",
			getpid() == syscall(SYS_gettid), before == ticks);
		_exit(4);
	}
	child_show("child", pid);
	return arg;
}

int
main(void)
{
	pthread_t one, two;

	pthread_create(&one, NULL, ticker, NULL);
	while (ticks == 0)
		usleep(1000);
	pthread_create(&two, NULL, forker, NULL);
	pthread_join(two, NULL);
	return 0;
}
