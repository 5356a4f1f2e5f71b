/* SPDX-License-Identifier: MIT
 *
 * Untyped memory: retype, and taking it all back. Memory is handed out once
 * between two revokes, from low to high. It is free again only when nothing
 * was derived from the capability, no object that lay in it is still dying,
 * and no address space shows a page of it.
 */
#include "untyped.h"
#include "cnode.h"
#include "frame.h"
#include "invoke.h"
#include "vspace.h"
#include "work.h"
#include <string.h>

#define RETYPE_RAW 1
/* The flags word of a restarted call holds from here how many pages of the
 * Frame in the making are clear; a caller who forges that only gets RAW. */
#define RETYPE_CLEARED_SHIFT 8

/* What to make, decoded. */
struct making {
	unsigned type;
	uint64_t param;
	uint64_t size; /* bytes of one */
	uint64_t align;
	uint64_t count;
	struct cap *node; /* where its capabilities go */
	uint64_t index;
};

static uint64_t
align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

static uint64_t
untyped_bytes(const struct cap *cap)
{
	return cap_pages(cap) << PAGE_SHIFT;
}

bool
untyped_carve(struct cap *cap, uint64_t size, uint64_t align, paddr_t *result)
{
	uint64_t start = align_up(untyped_used(cap), align);

	if (start > untyped_bytes(cap) || size > untyped_bytes(cap) - start)
		return false;
	untyped_set_used(cap, align_up(start + size, 1 << CAP_UNIT_SHIFT));
	*result = paddr_make(pfn_address(cap_page(cap)).value + start);
	return true;
}

status_t
untyped_reclaim(struct cap *cap)
{
	uint64_t pages;

	if (cap_type(cap) == OBJECT_FRAME)
		return vspace_unmap_everywhere(cap_page(cap), cap_pages(cap));
	if (cap_type(cap) != OBJECT_UNTYPED)
		return STATUS_OK;
	pages = align_up(untyped_used(cap), PAGE_SIZE) >> PAGE_SHIFT;
	if (vspace_unmap_everywhere(cap_page(cap), pages) == STATUS_RESTART)
		return STATUS_RESTART;
	untyped_set_used(cap, 0);
	return STATUS_OK;
}

/* Size and alignment of one object of the type. */
static status_t
making_size(struct making *make)
{
	const struct object_class *class;

	switch (make->type) {
	case OBJECT_FRAME:
	case OBJECT_UNTYPED:
		if (make->param == 0 || make->param > CAP_PAGES_MAX)
			return STATUS_INVALID_ARGUMENT;
		make->size = make->param << PAGE_SHIFT;
		make->align = PAGE_SIZE;
		return STATUS_OK;
	case OBJECT_CNODE:
		if (make->param < CNODE_BITS_MIN ||
			make->param > CNODE_BITS_MAX)
			return STATUS_INVALID_ARGUMENT;
		make->size = sizeof(struct slot) << make->param;
		make->align = sizeof(struct slot);
		return STATUS_OK;
	default:
		class = make->type < OBJECT_CLASSES ? object_classes[make->type]
						    : NULL;
		if (!class || class->size == 0)
			return STATUS_INVALID_ARGUMENT;
		make->size = class->size;
		make->align = class->align;
		return STATUS_OK;
	}
}

/* Whether `count` of them fit above the watermark. */
static status_t
making_fits(const struct making *make, const struct cap *untyped)
{
	uint64_t start = align_up(untyped_used(untyped), make->align);
	uint64_t stride = align_up(make->size, make->align);
	uint64_t total = stride * (make->count - 1) + make->size;

	if (start > untyped_bytes(untyped) ||
		total > untyped_bytes(untyped) - start)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static status_t
making_decode(const struct invocation *in, struct making *make)
{
	struct slot *node, *slot;
	uint64_t i;
	status_t status;

	if (in->words[0] >= OBJECT_CLASSES || in->words[2] == 0 ||
		in->words[2] > RETYPE_MAX)
		return STATUS_INVALID_ARGUMENT;
	make->type = in->words[0];
	make->param = in->words[1];
	make->count = in->words[2];
	make->index = in->words[4];
	status = invoke_cap(in, in->words[3], OBJECT_CNODE, CAP_WRITE, &node);
	if (status != STATUS_OK)
		return status;
	make->node = &node->cap;
	for (i = 0; i < make->count; i++) {
		status = cnode_empty_slot(make->node, make->index + i, &slot);
		if (status != STATUS_OK)
			return status;
	}
	return making_size(make);
}

/* Clear a new Frame, from the page that an earlier attempt came to. */
static status_t
clear_frame(
	struct invocation *in, paddr_t memory, uint64_t pages, unsigned *steps)
{
	uint64_t page = in->words[5] >> RETYPE_CLEARED_SHIFT;

	while (page < pages) {
		page_clear(phys_to_virt(
			paddr_make(memory.value + (page << PAGE_SHIFT))));
		page++;
		if (page < pages && work_should_stop(steps, 16)) {
			in->words[5] = page << RETYPE_CLEARED_SHIFT;
			return STATUS_RESTART;
		}
	}
	in->words[5] = 0;
	return STATUS_OK;
}

/* The capability of a new object, which is set up in its memory. */
static struct cap
object_make(const struct making *make, paddr_t address)
{
	void *memory = phys_to_virt(address);

	switch (make->type) {
	case OBJECT_FRAME:
	case OBJECT_UNTYPED:
		return cap_of_pages(
			make->type, 0, paddr_page(address), make->param);
	case OBJECT_PAGE_TABLE:
		page_clear(memory);
		return cap_make(OBJECT_PAGE_TABLE, CAP_ALL, 0, ref_of(memory));
	case OBJECT_VSPACE:
		page_clear(memory);
		return cap_to(OBJECT_VSPACE, vspace_create(memory));
	case OBJECT_CNODE:
		memset(memory, 0, make->size);
		return cnode_create(memory, make->param);
	default:
		memset(memory, 0, make->size);
		object_create(make->type, memory);
		return cap_to(make->type, memory);
	}
}

/* Make one object; the decoded call says that it fits. */
static status_t
make_one(struct invocation *in, const struct making *make, unsigned *steps)
{
	struct cap *untyped = &in->slot->cap;
	struct cap before = *untyped;
	struct slot *to;
	paddr_t memory = paddr_make(0);

	cnode_empty_slot(make->node, in->words[4], &to);
	untyped_carve(untyped, make->size, make->align, &memory);
	if (make->type == OBJECT_FRAME && !(in->words[5] & RETYPE_RAW) &&
		clear_frame(in, memory, make->param, steps) == STATUS_RESTART) {
		*untyped = before;
		return STATUS_RESTART;
	}
	slot_insert_child(to, object_make(make, memory), in->slot);
	return STATUS_OK;
}

static status_t
untyped_retype(struct invocation *in)
{
	struct making make;
	unsigned steps = 0;
	status_t status = making_decode(in, &make);

	if (status == STATUS_OK)
		status = making_fits(&make, &in->slot->cap);
	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	for (;;) {
		if (make_one(in, &make, &steps) == STATUS_RESTART)
			return STATUS_RESTART;
		in->words[4]++;
		if (--in->words[2] == 0)
			return STATUS_OK;
		if (work_should_stop(&steps, 2 + (make.size >> 8)))
			return STATUS_RESTART;
	}
}

static status_t
untyped_info(struct invocation *in)
{
	const struct cap *cap = &in->slot->cap;

	in->words[0] = pfn_address(cap_page(cap)).value;
	in->words[1] = untyped_bytes(cap);
	in->words[2] = untyped_bytes(cap) - untyped_used(cap);
	in->results = 3;
	return STATUS_OK;
}

static const struct method untyped_methods[] = {
	[METHOD(UNTYPED_RETYPE)] = {untyped_retype, 6, false, CAP_WRITE},
	[METHOD(UNTYPED_INFO)] = {untyped_info, 0, false, 0},
};

const struct object_class untyped_class = {
	.name = "Untyped",
	.methods = untyped_methods,
	.method_count = sizeof(untyped_methods) / sizeof(untyped_methods[0]),
};
