/* SPDX-License-Identifier: MIT */
/* Real-time signals queue, in order of number, then of arrival. */
#include "check.h"

static int values[64], numbers[64];
static volatile int count;

static void
handler(int number, siginfo_t *info, void *context)
{
	(void)context;
	numbers[count] = number - SIGRTMIN;
	values[count++] = info->si_value.sival_int;
}

int
main(void)
{
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	sigset_t all;

	sigfillset(&action.sa_mask);
	sigfillset(&all);
	for (int i = 0; i < 4; i++)
		NEED(sigaction(SIGRTMIN + i, &action, NULL));
	NEED(sigaction(SIGUSR1, &action, NULL));
	NEED(sigprocmask(SIG_BLOCK, &all, NULL));
	for (int i = 0; i < 12; i++) {
		union sigval value = {.sival_int = i};
		NEED(sigqueue(getpid(), SIGRTMIN + 3 - i % 4, value));
	}
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	NEED(sigprocmask(SIG_UNBLOCK, &all, NULL));
	printf("count %d\n", count);
	for (int i = 0; i < count; i++)
		if (numbers[i] >= 0)
			printf("rt+%d value %d\n", numbers[i], values[i]);
		else
			printf("usr1\n");
	return 0;
}
