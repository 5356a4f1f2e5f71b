/* SPDX-License-Identifier: MIT */
/* fork shares offsets, keeps limits and folders, and clears pending. */
#include "check.h"
#include <sys/resource.h>

int
main(void)
{
	struct rlimit limit = {100, 200};
	char c = 0;
	sigset_t set, pending;

	int fd = open("file", O_RDWR | O_CREAT, 0644);
	NEED(write(fd, "abcdef", 6));
	NEED(lseek(fd, 1, SEEK_SET));
	NEED(setrlimit(RLIMIT_NOFILE, &limit));
	NEED(mkdir("sub", 0755));
	NEED(chdir("sub"));
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	alarm(100);
	pid_t pid = fork();
	if (pid == 0) {
		struct rlimit got;
		NEED(read(fd, &c, 1));
		getrlimit(RLIMIT_NOFILE, &got);
		sigpending(&pending);
		sigprocmask(SIG_BLOCK, NULL, &set);
		printf("%c %d %d pending %d blocked %d alarm %u\n", c,
			(int)got.rlim_cur, access("../sub", F_OK),
			sigismember(&pending, SIGUSR1),
			sigismember(&set, SIGUSR2), alarm(0));
		_exit(chdir("/") + close(fd));
	}
	child_show("child", pid);
	NEED(read(fd, &c, 1));
	printf("%c %d\n", c, access("../sub", F_OK));
	return 0;
}
