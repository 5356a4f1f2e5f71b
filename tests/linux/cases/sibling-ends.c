/* SPDX-License-Identifier: MIT */
/*
 * CLONE_PARENT: what a sibling's end sends to the common parent was agreed
 * with that parent, whatever the clone asked for; and exec makes it SIGCHLD.
 */
#include "check.h"

#include <grp.h>
#include <sched.h>

static void
rest(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/* One without rights makes a sibling whose end shall kill the parent. */
static void
sibling_make(void)
{
	long sibling;

	NEED(setgroups(0, NULL));
	NEED(setgid(1000));
	NEED(setuid(1000));
	SHOW(kill(getppid(), SIGKILL));
	sibling = syscall(
		SYS_clone, CLONE_PARENT | SIGKILL, NULL, NULL, NULL, NULL);
	if (sibling == 0)
		_exit(3);
	_exit(sibling < 0);
}

/* A child that execs after it asked for another signal. */
static void
exec_after_clone(char *self)
{
	long pid = syscall(SYS_clone, SIGKILL, NULL, NULL, NULL, NULL);

	if (pid == 0) {
		execl(self, self, "end", (char *)NULL);
		_exit(126);
	}
	rest(300);
	child_show("after exec", (pid_t)pid);
}

int
main(int argc, char **argv)
{
	pid_t parent;

	if (argc > 1 && strcmp(argv[1], "end") == 0)
		return 5;
	setvbuf(stdout, NULL, _IONBF, 0);
	parent = fork();
	if (parent == 0) {
		int status, ended = 0;

		if (fork() == 0)
			sibling_make();
		rest(300);
		while (wait(&status) > 0)
			ended += WIFEXITED(status);
		printf("the parent lives, %d ended\n", ended);
		_exit(7);
	}
	child_show("parent", parent);
	exec_after_clone("/proc/self/exe");
	return 0;
}
