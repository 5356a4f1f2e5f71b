/* SPDX-License-Identifier: MIT
 *
 * VSpace: the root of an address space, one page. Its object header lies
 * inside the root table, in entries of the kernel half that map nothing: each
 * of its 64-bit words has bit 0 clear, which is an invalid entry. So an
 * address space costs exactly the page that the processor needs.
 *
 * Mappings are not capabilities; page_info.h counts them. All address spaces
 * are in one list, which is what revoke walks when pages are still shown.
 */
#pragma once

#include "invoke.h"
#include "object.h"
#include "slot.h"
#include <arch/page_table.h>

/* Flags beside the rights READ, WRITE, EXECUTE. */
#define MAP_UNCACHED 16
#define MAP_REPLACE 32
#define MAP_LARGE 64

/* The 0 fields keep bit 0 of their words clear. */
struct vspace {
	struct object object;
	uint32_t prev; /* references, which are even; 0 at the ends */
	uint32_t next;
	uint32_t zero;
	uint32_t asid;
	uint32_t zero2;
	uint32_t tables; /* used entries of the user half of the root */
	uint64_t pad[3];
};

_Static_assert(sizeof(struct vspace) == 8 * 8, "eight spare entries");

static inline pte_t *
vspace_root(const struct vspace *space)
{
	return (pte_t *)(uintptr_t)space - PT_ROOT_SPARE;
}

/* Copied into the kernel half of every root (row Y4): the entries of
 * `kernel_root` from PT_ROOT_USER on. Call before the first VSpace is made. */
void vspace_init(const pte_t *kernel_root);

/* Make an address space in a zeroed page; it enters the list of all. */
struct vspace *vspace_create(void *page);

/* What the processor's root register must hold to run in the space. The same
 * for its whole life. If vspace_is_untagged() the TLB must be flushed
 * whenever it is loaded: there were not enough ASIDs. */
static inline uint64_t
vspace_token(const struct vspace *space)
{
	return space_token(
		paddr_page(virt_to_phys(vspace_root(space))), space->asid);
}

static inline bool
vspace_is_untagged(const struct vspace *space)
{
	return space->asid == 0;
}

/* The space is about to end: if a processor's root register holds it, load
 * the kernel's own root. Provided by the processor code. */
void space_unload(const struct vspace *space);

/* What to map: `count` pages from `page` on, with rights READ.. and the flags
 * above, and the rights that protect may give later. */
struct map_run {
	pfn_t page;
	uint64_t count;
	unsigned rights;
	unsigned limit;
};

/* How far a range operation came. */
struct map_progress {
	uint64_t done;	/* pages */
	uint64_t level; /* of the missing table, with NO_TABLE */
};

/*
 * Map a run at `address`. OK, NO_TABLE, ALREADY_MAPPED, or RESTART, always
 * with the progress. The caller has checked that the range is in the user
 * half and on page boundaries, with MAP_LARGE all of run and address on
 * those of large pages.
 */
status_t vspace_map(struct vspace *space, uaddr_t address,
	const struct map_run *run, struct map_progress *progress);

/* Hang the zeroed page `table` into the first missing level on the way to
 * `address`. *entry is the physical address of its entry, *level the level
 * of the table that is there now. ALREADY_MAPPED when none is missing. */
status_t vspace_hang_table(struct vspace *space, uaddr_t address, pfn_t table,
	paddr_t *entry, uint64_t *level);

/* The leaf that maps the page of `address` (of a large leaf, the part that
 * does); invalid if nothing is mapped there (A4). */
pte_t vspace_find(const struct vspace *space, uaddr_t address);

/* Whether a fault at `address` for `access` (one of READ, WRITE, EXECUTE)
 * was caused by an old TLB entry. If so it has been fenced, and the thread
 * can simply go on. */
bool vspace_fault_is_stale(
	struct vspace *space, uaddr_t address, unsigned access);

/* Remove every mapping of pages [page, page + count) from all spaces. RESTART
 * after a bounded number of steps. */
status_t vspace_unmap_everywhere(pfn_t page, uint64_t count);

/* Before a PageTable capability goes: take its table out of the address space
 * that it hangs in, with all that it maps. OK or RESTART. */
status_t table_detach(struct cap *cap);
