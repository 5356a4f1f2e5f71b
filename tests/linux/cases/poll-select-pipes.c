/* SPDX-License-Identifier: MIT */
/* poll, ppoll and select see pipes become readable, writable, closed. */
#include "check.h"
#include <poll.h>
#include <sys/select.h>

static int in, out;

static void
show(const char *what)
{
	struct pollfd p[3] = {
		{in, POLLIN, 0}, {out, POLLOUT, 0}, {-1, POLLIN, 0}};
	struct timespec none = {0, 0};
	struct timeval zero = {0, 0};
	fd_set reads, writes;

	int a = poll(p, 3, 0);
	printf("%s: poll %d in %x out %x", what, a, p[0].revents, p[1].revents);
	a = ppoll(p, 2, &none, NULL);
	FD_ZERO(&reads);
	FD_ZERO(&writes);
	FD_SET(in, &reads);
	FD_SET(out, &writes);
	int b = select(20, &reads, &writes, NULL, &zero);
	printf(" ppoll %d select %d %d %d\n", a, b, !!FD_ISSET(in, &reads),
		!!FD_ISSET(out, &writes));
}

int
main(void)
{
	int fds[2];
	static char block[65536];

	NEED(pipe(fds));
	in = fds[0], out = fds[1];
	show("empty");
	NEED(write(out, "x", 1));
	show("one byte");
	NEED(write(out, block, sizeof block - 1));
	show("full");
	for (long left = sizeof block; left > 0;)
		left -= read(in, block, sizeof block);
	pid_t pid = fork();
	if (pid == 0) {
		usleep(100000);
		_exit(write(out, "y", 1) != 1);
	}
	struct pollfd p = {in, POLLIN, 0};
	SHOW(poll(&p, 1, 5000));
	child_show("child", pid);
	SHOW(poll(&p, 1, 10));
	NEED(read(in, block, 1));
	SHOW(poll(&p, 1, 10));
	out = dup2(out, 10);
	close(fds[1]);
	close(out);
	SHOW(poll(&p, 1, 10));
	printf("revents %x\n", p.revents);
	p.fd = 99;
	SHOW(poll(&p, 1, 10));
	printf("revents %x\n", p.revents);
	SHOW(select(200, (fd_set *)8, NULL, NULL, NULL));
	return 0;
}
