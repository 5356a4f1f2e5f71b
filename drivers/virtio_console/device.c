/* SPDX-License-Identifier: MIT */
/*
 * virtio-mmio, versions 1 (legacy) and 2, and split virtqueues, as the virtio
 * 1.2 specification has them.  Only descriptor 0 of a queue is used.  Layout
 * of the memory: what is kept in the first page; then for each queue
 * descriptors and available ring in one page and the used ring in the next,
 * since legacy wants a queue in one piece.
 */
#include "device.h"

#include <stdatomic.h>
#include <string.h>

enum {
	PAGE = 4096,
	SLOTS = 2,
	QUEUE_BYTES = 2 * PAGE,
	MAGIC = 0x74726976,
	KIND_CONSOLE = 3,
	DESCRIPTOR_WRITE = 2,
	QUEUE_IN = 0,
	QUEUE_OUT = 1,
	FEATURE_VERSION_1 = 1, /* bit 32, in the second word */
};

struct virtq_descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags;
	uint16_t next;
};

struct virtq_available {
	uint16_t flags;
	uint16_t index;
	uint16_t ring[SLOTS];
};

struct virtq_used {
	uint16_t flags;
	uint16_t index;
	struct {
		uint32_t id;
		uint32_t length;
	} ring[SLOTS];
};

/* What outlives a driver beside the queues. */
struct kept {
	uint64_t physical; /* not 0: the device has the queues there */
	uint32_t marks[2][2];
};

enum mmio_register {
	MMIO_MAGIC = 0x00 / 4,
	MMIO_VERSION = 0x04 / 4,
	MMIO_DEVICE = 0x08 / 4,
	MMIO_DEVICE_FEATURES = 0x10 / 4,
	MMIO_DEVICE_FEATURES_WORD = 0x14 / 4,
	MMIO_FEATURES = 0x20 / 4,
	MMIO_FEATURES_WORD = 0x24 / 4,
	MMIO_PAGE_SIZE = 0x28 / 4,
	MMIO_QUEUE = 0x30 / 4,
	MMIO_QUEUE_MAX = 0x34 / 4,
	MMIO_QUEUE_SIZE = 0x38 / 4,
	MMIO_QUEUE_ALIGN = 0x3c / 4,
	MMIO_QUEUE_PAGE = 0x40 / 4,
	MMIO_QUEUE_READY = 0x44 / 4,
	MMIO_NOTIFY = 0x50 / 4,
	MMIO_INTERRUPT_STATUS = 0x60 / 4,
	MMIO_INTERRUPT_ACK = 0x64 / 4,
	MMIO_STATUS = 0x70 / 4,
	MMIO_DESCRIPTORS_LOW = 0x80 / 4,
	MMIO_DESCRIPTORS_HIGH = 0x84 / 4,
	MMIO_AVAILABLE_LOW = 0x90 / 4,
	MMIO_AVAILABLE_HIGH = 0x94 / 4,
	MMIO_USED_LOW = 0xa0 / 4,
	MMIO_USED_HIGH = 0xa4 / 4,
};

enum device_status {
	STATUS_ACKNOWLEDGE = 1,
	STATUS_DRIVER = 2,
	STATUS_DRIVER_OK = 4,
	STATUS_FEATURES_OK = 8,
};

static void
queue_lay_out(struct virtqueue *queue, uint8_t *memory, uint32_t number)
{
	struct kept *kept = (void *)memory;
	uint8_t *own = memory + PAGE + number * QUEUE_BYTES;

	queue->number = number;
	queue->marks = kept->marks[number];
	queue->descriptor = (volatile void *)own;
	queue->available = (volatile void *)(own +
		SLOTS * sizeof(struct virtq_descriptor));
	queue->used = (volatile void *)(own + PAGE);
}

static bool
queue_announce(
	struct virtio_console *console, uint32_t number, uint64_t physical)
{
	volatile uint32_t *r = console->registers;
	uint64_t available = physical + SLOTS * sizeof(struct virtq_descriptor);
	uint64_t used = physical + PAGE;

	r[MMIO_QUEUE] = number;
	if (r[MMIO_QUEUE_MAX] < SLOTS)
		return false;
	r[MMIO_QUEUE_SIZE] = SLOTS;
	if (r[MMIO_VERSION] == 1) {
		r[MMIO_QUEUE_ALIGN] = PAGE;
		r[MMIO_QUEUE_PAGE] = (uint32_t)(physical / PAGE);
		return true;
	}
	r[MMIO_DESCRIPTORS_LOW] = (uint32_t)physical;
	r[MMIO_DESCRIPTORS_HIGH] = (uint32_t)(physical >> 32);
	r[MMIO_AVAILABLE_LOW] = (uint32_t)available;
	r[MMIO_AVAILABLE_HIGH] = (uint32_t)(available >> 32);
	r[MMIO_USED_LOW] = (uint32_t)used;
	r[MMIO_USED_HIGH] = (uint32_t)(used >> 32);
	r[MMIO_QUEUE_READY] = 1;
	return true;
}

/* No feature is wanted but, in the modern form, the form itself. */
static bool
features_settle(volatile uint32_t *r)
{
	r[MMIO_FEATURES_WORD] = 0;
	r[MMIO_FEATURES] = 0;
	if (r[MMIO_VERSION] == 1) {
		r[MMIO_PAGE_SIZE] = PAGE;
		return true;
	}
	r[MMIO_FEATURES_WORD] = 1;
	r[MMIO_FEATURES] = FEATURE_VERSION_1;
	r[MMIO_STATUS] |= STATUS_FEATURES_OK;
	return r[MMIO_STATUS] & STATUS_FEATURES_OK;
}

/* Reset the device and give it fresh queues. */
static bool
device_begin(struct virtio_console *console, paddr_t physical)
{
	volatile uint32_t *r = console->registers;

	r[MMIO_STATUS] = 0;
	r[MMIO_STATUS] = STATUS_ACKNOWLEDGE;
	r[MMIO_STATUS] |= STATUS_DRIVER;
	if (!features_settle(r))
		return false;
	if (!queue_announce(console, QUEUE_IN, physical + PAGE) ||
		!queue_announce(
			console, QUEUE_OUT, physical + PAGE + QUEUE_BYTES))
		return false;
	r[MMIO_STATUS] |= STATUS_DRIVER_OK;
	return true;
}

bool
virtio_open(struct virtio_console *console, volatile void *registers,
	void *memory, paddr_t physical, const uint32_t marks[2])
{
	volatile uint32_t *r = registers;
	volatile struct kept *kept = memory;

	console->registers = r;
	if (r[MMIO_MAGIC] != MAGIC || r[MMIO_DEVICE] != KIND_CONSOLE ||
		r[MMIO_VERSION] < 1 || r[MMIO_VERSION] > 2)
		return false;
	queue_lay_out(&console->in, memory, QUEUE_IN);
	queue_lay_out(&console->out, memory, QUEUE_OUT);
	if (kept->physical == physical && r[MMIO_STATUS] & STATUS_DRIVER_OK) {
		/* What the predecessor offered, it may not have told. */
		r[MMIO_NOTIFY] = QUEUE_IN;
		r[MMIO_NOTIFY] = QUEUE_OUT;
		return true;
	}
	r[MMIO_STATUS] = 0;
	memset(memory, 0, VIRTIO_MEMORY_PAGES * PAGE);
	console->in.marks[0] = marks[QUEUE_IN];
	console->out.marks[0] = marks[QUEUE_OUT];
	if (!device_begin(console, physical))
		return false;
	kept->physical = physical;
	return true;
}

bool
virtio_busy(const struct virtqueue *queue)
{
	bool busy = queue->used->index != queue->available->index;

	atomic_thread_fence(memory_order_seq_cst);
	return busy;
}

uint32_t
virtio_mark(const struct virtqueue *queue, unsigned back)
{
	return queue->marks[(queue->available->index - back) & 1];
}

uint32_t
virtio_filled(const struct virtqueue *queue)
{
	uint32_t room = queue->descriptor->length, length;

	length = queue->used->ring[(queue->available->index - 1u) % SLOTS]
			 .length;
	return length < room ? length : room;
}

void
virtio_offer(struct virtio_console *console, struct virtqueue *queue,
	paddr_t physical, uint32_t length, uint32_t mark)
{
	uint16_t next = (uint16_t)(queue->available->index + 1);

	queue->marks[next & 1] = mark;
	queue->descriptor->address = physical;
	queue->descriptor->length = length;
	queue->descriptor->flags =
		queue->number == QUEUE_IN ? DESCRIPTOR_WRITE : 0;
	queue->available->ring[(next - 1u) % SLOTS] = 0;
	atomic_thread_fence(memory_order_seq_cst);
	queue->available->index = next;
	atomic_thread_fence(memory_order_seq_cst);
	console->registers[MMIO_NOTIFY] = queue->number;
}

void
virtio_acknowledge(struct virtio_console *console)
{
	volatile uint32_t *r = console->registers;

	r[MMIO_INTERRUPT_ACK] = r[MMIO_INTERRUPT_STATUS];
}
