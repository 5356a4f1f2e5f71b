/* SPDX-License-Identifier: MIT */
/*
 * A file that may only be read stays as it is, although a thread's number is
 * to be written into a mapping of it, and cleared there at its end.
 */
#include "check.h"

#include <pthread.h>
#include <sched.h>

static char stack[65536] __attribute__((aligned(16)));

static int
nothing(void *argument)
{
	(void)argument;
	return 0;
}

static void
thread_write(char *map)
{
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
		CLONE_CHILD_CLEARTID;
	int made = clone(nothing, stack + sizeof(stack), flags, NULL,
		(int *)(map + 8), NULL, (int *)map);

	printf("thread made: %d\n", made > 0);
	usleep(200000);
}

int
main(void)
{
	char text[31] = "";
	int fd = open("root-owned", O_RDWR | O_CREAT, 0644);
	pid_t pid;

	setvbuf(stdout, NULL, _IONBF, 0);
	SHOW(write(fd, "twenty-nine bytes, and no more", 30));
	pid = fork();
	if (pid == 0) {
		NEED(setgid(1000));
		NEED(setuid(1000));
		fd = open("root-owned", O_RDONLY);
		thread_write(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
		_exit(0);
	}
	child_show("child", pid);
	SHOW(pread(fd, text, 30, 0));
	printf("%s\n", text);
	return 0;
}
