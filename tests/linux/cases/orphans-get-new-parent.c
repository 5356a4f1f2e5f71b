/* SPDX-License-Identifier: MIT */
/* An orphan's parent becomes the first process, and it runs on. */
#include "check.h"

int
main(void)
{
	int fds[2];
	char text[64] = "";

	NEED(pipe(fds));
	pid_t pid = fork();
	if (pid == 0) {
		pid_t middle = getpid();
		if (fork() == 0) {
			while (getppid() == middle)
				usleep(1000);
			int n = snprintf(
				text, sizeof text, "parent %d\n", getppid());
			_exit(write(fds[1], text, (size_t)n) != n);
		}
		_exit(0);
	}
	child_show("middle", pid);
	close(fds[1]);
	NEED(read(fds[0], text, sizeof text - 1));
	printf("%s", text);
	SHOW(read(fds[0], text, 1));
	return 0;
}
