/* SPDX-License-Identifier: MIT
 *
 * Slots and the derivation tree. A slot holds one capability and its place in
 * a forest: parent, first child, next and previous sibling, as references
 * (cap.h). A capability's descendants are what was derived from it: by
 * retype, mint, slice, or a copy with fewer rights; a plain copy is its
 * sibling. So all capabilities that reach into the memory of an Untyped are
 * its descendants, and revoking it leaves nobody who could.
 *
 * Invariants: an empty slot is all zeros. Slots lie in CNodes, threads and
 * other objects, always in memory that the physical map shows. Reply
 * capabilities are not in the tree: their links are 0.
 *
 * Everything here runs under the kernel lock.
 */
#pragma once

#include "cap.h"
#include "status.h"

struct slot {
	struct cap cap;
	uint32_t parent;
	uint32_t child;
	uint32_t next;
	uint32_t prev;
};

_Static_assert(sizeof(struct slot) == 32, "slots are units of the CNode");

static inline bool
slot_is_empty(const struct slot *slot)
{
	return slot->cap.meta == 0;
}

static inline struct slot *
slot_at(uint32_t ref)
{
	return ref ? ref_pointer(ref) : NULL;
}

/* Put `cap`, counted as one more of its object, into the empty slot `to` as
 * the root of a tree (at boot) or outside any tree (a Reply). */
void slot_set(struct slot *to, struct cap cap);

/* The same as child of `parent`, or as sibling of `sibling`. */
void slot_insert_child(struct slot *to, struct cap cap, struct slot *parent);
void slot_insert_sibling(struct slot *to, struct cap cap,
			 struct slot *sibling);

/* Copy `from` to the empty slot `to` with its rights reduced to `rights`: as
 * sibling if nothing was lost, else as child. INVALID_CAP if not copyable. */
status_t slot_copy(struct slot *to, struct slot *from, unsigned rights);

/* Move, links and Reply back reference included. `to` is empty. */
void slot_move(struct slot *to, struct slot *from);

/*
 * Empty the slot. Its children get its parent. Drops the count of the object;
 * at 0 the object joins the dying (object.h) and object_reap() must be called
 * before the system call ends. RESTART when there are too many children to
 * adopt in one step: call again. An empty slot is no error.
 */
status_t slot_delete(struct slot *slot);

/*
 * Delete all descendants; RESTART after a bounded number of steps. Objects
 * left without capabilities are finished, too (object_reap).
 */
status_t slot_revoke(struct slot *slot);

/* Whether anything was derived from it. */
static inline bool
slot_has_children(const struct slot *slot)
{
	return slot->child != 0;
}
