/* SPDX-License-Identifier: MIT
 *
 * One word for every page of RAM: how often user address spaces show it, or,
 * for a page that is a page table in use, how many of its entries are used.
 * Memory is only given a new type when nothing shows it any more.
 */
#pragma once

#include "types.h"

#define PAGE_INFO_TABLE UINT32_C(0x80000000) /* hangs in an address space */
#define PAGE_INFO_COUNT UINT32_C(0x7fffffff)

/* The array, and the pages [first, first + count) that it describes. */
struct page_info_map {
	uint32_t *array;
	pfn_t first;
	uint64_t count;
};

extern struct page_info_map page_info_map;

/* Describe pages [first, first + count) in `array`, which is zeroed and has 4
 * bytes per page. Called once at boot. */
void page_info_init(uint32_t *array, pfn_t first, uint64_t count);

/* Pages [first, end) lie among them, but are no RAM: a device's or nobody's.
 * Their words count as others do. Called at boot for each such run. */
void page_info_gap(pfn_t first, pfn_t end);

/* The word of a page, or NULL when it has none. Loops look it up in a copy
 * of the map, which stays in registers. */
static inline uint32_t *
page_info_in(const struct page_info_map *map, pfn_t page)
{
	uint64_t index = page - map->first;

	return index < map->count ? &map->array[index] : NULL;
}

static inline uint32_t *
page_info(pfn_t page)
{
	return page_info_in(&page_info_map, page);
}

/* Whether the page is RAM, and not in a gap. */
bool page_is_ram(pfn_t page);

/* One more, or one fewer, shows the page. Pages that are not RAM are not
 * counted. */
static inline void
page_count_in(const struct page_info_map *map, pfn_t page, int more)
{
	uint32_t *info = page_info_in(map, page);

	if (info)
		*info += more;
}

static inline void
page_get(pfn_t page)
{
	page_count_in(&page_info_map, page, 1);
}

static inline void
page_put(pfn_t page)
{
	page_count_in(&page_info_map, page, -1);
}

/* The same for each page of a run. */
void page_count_run(pfn_t page, uint64_t count, int more);

/* Look for a page that is shown, from *first on, before `end`, at at most
 * `limit` pages. *first is then that page, or where the search stopped. */
bool page_find_shown(pfn_t *first, pfn_t end, uint64_t limit);
