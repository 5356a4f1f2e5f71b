/* SPDX-License-Identifier: MIT */
/* sigprocmask, sigpending and sigsuspend: held, seen, let through. */
#include "check.h"

static volatile int got;

static void
handler(int number)
{
	got = got * 100 + number;
}

int
main(void)
{
	sigset_t set, old, pending, empty;
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&empty);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGKILL);
	NEED(sigaction(SIGUSR1, &action, NULL));
	SHOW(sigprocmask(SIG_BLOCK, &set, &old));
	printf("was %d\n", sigismember(&old, SIGUSR1));
	SHOW(sigprocmask(SIG_BLOCK, NULL, &old));
	printf("now %d, kill %d\n", sigismember(&old, SIGUSR1),
		sigismember(&old, SIGKILL));
	raise(SIGUSR1);
	SHOW(sigpending(&pending));
	printf("pending %d got %d\n", sigismember(&pending, SIGUSR1), got);
	SHOW(sigsuspend(&empty));
	printf("got %d\n", got);
	SHOW(sigpending(&pending));
	printf("pending %d\n", sigismember(&pending, SIGUSR1));
	SHOW(sigprocmask(77, &set, NULL));
	raise(SIGUSR1);
	NEED(sigprocmask(SIG_SETMASK, &empty, NULL));
	printf("got %d\n", got);
	return 0;
}
