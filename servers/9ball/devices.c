/* SPDX-License-Identifier: MIT */
/*
 * Devices: what tree.c finds, as Frames and Interrupts.
 *
 * Interrupt capabilities are made once, before IrqControl goes to Factotum, and
 * copies of them are granted whenever a driver starts.
 */
#include "devices.h"

#include <glenda/kernel_calls.h>

#include "own.h"
#include "report.h"

#define LINES_MAX 128
#define VIRTIO_MAGIC UINT32_C(0x74726976) /* virtio 1.2, 4.2.2 */

enum virtio_register {
	VIRTIO_REGISTER_MAGIC = 0,
	VIRTIO_REGISTER_DEVICE = 2,
};

static const struct boot_info *boot_info;
static const void *tree;
static cptr_t interrupts[LINES_MAX];

static void
make_interrupts(const char *compatible)
{
	struct device device;

	for (unsigned i = 0; device_find(compatible, i, &device); i++)
		device_interrupt(device.line);
}

bool
devices_init(const struct boot_info *boot)
{
	uint64_t pages = (boot->device_tree_offset + boot->device_tree_bytes +
				 PAGE_BYTES - 1) /
		PAGE_BYTES;
	const char *view;

	boot_info = boot;
	if (boot->device_tree_bytes == 0)
		return false;
	view = own_view(BOOT_SLOT_DEVICE_TREE, 0, pages, RIGHT_READ);
	if (!view)
		return false;
	view += boot->device_tree_offset;
	if (!tree_check(view, boot->device_tree_bytes))
		return false;
	tree = view;
	make_interrupts("ns16550a");
	make_interrupts("virtio,mmio");
	return true;
}

bool
device_find(const char *compatible, unsigned instance, struct device *out)
{
	return tree && tree_find(tree, compatible, instance, out);
}

static bool
is_virtio(const struct device *device, uint32_t kind)
{
	volatile const uint32_t *registers = device_view(device);

	return registers && registers[VIRTIO_REGISTER_MAGIC] == VIRTIO_MAGIC &&
		registers[VIRTIO_REGISTER_DEVICE] == kind;
}

bool
device_find_virtio(uint32_t kind, unsigned instance, struct device *out)
{
	paddr_t above = 0;

	for (;;) {
		struct device device, lowest = {0};

		for (unsigned i = 0; device_find("virtio,mmio", i, &device);
			i++) {
			if (device.registers > above &&
				(!lowest.registers ||
					device.registers < lowest.registers))
				lowest = device;
		}
		if (!lowest.registers)
			return false;
		above = lowest.registers;
		if (is_virtio(&lowest, kind) && instance-- == 0) {
			*out = lowest;
			return true;
		}
	}
}

/* The region that covers the device, and the device's first page in it. */
static const struct boot_region *
covering(const struct device *device, uint64_t *page)
{
	for (uint32_t i = 0; i < boot_info->region_count; i++) {
		const struct boot_region *region = &boot_info->regions[i];
		uint64_t bytes = region->pages * PAGE_BYTES;

		if (region->kind != BOOT_REGION_DEVICE ||
			device->registers < region->base ||
			device->registers - region->base + device->bytes >
				bytes)
			continue;
		*page = (device->registers - region->base) / PAGE_BYTES;
		return region;
	}
	return NULL;
}

static uint64_t
device_pages(const struct device *device)
{
	return (device->bytes + PAGE_BYTES - 1) / PAGE_BYTES;
}

cptr_t
device_frame(const struct device *device)
{
	uint64_t page;
	const struct boot_region *region = covering(device, &page);
	cptr_t slot;

	if (!region)
		return 0;
	slot = own_slot();
	if (frame_slice(region->slot, page, device_pages(device),
		    RIGHT_READ | RIGHT_WRITE, BOOT_SLOT_CNODE, slot) < 0) {
		own_slot_free(slot);
		return 0;
	}
	return slot;
}

volatile void *
device_view(const struct device *device)
{
	uint64_t page;
	const struct boot_region *region = covering(device, &page);

	if (!region)
		return NULL;
	return own_view(region->slot, page, device_pages(device),
		RIGHT_READ | RIGHT_WRITE | VSPACE_FLAG_UNCACHED);
}

cptr_t
device_interrupt(uint32_t line)
{
	cptr_t slot;

	if (line == 0 || line >= LINES_MAX)
		return 0;
	if (interrupts[line])
		return interrupts[line];
	slot = own_slot();
	if (irq_control_get(
		    BOOT_SLOT_IRQ_CONTROL, line, BOOT_SLOT_CNODE, slot) < 0) {
		own_slot_free(slot);
		return 0;
	}
	interrupts[line] = slot;
	return slot;
}
