/* SPDX-License-Identifier: MIT */
/* A program of two megabytes runs, with all its data in place. */
#include "check.h"

int
main(void)
{
	char path[256];
	struct stat info;

	snprintf(path, sizeof path, "%s/bin/large", getenv("TESTS"));
	NEED(stat(path, &info));
	printf("large %d\n", info.st_size > 2 << 20);
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			execl(path, "large", (char *)NULL);
			_exit(127);
		}
		child_show("run", pid);
	}
	return 0;
}
