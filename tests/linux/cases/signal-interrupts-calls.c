/* SPDX-License-Identifier: MIT */
/* Without SA_RESTART a signal ends blocking calls with EINTR. */
#include "check.h"
#include <poll.h>
#include <sys/time.h>

static volatile int count;

static void
handler(int number)
{
	(void)number;
	count++;
}

static void
soon(void)
{
	struct itimerval timer = {.it_value.tv_usec = 100000};

	setitimer(ITIMER_REAL, &timer, NULL);
}

int
main(void)
{
	int fds[2];
	char c[1];
	struct sigaction action = {.sa_handler = handler};

	NEED(pipe(fds));
	NEED(sigaction(SIGALRM, &action, NULL));
	soon(), SHOW(read(fds[0], c, 1));
	soon(), SHOW(pause());
	soon(), SHOW(poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 5000));
	soon(), SHOW(nanosleep(&(struct timespec){5, 0}, NULL));
	pid_t pid = fork();
	if (pid == 0) {
		pause();
		_exit(0);
	}
	soon(), SHOW(waitpid(pid, NULL, 0));
	kill(pid, SIGKILL);
	child_show("child", pid);
	static char block[1 << 20];
	soon(), printf("%d\n", write(fds[1], block, sizeof block) > 0);
	soon(), SHOW(write(fds[1], block, sizeof block));
	printf("handled %d\n", count);
	return 0;
}
