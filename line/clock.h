/* SPDX-License-Identifier: MIT */
/*
 * Linux's times and the machine's clock. All waiting is until an absolute
 * number of ticks; 0 there means "for ever", so no deadline is ever 0.
 */
#pragma once

#include "line.h"
#include "linux.h"

/* Wait for ever, and: look, but do not wait (proto/gopher.toml, poll). */
#define DEADLINE_NEVER 0
#define DEADLINE_PAST 1

/* Read a time of the program: -EFAULT, or -EINVAL when it is not one. */
int64_t timespec_read(uint64_t address, struct linux_timespec *out);

/* When so much time from now is over. */
uint64_t clock_deadline(const struct line_process *process,
	const struct linux_timespec *relative);

/* So many ticks as a span of time. */
struct linux_timespec clock_span(
	const struct line_process *process, uint64_t ticks);

/* Time since 1970. */
struct linux_timespec clock_realtime(const struct line_process *process);
