/* SPDX-License-Identifier: MIT */
/*
 * Driver of an NS16550A serial port.  It sleeps on its notification and then
 * moves what can be moved: received bytes into one ring, bytes of the other
 * into the transmitter.  The receiver's interrupt is off while its ring is
 * full, the transmitter's while there is nothing to send.  All state is in
 * the rings and the device.
 */
#include <glenda/factotum_client.h>
#include <glenda/kernel_calls.h>
#include <glenda/registers.h>
#include <glenda/slots.h>
#include <glenda/start.h>
#include <glenda/syscall.h>
#include <ring.h>
#include <stdbool.h>
#include <stdio.h>

enum {
	PAGE = 4096,
	CHANNEL_BYTES = 4 * PAGE,
	RING_BYTES = 2 * PAGE,
	INTERRUPT_BIT = 17,
	FIFO_BYTES = 16,
};

enum uart_register {
	UART_DATA = 0,
	UART_INTERRUPTS = 1,
	UART_FIFO = 2,
	UART_LINE = 3,
	UART_MODEM = 4,
	UART_STATUS = 5,
};

enum uart_bit {
	INTERRUPT_RECEIVED = 1,
	INTERRUPT_SENT = 2,
	FIFO_ENABLE = 1,
	LINE_8_BITS = 3,
	MODEM_READY = 3,
	MODEM_INTERRUPT = 8,
	STATUS_RECEIVED = 1,
	STATUS_SENT = 0x20,
};

struct port {
	struct registers registers;
	struct ring in;	 /* to Gopher */
	struct ring out; /* from Gopher */
	cptr_t signal;	 /* rings Gopher */
	cptr_t interrupt;
	cptr_t notification;
};

static uint8_t
get(const struct port *port, enum uart_register number)
{
	return registers_read8(&port->registers, number);
}

static void
put(const struct port *port, enum uart_register number, uint8_t value)
{
	registers_write8(&port->registers, number, value);
}

static void
ring_peer(const struct port *port)
{
	struct message message = {0};

	(void)syscall_send(port->signal, &message);
}

/* Take what was received; false when the ring has no room for more. */
static bool
receive_some(struct port *port)
{
	uint8_t bytes[64];
	size_t room = ring_room(&port->in), count = 0;

	if (room == 0 && ring_writer_wait(&port->in, 1))
		return false;
	if (room > sizeof(bytes))
		room = sizeof(bytes);
	while (count < room && (get(port, UART_STATUS) & STATUS_RECEIVED))
		bytes[count++] = get(port, UART_DATA);
	ring_write_some(&port->in, bytes, count);
	if (count > 0 && ring_reader_wake(&port->in))
		ring_peer(port);
	return true;
}

/* Send until the transmitter is full; true when bytes are left. */
static bool
send_some(struct port *port)
{
	uint8_t bytes[FIFO_BYTES];
	ptrdiff_t count, i;

	for (;;) {
		if (!(get(port, UART_STATUS) & STATUS_SENT))
			return ring_fill(&port->out) > 0 ||
				!ring_reader_wait(&port->out);
		count = ring_read(&port->out, bytes, sizeof(bytes));
		for (i = 0; i < count; i++)
			put(port, UART_DATA, bytes[i]);
		if (count > 0 && ring_writer_wake(&port->out))
			ring_peer(port);
		if (count <= 0 && ring_reader_wait(&port->out))
			return false;
	}
}

static void
serve(struct port *port)
{
	uint8_t interrupts = 0;

	for (;;) {
		if (!receive_some(port))
			break;
		if (!(get(port, UART_STATUS) & STATUS_RECEIVED)) {
			interrupts |= INTERRUPT_RECEIVED;
			break;
		}
	}
	if (send_some(port))
		interrupts |= INTERRUPT_SENT;
	put(port, UART_INTERRUPTS, interrupts);
}

static _Noreturn void
run(struct port *port)
{
	struct message message = {0};
	struct sender sender;

	for (;;) {
		serve(port);
		if (syscall_receive(SYSCALL_RECV, port->notification, 0,
			    &message, &sender) < 0)
			printf("uart16550: cannot wait\n");
		if (message.words[0] & 1u << INTERRUPT_BIT)
			interrupt_ack(port->interrupt);
	}
}

static void *
map(const char *name, size_t size)
{
	cptr_t object = start_cap(name);
	vaddr_t address;

	if (!object ||
		factotum_mmap(CAP_FACTOTUM, 0, size,
			FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
			FACTOTUM_MAP_SHARED, 0, object, &address) < 0)
		return NULL;
	return (void *)(uintptr_t)address;
}

static bool
channel_open(struct port *port)
{
	char *memory = map("console.ring", CHANNEL_BYTES);

	port->signal = start_cap("console.signal");
	return memory &&
		ring_attach(&port->in, memory, RING_BYTES, true) == 0 &&
		ring_attach(&port->out, memory + RING_BYTES, RING_BYTES,
			false) == 0;
}

static status_t
interrupt_open(struct port *port)
{
	cptr_t slot = slot_take();
	status_t status;

	port->interrupt = start_cap("uart.interrupt");
	port->notification = start_cap("notification");
	status = cnode_mint(CAP_CNODE, slot, port->notification, RIGHT_WRITE,
		UINT64_C(1) << INTERRUPT_BIT);
	if (status == 0)
		status = interrupt_bind(port->interrupt, slot);
	if (status == 0)
		status = interrupt_ack(port->interrupt);
	return status;
}

int
main(void)
{
	struct port port = {0};
	status_t status;

	if (registers_open("uart", &port.registers) < 0 ||
		!channel_open(&port)) {
		printf("uart16550: registers or channel are missing\n");
		return 1;
	}
	put(&port, UART_INTERRUPTS, 0);
	put(&port, UART_LINE, LINE_8_BITS);
	put(&port, UART_FIFO, FIFO_ENABLE);
	put(&port, UART_MODEM, MODEM_READY | MODEM_INTERRUPT);
	status = interrupt_open(&port);
	if (status < 0) {
		printf("uart16550: no interrupt: %s\n", status_string(status));
		return 1;
	}
	run(&port);
}
