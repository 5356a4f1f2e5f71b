/* SPDX-License-Identifier: MIT
 *
 * The short functions of arch/processor.h for riscv64.
 */
#pragma once

#include <stdbool.h>

#include <machine/csr.h>

/* e_machine of native programs, see lib/elf. */
#define ELF_MACHINE_NATIVE ELF_MACHINE_RISCV

/* In the kernel tp points to the processor's record. */
static inline struct processor *
processor_self(void)
{
	struct processor *self;

	__asm__("mv %0, tp" : "=r"(self));
	return self;
}

static inline uint64_t
clock_now(void)
{
	return csr_read(time);
}

static inline void
space_switch(uint64_t token)
{
	csr_write(satp, token);
}

/* What a trap's raw cause says. */
static inline bool
cause_is_call(uint64_t cause)
{
	return cause == CAUSE_USER_CALL;
}

static inline bool
cause_is_interrupt(uint64_t cause)
{
	return cause >> 63;
}

/* What is not mapped may be remembered, too. */
static inline bool
cause_may_be_stale(uint64_t cause)
{
	(void)cause;
	return true;
}

static inline bool
interrupt_waits(void)
{
	return csr_read(sip) & (SIE_TIMER | SIE_EXTERNAL | SIE_SOFTWARE);
}
