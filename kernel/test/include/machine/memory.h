/* SPDX-License-Identifier: MIT
 *
 * The physical map of the unit tests: an array of the host stands for RAM,
 * at physical addresses that no host pointer looks like.
 */
#pragma once

#include "types.h"

#define HOST_RAM_BASE UINT64_C(0x80000000)
#define HOST_RAM_SIZE (UINT64_C(64) << 20)

extern unsigned char host_ram[HOST_RAM_SIZE];

static inline void *
phys_to_virt(paddr_t address)
{
	return host_ram + (address.value - HOST_RAM_BASE);
}

static inline paddr_t
virt_to_phys(const void *pointer)
{
	return paddr_make(
		(uint64_t)((const unsigned char *)pointer - host_ram) +
		HOST_RAM_BASE);
}
