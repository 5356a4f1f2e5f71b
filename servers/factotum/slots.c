/* SPDX-License-Identifier: MIT */
/*
 * Free slots are a list through the `next` words of their tables. Growing
 * needs slots and heap itself, so it begins while RESERVE slots are left and
 * is not entered twice.
 */
#include "slots.h"

#include "heap.h"
#include "invariant.h"
#include "memory.h"

#include <glenda/kernel_calls.h>

#define TABLE_BITS 10
#define TABLE_SLOTS (1u << TABLE_BITS)
#define RESERVE 96
#define IN_USE 0xffffffffu

struct table {
	cptr_t cnode;
	uint64_t place; /* its slot in the root, 0 for the root */
	uint32_t *next; /* per slot: next free number or link word */
};

static struct table tables[TABLE_SLOTS];
static unsigned table_count;
static uint16_t table_at[TABLE_SLOTS]; /* by place in the root */
static uint32_t root_next[TABLE_SLOTS];
static unsigned root_radix;
static uint32_t free_head;
static unsigned free_count;
static unsigned used_count;
static bool growing;
/* The last quarter of the root is kept for CNodes that hang into it. */
static unsigned next_place;
static unsigned last_place;

unsigned
slots_probe_radix(cptr_t cnode)
{
	unsigned radix = 1;

	while (radix < 20 &&
		cnode_inspect(cnode, 1ul << radix, NULL, NULL) >= 0)
		radix++;
	return radix;
}

static void
push(uint32_t number)
{
	*slot_link(slot_address(number)) = free_head;
	free_head = number;
	free_count++;
}

void
slots_init(cptr_t root, unsigned radix, unsigned used)
{
	unsigned count = radix > TABLE_BITS ? TABLE_SLOTS : 1u << radix;

	root_radix = radix;
	tables[0] = (struct table){.cnode = root, .next = root_next};
	table_count = 1;
	free_head = 0;
	free_count = 0;
	used_count = used;
	growing = false;
	last_place = count;
	next_place = count - count / 4;
	for (unsigned i = 0; i < count; i++)
		root_next[i] = IN_USE;
	for (unsigned i = next_place; i-- > used;)
		push(i);
}

void
slots_reserve(cptr_t slot)
{
	uint32_t number = slot_number(slot);
	uint32_t *link = &free_head;

	while (*link != 0 && *link != number)
		link = slot_link(slot_address(*link));
	if (*link == 0)
		return;
	*link = *slot_link(slot);
	*slot_link(slot) = IN_USE;
	free_count--;
	used_count++;
}

uint32_t
slot_number(cptr_t slot)
{
	uint64_t low = slot & ((1ul << root_radix) - 1);
	uint64_t rest = slot >> root_radix;

	if (rest == 0)
		return (uint32_t)low;
	return (uint32_t)table_at[low] << TABLE_BITS | (uint32_t)(rest - 1);
}

cptr_t
slot_address(uint32_t number)
{
	unsigned table = number >> TABLE_BITS;
	uint64_t index = number & (TABLE_SLOTS - 1);

	if (table == 0)
		return index;
	/* The walk goes on with what is left, less one. */
	return (index + 1) << root_radix | tables[table].place;
}

uint32_t *
slot_link(cptr_t slot)
{
	uint32_t number = slot_number(slot);

	return &tables[number >> TABLE_BITS].next[number & (TABLE_SLOTS - 1)];
}

void
slot_locate(cptr_t slot, cptr_t *cnode, uint64_t *index)
{
	uint32_t number = slot_number(slot);

	*cnode = tables[number >> TABLE_BITS].cnode;
	*index = number & (TABLE_SLOTS - 1);
}

static cptr_t
pop(void)
{
	cptr_t slot;

	if (free_head == 0)
		return 0;
	slot = slot_address(free_head);
	free_head = *slot_link(slot);
	*slot_link(slot) = IN_USE;
	free_count--;
	used_count++;
	return slot;
}

/* Hang one more CNode into the root. */
static void
grow(void)
{
	struct table *table = &tables[table_count];
	const size_t bytes = TABLE_SLOTS * sizeof(*table->next);
	uint64_t place = next_place;

	if (next_place == last_place)
		return;
	table->next = heap_alloc(bytes);
	if (!table->next)
		return;
	if (memory_carve(OBJECT_CNODE, TABLE_BITS, tables[0].cnode, place, 0) <
		0) {
		heap_free(table->next, bytes);
		return;
	}
	next_place++;
	table->cnode = place;
	table->place = place;
	table_at[place] = (uint16_t)table_count;
	table_count++;
	table->next[0] = IN_USE;
	for (unsigned i = TABLE_SLOTS; i-- > 1;)
		push((uint32_t)(table_count - 1) << TABLE_BITS | i);
}

cptr_t
slot_take(void)
{
	if (free_count <= RESERVE && !growing) {
		growing = true;
		grow();
		growing = false;
	}
	return pop();
}

void
slot_give(cptr_t slot)
{
	if (slot == 0)
		return;
	invariant(*slot_link(slot) == IN_USE);
	used_count--;
	push(slot_number(slot));
}

void
slot_clear(cptr_t slot)
{
	cptr_t cnode;
	uint64_t index;

	if (slot == 0)
		return;
	slot_locate(slot, &cnode, &index);
	cnode_delete(cnode, index);
}

void
slot_drop(cptr_t slot)
{
	if (slot == 0)
		return;
	slot_clear(slot);
	*slot_link(slot) = IN_USE;
	slot_give(slot);
}

unsigned
slots_left(void)
{
	return free_count;
}

unsigned
slots_used(void)
{
	return used_count;
}
