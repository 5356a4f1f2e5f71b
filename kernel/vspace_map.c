/* SPDX-License-Identifier: MIT
 *
 * Adding mappings: runs, lists of single pages, and what another space shows.
 *
 * The results of map and share count pages from the start of the call; when
 * it is restarted, what earlier attempts did stands in the upper bits of its
 * last argument (a caller who forges them gets a wrong count and no more).
 */
#include "vspace_map.h"
#include "sweep.h"
#include "table.h"
#include "vspace.h"
#include "work.h"

#define DONE_SHIFT 16
#define FLAG_MASK ((UINT64_C(1) << DONE_SHIFT) - 1)
#define SHARE_COW 1
#define LIST_MAX 16
#define LIST_FIRST_WORD 8

/* Fill the entries of one stretch with the pages from `leaf` on. Returns how
 * many were filled: fewer when one is occupied and must not be replaced. */
static uint64_t
map_stretch(const struct stretch *stretch, vpn_t page, pte_t leaf, bool replace,
	struct flush *flush)
{
	uint32_t *info = page_info(pte_page(leaf));
	uint64_t i;
	int added = 0;

	for (i = 0; i < stretch->count; i++) {
		pte_t old = stretch->entries[i];

		if (pte_is_valid(old)) {
			if (!replace)
				break;
			page_put(pte_page(old));
			flush_note(flush, page + i, 1);
			added--;
		}
		stretch->entries[i] = leaf;
		leaf = pte_next(leaf);
		if (info)
			++*info++;
	}
	table_count(stretch->table, added + (int)i);
	return i;
}

/* What stops a mapping whose table is not there: `level` is what table_walk
 * says of it. */
static status_t
no_table(uint64_t level, struct map_progress *progress)
{
	if (level == TABLE_LARGE)
		return STATUS_ALREADY_MAPPED;
	progress->level = level;
	return STATUS_NO_TABLE;
}

/* The same for one page, which is what most calls map. */
static status_t
map_page(struct vspace *space, uaddr_t address, const struct map_run *run,
	struct map_progress *progress)
{
	uint64_t missing = 0;
	pte_t *table = table_walk(space, uaddr_page(address), &missing);
	pte_t *entry, old;

	if (!table)
		return no_table(missing, progress);
	entry = table + pt_index(uaddr_page(address), 0);
	old = *entry;
	if (pte_is_valid(old) && !(run->rights & MAP_REPLACE))
		return STATUS_ALREADY_MAPPED;
	page_get(run->page);
	*entry = pte_leaf(run->page, run->rights, run->limit);
	if (pte_is_valid(old)) {
		page_put(pte_page(old));
		tlb_flush_page(space->asid, address);
	} else {
		table_count(table, 1);
	}
	progress->done = 1;
	return STATUS_OK;
}

static status_t
map_run(struct vspace *space, uaddr_t address, const struct map_run *run,
	struct map_progress *progress)
{
	struct flush flush = {0};
	unsigned steps = 0;
	uint64_t done = 0, filled;
	status_t status = STATUS_OK;

	while (done < run->count) {
		vpn_t page = uaddr_page(address) + done;
		struct stretch stretch =
			table_stretch(space, page, run->count - done);

		if (!stretch.table) {
			status = no_table(stretch.missing, progress);
			break;
		}
		filled = map_stretch(&stretch, page,
			pte_leaf(run->page + done, run->rights, run->limit),
			run->rights & MAP_REPLACE, &flush);
		done += filled;
		if (filled < stretch.count) {
			status = STATUS_ALREADY_MAPPED;
			break;
		}
		if (done < run->count && work_should_stop(&steps, 64)) {
			status = STATUS_RESTART;
			break;
		}
	}
	progress->done = done;
	flush_finish(&flush, space);
	return status;
}

/* One large leaf. Only another one can be replaced: a table, be it empty, is
 * in the way. */
static status_t
map_large_page(struct vspace *space, vpn_t page, pte_t leaf, bool replace,
	struct map_progress *progress)
{
	uint64_t missing = 0;
	pte_t *entry = table_large_entry(space, page, &missing);

	if (!entry)
		return no_table(missing, progress);
	if (pte_is_valid(*entry)) {
		if (!replace || pte_is_table(*entry))
			return STATUS_ALREADY_MAPPED;
		table_clear_large(entry);
		tlb_flush_page(space->asid, vpn_address(page));
	}
	table_set_large(entry, leaf);
	return STATUS_OK;
}

static status_t
map_large(struct vspace *space, uaddr_t address, const struct map_run *run,
	struct map_progress *progress)
{
	unsigned steps = 0;
	uint64_t done;
	status_t status;

	for (done = 0; done < run->count; done += LARGE_PAGES) {
		pte_t leaf =
			pte_leaf(run->page + done, run->rights, run->limit);

		if (done && work_should_stop(&steps, WORK_STEPS))
			return STATUS_RESTART;
		status = map_large_page(space, uaddr_page(address) + done, leaf,
			run->rights & MAP_REPLACE, progress);
		if (status != STATUS_OK)
			return status;
		progress->done += LARGE_PAGES;
	}
	return STATUS_OK;
}

status_t
vspace_map(struct vspace *space, uaddr_t address, const struct map_run *run,
	struct map_progress *progress)
{
	status_t status;

	progress->done = 0;
	sweep_note_map(run->page, run->count);
	if (run->rights & MAP_LARGE)
		status = map_large(space, address, run, progress);
	else if (run->count == 1)
		status = map_page(space, address, run, progress);
	else
		status = map_run(space, address, run, progress);
	if (run->rights & CAP_EXECUTE)
		icache_sync();
	return status;
}

/* Whether the Frame gives what a mapping with `rights` needs: READ always,
 * since protect may give that to every page. */
static status_t
check_rights(const struct cap *frame, uint64_t rights, unsigned flags)
{
	unsigned need = (rights & MAP_RIGHTS) | CAP_READ;

	if (rights & ~(uint64_t)(MAP_RIGHTS | MAP_UNCACHED | flags))
		return STATUS_INVALID_ARGUMENT;
	return cap_has(frame, need) ? STATUS_OK : STATUS_NO_RIGHT;
}

static void
set_progress(struct invocation *in, uint64_t done, uint64_t level)
{
	in->words[0] = done;
	in->words[1] = level;
	in->results = 2;
}

status_t
vspace_method_map(struct invocation *in)
{
	uaddr_t address = uaddr_make(in->words[0]);
	struct map_progress progress = {0};
	struct map_run run;
	struct slot *frame;
	uint64_t first = in->words[2];
	status_t status;

	status = invoke_cap(in, in->words[1], OBJECT_FRAME, 0, &frame);
	if (status != STATUS_OK)
		return status;
	run.count = in->words[3];
	run.rights = in->words[4] & FLAG_MASK;
	run.page = cap_page(&frame->cap) + first;
	run.limit = cap_rights(&frame->cap);
	if (uaddr_offset(address) ||
		!pt_user_range(uaddr_page(address), run.count) ||
		first > cap_pages(&frame->cap) ||
		run.count > cap_pages(&frame->cap) - first ||
		(run.rights & MAP_LARGE &&
			(uaddr_page(address) | run.page | run.count) %
				LARGE_PAGES))
		return STATUS_INVALID_ARGUMENT;
	status = check_rights(&frame->cap, run.rights, MAP_REPLACE | MAP_LARGE);
	if (status != STATUS_OK)
		return status;
	/* commit: what fails from here on leaves its progress */
	status = vspace_map(
		cap_object(&in->slot->cap), address, &run, &progress);
	if (status == STATUS_RESTART) {
		in->words[0] += progress.done << PAGE_SHIFT;
		in->words[2] += progress.done;
		in->words[3] -= progress.done;
		in->words[4] += progress.done << DONE_SHIFT;
		return status;
	}
	set_progress(in, (in->words[4] >> DONE_SHIFT) + progress.done,
		progress.level);
	return status;
}

/* Entry `i` of a list: words 8+2i and 9+2i, read once each, since the message
 * lies in memory that the caller's other threads can write. */
static status_t
list_entry(const struct invocation *in, uint64_t i, const struct cap *frame,
	uaddr_t *address, struct map_run *run)
{
	const volatile uint64_t *words = in->more + LIST_FIRST_WORD + 2 * i;
	uint64_t word = words[0], index = words[1];

	*address = uaddr_make(word & ~PAGE_MASK);
	run->page = cap_page(frame) + index;
	run->count = 1;
	run->limit = cap_rights(frame);
	run->rights = (word & PAGE_MASK) | (in->words[2] & MAP_REPLACE);
	if (!pt_user_range(uaddr_page(*address), 1) ||
		index >= cap_pages(frame))
		return STATUS_INVALID_ARGUMENT;
	return check_rights(frame, run->rights, MAP_REPLACE);
}

status_t
vspace_method_map_list(struct invocation *in)
{
	struct map_progress progress = {0};
	struct map_run run;
	struct slot *frame;
	uint64_t count = in->words[1], i;
	uaddr_t address;
	status_t status;

	status = invoke_cap(in, in->words[0], OBJECT_FRAME, 0, &frame);
	if (status != STATUS_OK)
		return status;
	if (count > LIST_MAX || in->length < LIST_FIRST_WORD + 2 * count ||
		(count && !in->more) || (in->words[2] & ~(uint64_t)MAP_REPLACE))
		return STATUS_INVALID_ARGUMENT;
	for (i = 0; i < count && status == STATUS_OK; i++) {
		status = list_entry(in, i, &frame->cap, &address, &run);
		if (status == STATUS_OK)
			status = vspace_map(cap_object(&in->slot->cap), address,
				&run, &progress);
		if (status != STATUS_OK)
			break;
	}
	set_progress(in, i, progress.level);
	return status;
}

/* What share works on. */
struct sharing {
	struct vspace *from;
	struct vspace *to;
	bool cow;
	struct flush flush; /* of `from` */
};

/* Share entries from `first` on, as far as `end` or the first whose place in
 * `table`, the one of the target at `page`, is taken. Returns the end. */
static pte_t *
share_entries(struct sharing *sharing, pte_t *first, const pte_t *end,
	pte_t *table, vpn_t page)
{
	const struct page_info_map map = page_info_map;
	const struct sweep_range swept = sweep_range;
	pte_t *entry, *target = table + pt_index(page, 0), *last = NULL;
	int added = 0, reduced = 0;

	for (entry = first; entry < end; entry++, target++) {
		pte_t leaf = *entry;

		if (!pte_is_valid(leaf) ||
			pte_page(leaf) - swept.page < swept.count)
			continue;
		if (pte_is_valid(*target))
			break;
		if (sharing->cow) {
			leaf = pte_without_write(leaf);
			if (leaf.value != entry->value) {
				*entry = leaf;
				last = entry;
				reduced++;
			}
		}
		*target = leaf;
		page_count_in(&map, pte_page(leaf), 1);
		added++;
	}
	table_count(table, added);
	if (last)
		flush_note(&sharing->flush, page + (last - first), reduced);
	return entry;
}

/* Share what one stretch of the source maps. The target needs a table only
 * from the first mapped page on. */
static status_t
share_stretch(struct sharing *sharing, vpn_t page,
	const struct stretch *stretch, struct map_progress *progress)
{
	pte_t *entry = stretch->entries, *end = entry + stretch->count, *table;
	uint64_t skip, missing = 0;

	while (entry < end &&
		(!pte_is_valid(*entry) || sweep_covers(pte_page(*entry))))
		entry++;
	skip = entry - stretch->entries;
	progress->done += skip;
	if (entry == end)
		return STATUS_OK;
	table = table_walk(sharing->to, page, &missing);
	if (!table)
		return no_table(missing, progress);
	end = share_entries(sharing, entry, end, table, page + skip);
	progress->done += end - entry;
	return end < stretch->entries + stretch->count ? STATUS_ALREADY_MAPPED
						       : STATUS_OK;
}

/* Share a large page, which takes all of it. */
static status_t
share_large(struct sharing *sharing, vpn_t page, const struct stretch *stretch,
	struct map_progress *progress)
{
	pte_t *entry = stretch->entries, *target, leaf = *entry;
	uint64_t missing = 0;

	if (!stretch_is_whole_large(stretch))
		return STATUS_INVALID_ARGUMENT;
	if (!sweep_meets(pte_page(leaf), LARGE_PAGES)) {
		target = table_large_entry(sharing->to, page, &missing);
		if (!target)
			return no_table(missing, progress);
		if (pte_is_valid(*target))
			return STATUS_ALREADY_MAPPED;
		if (sharing->cow) {
			leaf = pte_without_write(leaf);
			if (leaf.value != entry->value)
				flush_note(&sharing->flush, page, 1);
			*entry = leaf;
		}
		table_set_large(target, leaf);
	}
	progress->done += LARGE_PAGES;
	return STATUS_OK;
}

static status_t
share_range(struct sharing *sharing, vpn_t page, uint64_t count,
	struct map_progress *progress)
{
	unsigned steps = 0;
	status_t status = STATUS_OK;

	while (progress->done < count && status == STATUS_OK) {
		vpn_t next = page + progress->done;
		struct stretch stretch = table_stretch(
			sharing->from, next, count - progress->done);

		if (stretch.table)
			status = share_stretch(
				sharing, next, &stretch, progress);
		else if (stretch.entries)
			status = share_large(sharing, next, &stretch, progress);
		else
			progress->done += stretch.count;
		if (status == STATUS_OK && progress->done < count &&
			work_should_stop(&steps, 64))
			status = STATUS_RESTART;
	}
	flush_finish(&sharing->flush, sharing->from);
	return status;
}

status_t
vspace_method_share(struct invocation *in)
{
	vpn_t page = in->words[1] >> PAGE_SHIFT;
	uint64_t flags = in->words[3] & FLAG_MASK;
	struct map_progress progress = {0};
	struct sharing sharing = {0};
	struct slot *from;
	status_t status;

	status = invoke_cap(in, in->words[0], OBJECT_VSPACE,
		flags ? CAP_READ | CAP_WRITE : CAP_READ, &from);
	if (status != STATUS_OK)
		return status;
	sharing.from = cap_object(&from->cap);
	sharing.to = cap_object(&in->slot->cap);
	sharing.cow = flags & SHARE_COW;
	if (sharing.from == sharing.to || (flags & ~(uint64_t)SHARE_COW) ||
		(in->words[1] & PAGE_MASK) ||
		!pt_user_range(page, in->words[2]))
		return STATUS_INVALID_ARGUMENT;
	/* commit: what fails from here on leaves its progress */
	status = share_range(&sharing, page, in->words[2], &progress);
	if (status == STATUS_RESTART) {
		in->words[1] += progress.done << PAGE_SHIFT;
		in->words[2] -= progress.done;
		in->words[3] += progress.done << DONE_SHIFT;
		return status;
	}
	set_progress(in, (in->words[3] >> DONE_SHIFT) + progress.done,
		progress.level);
	return status;
}
