/* SPDX-License-Identifier: MIT
 *
 * Long operations run in bounded steps (row K3): count each, and stop with
 * STATUS_RESTART once an interrupt waits.
 */
#pragma once

#include "types.h"

/* Whether an interrupt waits. Provided by the trap code. */
bool preempt_pending(void);

/* Steps of roughly 30 instructions between two looks for an interrupt. */
#define WORK_STEPS 64

/* Count `cost` more steps; true when the operation should stop here. The
 * first look comes after WORK_STEPS, so that every attempt makes headway. */
static inline bool
work_should_stop(unsigned *steps, unsigned cost)
{
	*steps += cost;
	if (*steps < WORK_STEPS)
		return false;
	*steps = 0;
	return preempt_pending();
}
