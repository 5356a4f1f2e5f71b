/* SPDX-License-Identifier: MIT
 *
 * The interrupt controller (PLIC), which the kernel keeps to itself.
 */
#pragma once

#include "types.h"

/* Its registers lie at `base`, it has lines 1 .. lines, and `context` is the
 * supervisor's of the boot processor. Masks everything. */
void plic_init(paddr_t base, unsigned lines, unsigned context);
