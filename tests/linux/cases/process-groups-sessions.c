/* SPDX-License-Identifier: MIT */
/* setpgid, setsid and kill of a group follow POSIX. */
#include "check.h"

int
main(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	SHOW(setpgid(pid, pid));
	SHOW(getpgid(pid) == pid);
	SHOW(getsid(pid) == getsid(0));
	pid_t second = fork();
	if (second == 0)
		for (;;)
			pause();
	SHOW(setpgid(second, pid));
	SHOW(setpgid(second, 999999));
	SHOW(kill(-pid, SIGTERM));
	child_show("first", pid);
	child_show("second", second);
	SHOW(kill(-pid, SIGTERM));
	SHOW(setpgid(999999, 0));
	SHOW(setpgid(0, -1));
	pid = fork();
	if (pid == 0) {
		SHOW(setsid() == getpid());
		SHOW(setsid());
		SHOW(setpgid(0, 0));
		SHOW(getpgrp() == getpid());
		_exit(0);
	}
	child_show("session", pid);
	return 0;
}
