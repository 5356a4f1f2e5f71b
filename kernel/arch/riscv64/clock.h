/* SPDX-License-Identifier: MIT
 *
 * Setting up the clock's interrupt.
 */
#pragma once

#include "types.h"

/* Enable clock and external interrupts (in user mode and when idle).
 * `maybe_register`: the processor claims to have stimecmp. */
void clock_init(bool maybe_register);
