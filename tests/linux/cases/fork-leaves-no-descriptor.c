/* SPDX-License-Identifier: MIT */
/* A thousand forks with open pipes leave no descriptor behind. */
#include "check.h"

int
main(void)
{
	int total = 0;

	for (int i = 0; i < 1000; i++) {
		int fds[2];
		unsigned char c = 0;
		NEED(pipe(fds));
		pid_t pid = fork();
		NEED(pid);
		if (pid == 0) {
			c = (unsigned char)(i % 251);
			_exit(write(fds[1], &c, 1) != 1);
		}
		close(fds[1]);
		NEED(read(fds[0], &c, 1));
		total += c;
		close(fds[0]);
		NEED(waitpid(pid, NULL, 0));
	}
	printf("%d, next descriptor %d\n", total, dup(0));
	return 0;
}
