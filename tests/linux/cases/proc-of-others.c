/* SPDX-License-Identifier: MIT */
/* What another user's process has open or mapped is nobody's business. */
#include "check.h"

#include <grp.h>

static void
look(pid_t pid)
{
	static const char *const links[] = {"cwd", "root", "exe", "fd/0"};
	char path[64], target[256];

	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, links[i]);
		printf("%s: ", links[i]);
		SHOW_OK(readlink(path, target, sizeof target));
	}
	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	int fd = open(path, O_RDONLY);
	SHOW(fd < 0 ? -1 : (int)(read(fd, target, 1)));
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	SHOW_OK(open(path, O_RDONLY));
}

int
main(void)
{
	pid_t parent = getpid(), child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		puts("root");
		look(parent);
		NEED(setgroups(0, NULL));
		NEED(setgid(1000));
		NEED(setuid(1000));
		puts("another user");
		look(parent);
		exit(0);
	}
	child_show("child", child);
	return 0;
}
