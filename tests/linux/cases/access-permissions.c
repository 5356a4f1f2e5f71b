/* SPDX-License-Identifier: MIT */
/* Another user meets EACCES and EPERM where root did not. */
#include "check.h"

int
main(void)
{
	NEED(chmod(".", 0755));
	NEED(mkdir("closed", 0700));
	NEED(close(open("closed/f", O_WRONLY | O_CREAT, 0644)));
	NEED(close(open("secret", O_WRONLY | O_CREAT, 0600)));
	NEED(close(open("public", O_WRONLY | O_CREAT, 0644)));
	SHOW(access("secret", R_OK | W_OK));
	SHOW(access("secret", X_OK));
	pid_t pid = fork();
	if (pid == 0) {
		SHOW(setgid(1000));
		SHOW(setuid(1000));
		SHOW(getuid());
		SHOW(geteuid());
		SHOW_OK(open("secret", O_RDONLY));
		SHOW_OK(open("public", O_RDONLY));
		SHOW_OK(open("public", O_WRONLY));
		SHOW_OK(open("closed/f", O_RDONLY));
		SHOW_OK(open("new", O_WRONLY | O_CREAT, 0644));
		SHOW(unlink("public"));
		SHOW(chmod("public", 0777));
		SHOW(access("secret", R_OK));
		SHOW(setuid(0));
		SHOW(kill(getppid(), 0));
		_exit(0);
	}
	child_show("other", pid);
	return 0;
}
