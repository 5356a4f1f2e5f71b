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

/* The word of a page, or NULL when it is not RAM. */
static inline uint32_t *
page_info(pfn_t page)
{
	uint64_t index = page - page_info_map.first;

	return index < page_info_map.count ? &page_info_map.array[index] : NULL;
}

/* One more, or one fewer, shows the page. Pages that are not RAM are not
 * counted. */
static inline void
page_get(pfn_t page)
{
	uint32_t *info = page_info(page);

	if (info)
		++*info;
}

static inline void
page_put(pfn_t page)
{
	uint32_t *info = page_info(page);

	if (info)
		--*info;
}

/* Look for a page that is shown, from *first on, before `end`, at at most
 * `limit` pages. *first is then that page, or where the search stopped. */
bool page_find_shown(pfn_t *first, pfn_t end, uint64_t limit);
