/* SPDX-License-Identifier: MIT */
/* Limits: files, file size with SIGXFSZ, processor time, refusals. */
#include "check.h"
#include <sys/resource.h>

static void
show(const char *what, int resource)
{
	struct rlimit limit;

	NEED(getrlimit(resource, &limit));
	printf("%s %ld %ld\n", what, (long)limit.rlim_cur,
		(long)limit.rlim_max);
}

int
main(void)
{
	show("files", RLIMIT_NOFILE);
	SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){10, 20}));
	show("files", RLIMIT_NOFILE);
	while (open("/dev/null", O_RDONLY) != -1)
		continue;
	printf("%s\n", strerrorname_np(errno));
	SHOW(dup(0));
	SHOW(dup2(0, 15));
	SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){30, 20}));
	SHOW(setrlimit(99, &(struct rlimit){1, 1}));
	pid_t pid = fork();
	if (pid == 0) {
		close(5);
		int fd = open("file", O_WRONLY | O_CREAT, 0644);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){10, 10});
		long some = write(fd, "0123456789abcdef", 16);
		signal(SIGXFSZ, SIG_IGN);
		if (some != 10 || write(fd, "x", 1) != -1 || errno != EFBIG)
			_exit(1);
		signal(SIGXFSZ, SIG_DFL);
		_exit(write(fd, "x", 1) == 1);
	}
	child_show("file size", pid);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CPU, &(struct rlimit){1, 2});
		for (;;)
			continue;
	}
	child_show("processor", pid);
	return 0;
}
