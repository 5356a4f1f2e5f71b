/* SPDX-License-Identifier: MIT */
/* sigaction: old actions, SA_RESETHAND, SA_NODEFER, SIGKILL refused. */
#include "check.h"

static volatile int depth, deepest, count;

static void
handler(int number)
{
	count++;
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (count < 3)
		raise(number);
	depth--;
}

int
main(void)
{
	struct sigaction action = {.sa_handler = handler}, old;

	SHOW(sigaction(SIGUSR1, &action, &old));
	printf("default %d\n", old.sa_handler == SIG_DFL);
	SHOW(sigaction(SIGUSR1, NULL, &old));
	printf("mine %d\n", old.sa_handler == handler);
	raise(SIGUSR1);
	printf("count %d deepest %d\n", count, deepest);
	count = deepest = 0;
	action.sa_flags = SA_NODEFER;
	NEED(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	printf("count %d deepest %d\n", count, deepest);
	count = 10;
	action.sa_flags = (int)SA_RESETHAND;
	NEED(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	NEED(sigaction(SIGUSR1, NULL, &old));
	printf("reset %d\n", old.sa_handler == SIG_DFL);
	SHOW(sigaction(SIGKILL, &action, NULL));
	SHOW(sigaction(SIGSTOP, &action, NULL));
	SHOW(sigaction(65, &action, NULL));
	SHOW(kill(getpid(), 65));
	SHOW(kill(getpid(), 0));
	SHOW(kill(999999, SIGUSR1));
	raise(SIGUSR1);
	return 0;
}
