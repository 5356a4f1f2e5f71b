/* SPDX-License-Identifier: MIT */
/* A shared mapping of a file and write() see each other's bytes. */
#include "check.h"

int
main(void)
{
	char text[16] = "";
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	NEED(ftruncate(fd, 8192));
	char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	strcpy(map + 4090, "mapped text");
	SHOW(pread(fd, text, 11, 4090));
	printf("%s\n", text);
	SHOW(pwrite(fd, "written", 7, 100));
	printf("%.7s\n", map + 100);
	pid_t pid = fork();
	if (pid == 0) {
		strcpy(map, "child");
		_exit(0);
	}
	child_show("child", pid);
	printf("%s\n", map);
	SHOW(msync(map, 8192, MS_SYNC));
	SHOW(munmap(map, 8192));
	return 0;
}
