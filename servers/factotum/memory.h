/* SPDX-License-Identifier: MIT */
/*
 * The machine's untyped memory: what 9Ball handed over, carved from the front
 * into chunks for page frames and into kernel objects. Nothing carved comes
 * back here but whole chunks whose pages are all free.
 */
#pragma once

#include <glenda/types.h>

/* Forget all memory. */
void memory_init(void);

/* Take an Untyped into use. LIMIT when there are too many of them. */
status_t memory_add(cptr_t untyped);

/*
 * Retype one object of `type` into an empty slot of a CNode. `param` and
 * `flags` as Untyped.retype has them. NO_MEMORY when nothing is left, not
 * even after free chunks were taken apart.
 */
status_t memory_carve(uint32_t type, uint64_t param, cptr_t cnode,
	uint64_t index, uint64_t flags);

/* The same into a slot of our own space. */
status_t memory_carve_slot(
	uint32_t type, uint64_t param, cptr_t slot, uint64_t flags);

/* Bytes that were ever handed over, and those not carved yet. */
uint64_t memory_total(void);
uint64_t memory_left(void);

/*
 * Bytes in use: pages, kernel objects, own tables. What pools keep for the
 * next user counts as free.
 */
uint64_t memory_used(void);
