/* SPDX-License-Identifier: MIT
 *
 * The way through the kernel, from an architecture's trap entry and back.
 */
#pragma once

#include "types.h"

struct invocation;
struct thread;

/* Where a trap from user mode arrives, on the processor's stack, the context
 * of `thread` saved, with the architecture's raw cause and address. */
_Noreturn void trap_from_user(
	struct thread *thread, uint64_t cause, uint64_t address);

/* A system call; the PC of the thread stands behind the instruction. */
void trap_syscall(struct thread *self);

/* A Call on the kernel object in in->slot, with label, length and words, by
 * the thread that runs. True: it goes on at once, with status, info and words
 * of `in`. Else its context is to be saved, without status, info and words, and
 * trap_invoked() finishes. For objects whose methods do not look at the
 * caller's registers: not TCBs. The time counts as the caller's own. */
bool trap_invoke(struct invocation *in);
_Noreturn void trap_invoked(const struct invocation *in);

/* A fault of `kind` (FAULT_PAGE ..) by an access of CAP_READ, WRITE or
 * EXECUTE; address and raw cause stand in the thread. */
void trap_fault(struct thread *self, uint32_t kind, uint32_t access);

/* The thread used floating point while it was off for it. */
void trap_fp_wanted(struct thread *self);

/* The clock's interrupt came. */
void trap_clock(void);

/* Choose who runs, wait for interrupts while nobody does, and go there. */
_Noreturn void trap_end(void);
