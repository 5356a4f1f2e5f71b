/* SPDX-License-Identifier: MIT
 *
 * TLB maintenance of riscv64.
 */
#pragma once

#include "types.h"

static inline void
tlb_flush_page(unsigned asid, uaddr_t address)
{
	__asm__ volatile(
		"sfence.vma %0, %1" ::"r"(address.value), "r"((uint64_t)asid)
		: "memory");
}

static inline void
tlb_flush_asid(unsigned asid)
{
	__asm__ volatile("sfence.vma zero, %0" ::"r"((uint64_t)asid)
			 : "memory");
}

static inline void
tlb_flush_all(void)
{
	__asm__ volatile("sfence.vma zero, zero" ::: "memory");
}

/* What was written becomes visible to instruction fetches. */
static inline void
icache_sync(void)
{
	__asm__ volatile("fence.i" ::: "memory");
}

/* How many ASIDs the processor tells apart, by asking it. */
unsigned asid_count(void);
