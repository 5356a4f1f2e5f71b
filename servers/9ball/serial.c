/* SPDX-License-Identifier: MIT */
/*
 * A 16550 (National Semiconductor PC16550D data sheet, table 2) with registers
 * one byte apart, polled. The firmware has set its speed.
 */
#include "serial.h"

#include <stddef.h>
#include <stdint.h>

#include "devices.h"

enum uart_register {
	UART_RECEIVE = 0,
	UART_LINE_STATUS = 5,
};

#define LINE_STATUS_DATA_READY 1

static struct registers registers;

bool
serial_find(struct device *out)
{
	return device_find("ns16550a", 0, out);
}

bool
serial_init(void)
{
	struct device device;

	return serial_find(&device) && device_open(&device, &registers);
}

int
serial_read(void)
{
	uint8_t status = registers_read8(&registers, UART_LINE_STATUS);

	if (!(status & LINE_STATUS_DATA_READY))
		return -1;
	return registers_read8(&registers, UART_RECEIVE);
}
