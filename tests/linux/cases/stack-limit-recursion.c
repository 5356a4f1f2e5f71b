/* SPDX-License-Identifier: MIT */
/* Endless recursion ends in SIGSEGV when the stack limit is reached. */
#include "check.h"
#include <sys/resource.h>

static volatile int deepest;

static int
descend(int depth)
{
	volatile char frame[1000];

	frame[0] = (char)depth;
	deepest = depth;
	return descend(depth + 1) + frame[0];
}

int
main(void)
{
	struct rlimit limit;

	NEED(getrlimit(RLIMIT_STACK, &limit));
	printf("limit %lu\n", (unsigned long)limit.rlim_cur);
	fflush(stdout);
	return descend(0) & 1;
}
