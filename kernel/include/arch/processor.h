/* SPDX-License-Identifier: MIT
 *
 * The processor as portable code sees it. Interrupts are off whenever the
 * kernel runs; user mode has them on. <machine/processor.h> also gives
 * ELF_MACHINE_NATIVE, the machine number of native images.
 */
#pragma once

#include "types.h"

struct processor;
struct thread;

/* The processor that runs this code. */
static inline struct processor *processor_self(void);

/* Clock ticks since power-on; the same on every processor. */
static inline uint64_t clock_now(void);

/* Interrupt at `deadline` (clock ticks; UINT64_MAX: never) or soon after. An
 * earlier deadline set before is forgotten. */
void clock_interrupt_at(uint64_t deadline);

/* Use the address space that `token` names (space_token). */
static inline void space_switch(uint64_t token);

/* What the raw cause of a trap from user mode is. */
static inline bool cause_is_call(uint64_t cause);
static inline bool cause_is_interrupt(uint64_t cause);

/* Whether a page fault of this cause can come from an old TLB entry. */
static inline bool cause_may_be_stale(uint64_t cause);

/* Whether an interrupt waits to be taken. */
static inline bool interrupt_waits(void);

/* Sleep until an interrupt waits. */
void processor_idle(void);

/* Handle every interrupt that waits, by calling trap_clock(),
 * interrupt_fired(line). */
void interrupt_serve(void);

/* Run `thread` in user mode; the kernel's stack starts anew at the next
 * trap. */
_Noreturn void context_resume(struct thread *thread);

#include <machine/processor.h>
