/* SPDX-License-Identifier: MIT */
/*
 * Driver of an NS16550A serial port.  It sleeps on its notification and then
 * moves what can be moved: received bytes into one ring, bytes of the other
 * into the transmitter.  The receiver's interrupt is off while its ring is
 * full, the transmitter's while there is nothing to send.
 *
 * All state is in the rings and the device, so that its successor goes on at
 * the byte where it was killed: each byte is moved by one access to the device
 * and, next to it, one store to the ring.  Only a kill exactly between the
 * two would repeat a byte sent or lose a byte received: the port gives no
 * sign by which a successor could tell.
 */
#include <driver.h>
#include <glenda/registers.h>
#include <stdio.h>

enum { FIFO_BYTES = 16, RECEIVE_STEP = 64 };

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
	struct driver driver;
	struct registers registers;
};

static bool
status_has(const struct port *port, uint8_t bit)
{
	return registers_read8(&port->registers, UART_STATUS) & bit;
}

/* Received bytes to the ring; false when the ring has no room for more. */
static bool
receive_some(struct port *port)
{
	struct ring *in = &port->driver.in;
	size_t room = ring_room(in), count = 0;
	uint32_t next;
	uint8_t *to;

	if (room == 0 && ring_writer_wait(in, 1))
		return false;
	for (; count < room && count < RECEIVE_STEP; count++) {
		if (!status_has(port, STATUS_RECEIVED))
			break;
		(void)ring_free(in, &to);
		next = ring_ahead(in, in->index, 1);
		*to = registers_read8(&port->registers, UART_DATA);
		ring_writer_move(in, next);
	}
	if (count > 0 && ring_reader_wake(in))
		driver_ring(&port->driver);
	return true;
}

/* Fill the transmitter, which is empty; how many bytes it took. */
static unsigned
transmitter_fill(struct port *port)
{
	struct ring *out = &port->driver.out;
	const uint8_t *from;
	unsigned count = 0;
	uint32_t next;
	uint8_t byte;

	while (count < FIFO_BYTES && ring_filled(out, &from) > 0) {
		next = ring_ahead(out, out->index, 1);
		byte = *from;
		registers_write8(&port->registers, UART_DATA, byte);
		ring_reader_move(out, next);
		count++;
	}
	return count;
}

/* Nothing is there to send, and who brings something will ring. */
static bool
may_sleep(struct ring *out)
{
	ptrdiff_t fill = ring_fill(out);

	return fill < 0 || (fill == 0 && ring_reader_wait(out));
}

/* Send until the transmitter is full; true when bytes are left. */
static bool
send_some(struct port *port)
{
	struct ring *out = &port->driver.out;
	unsigned count;

	for (;;) {
		if (!status_has(port, STATUS_SENT))
			return !may_sleep(out);
		count = transmitter_fill(port);
		if (count > 0 && ring_writer_wake(out))
			driver_ring(&port->driver);
		if (count == 0 && may_sleep(out))
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
		if (!status_has(port, STATUS_RECEIVED)) {
			interrupts |= INTERRUPT_RECEIVED;
			break;
		}
	}
	if (send_some(port))
		interrupts |= INTERRUPT_SENT;
	registers_write8(&port->registers, UART_INTERRUPTS, interrupts);
}

/*
 * A port that is set up already keeps what is in its FIFOs; in another, turning
 * them on would drop what has come before.
 */
static void
port_set_up(struct port *port)
{
	const struct registers *registers = &port->registers;

	registers_write8(registers, UART_INTERRUPTS, 0);
	registers_write8(registers, UART_LINE, LINE_8_BITS);
	(void)receive_some(port);
	registers_write8(registers, UART_FIFO, FIFO_ENABLE);
	registers_write8(registers, UART_MODEM, MODEM_READY | MODEM_INTERRUPT);
}

int
main(void)
{
	static struct port port;

	if (registers_open("uart", &port.registers) < 0) {
		printf("the registers are missing\n");
		return 1;
	}
	if (!driver_open(&port.driver, "console", "uart.interrupt"))
		return 1;
	port_set_up(&port);
	for (;;) {
		serve(&port);
		if (driver_wait(&port.driver))
			driver_acknowledge(&port.driver);
	}
}
