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

/* The space leaves the list. */
void sweep_forget(const struct vspace *space);

/* The list of all spaces. */
extern struct vspace *vspace_first;
struct vspace *vspace_next(const struct vspace *space);
