/* SPDX-License-Identifier: MIT */
/* What only riscv64 has: system calls, and what programs ask for. */
#include "calls.h"
#include "exec.h"
#include "linux.h"
#include "strace.h"

#define FLUSH_LOCAL 1 /* SYS_RISCV_FLUSH_ICACHE_LOCAL */

/*
 * Start and end are hints that Linux ignores, too. One processor: what this
 * one's instruction fetches see is all there is.
 */
int64_t
sys_riscv_flush_icache(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	if (args[2] & ~(uint64_t)FLUSH_LOCAL)
		return -EINVAL;
	__asm__ volatile("fence.i" ::: "memory");
	return 0;
}

const struct strace_form strace_forms_arch[] = {
	{sys_riscv_flush_icache, "xxx"},
	{NULL, ""},
};

unsigned
auxiliary_add(const struct line_process *process, uint64_t pairs[][2])
{
	enum { AT_HWCAP = 16 };
	enum { IMAFDC = 0x112d }; /* bit = letter - 'A' */

	(void)process;
	pairs[0][0] = AT_HWCAP;
	pairs[0][1] = IMAFDC;
	return 1;
}
