/* SPDX-License-Identifier: MIT */
/*
 * Memory that changes its owner is zero: pages are filled with a pattern,
 * given back in every way there is, and what comes next is searched for it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE (8u << 20)
#define PATTERN 0xa5
#define ROUNDS 4

static void *
memory_get(int flags)
{
	void *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		MAP_ANONYMOUS | flags, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int
is_zero(const unsigned char *bytes, size_t length)
{
	return bytes && bytes[0] == 0 &&
		memcmp(bytes, bytes + 1, length - 1) == 0;
}

/* A life that leaves its pattern in memory, tmpfs and a pipe. */
static void
leave_pattern(void)
{
	static char bytes[65536];
	int status, ends[2], file;
	pid_t pid = fork();

	if (pid != 0) {
		waitpid(pid, &status, 0);
		return;
	}
	memset(memory_get(MAP_PRIVATE), PATTERN, SIZE);
	memset(memory_get(MAP_SHARED), PATTERN, SIZE);
	memset(bytes, PATTERN, sizeof(bytes));
	if (pipe2(ends, O_NONBLOCK) == 0 &&
		write(ends[1], bytes, sizeof(bytes)) < 0)
		_exit(1);
	file = open("pattern", O_CREAT | O_RDWR | O_TRUNC, 0600);
	for (unsigned i = 0; i < SIZE; i += sizeof(bytes)) {
		if (write(file, bytes, sizeof(bytes)) < 0)
			_exit(1);
	}
	unlink("pattern");
	_exit(0);
}

static int
private_is_zero(void)
{
	void *memory = memory_get(MAP_PRIVATE);
	int good = is_zero(memory, SIZE);

	munmap(memory, SIZE);
	return good;
}

static int
shared_is_zero(void)
{
	void *memory = memory_get(MAP_SHARED);
	int good = is_zero(memory, SIZE);

	munmap(memory, SIZE);
	return good;
}

static int
break_is_zero(void)
{
	unsigned char *memory = sbrk(SIZE);
	int good = is_zero(memory, SIZE);

	memset(memory, PATTERN, SIZE);
	sbrk(-(long)SIZE);
	memory = sbrk(SIZE);
	good = good && is_zero(memory, SIZE);
	sbrk(-(long)SIZE);
	return good;
}

static int
discarded_is_zero(void)
{
	void *memory = memory_get(MAP_PRIVATE);
	int good;

	memset(memory, PATTERN, SIZE);
	madvise(memory, SIZE, MADV_DONTNEED);
	good = is_zero(memory, SIZE);
	munmap(memory, SIZE);
	return good;
}

/* What lies between the ends of a file that was made longer. */
static int
file_is_zero(void)
{
	int file = open("file", O_CREAT | O_RDWR | O_TRUNC, 0600);
	void *memory;
	int good;

	unlink("file");
	if (ftruncate(file, SIZE) < 0)
		return 0;
	/* Single bytes bring whole pages. */
	for (unsigned i = 0; i < SIZE; i += 4096) {
		if (pwrite(file, "", 1, i) != 1)
			return 0;
	}
	memory = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, file, 0);
	good = memory != MAP_FAILED && is_zero(memory, SIZE);
	munmap(memory, SIZE);
	close(file);
	return good;
}

/* The page behind the last byte of a file, seen through a mapping. */
static int
file_end_is_zero(void)
{
	int file = open("end", O_CREAT | O_RDWR | O_TRUNC, 0600);
	unsigned char *memory;
	int good;

	unlink("end");
	if (write(file, "0123456789", 10) != 10 || ftruncate(file, 3) < 0)
		return 0;
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	good = memory != MAP_FAILED && memcmp(memory, "012", 3) == 0 &&
		is_zero(memory + 3, 4093);
	if (ftruncate(file, 10) < 0)
		return 0;
	memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
	good = good && memory != MAP_FAILED && is_zero(memory + 3, 4093);
	close(file);
	return good;
}

static const struct {
	const char *name;
	int (*run)(void);
} tests[] = {
	{"private-memory-is-zero", private_is_zero},
	{"shared-memory-is-zero", shared_is_zero},
	{"the-break-is-zero", break_is_zero},
	{"discarded-memory-is-zero", discarded_is_zero},
	{"new-pages-of-files-are-zero", file_is_zero},
	{"the-rest-behind-a-file-is-zero", file_end_is_zero},
};

int
main(void)
{
	int all = 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		int good = 1;

		for (int round = 0; round < ROUNDS && good; round++) {
			leave_pattern();
			good = tests[i].run();
		}
		printf("%s %s%s\n", good ? "PASS" : "FAIL", tests[i].name,
			good ? "" : ": what somebody else left is seen");
		all = all && good;
	}
	return all ? 0 : 1;
}
