/* SPDX-License-Identifier: MIT
 *
 * The processor of the unit tests: a record of the host, a clock that the test
 * moves, and a root register that only notes what it was given.
 */
#pragma once

#include "types.h"

extern struct processor *host_processor;
extern uint64_t host_clock;
extern uint64_t host_root;
extern unsigned host_root_loads;

static inline struct processor *
processor_self(void)
{
	return host_processor;
}

static inline uint64_t
clock_now(void)
{
	return host_clock;
}

static inline void
space_switch(uint64_t token)
{
	host_root = token;
	host_root_loads++;
}

static inline bool
cause_is_call(uint64_t cause)
{
	(void)cause;
	return false;
}

static inline bool
cause_may_be_stale(uint64_t cause)
{
	(void)cause;
	return true;
}

static inline bool
cause_is_interrupt(uint64_t cause)
{
	(void)cause;
	return false;
}

static inline bool
interrupt_waits(void)
{
	return false;
}
