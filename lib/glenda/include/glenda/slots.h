/* SPDX-License-Identifier: MIT */
/*
 * Capability slots of the process's own CNode. The default pool is a bitmap
 * of the slots from 32 to 255 of a CNode of 2^8 (docs/contract.md, section
 * 2); a program with another layout defines these four functions itself, and
 * the linker then leaves slots.c out. Safe to call from several threads.
 */
#pragma once

#include <glenda/types.h>

/* An empty slot, 0 when none is left. It belongs to the caller. */
cptr_t slot_take(void);

/* Give back a slot that is empty. */
void slot_give(cptr_t slot);

/* Delete what is in the slot, which stays the caller's. */
void slot_clear(cptr_t slot);

/* Delete what is in the slot and give it back. */
void slot_drop(cptr_t slot);
