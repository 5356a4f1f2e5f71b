/* SPDX-License-Identifier: MIT */
/* A private mapping of a file shows it, and keeps its changes to itself. */
#include "check.h"

int
main(void)
{
	char text[8] = "";
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	NEED(write(fd, "original", 8));
	char *map =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	close(fd);
	printf("%.8s %d\n", map, map[100]);
	memcpy(map, "changed!", 8);
	fd = open("file", O_RDONLY);
	NEED(read(fd, text, 8));
	printf("%.8s %.8s\n", map, text);
	SHOW_OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0));
	SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 100));
	SHOW_OK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0));
	SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0));
	return 0;
}
