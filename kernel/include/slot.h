/* SPDX-License-Identifier: MIT
 *
 * Slots and the derivation tree. A slot holds one capability and its place in
 * a forest, as references (cap.h). A capability's descendants are what was
 * derived from it: by retype, mint, slice, or a copy with fewer rights; a
 * plain copy is its sibling. So all capabilities that reach into the memory
 * of an Untyped are its descendants, and revoking it leaves nobody who could.
 *
 * Siblings form a ring through next and prev. The parent's child is the
 * ring's first, and only the first knows the parent, so that taking a slot
 * out, putting its children in its place, and moving it are a few stores
 * whatever the number of children.
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
	uint32_t parent; /* of the first of a ring of siblings, else 0 */
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

/* Whether anything was derived from it. */
static inline bool
slot_has_children(const struct slot *slot)
{
	return slot->child != 0;
}

/* Put `cap`, counted as one more of its object, into the empty slot `to`, as
 * the root of a tree (at boot) or, a Reply, outside any tree. */
void slot_set(struct slot *to, struct cap cap);

/* The same as child of `parent`, or as sibling of `sibling`. */
void slot_insert_child(struct slot *to, struct cap cap, struct slot *parent);
void slot_insert_sibling(struct slot *to, struct cap cap, struct slot *sibling);

/* Copy `from` to the empty slot `to` with its rights reduced to `rights`: as
 * sibling if nothing was lost, else as child. INVALID_CAP if not copyable. */
status_t slot_copy(struct slot *to, struct slot *from, unsigned rights);

/* The slot lies in a thread (a copy was just put there): tell the thread when
 * it is emptied, by thread_slot_lost() (invoke.h). */
static inline void
slot_set_in_thread(struct slot *slot)
{
	slot->cap.meta |= (uint64_t)CAP_IN_THREAD << 8;
}

/* Move, place in the tree and Reply back reference included. `to` is empty
 * and not `from`. */
void slot_move(struct slot *to, struct slot *from);

/*
 * Empty the slot. Its children take its place in the tree. Drops the count of
 * the object; at 0 the object joins the dying (object.h), which object_reap()
 * finishes. RESTART, with the slot still full, only for a PageTable that
 * hangs in an address space and is large. An empty slot is no error.
 */
status_t slot_delete(struct slot *slot);

/* Delete all descendants. RESTART after a bounded number of steps. */
status_t slot_revoke(struct slot *slot);
