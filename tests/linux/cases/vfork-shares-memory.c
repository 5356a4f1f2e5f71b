/* SPDX-License-Identifier: MIT */
/* vfork's child runs first, in its parent's memory. */
#include "check.h"

int
main(void)
{
	volatile int value = 1;
	pid_t pid = vfork();

	if (pid == 0) {
		value = 2;
		usleep(50000);
		_exit(3);
	}
	printf("value %d\n", value);
	child_show("child", pid);
	pid = vfork();
	if (pid == 0) {
		execlp("true", "true", (char *)NULL);
		_exit(127);
	}
	child_show("exec", pid);
	return 0;
}
