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
#define CNODE_BITS_MAX 16 /* 2 MiB: what is cleared without a pause */
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

/* Make a node of 2^bits slots in zeroed memory of as many times 32 bytes; the
 * result names it and is not counted yet. */
struct cap cnode_create(void *memory, unsigned bits);

/* Slot `index` of the CNode that `cap` names. INVALID_ARGUMENT when the index
 * is 0 or past the end, and, for the second, SLOT_OCCUPIED when not empty. */
status_t cnode_any_slot(
	const struct cap *cap, uint64_t index, struct slot **result);
status_t cnode_empty_slot(
	const struct cap *cap, uint64_t index, struct slot **result);

/* The part of cspace_lookup that goes below the root. */
struct slot *cspace_walk(const struct cap *root, cptr_t cptr);

/* The slot, possibly empty, that `cptr` names below the CNode capability
 * `root`; NULL when there is none or `root` is no CNode. */
static inline struct slot *
cspace_lookup(const struct cap *root, cptr_t cptr)
{
	unsigned bits = cap_aux(root);
	uint64_t index = cptr & ((UINT64_C(1) << bits) - 1);

	if (cap_type(root) != OBJECT_CNODE || cptr >> bits)
		return cspace_walk(root, cptr);
	return index ? cnode_slot(cap_object(root), index) : NULL;
}
