/* SPDX-License-Identifier: MIT */
/* exec by a thread ends the others and keeps the process's number. */
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
execs(void *arg)
{
	char path[256], pid[16];

	snprintf(path, sizeof path, "%s/bin/same-pid", getenv("TESTS"));
	snprintf(pid, sizeof pid, "%d", getpid());
	execl(path, "same-pid", pid, (char *)NULL);
	return arg;
}

int
main(void)
{
	pthread_t thread;

	for (int i = 0; i < 4; i++)
		pthread_create(&thread, NULL, forever, NULL);
	pthread_create(&thread, NULL, execs, NULL);
	for (;;)
		pause();
}
