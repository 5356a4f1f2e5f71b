/* SPDX-License-Identifier: MIT */
/*
 * The clock that user programs may read directly, per architecture. Under
 * -icount shift=0 one nanosecond is one executed instruction.
 */
#pragma once

/* Virtual nanoseconds since power-on: instructions executed, and idle time. */
unsigned long counter_read(void);
