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

static volatile const uint8_t *registers;

bool
serial_init(void)
{
	struct device device;

	if (!device_find("ns16550a", 0, &device))
		return false;
	registers = device_view(&device);
	return registers != NULL;
}

int
serial_read(void)
{
	if (!(registers[UART_LINE_STATUS] & LINE_STATUS_DATA_READY))
		return -1;
	return registers[UART_RECEIVE];
}
