/* SPDX-License-Identifier: MIT */
/*
 * A bitmap of numbers and a table of two levels, whose second level is made
 * on demand and goes with its last number. The search goes on where it stopped,
 * so numbers come round as late as possible.
 */
#include "ids.h"

#include "heap.h"
#include "invariant.h"

#include <stdbool.h>
#include <stddef.h>

#define ID_COUNT 65536u
#define ROW 256u

struct entry {
	struct process *process;
	struct thread *thread;
};

static uint64_t taken[ID_COUNT / 64];
static struct entry *rows[ID_COUNT / ROW];
static uint16_t row_used[ID_COUNT / ROW];
static uint32_t next_id;
static unsigned free_ids;

void
ids_init(void)
{
	for (unsigned i = 0; i < ID_COUNT / 64; i++)
		taken[i] = 0;
	for (unsigned i = 0; i < ID_COUNT / ROW; i++)
		rows[i] = NULL, row_used[i] = 0;
	taken[0] = 1;
	next_id = 1;
	free_ids = ID_COUNT - 1;
}

static bool
is_taken(uint32_t id)
{
	return taken[id / 64] >> id % 64 & 1;
}

static bool
row_make(uint32_t id)
{
	struct entry **row = &rows[id / ROW];

	if (!*row)
		*row = heap_alloc(ROW * sizeof(**row));
	return *row != NULL;
}

static void
mark(uint32_t id)
{
	taken[id / 64] |= 1ul << id % 64;
	row_used[id / ROW]++;
	free_ids--;
}

void
id_take_fixed(uint32_t id)
{
	invariant(!is_taken(id) && row_make(id));
	mark(id);
	if (next_id <= id)
		next_id = id + 1;
}

uint32_t
id_take(void)
{
	uint32_t id = next_id;

	if (free_ids == 0)
		return 0;
	while (is_taken(id)) {
		/* A word of 64 taken ones is passed over at once. */
		if (id % 64 == 0 && taken[id / 64] == ~0ul)
			id += 64;
		else
			id++;
		id %= ID_COUNT;
	}
	if (!row_make(id))
		return 0;
	mark(id);
	next_id = (id + 1) % ID_COUNT;
	return id;
}

void
id_give(uint32_t id)
{
	invariant(id != 0 && is_taken(id));
	taken[id / 64] &= ~(1ul << id % 64);
	free_ids++;
	rows[id / ROW][id % ROW] = (struct entry){0};
	if (--row_used[id / ROW] > 0)
		return;
	heap_free(rows[id / ROW], ROW * sizeof(struct entry));
	rows[id / ROW] = NULL;
}

unsigned
ids_left(void)
{
	return free_ids;
}

static struct entry *
entry_of(uint32_t id)
{
	if (id >= ID_COUNT || !rows[id / ROW])
		return NULL;
	return &rows[id / ROW][id % ROW];
}

void
id_enter_process(uint32_t id, struct process *process)
{
	entry_of(id)->process = process;
}

void
id_enter_thread(uint32_t id, struct thread *thread)
{
	entry_of(id)->thread = thread;
}

struct process *
id_process(uint32_t id)
{
	const struct entry *entry = entry_of(id);

	return entry ? entry->process : NULL;
}

struct thread *
id_thread(uint32_t id)
{
	const struct entry *entry = entry_of(id);

	return entry ? entry->thread : NULL;
}
