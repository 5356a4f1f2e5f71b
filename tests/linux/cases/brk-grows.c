/* SPDX-License-Identifier: MIT */
/* The break grows and shrinks, new memory is zero, nonsense is refused. */
#include "check.h"

int
main(void)
{
	char *start = sbrk(0);
	char *block = sbrk(100000);
	int zero = 1;

	printf("%d\n", block == start);
	for (int i = 0; i < 100000; i++)
		zero &= block[i] == 0;
	printf("zero %d\n", zero);
	memset(block, 7, 100000);
	printf("%d\n", sbrk(-100000) == start + 100000);
	block = sbrk(100000);
	printf("again %d %d\n", block[50000], block[99000]);
	SHOW_OK(sbrk((intptr_t)1 << 47));
	printf("%d\n", (char *)sbrk(0) == start + 100000);
	return 0;
}
