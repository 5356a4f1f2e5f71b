/* SPDX-License-Identifier: MIT */
/* Writing to a pipe without readers is EPIPE and SIGPIPE. */
#include "check.h"

static volatile int got;

static void
handler(int number)
{
	got = number;
}

int
main(void)
{
	int fds[2];
	char c;

	NEED(pipe(fds));
	close(fds[0]);
	signal(SIGPIPE, handler);
	SHOW(write(fds[1], "x", 1));
	printf("signal %d\n", got);
	signal(SIGPIPE, SIG_IGN);
	SHOW(write(fds[1], "x", 1));
	SHOW(write(fds[1], "x", 0));
	close(fds[1]);
	NEED(pipe(fds));
	close(fds[1]);
	SHOW(read(fds[0], &c, 1));
	SHOW(write(fds[0], "x", 1));
	signal(SIGPIPE, SIG_DFL);
	pid_t pid = fork();
	if (pid == 0) {
		NEED(pipe(fds));
		close(fds[0]);
		_exit(write(fds[1], "x", 1) == 1);
	}
	child_show("default", pid);
	return 0;
}
