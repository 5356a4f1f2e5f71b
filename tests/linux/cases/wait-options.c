/* SPDX-License-Identifier: MIT */
/* waitpid: WNOHANG, WUNTRACED, WCONTINUED, groups, nobody left. */
#include "check.h"

static void
show(const char *what, pid_t got, pid_t pid, int status)
{
	printf("%s: %s", what,
		got == pid	   ? "child"
			: got == 0 ? "none"
				   : strerrorname_np(errno));
	if (got == pid && WIFSTOPPED(status))
		printf(" stopped by %d", WSTOPSIG(status));
	if (got == pid && WIFCONTINUED(status))
		printf(" continued");
	if (got == pid && WIFEXITED(status))
		printf(" exited %d", WEXITSTATUS(status));
	if (got == pid && WIFSIGNALED(status))
		printf(" signal %d", WTERMSIG(status));
	printf("\n");
}

int
main(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	show("running", waitpid(pid, &status, WNOHANG), pid, status);
	kill(pid, SIGSTOP);
	show("stopped", waitpid(pid, &status, WUNTRACED), pid, status);
	show("again", waitpid(pid, &status, WUNTRACED | WNOHANG), pid, status);
	kill(pid, SIGCONT);
	show("continued", waitpid(-1, &status, WCONTINUED), pid, status);
	kill(pid, SIGTERM);
	show("ended", waitpid(0, &status, 0), pid, status);
	show("gone", waitpid(pid, &status, 0), pid, status);
	show("nobody", waitpid(-1, &status, WNOHANG), pid, status);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		_exit(6);
	}
	show("its group", (usleep(100000), waitpid(-pid, &status, 0)), pid,
		status);
	SHOW(waitpid(-1, &status, 12345678));
	return 0;
}
