/* SPDX-License-Identifier: MIT */
/* Exit statuses are eight bits; atexit handlers run in reverse. */
#include "check.h"

static void
first(void)
{
	printf("first\n");
}

static void
second(void)
{
	printf("second\n");
}

static void
end(int status, int quick)
{
	pid_t pid = fork();

	if (pid == 0) {
		atexit(first);
		atexit(second);
		if (quick)
			_exit(status);
		exit(status);
	}
	child_show("child", pid);
}

int
main(void)
{
	end(0, 1);
	end(255, 1);
	end(256, 1);
	end(-1, 1);
	end(77, 0);
	return 0;
}
