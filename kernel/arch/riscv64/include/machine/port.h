/* SPDX-License-Identifier: MIT
 *
 * I/O ports for arch/platform.h: riscv64 has none, and these are not called.
 */
#pragma once

#include <stdint.h>

#define PORTS 0

static inline uint32_t
port_read(uint16_t port, unsigned width)
{
	(void)port;
	(void)width;
	return UINT32_MAX;
}

static inline void
port_write(uint16_t port, unsigned width, uint32_t value)
{
	(void)port;
	(void)width;
	(void)value;
}
