/* SPDX-License-Identifier: MIT */
/* Ten generations of processes each keep their own copy of one page. */
#include "check.h"

static volatile int value;
static int others[1024] = {1};

int
main(void)
{
	for (int i = 0; i < 10; i++) {
		value = i;
		pid_t pid = fork();
		if (pid != 0) {
			child_show("generation", pid);
			printf("%d kept %d %d\n", i, value, others[0]);
			return i + 1;
		}
		others[0] += value;
	}
	return 0;
}
