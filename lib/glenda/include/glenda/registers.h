/* SPDX-License-Identifier: MIT */
/*
 * Registers of a device: memory that is mapped, or I/O ports that only the
 * kernel may touch, one call each. A driver that reads and writes through here
 * works with either and need not know which machine it is on. Offsets are in
 * bytes from the device's first register.
 */
#pragma once

#include <glenda/kernel_calls.h>
#include <glenda/types.h>

struct registers {
	volatile uint8_t *memory; /* NULL: they are ports */
	cptr_t ports;		  /* IoPort */
};

/* All ones when the port capability refuses. */
static inline uint8_t
registers_read8(const struct registers *registers, uint32_t offset)
{
	uint64_t value = UINT8_MAX;

	if (registers->memory)
		return registers->memory[offset];
	(void)io_port_read(registers->ports, offset, 1, &value);
	return (uint8_t)value;
}

static inline void
registers_write8(
	const struct registers *registers, uint32_t offset, uint8_t value)
{
	if (registers->memory)
		registers->memory[offset] = value;
	else
		(void)io_port_write(registers->ports, offset, 1, value);
}

/*
 * Open the device that the process was granted as `name`: the start capability
 * NAME.ports, or NAME.registers, which is mapped; when they begin inside a
 * page, that capability's name goes on with "@" and the offset in hexadecimal.
 * NOT_FOUND, or why it cannot be mapped.
 */
status_t registers_open(const char *name, struct registers *registers);
