/* SPDX-License-Identifier: MIT */
/* open: O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DIRECTORY, O_NOFOLLOW. */
#include "check.h"

int
main(void)
{
	char text[32] = "";

	SHOW_OK(open("a", O_RDONLY));
	SHOW_OK(open("a", O_WRONLY | O_CREAT | O_EXCL, 0600));
	SHOW_OK(open("a", O_WRONLY | O_CREAT | O_EXCL, 0600));
	int fd = open("a", O_RDWR | O_APPEND);
	SHOW(write(fd, "one", 3));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(write(fd, "two", 3));
	SHOW(pread(fd, text, 10, 0));
	printf("%s\n", text);
	SHOW_OK(open("a", O_RDONLY | O_TRUNC));
	SHOW(lseek(fd, 0, SEEK_END));
	NEED(mkdir("d", 0755));
	NEED(symlink("a", "l"));
	NEED(symlink("new", "dangling"));
	SHOW_OK(open("a", O_RDONLY | O_DIRECTORY));
	SHOW_OK(open("d", O_RDONLY | O_DIRECTORY));
	SHOW_OK(open("d", O_RDWR));
	SHOW_OK(open("l", O_RDONLY | O_NOFOLLOW));
	SHOW_OK(open("dangling", O_RDONLY));
	SHOW_OK(open("dangling", O_WRONLY | O_CREAT | O_EXCL, 0644));
	SHOW_OK(open("dangling", O_WRONLY | O_CREAT, 0644));
	SHOW(access("new", F_OK));
	SHOW_OK(open("a/", O_RDONLY));
	SHOW_OK(open("d/", O_RDONLY));
	SHOW_OK(open("", O_RDONLY));
	SHOW_OK(open("d/nothing/x", O_WRONLY | O_CREAT, 0644));
	fd = open("a", O_RDONLY);
	SHOW(write(fd, "x", 1));
	fd = open("a", O_WRONLY);
	SHOW(read(fd, text, 1));
	fd = open("d", O_RDONLY);
	SHOW(read(fd, text, 1));
	return 0;
}
