/* SPDX-License-Identifier: MIT */
/* eventfd: counting, semaphore mode, overflow, poll, sizes. */
#include "check.h"
#include <poll.h>
#include <sys/eventfd.h>

int
main(void)
{
	uint64_t value = 5;
	int fd = eventfd(3, EFD_NONBLOCK);
	struct pollfd p = {fd, POLLIN | POLLOUT, 0};

	SHOW(write(fd, &value, 8));
	SHOW(poll(&p, 1, 0));
	printf("revents %x\n", p.revents);
	SHOW(read(fd, &value, 8));
	printf("value %lu\n", (unsigned long)value);
	SHOW(read(fd, &value, 8));
	SHOW(read(fd, &value, 4));
	value = ~0ul;
	SHOW(write(fd, &value, 8));
	value = ~0ul - 1;
	SHOW(write(fd, &value, 8));
	value = 1;
	SHOW(write(fd, &value, 8));
	fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	SHOW(read(fd, &value, 8));
	SHOW(read(fd, &value, 8));
	SHOW(read(fd, &value, 8));
	SHOW(eventfd(0, 12345));
	return 0;
}
