/* SPDX-License-Identifier: MIT */
/* SEEK_DATA and SEEK_HOLE find the parts of a sparse file. */
#include "check.h"

int
main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	NEED(pwrite(fd, "x", 1, 1 << 20));
	NEED(ftruncate(fd, 2 << 20));
	SHOW(lseek(fd, 0, SEEK_DATA));
	SHOW(lseek(fd, 1 << 20, SEEK_HOLE));
	SHOW(lseek(fd, 0, SEEK_HOLE));
	SHOW(lseek(fd, (1 << 20) + 4096, SEEK_DATA));
	SHOW(lseek(fd, 2 << 20, SEEK_DATA));
	SHOW(lseek(fd, 2 << 20, SEEK_HOLE));
	return 0;
}
