/* SPDX-License-Identifier: MIT */
/* An interval timer of a microsecond, heard or not, stops nobody else. */
#include "check.h"

#include <sys/time.h>

static volatile sig_atomic_t heard;

static void
hear(int number)
{
	(void)number;
	heard = heard + 1;
}

static void
others_go_on(const char *when)
{
	pid_t pid = fork();

	if (pid == 0) {
		usleep(20000);
		_exit(2);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	printf("%s: another slept and ended\n", when);
}

int
main(void)
{
	const struct itimerval eager = {{0, 1}, {0, 1}};
	const struct itimerval off = {{0, 0}, {0, 0}};
	sigset_t alarm;

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	signal(SIGALRM, hear);
	NEED(setitimer(ITIMER_REAL, &eager, NULL));
	others_go_on("heard");
	sigprocmask(SIG_BLOCK, &alarm, NULL);
	others_go_on("blocked");
	NEED(setitimer(ITIMER_REAL, &off, NULL));
	printf("heard some: %d\n", heard > 0);
	return 0;
}
