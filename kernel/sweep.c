/* SPDX-License-Identifier: MIT
 *
 * The sweep of sweep.h, in steps that survive a restart:
 *
 *   IDLE --start--> LOOK --a page is shown--> WALK --all spaces--> IDLE
 *                   LOOK --no page is shown--> IDLE
 *
 * LOOK reads the count of each page, WALK goes through the tables of each
 * space. Device pages have no counts: for them WALK is the start. One WALK is
 * enough, since what is being swept is not shared any more (sweep_covers), and
 * whoever revokes an Untyped left nobody a Frame of it to map again.
 */
#include "sweep.h"
#include "table.h"
#include "work.h"

enum sweep_state {
	SWEEP_IDLE,
	SWEEP_LOOK,
	SWEEP_WALK,
};

/* Counts that one step looks at. */
#define LOOK_PAGES 512

struct sweep_range sweep_range;
struct sweep_range sweep_done;

static enum sweep_state state;
static pfn_t look; /* how far LOOK came */
static struct vspace *walk_space;
static vpn_t walk_page;

static void
walk_start(void)
{
	state = SWEEP_WALK;
	walk_space = vspace_first;
	walk_page = 0;
}

static void
sweep_start(pfn_t page, uint64_t count)
{
	sweep_range = (struct sweep_range){page, count};
	look = page;
	if (page_info(page))
		state = SWEEP_LOOK;
	else
		walk_start();
}

static void
sweep_end(void)
{
	state = SWEEP_IDLE;
	sweep_range = (struct sweep_range){0};
}

static void
look_step(void)
{
	pfn_t end = sweep_range.page + sweep_range.count;

	if (page_find_shown(&look, end, LOOK_PAGES))
		walk_start();
	else if (look == end)
		sweep_end();
}

static void
walk_stretch(const struct stretch *stretch, vpn_t page)
{
	struct flush flush = {0};
	uint64_t i;

	for (i = 0; i < stretch->count; i++) {
		pte_t entry = stretch->entries[i];

		if (!pte_is_valid(entry) || !sweep_covers(pte_page(entry)))
			continue;
		page_put(pte_page(entry));
		stretch->entries[i] = (pte_t){0};
		flush_note(&flush, page + i, 1);
	}
	table_count(stretch->table, -(int)flush.count);
	flush_finish(&flush, walk_space);
}

/* A large page goes as a whole, though only a part of it may be meant. */
static void
walk_large(pte_t *entry, vpn_t page)
{
	if (!sweep_meets(pte_page(*entry), LARGE_PAGES))
		return;
	table_clear_large(entry);
	tlb_flush_page(walk_space->asid, vpn_address(page));
}

static void
walk_step(void)
{
	struct stretch stretch;

	if (!walk_space) {
		sweep_end();
		return;
	}
	stretch = table_stretch(
		walk_space, walk_page, (USER_END >> PAGE_SHIFT) - walk_page);
	if (stretch.table)
		walk_stretch(&stretch, walk_page);
	else if (stretch.entries)
		walk_large(stretch.entries, walk_page);
	walk_page += stretch.count;
	if (walk_page == USER_END >> PAGE_SHIFT) {
		walk_space = vspace_next(walk_space);
		walk_page = 0;
	}
}

void
sweep_forget(const struct vspace *space)
{
	if (state == SWEEP_WALK && walk_space == space) {
		walk_space = vspace_next(space);
		walk_page = 0;
	}
}

static bool
is_range(const struct sweep_range *range, pfn_t page, uint64_t count)
{
	return range->page == page && range->count == count;
}

/* One step. When it ends a sweep that another call is still to hear of, note
 * that. True when the wanted one is over. */
static bool
sweep_step(pfn_t page, uint64_t count)
{
	struct sweep_range range = sweep_range;

	if (state == SWEEP_LOOK)
		look_step();
	else
		walk_step();
	if (state != SWEEP_IDLE)
		return false;
	if (is_range(&range, page, count))
		return true;
	sweep_done = range;
	sweep_start(page, count);
	return false;
}

status_t
vspace_unmap_everywhere(pfn_t page, uint64_t count)
{
	unsigned steps = 0;

	if (count == 0)
		return STATUS_OK;
	if (is_range(&sweep_done, page, count)) {
		sweep_done = (struct sweep_range){0};
		return STATUS_OK;
	}
	if (state == SWEEP_IDLE)
		sweep_start(page, count);
	while (!sweep_step(page, count))
		if (work_should_stop(&steps, 64))
			return STATUS_RESTART;
	return STATUS_OK;
}
