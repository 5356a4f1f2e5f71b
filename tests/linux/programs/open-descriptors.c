/* SPDX-License-Identifier: MIT */
/* Tells which of the descriptors given as arguments are open. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%d %s\n", i,
			fcntl(atoi(argv[i]), F_GETFD) == -1 ? "closed"
							    : "open");
	for (int fd = 3; fd < 30; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			printf("open: %d\n", fd);
	return 0;
}
