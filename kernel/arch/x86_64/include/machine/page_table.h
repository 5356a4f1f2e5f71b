/* SPDX-License-Identifier: MIT
 *
 * Four-level paging for arch/page_table.h. Valid leaves are made with A and D
 * set: nobody reads these bits. The last page of the lower half counts as no
 * user memory: a system call instruction at its end would return to an address
 * that the processor refuses.
 */
#pragma once

#include "cap.h"
#include "types.h"
#include <machine/tlb.h>

#define PT_LEVELS 4
#define PT_INDEX_BITS 9
#define PT_ENTRIES 512
#define PT_ROOT_USER 256
#define PT_ROOT_SPARE 384
#define USER_END ((UINT64_C(1) << 47) - PAGE_SIZE)
/* Loading the root of a space without an ASID flushes what it left. */
#define UNTAGGED_LOAD_FLUSHES true

typedef struct {
	uint64_t value;
} pte_t;

#define PTE_VALID UINT64_C(0x01)
#define PTE_WRITE UINT64_C(0x02)
#define PTE_USER UINT64_C(0x04)
#define PTE_UNCACHED UINT64_C(0x18) /* write-through and cache disable */
#define PTE_ACCESSED UINT64_C(0x20)
#define PTE_DIRTY UINT64_C(0x40)
#define PTE_LARGE UINT64_C(0x80) /* above level 0 */
#define PTE_GLOBAL UINT64_C(0x100)
/* Left to software: which rights protect may give, and that it maps pages. */
#define PTE_MAY_WRITE UINT64_C(0x200)
#define PTE_MAY_EXECUTE UINT64_C(0x400)
#define PTE_LEAF UINT64_C(0x800)
#define PTE_NO_EXECUTE (UINT64_C(1) << 63)
#define PTE_PAGE UINT64_C(0x000ffffffffff000)

/* In the root register: keep what the TLB has of this ASID. */
#define ROOT_KEEP (UINT64_C(1) << 63)

static inline uint64_t
pte_permissions(unsigned rights)
{
	return (rights & (CAP_READ | CAP_WRITE | CAP_EXECUTE) ? PTE_USER : 0) |
		(rights & CAP_WRITE ? PTE_WRITE : 0) |
		(rights & CAP_EXECUTE ? 0 : PTE_NO_EXECUTE);
}

static inline pte_t
pte_leaf(pfn_t page, unsigned rights, unsigned limit)
{
	return (pte_t){page << PAGE_SHIFT | PTE_VALID | PTE_ACCESSED |
		PTE_DIRTY | PTE_LEAF | pte_permissions(rights) |
		(rights & 16 ? PTE_UNCACHED : 0) |
		(limit & CAP_WRITE ? PTE_MAY_WRITE : 0) |
		(limit & CAP_EXECUTE ? PTE_MAY_EXECUTE : 0)};
}

static inline pte_t
pte_table(pfn_t page)
{
	return (pte_t){page << PAGE_SHIFT | PTE_VALID | PTE_WRITE | PTE_USER};
}

static inline bool
pte_is_valid(pte_t entry)
{
	return entry.value & PTE_VALID;
}

/* Of a valid entry. */
static inline bool
pte_is_leaf(pte_t entry)
{
	return entry.value & PTE_LEAF;
}

static inline bool
pte_is_table(pte_t entry)
{
	return (entry.value & (PTE_LEAF | PTE_VALID)) == PTE_VALID;
}

static inline pte_t
pte_large(pte_t leaf)
{
	return (pte_t){leaf.value | PTE_LARGE};
}

static inline pfn_t
pte_page(pte_t entry)
{
	return (entry.value & PTE_PAGE) >> PAGE_SHIFT;
}

static inline pte_t
pte_next(pte_t entry)
{
	return (pte_t){entry.value + PAGE_SIZE};
}

static inline pte_t
pte_part(pte_t large, uint64_t page)
{
	return (pte_t){(large.value & ~PTE_LARGE) + (page << PAGE_SHIFT)};
}

static inline unsigned
pte_rights(pte_t entry)
{
	if (!(entry.value & PTE_USER))
		return 0;
	return CAP_READ | (entry.value & PTE_WRITE ? CAP_WRITE : 0) |
		(entry.value & PTE_NO_EXECUTE ? 0 : CAP_EXECUTE);
}

static inline unsigned
pte_limit(pte_t entry)
{
	return CAP_READ | (entry.value & PTE_MAY_WRITE ? CAP_WRITE : 0) |
		(entry.value & PTE_MAY_EXECUTE ? CAP_EXECUTE : 0);
}

static inline pte_t
pte_with_rights(pte_t entry, unsigned rights)
{
	return (pte_t){
		(entry.value & ~(PTE_USER | PTE_WRITE | PTE_NO_EXECUTE)) |
		pte_permissions(rights)};
}

static inline pte_t
pte_without_write(pte_t entry)
{
	return (pte_t){entry.value & ~PTE_WRITE};
}

static inline uint64_t
space_token(pfn_t root, unsigned asid)
{
	return root << PAGE_SHIFT | asid | (asid ? ROOT_KEEP : 0);
}
