/* SPDX-License-Identifier: MIT */
/* Limits of address space, data and time bind, and time warns each second. */
#include "check.h"
#include <sys/mman.h>
#include <sys/resource.h>

#define MIB (1ul << 20)

static const char *
map(size_t length, int prot, int flags)
{
	void *at = mmap(NULL, length, prot, flags | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return strerrorname_np(errno);
	munmap(at, length);
	return "mapped";
}

static void
space(void)
{
	SHOW(setrlimit(RLIMIT_AS, &(struct rlimit){64 * MIB, 128 * MIB}));
	printf("small %s\n", map(16 * MIB, PROT_READ, MAP_PRIVATE));
	printf("large %s\n", map(65 * MIB, PROT_NONE, MAP_PRIVATE));
	printf("shared %s\n", map(65 * MIB, PROT_READ, MAP_SHARED));
	printf("break %d\n", sbrk(65 * MIB) == (void *)-1);
	void *at =
		mmap(NULL, MIB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("grow %d\n",
		mremap(at, MIB, 65 * MIB, MREMAP_MAYMOVE) == MAP_FAILED);
	SHOW(setrlimit(RLIMIT_AS, &(struct rlimit){128 * MIB, 128 * MIB}));
	printf("raised %s\n", map(65 * MIB, PROT_NONE, MAP_PRIVATE));
}

static void
data(void)
{
	const int write = PROT_READ | PROT_WRITE;
	char *at;

	SHOW(setrlimit(RLIMIT_DATA, &(struct rlimit){16 * MIB, 16 * MIB}));
	printf("small %s\n", map(8 * MIB, write, MAP_PRIVATE));
	printf("large %s\n", map(17 * MIB, write, MAP_PRIVATE));
	printf("shared %s\n", map(17 * MIB, write, MAP_SHARED));
	printf("break %d\n", sbrk(17 * MIB) == (void *)-1);
	at = mmap(
		NULL, 17 * MIB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("protect part %d\n", mprotect(at, MIB, write));
	printf("protect all %d\n", mprotect(at, 17 * MIB, write));
}

static void
warned(int number)
{
	NEED(write(1, number == SIGXCPU ? "warned\n" : "wrong\n", 7));
}

static void
times(void)
{
	signal(SIGXCPU, warned);
	SHOW(setrlimit(RLIMIT_CPU, &(struct rlimit){1, 3}));
	fflush(stdout);
	for (;;)
		continue;
}

static void
in_child(const char *what, void (*body)(void))
{
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		body();
		fflush(stdout);
		_exit(0);
	}
	child_show(what, pid);
}

int
main(void)
{
	in_child("space", space);
	in_child("data", data);
	in_child("time", times);
	return 0;
}
