/* SPDX-License-Identifier: MIT
 *
 * I/O ports for arch/platform.h.
 */
#pragma once

#include <machine/cpu.h>

#define PORTS 65536

static inline uint32_t
port_read(uint16_t port, unsigned width)
{
	if (width == 1)
		return port_in8(port);
	return width == 2 ? port_in16(port) : port_in32(port);
}

static inline void
port_write(uint16_t port, unsigned width, uint32_t value)
{
	if (width == 1)
		port_out8(port, (uint8_t)value);
	else if (width == 2)
		port_out16(port, (uint16_t)value);
	else
		port_out32(port, value);
}
