/* SPDX-License-Identifier: MIT */
/* getrusage and times count a child's and the process's own time. */
#include "check.h"
#include <sys/resource.h>
#include <sys/times.h>

static void
burn(void)
{
	clock_t start = clock();

	while (clock() - start < CLOCKS_PER_SEC / 5)
		continue;
}

int
main(void)
{
	struct rusage self, children;
	struct tms ticks;

	NEED(getrusage(RUSAGE_CHILDREN, &children));
	printf("before %ld\n", (long)children.ru_utime.tv_sec);
	pid_t pid = fork();
	if (pid == 0) {
		burn();
		_exit(0);
	}
	struct rusage one = {0};
	SHOW(wait4(pid, NULL, 0, &one) == pid);
	double used = (double)one.ru_utime.tv_usec / 1e6 +
		(double)one.ru_stime.tv_usec / 1e6 +
		(double)(one.ru_utime.tv_sec + one.ru_stime.tv_sec);
	printf("child %d\n", used >= 0.15 && used < 5);
	burn();
	NEED(getrusage(RUSAGE_SELF, &self));
	printf("self %d faults %d memory %d\n",
		self.ru_utime.tv_usec + self.ru_stime.tv_usec +
				self.ru_utime.tv_sec * 1000000 >
			150000,
		self.ru_minflt > 0, self.ru_maxrss > 0);
	printf("times %d\n",
		times(&ticks) > 0 && ticks.tms_utime + ticks.tms_stime >= 15 &&
			ticks.tms_cutime + ticks.tms_cstime >= 15);
	SHOW(getrusage(99, &self));
	return 0;
}
