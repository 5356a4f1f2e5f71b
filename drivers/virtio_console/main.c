/* SPDX-License-Identifier: MIT */
/*
 * Bytes between a virtio console and the rings of a channel.  A restart
 * resets the device: what the host sent into buffers that were not emptied
 * is lost then, what is in the rings is not.
 */
#include <glenda/factotum_client.h>
#include <glenda/kernel_calls.h>
#include <glenda/registers.h>
#include <glenda/slots.h>
#include <glenda/start.h>
#include <glenda/syscall.h>
#include <ring.h>
#include <stdio.h>
#include <string.h>

#include "device.h"

enum {
	PAGE = 4096,
	CHANNEL_BYTES = 4 * PAGE,
	RING_BYTES = 2 * PAGE,
	INTERRUPT_BIT = 17,
	NAME_BYTES = 32,
};

struct port {
	struct virtio_console device;
	struct ring in;
	struct ring out;
	cptr_t signal;
	cptr_t interrupt;
	cptr_t notification;
};

static void
ring_peer(const struct port *port)
{
	struct message message = {0};

	(void)syscall_send(port->signal, &message);
}

/* Host to ring, until either has no more to give or take. */
static void
receive_all(struct port *port)
{
	uint8_t bytes[512];
	size_t room, count;

	for (;;) {
		room = ring_room(&port->in);
		if (room == 0) {
			if (ring_writer_wait(&port->in, 1))
				return;
			continue;
		}
		if (room > sizeof(bytes))
			room = sizeof(bytes);
		count = virtio_receive(&port->device, bytes, room);
		if (count == 0)
			return;
		ring_write_some(&port->in, bytes, count);
		if (ring_reader_wake(&port->in))
			ring_peer(port);
	}
}

/* Ring to host; a full queue's interrupt brings us back. */
static void
send_all(struct port *port)
{
	uint8_t bytes[VIRTIO_BUFFER_BYTES];
	ptrdiff_t count;

	while (virtio_can_send(&port->device)) {
		count = ring_read(&port->out, bytes, sizeof(bytes));
		if (count > 0) {
			virtio_send(&port->device, bytes, (size_t)count);
			if (ring_writer_wake(&port->out))
				ring_peer(port);
		} else if (count < 0 || ring_reader_wait(&port->out)) {
			return;
		}
	}
}

static _Noreturn void
run(struct port *port)
{
	struct message message = {0};
	struct sender sender;

	for (;;) {
		receive_all(port);
		send_all(port);
		if (syscall_receive(SYSCALL_RECV, port->notification, 0,
			    &message, &sender) < 0)
			printf("virtio_console: cannot wait\n");
		if (message.words[0] & 1u << INTERRUPT_BIT) {
			virtio_acknowledge(&port->device);
			interrupt_ack(port->interrupt);
		}
	}
}

static void *
map(cptr_t object, size_t size)
{
	vaddr_t address;

	if (!object ||
		factotum_mmap(CAP_FACTOTUM, 0, size,
			FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
			FACTOTUM_MAP_SHARED, 0, object, &address) < 0)
		return NULL;
	return (void *)(uintptr_t)address;
}

static bool
channel_open(struct port *port, const char *channel)
{
	char name[NAME_BYTES];
	char *memory;

	snprintf(name, sizeof(name), "%s.ring", channel);
	memory = map(start_cap(name), CHANNEL_BYTES);
	snprintf(name, sizeof(name), "%s.signal", channel);
	port->signal = start_cap(name);
	return memory &&
		ring_attach(&port->in, memory, RING_BYTES, true) == 0 &&
		ring_attach(&port->out, memory + RING_BYTES, RING_BYTES,
			false) == 0;
}

static bool
interrupt_open(struct port *port)
{
	cptr_t slot = slot_take();

	port->interrupt = start_cap("virtio.interrupt");
	port->notification = start_cap("notification");
	return cnode_mint(CAP_CNODE, slot, port->notification, RIGHT_WRITE,
		       UINT64_C(1) << INTERRUPT_BIT) == 0 &&
		interrupt_bind(port->interrupt, slot) == 0 &&
		interrupt_ack(port->interrupt) == 0;
}

static bool
device_open(struct port *port)
{
	struct registers registers;
	cptr_t object = slot_take();
	uint64_t physical;
	void *memory;
	size_t size;

	if (registers_open("virtio", &registers) < 0 || !registers.memory ||
		factotum_object_create(
			CAP_FACTOTUM, VIRTIO_MEMORY_BYTES, 1, object) < 0 ||
		factotum_object_info(object, &size, &physical, NULL) < 0)
		return false;
	memory = map(object, VIRTIO_MEMORY_BYTES);
	return memory && physical != 0 &&
		virtio_open(&port->device, registers.memory, memory, physical);
}

int
main(int count, char **arguments)
{
	static struct port port;
	const char *channel = count > 1 ? arguments[1] : "stream0";

	if (!channel_open(&port, channel)) {
		printf("virtio_console: channel %s is missing\n", channel);
		return 1;
	}
	if (!device_open(&port)) {
		printf("virtio_console: no console device\n");
		return 1;
	}
	if (!interrupt_open(&port)) {
		printf("virtio_console: no interrupt\n");
		return 1;
	}
	run(&port);
}
