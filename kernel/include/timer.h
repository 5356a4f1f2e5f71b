/* SPDX-License-Identifier: MIT
 *
 * Timer: a deadline and a notification. Armed timers form a leftist heap by
 * deadline, so that setting, cancelling and expiry take O(log n).
 */
#pragma once

#include "object.h"
#include "slot.h"

struct timer {
	struct object object;
	uint64_t deadline; /* clock ticks */
	uint32_t rank;	   /* heap: distance to a missing child; 0: not armed */
	uint32_t pad;
	struct timer *left;
	struct timer *right;
	struct timer *parent;
	uint64_t spare;
	struct slot notification;
};

_Static_assert(sizeof(struct timer) == 96, "three units");

/* Signal every timer that is due, a bounded number of them. */
void timers_expire(uint64_t now);

/* The next deadline, UINT64_MAX if none. */
uint64_t timers_next(void);
