/* SPDX-License-Identifier: MIT
 *
 * The short functions of arch/processor.h for x86_64.
 */
#pragma once

#include <stdbool.h>

#include <machine/cpu.h>
#include <machine/offsets.h>

/* e_machine of native programs, see lib/elf. */
#define ELF_MACHINE_NATIVE ELF_MACHINE_X86_64

/* In the kernel the base of GS is the thread that entered it last; its context
 * names the processor. */
static inline struct processor *
processor_self(void)
{
	struct processor *self;

	__asm__("movq %%gs:%c1, %0" : "=r"(self) : "i"(CONTEXT_PROCESSOR));
	return self;
}

static inline uint64_t
clock_now(void)
{
	return tsc_read();
}

static inline void
space_switch(uint64_t token)
{
	cr_write(cr3, token);
}

/* What a trap's raw cause says: vector, and error code from bit 8 on. */
static inline bool
cause_is_call(uint64_t cause)
{
	return cause == CAUSE_CALL;
}

static inline bool
cause_is_interrupt(uint64_t cause)
{
	return (cause & 0xff) >= VECTOR_LINES;
}

/* That nothing is mapped is never remembered. */
static inline bool
cause_may_be_stale(uint64_t cause)
{
	return cause >> 8 & PAGE_FAULT_PRESENT;
}

/* Asks the interrupt controller. */
bool apic_interrupt_waits(void);

static inline bool
interrupt_waits(void)
{
	return apic_interrupt_waits();
}
