/* SPDX-License-Identifier: MIT */
/* After fork, writes of either side are never seen by the other. */
#include "check.h"

enum { PAGES = 200, PAGE = 4096 };
static char data[PAGES * PAGE];

static unsigned long
sum(const char *p, size_t size)
{
	unsigned long total = 0;

	for (size_t i = 0; i < size; i++)
		total = total * 31 + (unsigned char)p[i];
	return total;
}

int
main(void)
{
	int to_child[2], to_parent[2];
	char *heap = malloc(sizeof data), stack[PAGE], token = 0;

	memset(data, 1, sizeof data);
	memset(heap, 2, sizeof data);
	memset(stack, 3, sizeof stack);
	NEED(pipe(to_child));
	NEED(pipe(to_parent));
	pid_t pid = fork();
	if (pid == 0) {
		memset(data, 11, sizeof data / 2);
		stack[0] = 13;
		NEED(write(to_parent[1], &token, 1));
		NEED(read(to_child[0], &token, 1));
		printf("child %lx %lx %lx\n", sum(data, sizeof data),
			sum(heap, sizeof data), sum(stack, sizeof stack));
		return 0;
	}
	NEED(read(to_parent[0], &token, 1));
	printf("parent %lx %lx %lx\n", sum(data, sizeof data),
		sum(heap, sizeof data), sum(stack, sizeof stack));
	memset(data + sizeof data / 2, 21, sizeof data / 2);
	memset(heap, 22, sizeof data);
	stack[1] = 23;
	NEED(write(to_child[1], &token, 1));
	child_show("child", pid);
	printf("parent %lx %lx %lx\n", sum(data, sizeof data),
		sum(heap, sizeof data), sum(stack, sizeof stack));
	return 0;
}
