/* SPDX-License-Identifier: MIT
 *
 * The way through the kernel, from an architecture's trap entry and back:
 * trap_begin, then one of the others, then trap_end.
 */
#pragma once

#include "types.h"

struct thread;

/* Take the lock and charge the time until now to the user. */
void trap_begin(void);

/* A system call; the PC of the thread stands behind the instruction. */
void trap_syscall(struct thread *self);

/* A fault of `kind` (FAULT_PAGE ..) by an access of CAP_READ, WRITE or
 * EXECUTE; address and raw cause stand in the thread. */
void trap_fault(struct thread *self, uint32_t kind, uint32_t access);

/* The thread used floating point while it was off for it. */
void trap_fp_wanted(struct thread *self);

/* The clock's interrupt came. */
void trap_clock(void);

/* Choose who runs, wait for interrupts while nobody does, and go there. */
_Noreturn void trap_end(void);
