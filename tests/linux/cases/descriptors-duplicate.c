/* SPDX-License-Identifier: MIT */
/* dup, dup2, dup3, F_DUPFD: lowest numbers, shared offsets, refusals. */
#include "check.h"

int
main(void)
{
	char c;
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	NEED(write(fd, "abcdef", 6));
	SHOW(fd);
	SHOW(dup(fd));
	SHOW(dup2(fd, 20));
	SHOW(fcntl(fd, F_DUPFD, 10));
	SHOW(fcntl(fd, F_DUPFD, 20));
	SHOW(close(4));
	SHOW(dup(fd));
	NEED(lseek(fd, 2, SEEK_SET));
	SHOW(read(20, &c, 1));
	printf("%c\n", c);
	SHOW(lseek(21, 0, SEEK_CUR));
	SHOW(dup2(fd, fd));
	SHOW(dup3(fd, fd, 0));
	SHOW(dup3(fd, 30, O_CLOEXEC));
	SHOW(fcntl(30, F_GETFD));
	SHOW(fcntl(30, F_SETFD, 0));
	SHOW(fcntl(30, F_GETFD));
	SHOW(dup(99));
	SHOW(dup2(fd, -1));
	SHOW(dup2(fd, 1 << 20));
	SHOW(fcntl(fd, F_DUPFD, 1 << 20));
	SHOW(fcntl(fd, 9999));
	SHOW(close(99));
	SHOW(close(fd));
	SHOW(read(fd, &c, 1));
	return 0;
}
