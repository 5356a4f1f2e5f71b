/* SPDX-License-Identifier: MIT
 *
 * One word for every page of RAM: how often user address spaces (and threads,
 * for their UTCB) show it, or, for a page that is a page table, how many of
 * its entries are used and whether it hangs in an address space. Memory is
 * only given a new type when nothing shows it any more.
 */
#pragma once

#include "types.h"

#define PAGE_INFO_TABLE UINT32_C(0x80000000) /* is a table, in use */
#define PAGE_INFO_COUNT UINT32_C(0x7fffffff)

/* The array covers pages [first, first + count) and lies at `array`, which is
 * zeroed. Bytes needed: 4 per page. Called once at boot. */
void page_info_init(uint32_t *array, pfn_t first, uint64_t count);

/* The word of a page, or NULL when it is not RAM. */
uint32_t *page_info(pfn_t page);

/* One more, or one fewer, shows the page. Pages that are not RAM are not
 * counted. */
void page_get(pfn_t page);
void page_put(pfn_t page);

/* Look for a page that is shown in [*first, end), at most `limit` pages; sets
 * *first to it, or to where the search stopped. */
bool page_find_shown(pfn_t *first, pfn_t end, uint64_t limit);
