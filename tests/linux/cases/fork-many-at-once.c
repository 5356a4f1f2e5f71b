/* SPDX-License-Identifier: MIT */
/* Two hundred children live at once, and each is reaped once. */
#include "check.h"

int
main(void)
{
	int fds[2], sum = 0, count = 0, status;
	char c;

	NEED(pipe(fds));
	for (int i = 0; i < 200; i++) {
		pid_t pid = fork();
		NEED(pid);
		if (pid == 0) {
			close(fds[1]);
			_exit(read(fds[0], &c, 1) == 0 ? i : 255);
		}
	}
	close(fds[1]);
	while (wait(&status) > 0) {
		sum += WEXITSTATUS(status);
		count++;
	}
	printf("%d %d\n", count, sum);
	return 0;
}
