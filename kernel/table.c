/* SPDX-License-Identifier: MIT
 *
 * Page tables (table.h): hanging tables in, emptying them and taking them
 * out. Only this file changes entries that lead to tables.
 */
#include "table.h"
#include "work.h"

/* A PageTable capability's extra: its entry's address with its level in the
 * bits that are free there. */
#define LEVEL_MASK UINT64_C(7)

struct stretch
table_stretch(const struct vspace *space, vpn_t page, uint64_t count)
{
	struct stretch stretch = {0};
	uint64_t span, left;

	stretch.table = table_walk(space, page, &stretch.missing);
	if (stretch.table) {
		span = PT_ENTRIES;
		stretch.entries = stretch.table + pt_index(page, 0);
	} else if (stretch.missing == TABLE_LARGE) {
		span = LARGE_PAGES;
		stretch.entries =
			table_large_entry(space, page, &stretch.missing);
	} else {
		span = pt_span(stretch.missing + 1);
	}
	left = span - (page & (span - 1));
	stretch.count = count < left ? count : left;
	return stretch;
}

void
flush_finish(const struct flush *flush, const struct vspace *space)
{
	if (flush->count == 0)
		return;
	if (flush->count == 1)
		tlb_flush_page(space->asid, vpn_address(flush->page));
	else
		tlb_flush_asid(space->asid);
}

pte_t *
table_large_entry(const struct vspace *space, vpn_t page, uint64_t *missing)
{
	pte_t *table = vspace_root(space);
	unsigned level;

	for (level = PT_LEVELS - 1; level > 1; level--) {
		pte_t entry = table[pt_index(page, level)];

		if (!pte_is_valid(entry)) {
			*missing = level - 1;
			return NULL;
		}
		table = table_below(entry);
	}
	return table + pt_index(page, 1);
}

pte_t
vspace_find(const struct vspace *space, uaddr_t address)
{
	vpn_t page = uaddr_page(address);
	uint64_t missing = 0;
	const pte_t *table;

	if (!pt_user_range(page, 1))
		return (pte_t){0};
	table = table_walk(space, page, &missing);
	if (table)
		return table[pt_index(page, 0)];
	if (missing != TABLE_LARGE)
		return (pte_t){0};
	return pte_part(
		*table_large_entry(space, page, &missing), page % LARGE_PAGES);
}

/* One entry more, or fewer, of the table at `level` that `entry` is part of. */
static void
count_entry(pte_t *entry, unsigned level, int more)
{
	pte_t *table = (pte_t *)((uintptr_t)entry & ~(uintptr_t)PAGE_MASK);

	if (level == PT_LEVELS - 1)
		((struct vspace *)(table + PT_ROOT_SPARE))->tables += more;
	else
		table_count(table, more);
}

status_t
vspace_hang_table(struct vspace *space, uaddr_t address, pfn_t table,
	paddr_t *entry, uint64_t *level)
{
	pte_t *at = vspace_root(space);
	unsigned l;

	for (l = PT_LEVELS - 1; l > 0; l--) {
		at += pt_index(uaddr_page(address), l);
		if (!pte_is_table(*at))
			break;
		at = table_below(*at);
	}
	if (l == 0 || pte_is_valid(*at))
		return STATUS_ALREADY_MAPPED;
	/* commit: cannot fail */
	*page_info(table) = PAGE_INFO_TABLE;
	*at = pte_table(table);
	count_entry(at, l, 1);
	*entry = virt_to_phys(at);
	*level = l - 1;
	return STATUS_OK;
}

/* Forget what a level 0 table maps. */
static void
leaf_table_empty(pte_t *table, uint32_t *info)
{
	const struct page_info_map map = page_info_map;
	uint32_t left = *info & PAGE_INFO_COUNT;

	for (; left; table++) {
		if (!pte_is_valid(*table))
			continue;
		page_count_in(&map, pte_page(*table), -1);
		*table = (pte_t){0};
		left--;
	}
	*info = PAGE_INFO_TABLE;
}

void
table_set_large(pte_t *entry, pte_t leaf)
{
	page_count_run(pte_page(leaf), LARGE_PAGES, 1);
	*entry = pte_large(leaf);
	count_entry(entry, 1, 1);
}

void
table_clear_large(pte_t *entry)
{
	page_count_run(pte_page(*entry), LARGE_PAGES, -1);
	*entry = (pte_t){0};
	count_entry(entry, 1, -1);
}

/* Take out everything below entries [0, end) of a table whose own level is
 * `level`, of which `left` are valid. */
static bool
entries_empty(pte_t *table, unsigned level, uint32_t left, unsigned *steps)
{
	unsigned i;

	for (i = 0; left; i++) {
		pte_t *below;
		uint32_t *info;

		if (!pte_is_valid(table[i]))
			continue;
		left--;
		if (!pte_is_table(table[i])) {
			table_clear_large(&table[i]);
			if (work_should_stop(steps, 64))
				return false;
			continue;
		}
		below = table_below(table[i]);
		info = page_info(pte_page(table[i]));
		if (level == 1)
			leaf_table_empty(below, info);
		else if (!entries_empty(below, level - 1,
				 *info & PAGE_INFO_COUNT, steps))
			return false;
		*info = 0;
		table[i] = (pte_t){0};
		count_entry(&table[i], level, -1);
		if (work_should_stop(steps, 32))
			return false;
	}
	return true;
}

bool
table_empty_space(struct vspace *space, unsigned *steps)
{
	return entries_empty(
		vspace_root(space), PT_LEVELS - 1, space->tables, steps);
}

/* The capability keeps where its table hangs (see LEVEL_MASK). */
static status_t
table_empty(pte_t *table, uint32_t *info, unsigned level)
{
	unsigned steps = 0;

	if (level == 0)
		leaf_table_empty(table, info);
	else if (!entries_empty(table, level, *info & PAGE_INFO_COUNT, &steps))
		return STATUS_RESTART;
	return STATUS_OK;
}

status_t
table_detach(struct cap *cap)
{
	pte_t *table = cap_object(cap), *entry;
	uint32_t *info = page_info(paddr_page(virt_to_phys(table)));
	unsigned level = cap->extra & LEVEL_MASK;
	status_t status;

	if (!(*info & PAGE_INFO_TABLE))
		return STATUS_OK;
	status = table_empty(table, info, level);
	if (status == STATUS_OK) {
		entry = phys_to_virt(paddr_make(cap->extra & ~LEVEL_MASK));
		*entry = (pte_t){0};
		count_entry(entry, level + 1, -1);
		*info = 0;
	}
	/* Which space it was in is not known here, and it does not matter:
	 * tidy owners reset a space before they delete its tables. */
	tlb_flush_all();
	return status;
}

status_t
table_hang(
	struct vspace *space, uaddr_t address, struct cap *cap, uint64_t *level)
{
	pfn_t page = paddr_page(virt_to_phys(cap_object(cap)));
	paddr_t entry;
	status_t status;

	if (*page_info(page) != 0)
		return STATUS_BUSY;
	status = vspace_hang_table(space, address, page, &entry, level);
	if (status == STATUS_OK)
		cap->extra = entry.value | *level;
	return status;
}

/* A PageTable answers no method of its own. */
const struct object_class table_class = {
	.name = "PageTable",
	.size = PAGE_SIZE,
	.align = PAGE_SIZE,
};
