/* SPDX-License-Identifier: MIT */
/* Addresses that no process may have are faults or errors, not harm. */
#include "check.h"
#include "cpu.h"

static void
probe(const char *what, uintptr_t address)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(*(volatile char *)address);
	child_show(what, pid);
}

int
main(void)
{
	probe("null", 0);
	probe("low", 4096);
	probe("half", (uintptr_t)1 << 62);
	probe("kernel", CPU_KERNEL_ADDRESS);
	probe("last", ~(uintptr_t)0);
	SHOW(write(1, (void *)CPU_KERNEL_ADDRESS, 1));
	SHOW(write(1, (void *)~(uintptr_t)0, 1));
	SHOW_OK(mmap(NULL, (size_t)1 << 60, PROT_READ,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	return 0;
}
