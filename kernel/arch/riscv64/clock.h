/* SPDX-License-Identifier: MIT
 *
 * Setting up the clock's interrupt and the way to tell the host of a failure.
 */
#pragma once

#include "types.h"

/* Enable clock and external interrupts (in user mode and when idle).
 * `maybe_register`: the processor claims to have stimecmp. */
void clock_init(bool maybe_register);

/* Where an emulator takes the status of a failure. */
void platform_failure_register(paddr_t address);
