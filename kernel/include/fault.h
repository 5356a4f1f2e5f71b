/* SPDX-License-Identifier: MIT
 *
 * Faults: a Call by the kernel in the thread's name (contract, section 1.5).
 */
#pragma once

#include "types.h"

struct thread;

/* The running thread `self` faulted; its fault fields are set. */
void fault_raise(struct thread *self);

/* Write the fault message of `from` into the registers of `to`; returns its
 * info word. */
uint64_t fault_message(const struct thread *from, struct thread *to);

/* The answer `label` (with word 0) to the fault of `self` came. */
void fault_answer(struct thread *self, uint32_t label, uint64_t word);
