/* SPDX-License-Identifier: MIT
 *
 * CNodes: resolving capability addresses, and the methods that copy, move and
 * delete capabilities. Sources are addresses in the caller's space,
 * destinations are indices into the invoked CNode.
 */
#include "cnode.h"
#include "invoke.h"
#include "untyped.h"
#include "work.h"

#include <arch/page_table.h>

/* Slots that one step of a CNode's destruction empties. */
#define DESTROY_SLOTS 64

struct cap
cnode_create(void *memory, unsigned bits)
{
	struct cnode *node = memory;

	node->bits = bits;
	object_create(OBJECT_CNODE, &node->object);
	return cap_make(OBJECT_CNODE, CAP_ALL, bits, ref_of(node));
}

struct slot *
cspace_walk(const struct cap *root, cptr_t cptr)
{
	unsigned depth;

	for (depth = 0; depth < CNODE_DEPTH; depth++) {
		unsigned bits = cap_aux(root);
		uint64_t index = cptr & ((UINT64_C(1) << bits) - 1);
		struct slot *slot;

		if (cap_type(root) != OBJECT_CNODE || index == 0)
			return NULL;
		slot = cnode_slot(cap_object(root), index);
		cptr >>= bits;
		if (cptr == 0)
			return slot;
		cptr--;
		root = &slot->cap;
	}
	return NULL;
}

status_t
cnode_any_slot(const struct cap *cap, uint64_t index, struct slot **result)
{
	if (index == 0 || index >> cap_aux(cap))
		return STATUS_INVALID_ARGUMENT;
	*result = cnode_slot(cap_object(cap), index);
	return STATUS_OK;
}

status_t
cnode_empty_slot(const struct cap *cap, uint64_t index, struct slot **result)
{
	status_t status = cnode_any_slot(cap, index, result);

	if (status == STATUS_OK && !slot_is_empty(*result))
		return STATUS_SLOT_OCCUPIED;
	return status;
}

/* One step: empty some slots. Their children go to whoever derived them. */
static bool
cnode_destroy(struct object *object)
{
	struct cnode *node = container_of(object, struct cnode, object);
	uint32_t size = UINT32_C(1) << node->bits;
	unsigned left = DESTROY_SLOTS;

	if (object->cursor == 0)
		object->cursor = 1;
	for (; object->cursor < size && left; object->cursor++, left--) {
		struct slot *slot = cnode_slot(node, object->cursor);

		if (slot_delete(slot) == STATUS_RESTART)
			return false;
	}
	return object->cursor == size;
}

/* The source slot of copy, mint and move: word 1 names it. */
static status_t
source_slot(const struct invocation *in, struct slot **result)
{
	*result = cspace_lookup(in->cspace, in->words[1]);
	if (!*result || slot_is_empty(*result))
		return STATUS_INVALID_CAP;
	return STATUS_OK;
}

static status_t
source_and_destination(
	const struct invocation *in, struct slot **from, struct slot **to)
{
	status_t status = source_slot(in, from);

	if (status != STATUS_OK)
		return status;
	return cnode_empty_slot(&in->slot->cap, in->words[0], to);
}

static status_t
cnode_copy(struct invocation *in)
{
	struct slot *from, *to;
	status_t status = source_and_destination(in, &from, &to);

	if (status != STATUS_OK)
		return status;
	return slot_copy(to, from, in->words[2]);
}

static status_t
cnode_mint(struct invocation *in)
{
	struct slot *from, *to;
	struct cap cap;
	status_t status = source_and_destination(in, &from, &to);

	if (status != STATUS_OK)
		return status;
	status = cap_derive(&from->cap, in->words[2], in->words[3], &cap);
	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	slot_insert_child(to, cap, from);
	return STATUS_OK;
}

static status_t
cnode_move(struct invocation *in)
{
	struct slot *from, *to;
	status_t status = source_and_destination(in, &from, &to);

	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	slot_move(to, from);
	return STATUS_OK;
}

static status_t
cnode_delete(struct invocation *in)
{
	struct slot *slot;
	status_t status = cnode_any_slot(&in->slot->cap, in->words[0], &slot);

	if (status != STATUS_OK)
		return status;
	status = slot_delete(slot);
	if (status != STATUS_OK)
		return status;
	return object_reap();
}

static bool
cap_has_pages(const struct cap *cap)
{
	return cap_type(cap) == OBJECT_FRAME || cap_type(cap) == OBJECT_UNTYPED;
}

/* What was derived goes, then the objects that this left without a
 * capability, then the mappings; then the memory is free. */
static status_t
cnode_revoke(struct invocation *in)
{
	struct slot *slot;
	status_t status = cnode_any_slot(&in->slot->cap, in->words[0], &slot);

	if (status != STATUS_OK)
		return status;
	status = slot_revoke(slot);
	if (status == STATUS_OK)
		status = object_reap();
	if (status == STATUS_OK)
		status = untyped_reclaim(&slot->cap);
	/* What code the pages held is not to be fetched any more. */
	if (status == STATUS_OK && cap_has_pages(&slot->cap))
		icache_sync();
	return status;
}

static status_t
cnode_inspect(struct invocation *in)
{
	struct slot *slot;
	status_t status = cnode_any_slot(&in->slot->cap, in->words[0], &slot);

	if (status != STATUS_OK)
		return status;
	in->words[0] = cap_type(&slot->cap);
	in->words[1] = cap_rights(&slot->cap);
	in->results = 2;
	return STATUS_OK;
}

static const struct method cnode_methods[] = {
	[METHOD(CNODE_COPY)] = {cnode_copy, 3, false, CAP_WRITE},
	[METHOD(CNODE_MINT)] = {cnode_mint, 4, false, CAP_WRITE},
	[METHOD(CNODE_MOVE)] = {cnode_move, 2, false, CAP_WRITE},
	[METHOD(CNODE_DELETE)] = {cnode_delete, 1, false, CAP_READ},
	[METHOD(CNODE_REVOKE)] = {cnode_revoke, 1, false, CAP_WRITE},
	[METHOD(CNODE_INSPECT)] = {cnode_inspect, 1, false, 0},
};

const struct object_class cnode_class = {
	.name = "CNode",
	.methods = cnode_methods,
	.method_count = sizeof(cnode_methods) / sizeof(cnode_methods[0]),
	.align = sizeof(struct slot),
	.destroy = cnode_destroy,
};
