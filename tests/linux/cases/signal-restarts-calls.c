/* SPDX-License-Identifier: MIT */
/* With SA_RESTART blocking calls go on after the handler, some do not. */
#include "check.h"
#include <poll.h>
#include <sys/time.h>

static volatile int count;
static int fds[2];

static void
handler(int number)
{
	(void)number;
	if (++count % 2 == 0)
		return;
	struct itimerval timer = {.it_value.tv_usec = 100000};
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void
later_write(void)
{
	if (fork() == 0) {
		usleep(400000);
		_exit(write(fds[1], "x", 1) != 1);
	}
}

int
main(void)
{
	char c = 0;
	struct sigaction action = {
		.sa_handler = handler, .sa_flags = SA_RESTART};

	NEED(pipe(fds));
	NEED(sigaction(SIGALRM, &action, NULL));
	later_write();
	raise(SIGALRM);
	SHOW(read(fds[0], &c, 1));
	printf("handled %d, got %c\n", count, c);
	SHOW(wait(NULL) > 0);
	later_write();
	raise(SIGALRM);
	SHOW(wait(NULL) > 0);
	printf("handled %d\n", count);
	raise(SIGALRM);
	SHOW(read(fds[0], &c, 1));
	SHOW(poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 5000));
	printf("handled %d\n", count);
	return 0;
}
