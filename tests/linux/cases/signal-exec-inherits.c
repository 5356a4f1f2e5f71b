/* SPDX-License-Identifier: MIT */
/* exec keeps ignored signals and the mask, and resets handlers. */
#include "check.h"

static void
handler(int number)
{
	(void)number;
}

int
main(void)
{
	sigset_t set;
	char *tests = getenv("TESTS");
	char path[256];

	snprintf(path, sizeof path, "%s/bin/dispositions", tests);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGTERM, handler);
	raise(SIGUSR2);
	execl(path, "dispositions", (char *)NULL);
	return 1;
}
