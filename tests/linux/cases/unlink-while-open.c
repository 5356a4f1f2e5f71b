/* SPDX-License-Identifier: MIT */
/* A removed file lives on for those who hold it open or mapped. */
#include "check.h"

int
main(void)
{
	struct stat info;
	char text[8] = "";
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	NEED(write(fd, "content", 7));
	char *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	SHOW(unlink("file"));
	SHOW(access("file", F_OK));
	SHOW(pread(fd, text, 7, 0));
	printf("%s %.7s\n", text, map);
	SHOW(fstat(fd, &info));
	printf("links %ld size %ld\n", (long)info.st_nlink, (long)info.st_size);
	SHOW(close(fd));
	printf("%.7s\n", map);
	SHOW(unlink("file"));
	SHOW(unlink("."));
	SHOW(rmdir("file"));
	SHOW(rmdir("."));
	return 0;
}
