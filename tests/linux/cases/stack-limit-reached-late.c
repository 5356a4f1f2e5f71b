/* SPDX-License-Identifier: MIT */
/* Recursion to seven of the stack's eight megabytes still works. */
#include "check.h"

static int
descend(int depth)
{
	volatile char frame[1024];

	frame[0] = (char)depth;
	frame[1023] = 1;
	return depth == 0 ? 0 : descend(depth - 1) + frame[1023];
}

int
main(void)
{
	printf("%d\n", descend(6500));
	return 0;
}
