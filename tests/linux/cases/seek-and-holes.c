/* SPDX-License-Identifier: MIT */
/* lseek: the three origins, beyond the end, holes read as zeros. */
#include "check.h"

int
main(void)
{
	char text[16];
	struct stat info;
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	SHOW(write(fd, "start", 5));
	SHOW(lseek(fd, 100000, SEEK_END));
	SHOW(write(fd, "end", 3));
	SHOW(lseek(fd, -3, SEEK_CUR));
	SHOW(read(fd, text, 16));
	SHOW(read(fd, text, 16));
	SHOW(pread(fd, text, 16, 50000));
	printf("%d %d\n", text[0], text[15]);
	SHOW(lseek(fd, -1, SEEK_SET));
	SHOW(lseek(fd, 0, 99));
	SHOW(lseek(fd, 1l << 40, SEEK_SET));
	SHOW(read(fd, text, 1));
	SHOW(fstat(fd, &info));
	printf("size %ld\n", (long)info.st_size);
	SHOW(lseek(0, 0, 99));
	return 0;
}
