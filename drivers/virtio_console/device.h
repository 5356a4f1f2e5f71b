/* SPDX-License-Identifier: MIT */
/*
 * One virtio console on virtio-mmio: two queues of a few buffers each in
 * memory that the device reads and writes.  Nothing here blocks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VIRTIO_BUFFERS = 8, VIRTIO_BUFFER_BYTES = 1024 };

/* Memory for the queues and buffers that the device needs, in bytes. */
#define VIRTIO_MEMORY_BYTES (8 * 4096)

struct virtqueue {
	volatile struct virtq_descriptor *descriptors;
	volatile struct virtq_available *available;
	volatile struct virtq_used *used;
	uint16_t seen; /* of the used ring */
	uint16_t free; /* bits: buffers that are ours */
	uint8_t *buffers;
	uint64_t buffers_physical;
};

struct virtio_console {
	volatile uint32_t *registers;
	struct virtqueue in;
	struct virtqueue out;
	/* Of the receive buffer that is being emptied. */
	bool holding;
	uint16_t held;
	uint32_t held_length;
	uint32_t held_at;
};

/*
 * Reset the device and give it its queues in `memory` (zeroed, contiguous,
 * at physical address `physical`).  False: not a console, or it refuses.
 */
bool virtio_open(struct virtio_console *console, volatile void *registers,
	void *memory, uint64_t physical);

/* Bytes that came from the host, at most `size`. */
size_t virtio_receive(struct virtio_console *console, void *to, size_t size);

/* Give bytes to the host; how many found a free buffer. */
size_t virtio_send(
	struct virtio_console *console, const void *from, size_t count);

/* Whether something may be sent now. */
bool virtio_can_send(struct virtio_console *console);

/* Tell the device that its interrupt was seen. */
void virtio_acknowledge(struct virtio_console *console);
