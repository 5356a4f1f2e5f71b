/* SPDX-License-Identifier: MIT */
/* exit_group ends all threads; the status is the caller's. */
#include "check.h"
#include <pthread.h>

static void *
forever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void *
ends_all(void *arg)
{
	usleep(50000);
	_exit(9);
	return arg;
}

static void
run(const char *what, void *(*last)(void *), int leader_exits)
{
	pid_t pid = fork();

	if (pid == 0) {
		pthread_t thread;
		for (int i = 0; i < 5; i++)
			pthread_create(&thread, NULL, forever, NULL);
		pthread_create(&thread, NULL, last, NULL);
		if (leader_exits)
			pthread_exit(NULL);
		for (;;)
			pause();
	}
	child_show(what, pid);
}

static void *
faults(void *arg)
{
	usleep(50000);
	*(volatile int *)NULL = 1;
	return arg;
}

int
main(void)
{
	run("by a thread", ends_all, 0);
	run("leader left first", ends_all, 1);
	run("by a fault", faults, 0);
	return 0;
}
