/* SPDX-License-Identifier: MIT */
/*
 * One virtio console on virtio-mmio: a queue each way, and in each at most one
 * buffer at a time, which is a piece of the channel's ring itself. The queues
 * lie in memory that outlives the driver, and the device goes on with them
 * while there is none: a successor does not reset it but finds out what the
 * device has done meanwhile. Nothing here blocks.
 *
 * A buffer's number is `available->index` after it was offered. What its end
 * means for the ring is kept beside the queue, by the lowest bit of that
 * number, and written before the buffer is offered, so that it can be looked
 * up, and applied, any number of times.
 */
#pragma once

#include <glenda/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory that the device reads and writes, and what the driver keeps. */
enum { VIRTIO_MEMORY_PAGES = 5 };

struct virtqueue {
	volatile struct virtq_descriptor *descriptor;
	volatile struct virtq_available *available;
	volatile struct virtq_used *used;
	volatile uint32_t *marks; /* kept: 2 */
	uint32_t number;
};

struct virtio_console {
	volatile uint32_t *registers;
	struct virtqueue in;
	struct virtqueue out;
};

/*
 * Take up the device with the queues in `memory` (contiguous, zero when it is
 * new, at physical address `physical`): as the predecessor left them, or from
 * the start, with `marks` (in, out) as if buffers with these had ended. False:
 * not a console, or it refuses.
 */
bool virtio_open(struct virtio_console *console, volatile void *registers,
	void *memory, paddr_t physical, const uint32_t marks[2]);

/* Whether the device has a buffer of this queue now. */
bool virtio_busy(const struct virtqueue *queue);

/* The mark of the last buffer (back = 0) or of the one before it (1). */
uint32_t virtio_mark(const struct virtqueue *queue, unsigned back);

/* How much of the last buffer the device has filled, once it is not busy. */
uint32_t virtio_filled(const struct virtqueue *queue);

/* Give the device a buffer; it must not be busy with another. */
void virtio_offer(struct virtio_console *console, struct virtqueue *queue,
	paddr_t physical, uint32_t length, uint32_t mark);

/* Tell the device that its interrupt was seen. */
void virtio_acknowledge(struct virtio_console *console);
