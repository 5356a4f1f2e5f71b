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

struct vspace {
	struct object object;
	uint32_t prev; /* references; 0 at the ends */
	uint32_t next;
	uint64_t asid; /* generation << 32 | number << 1 */
	uint64_t pad[4];
};

_Static_assert(sizeof(struct vspace) == 8 * 8, "eight spare entries");

/* The page of the root table, and the table. */
static inline pte_t *
vspace_root(const struct vspace *space)
{
	return (pte_t *)(void *)space - PT_ROOT_SPARE;
}

/* Copied into the kernel half of every root (row Y4): the entries from
 * PT_ROOT_USER on. Call before the first VSpace is made. */
void vspace_init(const pte_t *kernel_root);

/* Make an address space in a zeroed page. */
struct vspace *vspace_create(void *page);

/* Current generation of ASIDs, see vspace_token. */
extern uint64_t asid_generation;
void vspace_new_asid(struct vspace *space);

static inline unsigned
vspace_asid(const struct vspace *space)
{
	return (uint32_t)space->asid >> 1;
}

/* What the processor's root register must hold to run in the space. May
 * renew the ASID, which at the end of a generation flushes the TLB. */
static inline uint64_t
vspace_token(struct vspace *space)
{
	if (space->asid >> 32 != asid_generation)
		vspace_new_asid(space);
	return space_token(
		paddr_page(virt_to_phys(vspace_root(space))),
		vspace_asid(space));
}

/* How far a range operation came. */
struct map_progress {
	uint64_t done; /* pages */
	uint64_t level; /* of the missing table, with NO_TABLE */
};

/*
 * Map `count` RAM or device pages from `page` on at `address` with `rights`
 * (READ.., MAP_UNCACHED, MAP_REPLACE). OK, NO_TABLE, ALREADY_MAPPED. The
 * caller has checked that the range is in the user half.
 */
status_t vspace_map(struct vspace *space, uaddr_t address, pfn_t page,
		    uint64_t count, unsigned rights,
		    struct map_progress *progress);

/* Hang the zeroed page `table` into the first missing level on the way to
 * `address`. `*entry` tells the entry, `*level` the level of the table that
 * now exists. ALREADY_MAPPED when none is missing. */
status_t vspace_hang_table(struct vspace *space, uaddr_t address, pfn_t table,
			   paddr_t *entry, uint64_t *level);

/* The entry that maps the page of `address`, NULL if nothing does (A4). */
pte_t *vspace_find(const struct vspace *space, uaddr_t address);

/* Whether a fault at `address` for `access` (one of READ, WRITE, EXECUTE)
 * was caused by an old TLB entry. If so the entry has been fenced, and the
 * thread can simply go on. */
bool vspace_fault_is_stale(struct vspace *space, uaddr_t address,
			   unsigned access);

/* Remove every mapping of pages [page, page + count) from all spaces.
 * RESTART after a bounded number of steps. */
status_t vspace_unmap_everywhere(pfn_t page, uint64_t count);
