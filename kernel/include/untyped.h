/* SPDX-License-Identifier: MIT
 *
 * Untyped memory: a run of pages that a capability describes completely
 * (cap.h). Objects are carved from its watermark upwards; revoke sets it back.
 */
#pragma once

#include "cap.h"
#include "slot.h"

/* Objects that one retype makes at most. */
#define RETYPE_MAX 1024

/* Bytes from the start that are used, and how to set them (multiple of 32). */
static inline uint64_t
untyped_used(const struct cap *cap)
{
	return (uint64_t)cap_reference(cap) << CAP_UNIT_SHIFT;
}

static inline void
untyped_set_used(struct cap *cap, uint64_t bytes)
{
	cap->meta = (cap->meta & UINT32_MAX) | (bytes >> CAP_UNIT_SHIFT) << 32;
}

/* Take `size` bytes aligned to `align` (a power of two, 32 to PAGE_SIZE) from
 * the start of what is free. The memory is not cleared. False if it does not
 * fit. */
bool untyped_carve(
	struct cap *cap, uint64_t size, uint64_t align, paddr_t *result);

/*
 * The end of a revoke, when nothing is derived from `cap` any more: an
 * Untyped's or Frame's pages are unmapped everywhere, and an Untyped is all
 * free again. Other capabilities are left alone. OK or RESTART.
 */
status_t untyped_reclaim(struct cap *cap);
