/* SPDX-License-Identifier: MIT */
/* Prints what exec left of the signal state: ignored, blocked, pending. */
#include <signal.h>
#include <stdio.h>

int
main(void)
{
	sigset_t mask, pending;
	struct sigaction action;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigpending(&pending);
	for (int s = 1; s < 32; s++) {
		if (s == SIGKILL || s == SIGSTOP)
			continue;
		sigaction(s, NULL, &action);
		if (action.sa_handler == SIG_IGN)
			printf("ignored %d\n", s);
		else if (action.sa_handler != SIG_DFL)
			printf("handled %d\n", s);
		if (sigismember(&mask, s))
			printf("blocked %d\n", s);
		if (sigismember(&pending, s))
			printf("pending %d\n", s);
	}
	return 0;
}
