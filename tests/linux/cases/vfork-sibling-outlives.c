/* SPDX-License-Identifier: MIT */
/*
 * A vfork child made as a sibling goes on when the one that waits for it is
 * killed, and its end finds nobody to wake.
 */
#include "check.h"

#include <sched.h>

static void
rest(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

int
main(void)
{
	pid_t middle, other;
	int status;

	setvbuf(stdout, NULL, _IONBF, 0);
	middle = fork();
	if (middle == 0) {
		long pid =
			syscall(SYS_clone, CLONE_VFORK | CLONE_PARENT | SIGCHLD,
				NULL, NULL, NULL, NULL);

		if (pid == 0) {
			rest(600);
			_exit(3);
		}
		_exit(0);
	}
	rest(200);
	NEED(kill(middle, SIGKILL));
	child_show("who waited", middle);
	/* Others take the numbers and the memory of the dead. */
	for (int i = 0; i < 20; i++) {
		other = fork();
		if (other == 0)
			_exit(0);
		waitpid(other, NULL, 0);
	}
	other = wait(&status);
	printf("its child: exit %d\n", other > 0 ? WEXITSTATUS(status) : -1);
	SHOW(wait(&status));
	return 0;
}
