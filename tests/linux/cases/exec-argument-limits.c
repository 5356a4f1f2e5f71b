/* SPDX-License-Identifier: MIT */
/* A megabyte of arguments passes; more than the limit is E2BIG. */
#include "check.h"

static char piece[1001];

static void
run(int count)
{
	char path[256], **argv = calloc((size_t)count + 2, sizeof *argv);
	pid_t pid;

	snprintf(path, sizeof path, "%s/bin/argument-count", getenv("TESTS"));
	argv[0] = "count";
	for (int i = 1; i <= count; i++)
		argv[i] = piece;
	pid = fork();
	if (pid == 0) {
		execv(path, argv);
		printf("%s\n", strerrorname_np(errno));
		_exit(1);
	}
	child_show("run", pid);
	free(argv);
}

int
main(void)
{
	memset(piece, 'p', 1000);
	run(100);
	run(1000);
	run(5000);
	return 0;
}
