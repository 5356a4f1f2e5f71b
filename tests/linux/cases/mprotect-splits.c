/* SPDX-License-Identifier: MIT */
/* mprotect on part of a mapping: reads, writes and refusals by page. */
#include "check.h"

static char *area;

static void
probe(const char *what, int page, int do_write)
{
	pid_t pid = fork();

	if (pid == 0) {
		volatile char *p = area + page * 4096;
		if (do_write)
			*p = 9;
		_exit(*p);
	}
	printf("%s page %d ", what, page);
	child_show("", pid);
}

int
main(void)
{
	area = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(area, 5, 5 * 4096);
	SHOW(mprotect(area + 4096, 4096, PROT_READ));
	SHOW(mprotect(area + 3 * 4096, 4096, PROT_NONE));
	for (int i = 0; i < 5; i++) {
		probe("read", i, 0);
		probe("write", i, 1);
	}
	SHOW(mprotect(area, 5 * 4096, PROT_READ | PROT_WRITE));
	probe("write", 3, 1);
	SHOW(munmap(area + 2 * 4096, 4096));
	SHOW(mprotect(area, 5 * 4096, PROT_READ));
	SHOW(mprotect(area + 1, 4096, PROT_READ));
	return 0;
}
