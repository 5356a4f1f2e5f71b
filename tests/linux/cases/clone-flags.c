/* SPDX-License-Identifier: MIT */
/* Clone refuses flags that contradict each other, and shares as told. */
#include "check.h"
#include <sched.h>

static int value;
static char stack[65536] __attribute__((aligned(16)));

static int
child(void *arg)
{
	value = 7;
	close((int)(long)arg);
	return chdir("/");
}

static void
run(const char *what, int flags)
{
	char here[4096];
	int fd = open(".", O_RDONLY);

	value = 0;
	pid_t pid = clone(
		child, stack + sizeof stack, flags | SIGCHLD, (void *)(long)fd);
	if (pid == -1) {
		printf("%s: %s\n", what, strerrorname_np(errno));
		return;
	}
	int status;
	waitpid(pid, &status, 0);
	int moved = strcmp(getcwd(here, sizeof here), "/") == 0;
	printf("%s: status %d memory %d files %d folder %d\n", what, status,
		value == 7, fcntl(fd, F_GETFD) == -1, moved);
	if (fcntl(fd, F_GETFD) != -1) {
		NEED(fchdir(fd));
		close(fd);
	}
}

int
main(void)
{
	run("nothing", 0);
	run("memory", CLONE_VM);
	run("files", CLONE_FILES);
	run("vfork", CLONE_VM | CLONE_VFORK);
	run("thread without handlers", CLONE_THREAD);
	run("handlers without memory", CLONE_SIGHAND);
	run("thread without memory", CLONE_THREAD | CLONE_SIGHAND);
	run("folder", CLONE_FS);
	return 0;
}
