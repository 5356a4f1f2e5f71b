/* SPDX-License-Identifier: MIT
 *
 * The clock: the processor's time-stamp counter, and its interrupt.
 */
#pragma once

#include "types.h"

/* Find out how fast the counter runs and set up its interrupt (the local APIC
 * is on). Returns ticks per second. */
uint64_t clock_init(void);
