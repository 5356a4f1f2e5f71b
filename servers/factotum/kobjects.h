/* SPDX-License-Identifier: MIT */
/*
 * Pools of kernel objects. Objects that can be put back into their first
 * state (TCB, PageTable, VSpace, Notification) are kept for the next user when
 * they retire. Those that must be destroyed, so that capabilities to them die
 * (CNode, Endpoint), live each in a small Untyped of its own, a cell.
 */
#pragma once

#include <glenda/types.h>

enum kobject {
	KOBJECT_TCB,
	KOBJECT_TABLE,
	KOBJECT_VSPACE,
	KOBJECT_NOTIFICATION,
	KOBJECT_KINDS,
};

void kobjects_init(void);

/* The slot of an object in its first state, or 0. */
cptr_t kobject_alloc(enum kobject kind);

/*
 * Retire an object, which the caller has put back into its first state: a
 * stopped TCB, an empty table, a reset VSpace.
 */
void kobject_free(enum kobject kind, cptr_t slot);

/*
 * Hang a table from the pool into the next missing level on the way to
 * `address`. The table is pushed on the list `tables` (slot numbers through
 * link words), if that is not NULL. False when there is no memory.
 */
bool kobject_map_table(cptr_t vspace, vaddr_t address, uint32_t *tables);

/* Give all tables of such a list back to the pool. */
void kobject_free_tables(uint32_t *tables);

struct cell {
	cptr_t untyped;
	cptr_t object;
	unsigned pages;
};

/* Make one object of `type` (CNode with `param` bits, Endpoint) in a cell. */
status_t cell_alloc(struct cell *cell, uint32_t type, uint64_t param);

/* Destroy the object with every capability to it. Empty cells pass. */
void cell_free(struct cell *cell);

/* Bytes of kernel memory in objects that are in use. */
uint64_t kobjects_bytes(void);
