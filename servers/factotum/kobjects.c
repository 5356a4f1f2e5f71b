/* SPDX-License-Identifier: MIT */
/*
 * A pool is a list through the link words of the objects' slots. What an
 * object takes is measured when the first one of its kind is carved.
 */
#include "kobjects.h"

#include "frames.h"
#include "memory.h"
#include "slots.h"

#include <glenda/kernel_calls.h>

#define CELL_PAGES_MAX 33 /* a CNode of 2^12 slots */
#define SLOT_BYTES 32

struct pool {
	uint32_t head;
	uint32_t live;
	uint64_t bytes;
};

static const uint32_t pool_type[KOBJECT_KINDS] = {
	[KOBJECT_TCB] = OBJECT_TCB,
	[KOBJECT_TABLE] = OBJECT_PAGE_TABLE,
	[KOBJECT_VSPACE] = OBJECT_VSPACE,
	[KOBJECT_NOTIFICATION] = OBJECT_NOTIFICATION,
};

static struct pool pools[KOBJECT_KINDS];
static struct pool cells[CELL_PAGES_MAX + 1]; /* by pages: empty Untypeds */

void
kobjects_init(void)
{
	for (unsigned i = 0; i < KOBJECT_KINDS; i++)
		pools[i] = (struct pool){0};
	for (unsigned i = 0; i <= CELL_PAGES_MAX; i++)
		cells[i] = (struct pool){.bytes = i * PAGE_SIZE};
}

static cptr_t
pool_take(struct pool *pool)
{
	cptr_t slot;

	if (pool->head == 0)
		return 0;
	slot = slot_address(pool->head);
	pool->head = *slot_link(slot);
	pool->live++;
	return slot;
}

static void
pool_put(struct pool *pool, cptr_t slot)
{
	*slot_link(slot) = pool->head;
	pool->head = slot_number(slot);
	pool->live--;
}

static cptr_t
carve_new(uint32_t type, uint64_t param, struct pool *pool)
{
	cptr_t slot = slot_take();
	uint64_t before = memory_left();

	if (!slot)
		return 0;
	if (memory_carve_slot(type, param, slot, 0) < 0) {
		slot_give(slot);
		return 0;
	}
	if (pool->bytes == 0 && before > memory_left())
		pool->bytes = before - memory_left();
	pool->live++;
	return slot;
}

cptr_t
kobject_alloc(enum kobject kind)
{
	cptr_t slot = pool_take(&pools[kind]);

	return slot ? slot : carve_new(pool_type[kind], 0, &pools[kind]);
}

void
kobject_free(enum kobject kind, cptr_t slot)
{
	if (slot)
		pool_put(&pools[kind], slot);
}

bool
kobject_map_table(cptr_t vspace, vaddr_t address, uint32_t *tables)
{
	cptr_t table = kobject_alloc(KOBJECT_TABLE);
	status_t status;

	if (!table)
		return false;
	status = vspace_map_table(vspace, address, table, NULL);
	if (status < 0) {
		kobject_free(KOBJECT_TABLE, table);
		/* Making the table may have hung in the very one missing. */
		return status == STATUS_ALREADY_MAPPED;
	}
	if (tables) {
		*slot_link(table) = *tables;
		*tables = slot_number(table);
	}
	return true;
}

void
kobject_free_tables(uint32_t *tables)
{
	while (*tables) {
		cptr_t table = slot_address(*tables);

		*tables = *slot_link(table);
		kobject_free(KOBJECT_TABLE, table);
	}
}

static unsigned
cell_pages(uint32_t type, uint64_t param)
{
	uint64_t bytes = PAGE_SIZE / 2;

	if (type == OBJECT_CNODE)
		bytes = (SLOT_BYTES << param) + 256;
	return (unsigned)((bytes + PAGE_SIZE - 1) / PAGE_SIZE);
}

status_t
cell_alloc(struct cell *cell, uint32_t type, uint64_t param)
{
	unsigned pages = cell_pages(type, param);
	cptr_t cnode;
	uint64_t index;
	status_t status;

	*cell = (struct cell){.pages = pages};
	if (pages > CELL_PAGES_MAX)
		return STATUS_INVALID_ARGUMENT;
	cell->object = slot_take();
	if (!cell->object)
		return STATUS_NO_MEMORY;
	cell->untyped = pool_take(&cells[pages]);
	if (!cell->untyped)
		cell->untyped = carve_new(OBJECT_UNTYPED, pages, &cells[pages]);
	if (!cell->untyped) {
		slot_give(cell->object);
		*cell = (struct cell){0};
		return STATUS_NO_MEMORY;
	}
	slot_locate(cell->object, &cnode, &index);
	status = untyped_retype(cell->untyped, type, param, 1, cnode, index, 0);
	if (status < 0)
		cell_free(cell);
	return status;
}

void
cell_free(struct cell *cell)
{
	cptr_t cnode;
	uint64_t index;

	if (!cell->untyped)
		return;
	slot_locate(cell->untyped, &cnode, &index);
	cnode_revoke(cnode, index);
	slot_give(cell->object);
	pool_put(&cells[cell->pages], cell->untyped);
	*cell = (struct cell){0};
}

uint64_t
kobjects_bytes(void)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < KOBJECT_KINDS; i++)
		bytes += pools[i].live * pools[i].bytes;
	for (unsigned i = 0; i <= CELL_PAGES_MAX; i++)
		bytes += cells[i].live * cells[i].bytes;
	return bytes;
}
