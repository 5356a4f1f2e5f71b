/* SPDX-License-Identifier: MIT */
/*
 * Bytes between a virtio console and the rings of a channel.  The device reads
 * and writes the rings' memory itself; an end of a ring moves when the device
 * is done with the piece that it was given.  A driver that was killed is
 * succeeded by one that goes on with the same piece: nothing is lost or
 * doubled, wherever the kill hit.
 */
#include <driver.h>
#include <glenda/registers.h>
#include <stdio.h>

#include "device.h"

enum { PAGE = 4096 };

struct port {
	struct driver driver;
	struct virtio_console device;
};

/*
 * Host to ring.  What the device has filled becomes the reader's, and the next
 * free piece the device's.
 */
static void
receive_all(struct port *port)
{
	struct virtqueue *queue = &port->device.in;
	struct ring *in = &port->driver.in;
	uint32_t index;
	uint8_t *to;
	size_t room;

	while (!virtio_busy(queue)) {
		index = ring_ahead(
			in, virtio_mark(queue, 0), virtio_filled(queue));
		ring_writer_move(in, index);
		if (ring_reader_wake(in))
			driver_ring(&port->driver);
		room = ring_free(in, &to);
		if (room > 0)
			virtio_offer(&port->device, queue,
				port->driver.in_physical +
					(paddr_t)(to - in->shared->data),
				(uint32_t)room, index);
		else if (ring_writer_wait(in, 1))
			return;
	}
}

/* Ring to host; the end of a piece that takes time brings us back. */
static void
send_all(struct port *port)
{
	struct virtqueue *queue = &port->device.out;
	struct ring *out = &port->driver.out;
	const uint8_t *from;
	ptrdiff_t fill;

	while (!virtio_busy(queue)) {
		ring_reader_move(out, virtio_mark(queue, 0));
		if (ring_writer_wake(out))
			driver_ring(&port->driver);
		fill = ring_filled(out, &from);
		if (fill > 0)
			virtio_offer(&port->device, queue,
				port->driver.out_physical +
					(paddr_t)(from - out->shared->data),
				(uint32_t)fill,
				ring_ahead(out, out->index, (uint32_t)fill));
		else if (fill < 0 || ring_reader_wait(out))
			return;
	}
}

/* The rings' ends are where the pieces that the device has begin. */
static void
ends_find(struct port *port)
{
	const struct virtqueue *queue = &port->device.in;
	struct ring *in = &port->driver.in;
	uint32_t filled = virtio_busy(queue) ? 0 : virtio_filled(queue);

	ring_writer_move(in, ring_ahead(in, virtio_mark(queue, 0), filled));
	queue = &port->device.out;
	ring_reader_move(&port->driver.out,
		virtio_mark(queue, virtio_busy(queue) ? 1 : 0));
}

static bool
device_open(struct port *port)
{
	const uint32_t marks[2] = {
		port->driver.in.index, port->driver.out.index};
	struct registers registers;
	paddr_t physical = 0;
	void *memory =
		driver_map("memory", VIRTIO_MEMORY_PAGES * PAGE, &physical);

	if (registers_open("virtio", &registers) < 0 || !registers.memory ||
		!memory || !physical ||
		!virtio_open(&port->device, registers.memory, memory, physical,
			marks))
		return false;
	ends_find(port);
	return true;
}

int
main(int count, char **arguments)
{
	static struct port port;
	const char *channel = count > 1 ? arguments[1] : "stream0";

	if (!driver_open(&port.driver, channel, "virtio.interrupt"))
		return 1;
	if (!device_open(&port)) {
		printf("no console device\n");
		return 1;
	}
	for (;;) {
		receive_all(&port);
		send_all(&port);
		if (driver_wait(&port.driver)) {
			virtio_acknowledge(&port.device);
			driver_acknowledge(&port.driver);
		}
	}
}
