/* SPDX-License-Identifier: MIT
 *
 * The table of page_info.h: one array over all of RAM, set aside at boot.
 */
#include "page_info.h"
#include "panic.h"

#define GAPS_MAX 8

struct page_info_map page_info_map;

static struct {
	pfn_t first;
	pfn_t end;
} gaps[GAPS_MAX];
static unsigned gap_count;

void
page_info_init(uint32_t *array, pfn_t first, uint64_t count)
{
	page_info_map.array = array;
	page_info_map.first = first;
	page_info_map.count = count;
}

void
page_info_gap(pfn_t first, pfn_t end)
{
	if (gap_count == GAPS_MAX)
		panic("memory has more gaps than the kernel can note");
	gaps[gap_count].first = first;
	gaps[gap_count].end = end;
	gap_count++;
}

bool
page_is_ram(pfn_t page)
{
	unsigned i;

	for (i = 0; i < gap_count; i++)
		if (page >= gaps[i].first && page < gaps[i].end)
			return false;
	return page_info(page) != NULL;
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
