/* SPDX-License-Identifier: MIT */
/* Event counters and timers as open files (eventfd, timerfd). */
#pragma once

#include "file.h"

status_t eventfd_create(struct quota *quota, uint64_t initial, uint32_t flags,
	struct file **out);
status_t timerfd_create_file(
	struct quota *quota, uint32_t clock, uint32_t flags, struct file **out);
/* Absolute first expiry (0 off) and interval in ticks; EINVAL: no timer. */
status_t timerfd_set(struct file *file, uint64_t first, uint64_t interval,
	uint64_t *old_left, uint64_t *old_interval);
