/* SPDX-License-Identifier: MIT */
/*
 * virtio-mmio, versions 1 (legacy) and 2, and split virtqueues, as the virtio
 * 1.2 specification has them.  Buffer i of a queue always goes with
 * descriptor i.  Layout of a queue's memory (legacy wants it in one piece):
 * descriptors and available ring in the first page, used ring in the second,
 * buffers in two more.
 */
#include "device.h"

#include <stdatomic.h>
#include <string.h>

struct virtq_descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags;
	uint16_t next;
};

struct virtq_available {
	uint16_t flags;
	uint16_t index;
	uint16_t ring[VIRTIO_BUFFERS];
};

struct virtq_used {
	uint16_t flags;
	uint16_t index;
	struct {
		uint32_t id;
		uint32_t length;
	} ring[VIRTIO_BUFFERS];
};

enum {
	PAGE = 4096,
	QUEUE_BYTES = 4 * PAGE,
	MAGIC = 0x74726976,
	KIND_CONSOLE = 3,
	DESCRIPTOR_WRITE = 2,
	QUEUE_IN = 0,
	QUEUE_OUT = 1,
	FEATURE_VERSION_1 = 1, /* bit 32, in the second word */
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
queue_lay_out(struct virtqueue *queue, uint8_t *memory, uint64_t physical)
{
	queue->descriptors = (volatile void *)memory;
	queue->available = (volatile void *)(memory +
		VIRTIO_BUFFERS * sizeof(struct virtq_descriptor));
	queue->used = (volatile void *)(memory + PAGE);
	queue->buffers = memory + 2 * PAGE;
	queue->buffers_physical = physical + 2 * PAGE;
	queue->free = (1u << VIRTIO_BUFFERS) - 1;
	queue->seen = 0;
}

static bool
queue_announce(
	struct virtio_console *console, uint32_t number, uint64_t physical)
{
	volatile uint32_t *r = console->registers;
	uint64_t available =
		physical + VIRTIO_BUFFERS * sizeof(struct virtq_descriptor);
	uint64_t used = physical + PAGE;

	r[MMIO_QUEUE] = number;
	if (r[MMIO_QUEUE_MAX] < VIRTIO_BUFFERS)
		return false;
	r[MMIO_QUEUE_SIZE] = VIRTIO_BUFFERS;
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

static void
queue_offer(struct virtio_console *console, struct virtqueue *queue,
	uint32_t number, uint16_t index, uint32_t length)
{
	uint16_t at = queue->available->index;

	queue->descriptors[index].address =
		queue->buffers_physical + index * VIRTIO_BUFFER_BYTES;
	queue->descriptors[index].length = length;
	queue->descriptors[index].flags =
		number == QUEUE_IN ? DESCRIPTOR_WRITE : 0;
	queue->available->ring[at % VIRTIO_BUFFERS] = index;
	queue->free &= (uint16_t) ~(1u << index);
	atomic_thread_fence(memory_order_seq_cst);
	queue->available->index = (uint16_t)(at + 1);
	atomic_thread_fence(memory_order_seq_cst);
	console->registers[MMIO_NOTIFY] = number;
}

/* Take one buffer that the device is done with; false if there is none. */
static bool
queue_take(struct virtqueue *queue, uint16_t *index, uint32_t *length)
{
	uint16_t slot = queue->seen % VIRTIO_BUFFERS;

	if (queue->seen == queue->used->index)
		return false;
	atomic_thread_fence(memory_order_seq_cst);
	*index = (uint16_t)(queue->used->ring[slot].id % VIRTIO_BUFFERS);
	*length = queue->used->ring[slot].length;
	queue->seen++;
	queue->free |= (uint16_t)(1u << *index);
	return true;
}

bool
virtio_open(struct virtio_console *console, volatile void *registers,
	void *memory, uint64_t physical)
{
	volatile uint32_t *r = registers;
	unsigned i;

	memset(console, 0, sizeof(*console));
	console->registers = r;
	if (r[MMIO_MAGIC] != MAGIC || r[MMIO_DEVICE] != KIND_CONSOLE ||
		r[MMIO_VERSION] < 1 || r[MMIO_VERSION] > 2)
		return false;
	r[MMIO_STATUS] = 0;
	r[MMIO_STATUS] = STATUS_ACKNOWLEDGE;
	r[MMIO_STATUS] |= STATUS_DRIVER;
	if (!features_settle(r))
		return false;
	queue_lay_out(&console->in, memory, physical);
	queue_lay_out(&console->out, (uint8_t *)memory + QUEUE_BYTES,
		physical + QUEUE_BYTES);
	if (!queue_announce(console, QUEUE_IN, physical) ||
		!queue_announce(console, QUEUE_OUT, physical + QUEUE_BYTES))
		return false;
	r[MMIO_STATUS] |= STATUS_DRIVER_OK;
	for (i = 0; i < VIRTIO_BUFFERS; i++)
		queue_offer(console, &console->in, QUEUE_IN, (uint16_t)i,
			VIRTIO_BUFFER_BYTES);
	return true;
}

size_t
virtio_receive(struct virtio_console *console, void *to, size_t size)
{
	struct virtqueue *queue = &console->in;
	uint32_t left;

	if (!console->holding) {
		if (!queue_take(queue, &console->held, &console->held_length))
			return 0;
		if (console->held_length > VIRTIO_BUFFER_BYTES)
			console->held_length = VIRTIO_BUFFER_BYTES;
		console->held_at = 0;
		console->holding = true;
	}
	left = console->held_length - console->held_at;
	if (size > left)
		size = left;
	memcpy(to,
		queue->buffers + console->held * VIRTIO_BUFFER_BYTES +
			console->held_at,
		size);
	console->held_at += (uint32_t)size;
	if (console->held_at == console->held_length) {
		console->holding = false;
		queue_offer(console, queue, QUEUE_IN, console->held,
			VIRTIO_BUFFER_BYTES);
	}
	return size;
}

bool
virtio_can_send(struct virtio_console *console)
{
	uint32_t length;
	uint16_t index;

	while (queue_take(&console->out, &index, &length))
		;
	return console->out.free != 0;
}

size_t
virtio_send(struct virtio_console *console, const void *from, size_t count)
{
	struct virtqueue *queue = &console->out;
	uint16_t index;

	if (count == 0 || !virtio_can_send(console))
		return 0;
	index = (uint16_t)__builtin_ctz(queue->free);
	if (count > VIRTIO_BUFFER_BYTES)
		count = VIRTIO_BUFFER_BYTES;
	memcpy(queue->buffers + index * VIRTIO_BUFFER_BYTES, from, count);
	queue_offer(console, queue, QUEUE_OUT, index, (uint32_t)count);
	return count;
}

void
virtio_acknowledge(struct virtio_console *console)
{
	volatile uint32_t *r = console->registers;

	r[MMIO_INTERRUPT_ACK] = r[MMIO_INTERRUPT_STATUS];
}
