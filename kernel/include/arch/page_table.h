/* SPDX-License-Identifier: MIT
 *
 * What portable code knows about page tables and the TLB (rows A1, A3). An
 * architecture provides all of this in <machine/page_table.h>; levels count
 * from 0, the one that maps pages, to PT_LEVELS - 1, the root.
 *
 *   PT_LEVELS, PT_INDEX_BITS, PT_ENTRIES
 *   USER_END           end of the user half, exclusive, as an integer
 *   PT_ROOT_USER       entries of the root that belong to the user half
 *   PT_ROOT_SPARE      first of 8 root entries of the kernel half that map
 *                      nothing; a multiple of 8
 *   pte_t              { value }; all zeros is an entry that maps nothing,
 *                      and so is any value with bit 0 clear
 *   pte_t pte_leaf(pfn_t page, unsigned rights, unsigned limit)
 *                      valid, for the user, with rights of CAP_READ.. and
 *                      MAP_UNCACHED; write implies read, and execute may;
 *                      `limit` is kept
 *   pte_t pte_table(pfn_t page)
 *   bool pte_is_valid(pte_t)
 *   bool pte_is_leaf(pte_t)                       of a valid one
 *   bool pte_is_table(pte_t)  of a level above 0: valid, and no large leaf
 *   pte_t pte_large(pte_t)                        the same leaf for level 1
 *   pte_t pte_part(pte_t large, uint64_t page)    of a large leaf: the leaf
 *                      of level 0 for one of the pages that it spans
 *   pfn_t pte_page(pte_t)
 *   pte_t pte_next(pte_t)                         of a leaf: the next page
 *   unsigned pte_rights(pte_t)                    of a leaf
 *   unsigned pte_limit(pte_t)                     of a leaf: READ and those
 *                      of WRITE and EXECUTE that it may be given later
 *   pte_t pte_with_rights(pte_t, unsigned rights) same page, other rights
 *   uint64_t space_token(pfn_t root, unsigned asid)   for switching to it
 *   UNTAGGED_LOAD_FLUSHES   whether switching to a token of ASID 0 flushes
 *                      what the TLB has of ASID 0
 *   pte_t pte_without_write(pte_t)
 *   unsigned asid_count(void)                     at least 1; 0 is reserved
 *   void tlb_flush_page(unsigned asid, uaddr_t address)
 *   void tlb_flush_asid(unsigned asid)
 *   void tlb_flush_all(void)
 *   void icache_sync(void)  what was written becomes visible as instructions
 *
 * Adding a mapping where none was needs no fence: should the processor still
 * believe the old entry, the fault handler finds the page present
 * (vspace_fault_is_stale), fences and retries.
 */
#pragma once

#include "types.h"
#include <machine/page_table.h>

/* Which entry of a table of this level leads to `page` (row A1). */
static inline unsigned
pt_index(vpn_t page, unsigned level)
{
	return (page >> (level * PT_INDEX_BITS)) & (PT_ENTRIES - 1);
}

/* Pages that one entry of a table of this level spans. */
static inline uint64_t
pt_span(unsigned level)
{
	return UINT64_C(1) << (level * PT_INDEX_BITS);
}

/* Pages that a large leaf, an entry of level 1, maps. */
#define LARGE_PAGES (UINT64_C(1) << PT_INDEX_BITS)

/* Whether [page, page + count) lies in the user half; no overflow. */
static inline bool
pt_user_range(vpn_t page, uint64_t count)
{
	return page <= USER_END >> PAGE_SHIFT &&
		count <= (USER_END >> PAGE_SHIFT) - page;
}
