/* SPDX-License-Identifier: MIT
 *
 * Page tables: walking, filling and emptying them (row A4). Used by the parts
 * of VSpace; everybody else uses vspace.h.
 *
 * Invariant: page_info of a table that hangs in a space is PAGE_INFO_TABLE
 * plus the number of its valid entries; of one that does not, 0, and then it
 * is all zeros. The root's user half is counted in its header.
 *
 * An entry of level 1 may be a large leaf instead: LARGE_PAGES pages in one,
 * each of which is counted as shown. It is made, changed and removed as a
 * whole, since the kernel has no table of its own to split it into.
 */
#pragma once

#include "page_info.h"
#include "vspace.h"

/* The table that an entry of an upper level leads to. */
static inline pte_t *
table_below(pte_t entry)
{
	return phys_to_virt(pfn_address(pte_page(entry)));
}

/* In place of a level: no table is missing, a large leaf is in its place. */
#define TABLE_LARGE UINT64_MAX

/* The level 0 table that covers `page`; NULL with the level of the missing
 * table, or TABLE_LARGE, in *missing. */
static inline pte_t *
table_walk(const struct vspace *space, vpn_t page, uint64_t *missing)
{
	pte_t *table = vspace_root(space);
	unsigned level;

	for (level = PT_LEVELS - 1; level > 0; level--) {
		pte_t entry = table[pt_index(page, level)];

		if (!pte_is_table(entry)) {
			*missing =
				pte_is_valid(entry) ? TABLE_LARGE : level - 1;
			return NULL;
		}
		table = table_below(entry);
	}
	return table;
}

/* A stretch of consecutive pages under one level 0 table, or under what
 * stands in the place of one. */
struct stretch {
	pte_t *table;	/* NULL: no table */
	pte_t *entries; /* of the first page; without a table the large leaf
			 * that spans them, or NULL: nothing is mapped */
	uint64_t count;
	uint64_t missing; /* level, when there is no table; or TABLE_LARGE */
};

/* The first stretch of [page, page + count). */
struct stretch table_stretch(
	const struct vspace *space, vpn_t page, uint64_t count);

/* The entry of level 1 that covers `page`; NULL with the level of the missing
 * table in *missing. */
pte_t *table_large_entry(
	const struct vspace *space, vpn_t page, uint64_t *missing);

/* Whether a stretch from `page` on is a large leaf, from its first page to
 * its last. */
static inline bool
stretch_is_whole_large(const struct stretch *stretch)
{
	return stretch->count == LARGE_PAGES;
}

/* Put a large leaf into an empty entry of level 1: count its pages and its
 * table's entries. */
void table_set_large(pte_t *entry, pte_t leaf);

/* Forget a large leaf: count its pages and its table's entries, clear it. The
 * TLB is the caller's matter. */
void table_clear_large(pte_t *entry);

/* That many entries more (or, negative, fewer) of the table are valid. */
static inline void
table_count(const pte_t *table, int more)
{
	*page_info(paddr_page(virt_to_phys(table))) += more;
}

/* How many are. */
static inline uint32_t
table_used(const pte_t *table)
{
	return *page_info(paddr_page(virt_to_phys(table))) & PAGE_INFO_COUNT;
}

/* TLB entries to flush before user code runs again. */
struct flush {
	unsigned count;
	vpn_t page; /* the last one noted */
};

/* `count` pages, of which `page` is the last. */
static inline void
flush_note(struct flush *flush, vpn_t page, unsigned count)
{
	flush->count += count;
	flush->page = page;
}

/* One page by its address, more all at once. */
void flush_finish(const struct flush *flush, const struct vspace *space);

/* Empty the user half and unhang its tables, without flushing. False when it
 * stopped before the end. */
bool table_empty_space(struct vspace *space, unsigned *steps);

/* vspace_hang_table for the table of a PageTable capability, which notes
 * where it hangs. BUSY when it hangs already. */
status_t table_hang(struct vspace *space, uaddr_t address, struct cap *cap,
	uint64_t *level);
