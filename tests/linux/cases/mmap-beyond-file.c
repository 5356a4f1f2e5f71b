/* SPDX-License-Identifier: MIT */
/* Touching a mapping beyond the file's last page is SIGBUS. */
#include "check.h"

int
main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	NEED(write(fd, "x", 1));
	volatile char *map = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	printf("%d %d\n", map[0], map[4095]);
	pid_t pid = fork();
	if (pid == 0)
		_exit(map[4096]);
	child_show("beyond", pid);
	return 0;
}
