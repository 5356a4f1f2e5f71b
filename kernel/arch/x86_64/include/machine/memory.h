/* SPDX-License-Identifier: MIT
 *
 * The physical map of x86_64: all of RAM at one constant distance (row Y5).
 */
#pragma once

#include "types.h"

#define PHYSICAL_MAP UINT64_C(0xffff800000000000)

static inline void *
phys_to_virt(paddr_t address)
{
	return (void *)(PHYSICAL_MAP + address.value);
}

/* Of a pointer into the physical map (not into the kernel's image). */
static inline paddr_t
virt_to_phys(const void *pointer)
{
	return paddr_make((uint64_t)pointer - PHYSICAL_MAP);
}
