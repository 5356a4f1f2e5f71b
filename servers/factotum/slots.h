/* SPDX-License-Identifier: MIT */
/*
 * Slots of Factotum's own capability space: which are free, and room for
 * more. The root CNode came from 9Ball; further CNodes of 1024 slots are hung
 * into it when slots become few, so that a slot's address is one or two steps
 * deep. A slot in use has a link word for its owner: pools of kernel objects
 * are threaded through it and need no memory of their own.
 *
 * Taking and giving back is declared in <glenda/slots.h>; slot_take may grow
 * the space, giving back twice breaks an invariant, slot 0 is passed over.
 */
#pragma once

#include <glenda/slots.h>
#include <glenda/types.h>

/*
 * Take over the root CNode `root`, of 2^radix slots, whose first `used` slots
 * are taken. Calls no allocator.
 */
void slots_init(cptr_t root, unsigned radix, unsigned used);

/* The size of a CNode as a power of two, found by asking the kernel. */
unsigned slots_probe_radix(cptr_t cnode);

/* Mark one slot of the root as taken (found in the start page). */
void slots_reserve(cptr_t slot);

/* The CNode that holds a slot, and its index there, for kernel calls. */
void slot_locate(cptr_t slot, cptr_t *cnode, uint64_t *index);

/* Number of a slot, never 0, fits 32 bits; and back. */
uint32_t slot_number(cptr_t slot);
cptr_t slot_address(uint32_t number);

/* The owner's word of a slot in use. */
uint32_t *slot_link(cptr_t slot);

/* Free slots now, those of CNodes not yet made not counted. */
unsigned slots_left(void);
/* Slots in use; what a balance compares. */
unsigned slots_used(void);
