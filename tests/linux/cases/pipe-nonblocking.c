/* SPDX-License-Identifier: MIT */
/* A non-blocking pipe says EAGAIN when empty and when full. */
#include "check.h"
#include <sys/ioctl.h>

int
main(void)
{
	int fds[2], queued = 0;
	static char block[4096];
	long total = 0, n;

	NEED(pipe2(fds, O_NONBLOCK));
	SHOW(read(fds[0], block, 1));
	while ((n = write(fds[1], block, sizeof block)) > 0)
		total += n;
	printf("full after %ld: %s\n", total, strerrorname_np(errno));
	SHOW(ioctl(fds[0], FIONREAD, &queued));
	printf("queued %d\n", queued);
	SHOW(read(fds[0], block, sizeof block));
	SHOW(write(fds[1], block, sizeof block));
	SHOW(fcntl(fds[0], F_GETFL) == (O_RDONLY | O_NONBLOCK));
	SHOW(fcntl(fds[0], F_SETFL, 0));
	SHOW(fcntl(fds[0], F_GETFL) == O_RDONLY);
	SHOW(fcntl(fds[1], F_GETPIPE_SZ));
	SHOW(pipe2(fds, 1));
	SHOW(pipe((int *)8));
	SHOW(lseek(fds[0], 0, SEEK_SET));
	return 0;
}
