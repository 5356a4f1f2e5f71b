/* SPDX-License-Identifier: MIT */
/* Unmapping a middle splits the mapping; holes fault, the rest stays. */
#include "check.h"

static char *area;

static void
probe(int page)
{
	pid_t pid = fork();

	if (pid == 0) {
		volatile char c = area[page * 4096];
		_exit(c);
	}
	printf("page %d ", page);
	child_show("probe", pid);
}

int
main(void)
{
	area = mmap(NULL, 10 * 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 10; i++)
		area[i * 4096] = (char)(i + 1);
	SHOW(munmap(area + 3 * 4096, 2 * 4096));
	SHOW(munmap(area + 3 * 4096, 2 * 4096));
	SHOW(munmap(area + 8 * 4096, 4096));
	SHOW(munmap(area + 1, 4096));
	SHOW(munmap(area, 0));
	for (int i = 0; i < 10; i++)
		probe(i);
	void *again = mmap(area + 3 * 4096, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("%d\n", again == area + 3 * 4096);
	probe(3);
	SHOW_OK(mmap(area, 4096, PROT_READ,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
	SHOW(munmap(area, 10 * 4096));
	return 0;
}
