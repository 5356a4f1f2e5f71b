/* SPDX-License-Identifier: MIT
 *
 * The sweep: removing every mapping of a run of pages from all address
 * spaces, for revoke (vspace_unmap_everywhere in vspace.h). There is one at a
 * time; whoever wants another finishes the one under way first.
 */
#pragma once

#include "vspace.h"

/* The pages that are being swept; count 0: none. */
struct sweep_range {
	pfn_t page;
	uint64_t count;
};

extern struct sweep_range sweep_range;

/* Whether no new mapping of the page must come to be by sharing: a space that
 * was swept already could get it back. */
static inline bool
sweep_covers(pfn_t page)
{
	return page - sweep_range.page < sweep_range.count;
}

/* The same for any page of a run. */
static inline bool
sweep_meets(pfn_t page, uint64_t count)
{
	return sweep_range.count &&
		page < sweep_range.page + sweep_range.count &&
		sweep_range.page < page + count;
}

/* The last sweep that another call finished, until its own call hears of it,
 * or one of its pages is mapped again. Without this two calls could undo each
 * other's work for ever. */
extern struct sweep_range sweep_done;

static inline void
sweep_note_map(pfn_t page, uint64_t count)
{
	if (sweep_done.count && page < sweep_done.page + sweep_done.count &&
		sweep_done.page < page + count)
		sweep_done.count = 0;
}

/* The space leaves the list. */
void sweep_forget(const struct vspace *space);

/* The list of all spaces. */
extern struct vspace *vspace_first;
struct vspace *vspace_next(const struct vspace *space);
