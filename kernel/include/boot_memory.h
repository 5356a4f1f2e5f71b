/* SPDX-License-Identifier: MIT
 *
 * The allocator of boot: which RAM is free, and pages of it for what the
 * kernel keeps for ever. What it has not given out becomes Untyped memory.
 */
#pragma once

#include "types.h"
#include <arch/platform.h>

#define BOOT_RANGES_MAX 24

/* Work out what is free. Panics when there is nothing. */
void boot_memory_init(const struct platform *platform);

/* `bytes`, rounded up to whole pages, cleared, through the physical map. Never
 * given back. Panics when there is not enough. */
void *boot_memory_take(uint64_t bytes);

/* What is left: `*count` ranges of whole pages. Nothing may be taken after. */
const struct platform_range *boot_memory_rest(unsigned *count);

/* All RAM of the machine in bytes. */
uint64_t boot_memory_total(const struct platform *platform);
