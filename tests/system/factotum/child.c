/* SPDX-License-Identifier: MIT */
/*
 * What the program does as a child: the first argument says what.
 */
#include "cases.h"

#include <stdlib.h>
#include <unistd.h>

extern char **environ;

static int
check_start(char **argv, char **envp)
{
	const struct start_info *info = start_info();
	uint32_t pid, tid;

	if (strcmp(argv[0], "factotum_test") || strcmp(argv[2], "grey"))
		return 1;
	if (!envp[0] || strcmp(envp[0], "COLOUR=blue") ||
		strcmp(envp[1], "SHAPE=round") || envp[2])
		return 2;
	if (factotum_get_pid(SELF, &pid, &tid) < 0 || pid != info->pid ||
		tid != pid)
		return 3;
	if (!getenv("SHAPE") || environ != envp)
		return 4;
	return 42;
}

/* Leave a child behind that outlives us, and say so by its pid's parity. */
static int
orphan(void)
{
	uint32_t pid = ~0u;

	if (factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL) < 0)
		return 1;
	if (pid == 0) {
		factotum_sleep(SELF, 20, 0);
		_exit(7);
	}
	return 0;
}

static int
touch(const char *what)
{
	volatile uintptr_t address = 0x10;
	volatile uint32_t *nowhere = (volatile uint32_t *)address;

	if (!strcmp(what, "read"))
		return (int)*nowhere;
	if (!strcmp(what, "write"))
		*nowhere = 1;
	if (!strcmp(what, "text"))
		*(volatile uint32_t *)(uintptr_t)child_main = 1;
	if (!strcmp(what, "execute"))
		((void (*)(void))address)();
	if (!strcmp(what, "illegal"))
		/* No processor that we know executes four bytes of ones. */
		__asm__ volatile(".byte 0xff, 0xff, 0xff, 0xff");
	return 0;
}

/* Use a granted object: add one to its first word. */
static int
use_object(void)
{
	cptr_t object = start_cap("gift");
	vaddr_t address;

	if (!object ||
		factotum_mmap(SELF, 0, PAGE,
			FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
			FACTOTUM_MAP_SHARED, 0, object, &address) < 0)
		return 1;
	(*(uint32_t *)(uintptr_t)address)++;
	return 0;
}

int
child_main(int argc, char **argv, char **envp)
{
	const char *verb;

	/* 9Ball puts "--" before the arguments of a session. */
	if (!strcmp(argv[1], "--")) {
		argv++;
		argc--;
	}
	if (argc < 3)
		return 99;
	verb = argv[1];
	if (!strcmp(verb, "exit"))
		return atoi(argv[2]);
	if (!strcmp(verb, "start"))
		return check_start(argv, envp);
	if (!strcmp(verb, "sleep"))
		factotum_sleep(SELF, (uint64_t)atoi(argv[2]), 0);
	else if (!strcmp(verb, "orphan"))
		return orphan();
	else if (!strcmp(verb, "touch"))
		return touch(argv[2]);
	else if (!strcmp(verb, "object"))
		return use_object();
	else if (!strcmp(verb, "supplier"))
		return supplier_leaves();
	else if (!strcmp(verb, "linux"))
		return linux_calls();
	else if (!strcmp(verb, "teller"))
		return teller();
	else if (!strcmp(verb, "request"))
		return requests_as_child(argv[2]);
	else if (!strcmp(verb, "holds"))
		return holds(argv[2]);
	else if (!strcmp(verb, "tree"))
		return sees_its_tree();
	else if (!strcmp(verb, "count"))
		return counts_for_ever(argv[2]);
	else if (!strcmp(verb, "spin"))
		spins(argv[2]);
	else if (!strcmp(verb, "timed"))
		return run_tests(timed_tests) + run_tests(slice_tests) > 0;
	else
		return 98;
	return 0;
}
