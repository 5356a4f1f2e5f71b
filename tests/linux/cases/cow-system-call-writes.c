/* SPDX-License-Identifier: MIT */
/* The kernel's own writes into shared pages copy them first, too. */
#include "check.h"

static char page[8192] __attribute__((aligned(4096)));

int
main(void)
{
	int fds[2];

	memset(page, 'p', sizeof page);
	NEED(pipe(fds));
	NEED(write(fds[1], "child data", 10));
	pid_t pid = fork();
	if (pid == 0) {
		SHOW(read(fds[0], page + 4091, 10));
		printf("%.12s\n", page + 4090);
		return 0;
	}
	child_show("child", pid);
	printf("%.12s\n", page + 4090);
	return 0;
}
