/* SPDX-License-Identifier: MIT
 *
 * CNode: a table of 2^bits slots. The first slot's place is taken by the
 * object's header, so index 0 is never a slot. A capability address is
 * resolved from a root CNode as the contract, section 1.3, says.
 */
#pragma once

#include "object.h"
#include "slot.h"

#define CNODE_BITS_MIN 1
#define CNODE_BITS_MAX 24
#define CNODE_DEPTH 4

struct cnode {
	struct object object;
	uint32_t bits;
	uint32_t pad[3];
};

_Static_assert(sizeof(struct cnode) == sizeof(struct slot),
	       "the header takes the place of slot 0");

/* Slot `index` (1 and up, below the size) of the node. */
static inline struct slot *
cnode_slot(struct cnode *node, uint64_t index)
{
	return (struct slot *)node + index;
}

/* Make the node in zeroed memory of 32 << bits bytes; `*cap` names it. */
void cnode_create(void *memory, unsigned bits, struct cap *cap);

/* The part of cspace_lookup that goes below the root. */
struct slot *cspace_walk(const struct cap *root, cptr_t cptr);

/* The slot, possibly empty, that `cptr` names below the CNode capability
 * `root`; NULL when there is none or `root` is no CNode. */
static inline struct slot *
cspace_lookup(const struct cap *root, cptr_t cptr)
{
	unsigned bits = cap_aux(root);
	uint64_t index = cptr & ((UINT64_C(1) << bits) - 1);

	if (cptr >> bits || cap_type(root) != OBJECT_CNODE)
		return cspace_walk(root, cptr);
	return index ? cnode_slot(cap_object(root), index) : NULL;
}
