/* SPDX-License-Identifier: MIT */
/*
 * The machine's calendar clock, read once at boot: from then on everybody
 * counts ticks from the epoch that its start page gives.
 */
#pragma once

#include <stdint.h>

/*
 * Nanoseconds since 1970 when the clock stood at tick 0; 0 when the machine
 * has no calendar clock. Needs devices_init.
 */
int64_t calendar_epoch(uint64_t frequency);
