/* SPDX-License-Identifier: MIT */
/* getcwd, chdir and fchdir: results, small buffers, refusals, removal. */
#include "check.h"

int
main(void)
{
	char start[4096], here[4096];

	NEED(syscall(SYS_getcwd, start, sizeof start));
	NEED(mkdir("d", 0755));
	NEED(close(open("f", O_WRONLY | O_CREAT, 0644)));
	int fd = open("d", O_RDONLY);
	SHOW(chdir("d"));
	NEED(syscall(SYS_getcwd, here, sizeof here));
	printf("%s\n", here + strlen(start));
	SHOW(syscall(SYS_getcwd, here, 3));
	SHOW(chdir(".."));
	SHOW(chdir("f"));
	SHOW(chdir("nothing"));
	SHOW(fchdir(fd));
	SHOW(rmdir("../d"));
	SHOW(syscall(SYS_getcwd, here, sizeof here));
	SHOW_OK(open("x", O_WRONLY | O_CREAT, 0644));
	SHOW(access(".", F_OK));
	SHOW(chdir(".."));
	SHOW(fchdir(99));
	SHOW(chdir("/../../.."));
	printf("%s\n", getcwd(here, sizeof here));
	return 0;
}
