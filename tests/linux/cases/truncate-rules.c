/* SPDX-License-Identifier: MIT */
/* truncate and ftruncate grow with zeros, shrink, and refuse. */
#include "check.h"

int
main(void)
{
	char text[16] = "";
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	NEED(write(fd, "abcdefgh", 8));
	SHOW(ftruncate(fd, 4));
	SHOW(ftruncate(fd, 8));
	SHOW(pread(fd, text, 16, 0));
	printf("%s %d %d\n", text, text[4], text[7]);
	SHOW(truncate("file", 1));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(truncate("nothing", 1));
	SHOW(truncate(".", 1));
	SHOW(ftruncate(fd, -1));
	SHOW(ftruncate(99, 1));
	SHOW(ftruncate(open("file", O_RDONLY), 1));
	return 0;
}
