/* SPDX-License-Identifier: MIT */
/* waitid: exited, killed, stopped, WNOWAIT, and its refusals. */
#include "check.h"

static void
show(const char *what, int result, siginfo_t *info, pid_t pid)
{
	if (result == -1)
		printf("%s: %s\n", what, strerrorname_np(errno));
	else
		printf("%s: pid %d signo %d code %d status %d\n", what,
			info->si_pid == pid, info->si_signo, info->si_code,
			info->si_status);
	memset(info, 0, sizeof *info);
}

int
main(void)
{
	siginfo_t info = {0};
	pid_t pid = fork();

	if (pid == 0)
		_exit(300);
	show("look", waitid(P_PID, pid, &info, WEXITED | WNOWAIT), &info, pid);
	show("take", waitid(P_PID, pid, &info, WEXITED), &info, pid);
	show("gone", waitid(P_PID, pid, &info, WEXITED), &info, pid);
	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	show("none", waitid(P_ALL, 0, &info, WEXITED | WNOHANG), &info, pid);
	kill(pid, SIGSTOP);
	show("stop", waitid(P_PID, pid, &info, WSTOPPED), &info, pid);
	kill(pid, SIGKILL);
	show("kill", waitid(P_PID, pid, &info, WEXITED), &info, pid);
	show("options", waitid(P_PID, pid, &info, 0), &info, pid);
	show("kind", waitid(77, pid, &info, WEXITED), &info, pid);
	return 0;
}
