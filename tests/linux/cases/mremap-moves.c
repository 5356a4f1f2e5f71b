/* SPDX-License-Identifier: MIT */
/* mremap shrinks, grows, moves, and keeps the contents. */
#include "check.h"

int
main(void)
{
	char *a = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 8; i++)
		a[i * 4096] = (char)i;
	SHOW(mremap(a, 8 * 4096, 4 * 4096, 0) == a);
	char *wall = mmap(a + 4 * 4096, 4096, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	SHOW_OK(mremap(a, 4 * 4096, 6 * 4096, 0));
	char *b = mremap(a, 4 * 4096, 600 * 4096, MREMAP_MAYMOVE);
	printf("%d %d %d %d\n", b != a, b[0], b[3 * 4096], b[599 * 4096]);
	char *target = mmap(
		NULL, 4 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *c = mremap(
		b, 2 * 4096, 2 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, target);
	printf("%d %d\n", c == target, c[4096]);
	SHOW_OK(mremap(wall, 0, 4096, 0));
	SHOW_OK(mremap((void *)4096, 4096, 8192, MREMAP_MAYMOVE));
	return 0;
}
