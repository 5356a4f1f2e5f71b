/* SPDX-License-Identifier: MIT */
/* MADV_DONTNEED gives zero pages again; bad ranges are refused. */
#include "check.h"

int
main(void)
{
	char *a = mmap(NULL, 16384, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(a, 5, 16384);
	SHOW(madvise(a + 4096, 8192, MADV_DONTNEED));
	printf("%d %d %d %d\n", a[0], a[4096], a[8192], a[12288]);
	SHOW(madvise(a + 1, 4096, MADV_DONTNEED));
	SHOW(madvise(a, 4096, 12345));
	munmap(a + 4096, 4096);
	SHOW(madvise(a, 16384, MADV_DONTNEED));
	return 0;
}
