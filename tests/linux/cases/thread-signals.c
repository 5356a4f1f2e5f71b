/* SPDX-License-Identifier: MIT */
/* Signals to a thread reach it; signals to a process, one that lets them. */
#include "check.h"
#include <pthread.h>

static volatile pid_t handled_by;
static pid_t tid;
static volatile int stop;

static void
handler(int number)
{
	(void)number;
	handled_by = (pid_t)syscall(SYS_gettid);
}

static void *
body(void *arg)
{
	tid = (pid_t)syscall(SYS_gettid);
	while (!stop)
		usleep(1000);
	return arg;
}

static const char *
who(void)
{
	for (int i = 0; i < 2000 && handled_by == 0; i++)
		usleep(1000);
	const char *name = handled_by == tid ? "thread"
		: handled_by == getpid()     ? "leader"
					     : "nobody";
	handled_by = 0;
	return name;
}

int
main(void)
{
	struct sigaction action = {.sa_handler = handler};
	sigset_t set;
	pthread_t thread;

	NEED(sigaction(SIGUSR1, &action, NULL));
	pthread_create(&thread, NULL, body, NULL);
	while (tid == 0)
		usleep(1000);
	pthread_kill(thread, SIGUSR1);
	printf("to the thread: %s\n", who());
	raise(SIGUSR1);
	printf("to itself: %s\n", who());
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	printf("to the process: %s\n", who());
	SHOW(syscall(SYS_tgkill, getpid(), 999999, SIGUSR1));
	SHOW(syscall(SYS_tgkill, getppid(), tid, SIGUSR1));
	stop = 1;
	pthread_join(thread, NULL);
	return 0;
}
