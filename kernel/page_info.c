/* SPDX-License-Identifier: MIT
 *
 * The table of page_info.h: one array over all of RAM, set aside at boot.
 */
#include "page_info.h"

struct page_info_map page_info_map;

void
page_info_init(uint32_t *array, pfn_t first, uint64_t count)
{
	page_info_map.array = array;
	page_info_map.first = first;
	page_info_map.count = count;
}

void
page_count_run(pfn_t page, uint64_t count, int more)
{
	const struct page_info_map map = page_info_map;
	pfn_t end = page + count;

	for (; page < end; page++)
		page_count_in(&map, page, more);
}

bool
page_find_shown(pfn_t *first, pfn_t end, uint64_t limit)
{
	for (; *first < end && limit; ++*first, --limit) {
		const uint32_t *info = page_info(*first);

		if (info && *info)
			return true;
	}
	return false;
}
