/* SPDX-License-Identifier: MIT */
/*
 * Devices: what tree.c finds, as Frames and Interrupts.
 *
 * Interrupt capabilities are made once, before IrqControl goes to Factotum, and
 * copies of them are granted whenever a driver starts.
 */
#include "devices.h"

#include <glenda/kernel_calls.h>

#include "machine.h"
#include "own.h"
#include "report.h"

#define LINES_MAX 128
#define VIEWS_MAX 64
#define VIRTIO_MAGIC UINT32_C(0x74726976) /* virtio 1.2, 4.2.2 */

enum virtio_register {
	VIRTIO_REGISTER_MAGIC = 0,
	VIRTIO_REGISTER_DEVICE = 2,
};

/* A page of registers that 9Ball has mapped: devices may share one. */
struct view {
	paddr_t page;
	volatile uint8_t *memory;
};

static struct view views[VIEWS_MAX];
static unsigned view_count;
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

/* The tree that the firmware brought, or one of our own. */
static const char *
find_tree(const struct boot_info *boot, size_t *bytes)
{
	uint64_t pages = (boot->device_tree_offset + boot->device_tree_bytes +
				 PAGE_BYTES - 1) /
		PAGE_BYTES;
	const char *view;

	*bytes = boot->device_tree_bytes;
	if (*bytes == 0)
		return machine_tree(boot->arguments, bytes);
	view = own_view(BOOT_SLOT_DEVICE_TREE, 0, pages, RIGHT_READ);
	return view ? view + boot->device_tree_offset : NULL;
}

bool
devices_init(const struct boot_info *boot)
{
	size_t bytes;
	const char *found = find_tree(boot, &bytes);

	boot_info = boot;
	if (!found || !tree_check(found, bytes))
		return false;
	tree = found;
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
	volatile const uint32_t *words;
	struct registers registers;

	if (!device_open(device, &registers) || !registers.memory)
		return false;
	words = (volatile const uint32_t *)registers.memory;
	return words[VIRTIO_REGISTER_MAGIC] == VIRTIO_MAGIC &&
		words[VIRTIO_REGISTER_DEVICE] == kind;
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

uint64_t
device_offset(const struct device *device)
{
	return device->ports ? 0 : device->registers % PAGE_BYTES;
}

uint64_t
device_frame_bytes(const struct device *device)
{
	return (device_offset(device) + device->bytes + PAGE_BYTES - 1) &
		~(PAGE_BYTES - 1);
}

static status_t
make_cap(const struct device *device, cptr_t slot)
{
	const struct boot_region *region;
	uint64_t page;

	if (device->ports)
		return io_port_control_get(BOOT_SLOT_IO_PORTS,
			(uint32_t)device->registers, (uint32_t)device->bytes,
			BOOT_SLOT_CNODE, slot);
	region = covering(device, &page);
	if (!region)
		return STATUS_NOT_FOUND;
	return frame_slice(region->slot, page,
		device_frame_bytes(device) / PAGE_BYTES,
		RIGHT_READ | RIGHT_WRITE, BOOT_SLOT_CNODE, slot);
}

cptr_t
device_cap(const struct device *device)
{
	cptr_t slot = own_slot();

	if (make_cap(device, slot) == 0)
		return slot;
	own_slot_free(slot);
	return 0;
}

/* Pages are mapped once; a device that shares one finds it mapped. */
static volatile uint8_t *
view(const struct device *device)
{
	paddr_t first = device->registers - device_offset(device);
	const struct boot_region *region;
	uint64_t page;

	for (unsigned i = 0; i < view_count; i++) {
		if (views[i].page == first)
			return views[i].memory;
	}
	region = covering(device, &page);
	if (!region || view_count == VIEWS_MAX)
		return NULL;
	views[view_count] = (struct view){
		.page = first,
		.memory = own_view(region->slot, page,
			device_frame_bytes(device) / PAGE_BYTES,
			RIGHT_READ | RIGHT_WRITE | VSPACE_FLAG_UNCACHED),
	};
	return views[view_count].memory ? views[view_count++].memory : NULL;
}

bool
device_open(const struct device *device, struct registers *out)
{
	volatile uint8_t *memory;

	*out = (struct registers){0};
	if (device->ports) {
		out->ports = device_cap(device);
		return out->ports != 0;
	}
	memory = view(device);
	if (!memory)
		return false;
	out->memory = memory + device_offset(device);
	return true;
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

size_t
devices_seed(void *out, size_t size)
{
	return tree ? tree_seed(tree, out, size) : 0;
}
