/* SPDX-License-Identifier: MIT */
/* sigwaitinfo and sigtimedwait take blocked signals, or time out. */
#include "check.h"

int
main(void)
{
	sigset_t set;
	siginfo_t info;
	struct timespec short_time = {0, 50000000};

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	NEED(sigprocmask(SIG_BLOCK, &set, NULL));
	SHOW(sigtimedwait(&set, &info, &short_time));
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 9});
	SHOW(sigwaitinfo(&set, &info) - SIGRTMIN);
	printf("value %d\n", info.si_value.sival_int);
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0) {
		usleep(100000);
		_exit(kill(parent, SIGUSR1));
	}
	SHOW(sigwaitinfo(&set, &info));
	printf("from child %d\n", info.si_pid == pid);
	child_show("child", pid);
	return 0;
}
