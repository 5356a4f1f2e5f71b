/* SPDX-License-Identifier: MIT
 *
 * Sv39 for arch/page_table.h. Valid leaves are made with A and D set, so that
 * neither hardware that updates them nor hardware that faults instead makes a
 * difference.
 */
#pragma once

#include "cap.h"
#include "types.h"
#include <machine/tlb.h>

#define PT_LEVELS 3
#define PT_INDEX_BITS 9
#define PT_ENTRIES 512
#define PT_ROOT_USER 256
#define PT_ROOT_SPARE 384
#define USER_END (UINT64_C(1) << 38)
#define UNTAGGED_LOAD_FLUSHES false

typedef struct {
	uint64_t value;
} pte_t;

#define PTE_VALID UINT64_C(0x01)
#define PTE_READ UINT64_C(0x02)
#define PTE_WRITE UINT64_C(0x04)
#define PTE_EXECUTE UINT64_C(0x08)
#define PTE_USER UINT64_C(0x10)
#define PTE_GLOBAL UINT64_C(0x20)
#define PTE_ACCESSED UINT64_C(0x40)
#define PTE_DIRTY UINT64_C(0x80)
/* Left to software: which rights protect may give. */
#define PTE_MAY_WRITE UINT64_C(0x100)
#define PTE_MAY_EXECUTE UINT64_C(0x200)
#define PTE_MAY_SHIFT 7
#define PTE_RIGHTS (PTE_READ | PTE_WRITE | PTE_EXECUTE)
#define PTE_PAGE_SHIFT 10
#define PTE_HIGH_BITS 10 /* above the page number */

#define SATP_SV39 (UINT64_C(8) << 60)
#define SATP_ASID_SHIFT 44

/* The rights bits are the permission bits, one place to the right. A writable
 * page is readable: the other form is reserved. A page without rights stays
 * a leaf, which needs a permission, and is taken from the user instead. */
_Static_assert(PTE_READ == CAP_READ << 1 && PTE_WRITE == CAP_WRITE << 1 &&
		PTE_EXECUTE == CAP_EXECUTE << 1,
	"rights and permissions");

static inline uint64_t
pte_permissions(unsigned rights)
{
	rights |= (rights & CAP_WRITE) >> 1;
	return rights & 7 ? (uint64_t)(rights & 7) << 1 | PTE_USER : PTE_READ;
}

_Static_assert(PTE_MAY_WRITE == CAP_WRITE << PTE_MAY_SHIFT &&
		PTE_MAY_EXECUTE == CAP_EXECUTE << PTE_MAY_SHIFT,
	"rights and limits");

static inline pte_t
pte_leaf(pfn_t page, unsigned rights, unsigned limit)
{
	uint64_t may = limit & (CAP_WRITE | CAP_EXECUTE);

	return (pte_t){page << PTE_PAGE_SHIFT | may << PTE_MAY_SHIFT |
		PTE_DIRTY | PTE_ACCESSED | pte_permissions(rights) | PTE_VALID};
}

static inline pte_t
pte_table(pfn_t page)
{
	return (pte_t){page << PTE_PAGE_SHIFT | PTE_VALID};
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
	return entry.value & PTE_RIGHTS;
}

static inline bool
pte_is_table(pte_t entry)
{
	return (entry.value & (PTE_RIGHTS | PTE_VALID)) == PTE_VALID;
}

/* The permissions alone tell a leaf from a table on every level. */
static inline pte_t
pte_large(pte_t leaf)
{
	return leaf;
}

static inline pfn_t
pte_page(pte_t entry)
{
	return entry.value << PTE_HIGH_BITS >> (PTE_HIGH_BITS + PTE_PAGE_SHIFT);
}

static inline pte_t
pte_next(pte_t entry)
{
	return (pte_t){entry.value + (UINT64_C(1) << PTE_PAGE_SHIFT)};
}

static inline pte_t
pte_part(pte_t large, uint64_t page)
{
	return (pte_t){large.value + (page << PTE_PAGE_SHIFT)};
}

static inline unsigned
pte_rights(pte_t entry)
{
	return entry.value & PTE_USER ? (entry.value & PTE_RIGHTS) >> 1 : 0;
}

static inline unsigned
pte_limit(pte_t entry)
{
	uint64_t may = entry.value & (PTE_MAY_WRITE | PTE_MAY_EXECUTE);

	return may >> PTE_MAY_SHIFT | CAP_READ;
}

static inline pte_t
pte_with_rights(pte_t entry, unsigned rights)
{
	return (pte_t){(entry.value & ~(PTE_RIGHTS | PTE_USER)) |
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
	return SATP_SV39 | (uint64_t)asid << SATP_ASID_SHIFT | root;
}
