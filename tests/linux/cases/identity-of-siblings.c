/* SPDX-License-Identifier: MIT */
/*
 * Who a process is comes from who made it, at the moment of the making: not
 * from its parent (CLONE_PARENT), nor from what its maker becomes later.
 */
#include "check.h"

#include <sched.h>

static void
who_show(const char *who)
{
	uid_t real, effective, saved;

	NEED(getresuid(&real, &effective, &saved));
	printf("%s: %u %u %u\n", who, real, effective, saved);
	SHOW(seteuid(0));
	SHOW(setuid(0));
}

/* The parent of this one could become root again; it could not. */
static void
child_run(void)
{
	int status;
	long pid;

	NEED(setresuid(1000, 1000, 1000));
	pid = syscall(
		SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		who_show("sibling");
		_exit(2);
	}
	usleep(100000);
	who_show("child");
	printf("its own children: %d\n", wait(&status));
	_exit(3);
}

int
main(void)
{
	int status, ended = 0;
	pid_t pid;

	setvbuf(stdout, NULL, _IONBF, 0);
	NEED(setresuid(0, 1000, 0));
	if (fork() == 0)
		child_run();
	while (wait(&status) > 0)
		ended++;
	printf("ended: %d\n", ended);
	/* The child first speaks when its maker is another. */
	NEED(seteuid(0));
	pid = fork();
	if (pid == 0) {
		usleep(100000);
		who_show("late child");
		_exit(0);
	}
	NEED(setresuid(1000, 1000, 1000));
	who_show("its maker");
	child_show("late", pid);
	return 0;
}
