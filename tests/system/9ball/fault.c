/* SPDX-License-Identifier: MIT */
/*
 * A program that faults before anything else, in place of the run-time's start:
 * it stands in Factotum's place. The rest is what the library asks for.
 */
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <glenda/start.h>

_Noreturn void runtime_main(uintptr_t start);

_Noreturn void
runtime_main(uintptr_t start)
{
	volatile uintptr_t nowhere = 8;

	(void)start;
	for (;;)
		*(volatile int *)nowhere = 1;
}

void *
sbrk(ptrdiff_t increment)
{
	(void)increment;
	return (void *)-1;
}

_Noreturn void
_exit(int status)
{
	runtime_main((uintptr_t)status);
}

const struct start_info *
start_info(void)
{
	return NULL;
}

cptr_t
start_cap(const char *name)
{
	(void)name;
	return 0;
}
