/* SPDX-License-Identifier: MIT */
/*
 * 9Ball's own slots, memory and window of the address space.
 *
 * Invariants: a slot is either in the free list or in use by one caller; the
 * window only grows; the own Untyped is used for kernel objects and pages that
 * live as long as the system does.
 */
#include "own.h"

#include <stdio.h>

#include <glenda/kernel_calls.h>

#include "report.h"

/* Far from the image and its stack, whose page tables it cannot meet. */
#define WINDOW_START UINT64_C(0x1000000000)

static cptr_t untyped;
static cptr_t next_slot;
static cptr_t free_slots[64];
static unsigned free_count;
static vaddr_t window = WINDOW_START;

static const struct boot_region *
largest_untyped(const struct boot_info *boot)
{
	const struct boot_region *best = NULL;

	for (uint32_t i = 0; i < boot->region_count; i++) {
		const struct boot_region *region = &boot->regions[i];

		if (region->kind == BOOT_REGION_UNTYPED &&
			(!best || region->pages > best->pages))
			best = region;
	}
	return best;
}

status_t
own_init(const struct boot_info *boot, uint64_t pages)
{
	const struct boot_region *source = largest_untyped(boot);

	if (!source)
		return STATUS_NO_MEMORY;
	next_slot = boot->first_free_slot;
	untyped = next_slot++;
	return untyped_retype(source->slot, OBJECT_UNTYPED, pages, 1,
		BOOT_SLOT_CNODE, untyped, 0);
}

/* By number of the type. */
static const char *const type_names[] = {
	[OBJECT_UNTYPED] = "Untyped",
	[OBJECT_CNODE] = "CNode",
	[OBJECT_FRAME] = "Frame",
	[OBJECT_PAGE_TABLE] = "PageTable",
	[OBJECT_VSPACE] = "VSpace",
	[OBJECT_TCB] = "TCB",
	[OBJECT_ENDPOINT] = "Endpoint",
	[OBJECT_NOTIFICATION] = "Notification",
	[OBJECT_IRQ_CONTROL] = "IrqControl",
	[OBJECT_INTERRUPT] = "Interrupt",
	[OBJECT_TIMER] = "Timer",
	[OBJECT_CONSOLE] = "Console",
	[OBJECT_POWER] = "Power",
	[OBJECT_IO_PORT_CONTROL] = "IoPortControl",
	[OBJECT_IO_PORT] = "IoPort",
};
#define TYPES (sizeof(type_names) / sizeof(type_names[0]))

void
own_list(char *text, size_t size)
{
	unsigned counts[TYPES] = {0};
	uint64_t bytes = 0;
	size_t used = 0;

	for (cptr_t slot = 1; slot < next_slot; slot++) {
		uint64_t rights, base, whole, left;
		uint32_t type = OBJECT_NONE;

		cnode_inspect(BOOT_SLOT_CNODE, slot, &type, &rights);
		if (type < TYPES)
			counts[type]++;
		if (type == OBJECT_UNTYPED &&
			untyped_info(slot, &base, &whole, &left) == 0)
			bytes += left;
	}
	for (unsigned i = 0; i < TYPES && used < size; i++) {
		if (counts[i] > 0 && type_names[i])
			used += (size_t)snprintf(text + used, size - used,
				"%s %u, ", type_names[i], counts[i]);
	}
	if (used < size)
		snprintf(text + used, size - used, "%lu KiB unused",
			(unsigned long)(bytes >> 10));
}

cptr_t
own_slot(void)
{
	if (free_count > 0)
		return free_slots[--free_count];
	if (next_slot >> BOOT_CNODE_BITS)
		report_panic("9Ball: no capability slots left");
	return next_slot++;
}

void
own_slot_free(cptr_t slot)
{
	if (!slot)
		return;
	cnode_delete(BOOT_SLOT_CNODE, slot);
	if (free_count < sizeof(free_slots) / sizeof(free_slots[0]))
		free_slots[free_count++] = slot;
}

static cptr_t
filled(cptr_t slot, status_t status)
{
	if (status == 0)
		return slot;
	own_slot_free(slot);
	return 0;
}

cptr_t
own_object(uint32_t type, uint64_t param)
{
	cptr_t slot = own_slot();

	return filled(slot,
		untyped_retype(
			untyped, type, param, 1, BOOT_SLOT_CNODE, slot, 0));
}

cptr_t
own_mint(cptr_t source, uint64_t rights, uint64_t badge)
{
	cptr_t slot = own_slot();

	return filled(
		slot, cnode_mint(BOOT_SLOT_CNODE, slot, source, rights, badge));
}

cptr_t
own_copy(cptr_t source)
{
	cptr_t slot = own_slot();

	return filled(
		slot, cnode_copy(BOOT_SLOT_CNODE, slot, source, RIGHT_ALL));
}

static status_t
add_table(cptr_t vspace, vaddr_t at)
{
	cptr_t table = own_object(OBJECT_PAGE_TABLE, 0);
	status_t status;

	if (!table)
		return STATUS_NO_MEMORY;
	status = vspace_map_table(vspace, at, table, NULL);
	if (status < 0)
		own_slot_free(table);
	return status;
}

status_t
own_map(cptr_t vspace, vaddr_t at, cptr_t frame, uint64_t page, uint64_t count,
	uint64_t rights)
{
	while (count > 0) {
		uint64_t done = 0;
		status_t status = vspace_map(
			vspace, at, frame, page, count, rights, &done, NULL);

		if (status == 0)
			return 0;
		if (status != STATUS_NO_TABLE)
			return status;
		at += done * PAGE_BYTES;
		page += done;
		count -= done;
		status = add_table(vspace, at);
		if (status < 0)
			return status;
	}
	return 0;
}

void *
own_view(cptr_t frame, uint64_t page, uint64_t count, uint64_t rights)
{
	vaddr_t at = window;

	if (own_map(BOOT_SLOT_VSPACE, at, frame, page, count, rights) < 0)
		return NULL;
	window += (count + 1) * PAGE_BYTES;
	return (void *)(uintptr_t)at;
}
