/* SPDX-License-Identifier: MIT */
/* The clock without a system call agrees with the one by it. */
#include "check.h"
#include <sched.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static void
compare(const char *name, clockid_t clock)
{
	struct timespec before, between, after;
	long long a, b, c;

	syscall(SYS_clock_gettime, clock, &before);
	clock_gettime(clock, &between);
	syscall(SYS_clock_gettime, clock, &after);
	a = before.tv_sec * 1000000000ll + before.tv_nsec;
	b = between.tv_sec * 1000000000ll + between.tv_nsec;
	c = after.tv_sec * 1000000000ll + after.tv_nsec;
	printf("%s %d\n", name, a <= b && b <= c);
}

static void
all(void)
{
	struct timeval now;
	struct timespec resolution;
	time_t seconds = 0;
	unsigned processor = 9, node = 9;

	compare("realtime", CLOCK_REALTIME);
	compare("monotonic", CLOCK_MONOTONIC);
	compare("raw", CLOCK_MONOTONIC_RAW);
	compare("boot", CLOCK_BOOTTIME);
	compare("process", CLOCK_PROCESS_CPUTIME_ID);
	SHOW(gettimeofday(&now, NULL));
	printf("%d\n", time(&seconds) - now.tv_sec <= 1);
	printf("%d\n", seconds > 0);
	SHOW(clock_getres(CLOCK_MONOTONIC, &resolution));
	printf("%ld\n", resolution.tv_nsec);
	SHOW(getcpu(&processor, &node));
	printf("%u %u\n", processor, node);
	SHOW(clock_gettime(1000, &resolution));
	fflush(stdout);
}

int
main(void)
{
	int status;
	pid_t pid;

	printf("%d\n", getauxval(AT_SYSINFO_EHDR) != 0);
	printf("%s\n", (const char *)getauxval(AT_PLATFORM));
	all();
	pid = fork();
	if (pid == 0) {
		all();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("%d\n", status);
	return 0;
}
