/* SPDX-License-Identifier: MIT */
/* Calls given pointers to nowhere fail with EFAULT and harm nothing. */
#include "check.h"
#include <poll.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/utsname.h>

#define BAD ((void *)0x10)

int
main(void)
{
	int fds[2];
	char c;

	NEED(pipe(fds));
	NEED(write(fds[1], "abc", 3));
	SHOW(write(fds[1], BAD, 5));
	SHOW(read(fds[0], BAD, 5));
	SHOW(read(fds[0], &c, 1));
	SHOW_OK(open(BAD, O_RDONLY));
	SHOW(stat(BAD, NULL));
	SHOW(access(BAD, F_OK));
	SHOW(mkdir(BAD, 0755));
	SHOW(unlink(BAD));
	SHOW(rename(BAD, "x"));
	SHOW(symlink("x", BAD));
	SHOW(readlink("/proc/self/exe", BAD, 10));
	SHOW(syscall(SYS_getcwd, BAD, 100));
	SHOW(chdir(BAD));
	SHOW(pipe(BAD));
	SHOW(syscall(SYS_uname, BAD));
	SHOW(syscall(SYS_wait4, -1, BAD, 0, BAD));
	SHOW(syscall(SYS_nanosleep, BAD, NULL));
	SHOW(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, BAD));
	SHOW(syscall(SYS_gettimeofday, BAD, NULL));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, BAD, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, 3));
	SHOW(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, BAD));
	SHOW(syscall(SYS_getrusage, RUSAGE_SELF, BAD));
	SHOW(syscall(SYS_ppoll, BAD, 1, NULL, NULL, 8));
	SHOW(syscall(SYS_execve, BAD, NULL, NULL));
	SHOW(syscall(SYS_getdents64, open(".", O_RDONLY), BAD, 4096));
	SHOW(syscall(SYS_sigaltstack, BAD, NULL));
	SHOW(syscall(SYS_setitimer, ITIMER_REAL, BAD, NULL));
	SHOW(syscall(SYS_times, BAD));
	SHOW(syscall(SYS_getrandom, BAD, 16, 0));
	SHOW(write(1, NULL, 0));
	SHOW(syscall(9999));
	return 0;
}
