/* SPDX-License-Identifier: MIT
 *
 * Segments, gates and the stacks of traps that must not rely on another.
 */
#pragma once

#include <stdint.h>

/* Load the processor's descriptor tables and set the system call's registers.
 * Traps of the kernel's own are reported from here on. */
void segments_init(uint64_t kernel_stack);
