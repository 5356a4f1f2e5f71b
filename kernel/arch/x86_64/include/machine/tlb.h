/* SPDX-License-Identifier: MIT
 *
 * TLB maintenance of x86_64. Without PCIDs the only ASID is 0, whose entries
 * go whenever a root is loaded, so that what is left belongs to the space in
 * use.
 */
#pragma once

#include "types.h"

/* Whether PCIDs are in use. */
extern bool tlb_has_tags;

#define INVPCID_ADDRESS 0
#define INVPCID_TAG 1
#define INVPCID_ALL 3 /* but global ones */

static inline void
tlb_invalidate(uint64_t kind, uint64_t tag, uint64_t address)
{
	struct {
		uint64_t tag;
		uint64_t address;
	} what = {tag, address};

	__asm__ volatile("invpcid %0, %1" ::"m"(what), "r"(kind) : "memory");
}

static inline void
tlb_reload(void)
{
	uint64_t root;

	__asm__ volatile("movq %%cr3, %0\n"
			 "	movq %0, %%cr3"
			 : "=r"(root)::"memory");
}

static inline void
tlb_flush_page(unsigned asid, uaddr_t address)
{
	if (tlb_has_tags)
		tlb_invalidate(INVPCID_ADDRESS, asid, address.value);
	else
		__asm__ volatile("invlpg (%0)" ::"r"(address.value) : "memory");
}

static inline void
tlb_flush_asid(unsigned asid)
{
	if (tlb_has_tags)
		tlb_invalidate(INVPCID_TAG, asid, 0);
	else
		tlb_reload();
}

static inline void
tlb_flush_all(void)
{
	if (tlb_has_tags)
		tlb_invalidate(INVPCID_ALL, 0, 0);
	else
		tlb_reload();
}

/* Instruction fetches see every store. */
static inline void
icache_sync(void)
{
}

/* How many ASIDs the processor tells apart. */
unsigned asid_count(void);
