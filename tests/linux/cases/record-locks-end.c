/* SPDX-License-Identifier: MIT */
/*
 * Record locks of a process end with any descriptor of the file that it
 * loses: by close, dup2, exec or its own end; never by a child's close.
 */
#include "check.h"

static int
lock_set(int fd, short type, off_t start)
{
	struct flock lock = {.l_type = type, .l_start = start, .l_len = 1};

	return fcntl(fd, F_SETLK, &lock);
}

/* What another process finds: may it lock the byte? */
static void
others_show(const char *text, int fd, off_t start)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(lock_set(fd, F_WRLCK, start) == 0 ? 0 : errno);
	child_show(text, child);
}

static void
holder_exec(int close_on_exec)
{
	int fd = open("file", O_RDWR | (close_on_exec ? O_CLOEXEC : 0));
	char path[256];

	NEED(lock_set(fd, F_WRLCK, 0));
	snprintf(path, sizeof path, "%s/bin/open-descriptors", getenv("TESTS"));
	execl(path, "open-descriptors", "0", (char *)NULL);
	_exit(1);
}

static void
holder_replaces(int unused)
{
	int fd = open("file", O_RDWR);

	(void)unused;
	NEED(lock_set(fd, F_WRLCK, 0));
	dup2(0, fd);
	_exit(0);
}

static void
holder_shares(int unused)
{
	int fd = open("file", O_RDWR);

	(void)unused;
	NEED(lock_set(fd, F_WRLCK, 0));
	if (fork() == 0) {
		close(fd);
		_exit(0);
	}
	wait(NULL);
	others_show("after a child closed it", fd, 0);
	exit(0);
}

static void
run(void (*holder)(int), int argument)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		holder(argument);
	child_show("holder", child);
}

int
main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600), other;

	run(holder_exec, 1);
	others_show("after exec with close-on-exec", fd, 0);
	run(holder_exec, 0);
	others_show("after exec and end", fd, 0);
	run(holder_replaces, 0);
	others_show("after dup2 over it", fd, 0);
	run(holder_shares, 0);
	others_show("after end", fd, 0);
	SHOW(lock_set(fd, F_WRLCK, 0));
	SHOW(lock_set(fd, F_WRLCK, 5));
	others_show("held", fd, 0);
	other = open("file", O_RDONLY);
	close(other);
	others_show("after closing another descriptor of it", fd, 5);
	SHOW(lock_set(fd, F_WRLCK, 0));
	other = dup(fd);
	others_show("before dup2 over a duplicate", fd, 0);
	dup2(0, other);
	others_show("after dup2 over a duplicate", fd, 0);
	return 0;
}
