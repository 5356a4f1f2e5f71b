/* SPDX-License-Identifier: MIT */
/* siginfo tells who sent a signal, how, and with what. */
#include "check.h"
#include <sys/time.h>

static pid_t expected;

static void
handler(int number, siginfo_t *info, void *context)
{
	(void)context;
	printf("signal %d code %d", number, info->si_code);
	if (number == SIGCHLD)
		printf(" pid %d status %d", info->si_pid == expected,
			info->si_status);
	else if (number != SIGALRM)
		printf(" pid %d uid %d value %d", info->si_pid == expected,
			(int)info->si_uid, info->si_value.sival_int);
	printf("\n");
}

static void
child(int status, int by_signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	expected = fork();
	if (expected == 0) {
		if (by_signal)
			kill(getpid(), status);
		_exit(status);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	while (waitpid(expected, NULL, 0) == -1)
		continue;
}

int
main(void)
{
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	struct itimerval timer = {.it_value.tv_usec = 10000};

	NEED(sigaction(SIGUSR1, &action, NULL));
	NEED(sigaction(SIGALRM, &action, NULL));
	NEED(sigaction(SIGCHLD, &action, NULL));
	expected = getpid();
	kill(getpid(), SIGUSR1);
	raise(SIGUSR1);
	sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 42});
	child(5, 0);
	child(SIGKILL, 1);
	NEED(setitimer(ITIMER_REAL, &timer, NULL));
	pause();
	return 0;
}
