/* SPDX-License-Identifier: MIT
 *
 * The audit: every invariant of capabilities, memory and page tables, checked
 * from scratch over the whole state. It goes through the derivation tree from
 * the slots that boot filled, so those must be there.
 */
#include "host.h"
#include "page_info.h"
#include "sweep.h"
#include "table.h"
#include "untyped.h"
#include <stdlib.h>
#include <string.h>

#define UNITS (HOST_RAM_SIZE >> CAP_UNIT_SHIFT)
#define PAGES (HOST_RAM_SIZE >> PAGE_SHIFT)
#define OWNER_FRAME UINT32_MAX

/* Bytes of RAM counted from its start. */
struct range {
	uint64_t start;
	uint64_t end;
};

static uint32_t *owner; /* of each unit: 0, OWNER_FRAME, or its object */
static uint32_t *caps;	/* capabilities that were seen, by unit of object */
static uint32_t *infos; /* what page_info should hold */

static uint64_t
object_size(const struct cap *cap)
{
	switch (cap_type(cap)) {
	case OBJECT_CNODE:
		return sizeof(struct slot) << cap_aux(cap);
	case OBJECT_PAGE_TABLE:
		return PAGE_SIZE;
	default:
		return object_classes[cap_type(cap)]->size;
	}
}

static bool
has_pages(const struct cap *cap)
{
	return cap_type(cap) == OBJECT_UNTYPED || cap_type(cap) == OBJECT_FRAME;
}

static struct range
cap_range(const struct cap *cap)
{
	struct range range;

	if (has_pages(cap)) {
		range.start = (cap_page(cap) << PAGE_SHIFT) - HOST_RAM_BASE;
		range.end = range.start + (cap_pages(cap) << PAGE_SHIFT);
	} else {
		range.start = ((uint64_t)cap_reference(cap) << CAP_UNIT_SHIFT) -
			HOST_RAM_BASE;
		if (cap_type(cap) == OBJECT_VSPACE)
			range.start &= ~PAGE_MASK;
		range.end = range.start + object_size(cap);
	}
	return range;
}

static void
paint(const struct cap *cap, struct range range)
{
	uint32_t id = cap_type(cap) == OBJECT_FRAME ? OWNER_FRAME
						    : cap_reference(cap);
	uint64_t unit;

	for (unit = range.start >> CAP_UNIT_SHIFT;
		unit < range.end >> CAP_UNIT_SHIFT; unit++) {
		if (owner[unit] && owner[unit] != id)
			fail_msg("unit %lx belongs to two objects", unit);
		owner[unit] = id;
	}
}

/* What one slot holds, `within` the memory of the Untyped above it. */
static void
audit_cap(struct slot *slot, struct range within)
{
	const struct cap *cap = &slot->cap;
	struct range range;

	if (cap_type(cap) == CAP_NONE)
		fail_msg("empty slot in the tree");
	if (cap_type(cap) == OBJECT_FRAME && cap_aux(cap) & CAP_DEVICE)
		return;
	range = cap_range(cap);
	if (range.start < within.start || range.end > within.end)
		fail_msg("capability of type %u reaches out of its Untyped",
			cap_type(cap));
	if (cap_type(cap) != OBJECT_UNTYPED)
		paint(cap, range);
	if (!has_pages(cap) && cap_type(cap) != OBJECT_PAGE_TABLE)
		caps[cap_reference(cap) - (HOST_RAM_BASE >> CAP_UNIT_SHIFT)]++;
}

static void
audit_ring_links(struct slot *slot, bool first, const struct slot *parent)
{
	assert_ptr_equal(slot_at(slot_at(slot->next)->prev), slot);
	assert_ptr_equal(slot_at(slot_at(slot->prev)->next), slot);
	assert_ptr_equal(slot_at(slot->parent), first ? parent : NULL);
}

/* All slots of a ring and what is below them. */
static void
audit_ring(struct slot *first, const struct slot *parent, struct range within)
{
	struct slot *slot = first;

	do {
		struct range inner = within;

		audit_ring_links(slot, slot == first, parent);
		audit_cap(slot, within);
		if (cap_type(&slot->cap) == OBJECT_UNTYPED) {
			inner = cap_range(&slot->cap);
			inner.end = inner.start + untyped_used(&slot->cap);
		}
		if (slot->child)
			audit_ring(slot_at(slot->child), slot, inner);
		slot = slot_at(slot->next);
	} while (slot != first);
}

static void
audit_tree(void)
{
	struct range ram = {0, HOST_RAM_SIZE};
	unsigned i;

	for (i = SLOT_CNODE; i <= SLOT_DEVICE; i++)
		audit_ring(slot_of(i), NULL, ram);
}

/* The header's count of every object against what was seen; the first CNode
 * has one more, which the test holds. */
static void
audit_counts(void)
{
	uint64_t unit;

	caps[cap_reference(&slot_of(SLOT_CNODE)->cap) -
		(HOST_RAM_BASE >> CAP_UNIT_SHIFT)]++;
	for (unit = 0; unit < UNITS; unit++) {
		const struct object *object;

		if (!caps[unit])
			continue;
		object = (const void *)(host_ram + (unit << CAP_UNIT_SHIFT));
		if (object->caps != caps[unit])
			fail_msg("object of type %u counts %u, has %u",
				object->type, object->caps, caps[unit]);
	}
}

static void
audit_leaf(pte_t entry)
{
	uint64_t page = pte_page(entry) - (HOST_RAM_BASE >> PAGE_SHIFT);
	uint64_t unit;

	assert_true(pte_is_leaf(entry));
	if (page >= PAGES)
		return;
	infos[page]++;
	unit = page << (PAGE_SHIFT - CAP_UNIT_SHIFT);
	if (owner[unit] && owner[unit] != OWNER_FRAME)
		fail_msg("a page of a kernel object is mapped");
}

static void
audit_large(pte_t entry)
{
	uint64_t i;

	assert_int_equal(pte_page(entry) % LARGE_PAGES, 0);
	for (i = 0; i < LARGE_PAGES; i++)
		audit_leaf(pte_part(entry, i));
}

static unsigned
audit_table(const pte_t *table, unsigned level, unsigned end)
{
	unsigned i, used = 0;

	for (i = 0; i < end; i++) {
		uint64_t page =
			pte_page(table[i]) - (HOST_RAM_BASE >> PAGE_SHIFT);

		if (!pte_is_valid(table[i]))
			continue;
		used++;
		if (level == 0) {
			audit_leaf(table[i]);
			continue;
		}
		if (level == 1 && !pte_is_table(table[i])) {
			audit_large(table[i]);
			continue;
		}
		assert_true(pte_is_table(table[i]));
		assert_int_equal(infos[page], 0);
		infos[page] = PAGE_INFO_TABLE +
			audit_table(
				table_below(table[i]), level - 1, PT_ENTRIES);
	}
	return used;
}

static void
audit_spaces(void)
{
	const struct vspace *space;
	uint64_t page;

	for (space = vspace_first; space; space = vspace_next(space)) {
		const pte_t *root = vspace_root(space);
		unsigned i;

		assert_true(space->object.caps > 0);
		assert_int_equal(space->tables,
			audit_table(root, PT_LEVELS - 1, PT_ROOT_USER));
		for (i = 0; i < 8; i++)
			assert_false(pte_is_valid(root[PT_ROOT_SPARE + i]));
		assert_true(pte_is_valid(root[PT_ENTRIES - 1]));
	}
	for (page = 0; page < PAGES; page++)
		if (page_info_map.array[page] != infos[page])
			fail_msg("page %lx is counted %x, should be %x", page,
				page_info_map.array[page], infos[page]);
}

void
audit(void)
{
	assert_false(object_any_dying());
	owner = calloc(UNITS, sizeof(*owner));
	caps = calloc(UNITS, sizeof(*caps));
	infos = calloc(PAGES, sizeof(*infos));
	audit_tree();
	audit_counts();
	audit_spaces();
	audit_tlb();
	free(owner);
	free(caps);
	free(infos);
}
