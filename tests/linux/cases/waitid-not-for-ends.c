/* SPDX-License-Identifier: MIT */
/* waitid for stops alone neither tells of a child that ended nor takes it. */
#include "check.h"

int
main(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0)
		_exit(4);
	NEED(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	memset(&info, 0, sizeof(info));
	SHOW(waitid(P_ALL, 0, &info, WSTOPPED | WNOHANG));
	printf("child %d code %d\n", info.si_pid == pid, info.si_code);
	SHOW(waitid(P_ALL, 0, &info, WCONTINUED | WNOHANG));
	child_show("it is still there", pid);
	return 0;
}
