/* SPDX-License-Identifier: MIT
 *
 * The derivation tree of slot.h. Links are changed by these functions only:
 * link_child, link_after, ring_remove, ring_replace and slot_move.
 *
 * Revocation needs no recursion: deleting a slot leaves its children in its
 * place, so deleting the first child until there is none empties the whole
 * subtree, and every state on the way is a proper tree.
 */
#include "slot.h"
#include "invoke.h"
#include "vspace.h"
#include "work.h"

static void
link_after(struct slot *slot, struct slot *sibling)
{
	slot->prev = ref_of(sibling);
	slot->next = sibling->next;
	slot_at(slot->next)->prev = ref_of(slot);
	sibling->next = ref_of(slot);
}

/* The new child becomes the first. */
static void
link_child(struct slot *slot, struct slot *parent)
{
	struct slot *first = slot_at(parent->child);

	if (first) {
		link_after(slot, slot_at(first->prev));
		first->parent = 0;
	} else {
		slot->prev = slot->next = ref_of(slot);
	}
	slot->parent = ref_of(parent);
	parent->child = ref_of(slot);
}

/* Take a slot that is not alone out of its ring; the next becomes first if it
 * was. */
static void
ring_remove(struct slot *slot)
{
	struct slot *next = slot_at(slot->next);

	slot_at(slot->prev)->next = slot->next;
	next->prev = slot->prev;
	if (slot->parent) {
		slot_at(slot->parent)->child = slot->next;
		next->parent = slot->parent;
	}
}

/* Put the ring that starts with `first` in the place of `slot`. */
static void
ring_replace(struct slot *slot, struct slot *first)
{
	struct slot *last = slot_at(first->prev);

	if (slot->next != ref_of(slot)) {
		first->prev = slot->prev;
		last->next = slot->next;
		slot_at(slot->prev)->next = ref_of(first);
		slot_at(slot->next)->prev = ref_of(last);
	}
	first->parent = slot->parent;
	if (slot->parent)
		slot_at(slot->parent)->child = ref_of(first);
}

static void
tree_remove(struct slot *slot)
{
	if (!slot->next)
		return;
	if (slot->child)
		ring_replace(slot, slot_at(slot->child));
	else if (slot->next != ref_of(slot))
		ring_remove(slot);
	else if (slot->parent)
		slot_at(slot->parent)->child = 0;
}

void
slot_set(struct slot *to, struct cap cap)
{
	uint32_t self = cap_type(&cap) == OBJECT_REPLY ? 0 : ref_of(to);

	*to = (struct slot){.cap = cap, .next = self, .prev = self};
	object_get(&cap);
}

void
slot_insert_child(struct slot *to, struct cap cap, struct slot *parent)
{
	*to = (struct slot){.cap = cap};
	object_get(&cap);
	link_child(to, parent);
}

void
slot_insert_sibling(struct slot *to, struct cap cap, struct slot *sibling)
{
	*to = (struct slot){.cap = cap};
	object_get(&cap);
	link_after(to, sibling);
}

status_t
slot_copy(struct slot *to, struct slot *from, unsigned rights)
{
	struct cap cap;
	status_t status = cap_derive(&from->cap, rights, 0, &cap);

	if (status != STATUS_OK)
		return status;
	if ((cap_rights(&from->cap) & CAP_ALL) == cap_rights(&cap))
		slot_insert_sibling(to, cap, from);
	else
		slot_insert_child(to, cap, from);
	return STATUS_OK;
}

void
slot_move(struct slot *to, struct slot *from)
{
	uint32_t old = ref_of(from), new = ref_of(to);

	*to = *from;
	*from = (struct slot){0};
	if (cap_type(&to->cap) == OBJECT_REPLY) {
		reply_moved(&to->cap, to);
		return;
	}
	if (to->next == old) {
		to->next = to->prev = new;
	} else {
		slot_at(to->next)->prev = new;
		slot_at(to->prev)->next = new;
	}
	if (to->parent)
		slot_at(to->parent)->child = new;
	if (to->child)
		slot_at(to->child)->parent = new;
}

status_t
slot_delete(struct slot *slot)
{
	struct cap cap = slot->cap;

	if (cap_type(&cap) == CAP_NONE)
		return STATUS_OK;
	if (cap_type(&cap) == OBJECT_PAGE_TABLE &&
		table_detach(&slot->cap) == STATUS_RESTART)
		return STATUS_RESTART;
	if (cap_has(&cap, CAP_IN_THREAD))
		thread_slot_lost(slot);
	tree_remove(slot);
	*slot = (struct slot){0};
	if (cap_type(&cap) == OBJECT_REPLY)
		reply_moved(&cap, NULL);
	object_put(&cap);
	return STATUS_OK;
}

status_t
slot_revoke(struct slot *slot)
{
	unsigned steps = 0;

	while (slot->child) {
		status_t status = slot_delete(slot_at(slot->child));

		if (status == STATUS_RESTART || work_should_stop(&steps, 3))
			return STATUS_RESTART;
	}
	return STATUS_OK;
}
