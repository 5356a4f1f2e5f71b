/* SPDX-License-Identifier: MIT
 *
 * What the firmware does for the kernel: debug output, power, and the clock's
 * interrupt where the processor has no register of its own for it (row A9).
 */
#include "clock.h"
#include "sbi.h"

#include <arch/platform.h>
#include <arch/processor.h>
#include <machine/memory.h>

/* Whether stimecmp (0x14d, by number: the assembler need not know the Sstc
 * extension) is ours. */
static bool clock_has_register;

/* The test device of emulators, NULL if there is none. */
#define FAILURE_VALUE 0x3333
static volatile uint32_t *failure_register;

/* cycle, time and instret may be read in user mode. */
#define COUNTERS_ALL 7

void
platform_putchar(char byte)
{
	sbi_call(SBI_LEGACY_PUTCHAR, 0, (uint8_t)byte, 0);
}

static _Noreturn void
platform_reset(uint64_t kind, uint64_t reason)
{
	sbi_call(SBI_RESET, 0, kind, reason);
	for (;;)
		__asm__ volatile("wfi");
}

void
platform_failure_register(paddr_t address)
{
	failure_register = phys_to_virt(address);
}

/* The firmware's reset call cannot carry a status to the host; the device of
 * emulators can. Code 1 in the upper half. */
void
platform_off(bool failed)
{
	if (failed && failure_register)
		*failure_register = FAILURE_VALUE | 1 << 16;
	platform_reset(SBI_RESET_SHUTDOWN,
		failed ? SBI_REASON_FAILURE : SBI_REASON_NONE);
}

void
platform_reboot(void)
{
	platform_reset(SBI_RESET_REBOOT, SBI_REASON_NONE);
}

/* A processor without the register, or firmware that keeps it to itself,
 * traps on the access: the handler below steps over the instruction. */
static bool
clock_probe_register(void)
{
	uint64_t result = 0;

	__asm__ volatile("la	t0, 2f\n"
			 "	csrrw	t1, stvec, t0\n"
			 "	li	%0, 1\n"
			 "	li	t0, -1\n"
			 "	csrw	0x14d, t0\n"
			 "	j	3f\n"
			 "	.balign	4\n"
			 "2:	li	%0, 0\n"
			 "3:	csrw	stvec, t1\n"
			 : "=&r"(result)::"t0", "t1", "memory");
	return result;
}

void
clock_init(bool maybe_register)
{
	clock_has_register = maybe_register && clock_probe_register();
	clock_interrupt_at(UINT64_MAX);
	csr_write(scounteren, COUNTERS_ALL);
	csr_write(sie, SIE_TIMER | SIE_EXTERNAL);
}

void
clock_interrupt_at(uint64_t deadline)
{
	if (clock_has_register)
		csr_write(0x14d, deadline);
	else
		sbi_call(SBI_TIMER, 0, deadline, 0);
}

void
processor_idle(void)
{
	__asm__ volatile("wfi" ::: "memory");
}
