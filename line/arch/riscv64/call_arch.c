/* SPDX-License-Identifier: MIT */
/* System calls that only riscv64 has. */
#include "calls.h"
#include "linux.h"

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
