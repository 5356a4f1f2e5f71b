/* SPDX-License-Identifier: MIT */
/* A fault whose signal is blocked or ignored ends the process. */
#include "check.h"

static void
die(const char *what, int mask)
{
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t set;
		sigemptyset(&set);
		sigaddset(&set, SIGSEGV);
		if (mask)
			sigprocmask(SIG_BLOCK, &set, NULL);
		else
			signal(SIGSEGV, SIG_IGN);
		*(volatile int *)NULL = 1;
		_exit(0);
	}
	child_show(what, pid);
}

int
main(void)
{
	die("blocked", 1);
	die("ignored", 0);
	return 0;
}
