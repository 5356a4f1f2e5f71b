/* SPDX-License-Identifier: MIT */
/*
 * A short table of Untypeds. Carving begins at the one that served last, so
 * that exhausted ones are not asked each time.
 */
#include "memory.h"

#include "frames.h"
#include "kobjects.h"
#include "slots.h"

#include <glenda/kernel_calls.h>

#define UNTYPED_MAX 512

struct untyped {
	cptr_t slot;
	uint64_t left;
};

static struct untyped untypeds[UNTYPED_MAX];
static unsigned untyped_count;
static unsigned current;
static uint64_t total;

void
memory_init(void)
{
	untyped_count = current = 0;
	total = 0;
}

status_t
memory_add(cptr_t slot)
{
	struct untyped *untyped = &untypeds[untyped_count];
	uint64_t size = 0;
	status_t status;

	if (untyped_count == UNTYPED_MAX)
		return STATUS_LIMIT;
	status = untyped_info(slot, NULL, &size, &untyped->left);
	if (status < 0)
		return status;
	untyped->slot = slot;
	untyped_count++;
	total += untyped->left;
	return STATUS_OK;
}

static status_t
carve_from(struct untyped *untyped, uint32_t type, uint64_t param, cptr_t cnode,
	uint64_t index, uint64_t flags)
{
	status_t status = untyped_retype(
		untyped->slot, type, param, 1, cnode, index, flags);

	if (status >= 0)
		untyped_info(untyped->slot, NULL, NULL, &untyped->left);
	return status;
}

static status_t
carve(uint32_t type, uint64_t param, cptr_t cnode, uint64_t index,
	uint64_t flags)
{
	for (unsigned i = 0; i < untyped_count; i++) {
		unsigned at = (current + i) % untyped_count;
		status_t status;

		if (untypeds[at].left == 0)
			continue;
		status = carve_from(
			&untypeds[at], type, param, cnode, index, flags);
		if (status != STATUS_NO_MEMORY) {
			current = at;
			return status;
		}
	}
	return STATUS_NO_MEMORY;
}

/* Make room by giving a chunk of free pages back to its Untyped. */
static status_t
reclaim(void)
{
	cptr_t slot;
	uint64_t before = total;
	status_t status;

	if (untyped_count == UNTYPED_MAX)
		return STATUS_LIMIT;
	slot = frames_surrender_chunk();
	if (slot == 0)
		return STATUS_NO_MEMORY;
	status = memory_add(slot);
	total = before;
	current = untyped_count - 1;
	return status;
}

status_t
memory_carve(uint32_t type, uint64_t param, cptr_t cnode, uint64_t index,
	uint64_t flags)
{
	status_t status = carve(type, param, cnode, index, flags);
	/* Taking chunks apart to make a chunk would lead nowhere. */
	bool chunk = type == OBJECT_UNTYPED && param >= FRAME_RUN;

	if (status == STATUS_NO_MEMORY && !chunk && reclaim() >= 0)
		status = carve(type, param, cnode, index, flags);
	return status;
}

status_t
memory_carve_slot(uint32_t type, uint64_t param, cptr_t slot, uint64_t flags)
{
	cptr_t cnode;
	uint64_t index;

	slot_locate(slot, &cnode, &index);
	return memory_carve(type, param, cnode, index, flags);
}

uint64_t
memory_total(void)
{
	return total;
}

uint64_t
memory_left(void)
{
	uint64_t left = 0;

	for (unsigned i = 0; i < untyped_count; i++)
		left += untypeds[i].left;
	return left;
}

uint64_t
memory_used(void)
{
	return frames_used() * PAGE_SIZE + kobjects_bytes();
}
