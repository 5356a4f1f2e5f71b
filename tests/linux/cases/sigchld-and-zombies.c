/* SPDX-License-Identifier: MIT */
/* SIGCHLD comes per child; with SIG_IGN or SA_NOCLDWAIT none is left. */
#include "check.h"

static volatile int count;

static void
handler(int number)
{
	(void)number;
	count++;
}

int
main(void)
{
	struct sigaction action = {.sa_handler = handler};

	NEED(sigaction(SIGCHLD, &action, NULL));
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	while (count == 0)
		usleep(1000);
	SHOW(kill(pid, 0));
	child_show("zombie", pid);
	SHOW(kill(pid, 0));
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0)
		_exit(0);
	SHOW(waitpid(pid, NULL, 0));
	action.sa_flags = SA_NOCLDWAIT;
	NEED(sigaction(SIGCHLD, &action, NULL));
	count = 0;
	pid = fork();
	if (pid == 0)
		_exit(0);
	while (wait(NULL) == -1 && errno == EINTR)
		continue;
	SHOW(wait(NULL));
	printf("signals %d\n", count);
	return 0;
}
