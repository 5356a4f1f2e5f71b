/* SPDX-License-Identifier: MIT */
/* A process knows its user and groups, and may not be someone unknown. */
#include "check.h"

int
main(void)
{
	SHOW(getuid());
	SHOW(geteuid());
	SHOW(getgid());
	SHOW(getegid());
	SHOW(getpid() == (pid_t)syscall(SYS_gettid));
	SHOW(getsid(0) == getpid());
	SHOW(getpgid(999999));
	SHOW(setsid() > 0 ? 1 : -1);
	SHOW(umask(022));
	return 0;
}
