/* SPDX-License-Identifier: MIT
 *
 * The PLIC of riscv64 boards. A line that fires is completed and masked, so
 * that it stays quiet until its driver's ack unmasks it. In this order, since
 * the completion of a masked line is ignored.
 */
#include "plic.h"
#include "interrupt.h"
#include "trap.h"

#include <arch/platform.h>
#include <arch/processor.h>
#include <machine/csr.h>
#include <machine/memory.h>

#define PLIC_PRIORITY 0
#define PLIC_ENABLE 0x2000
#define PLIC_ENABLE_STRIDE 0x80
#define PLIC_CONTEXT 0x200000
#define PLIC_CONTEXT_STRIDE 0x1000
#define PLIC_THRESHOLD 0
#define PLIC_CLAIM 4

static uint64_t plic_base; /* 0: none */
static unsigned plic_lines;
static unsigned plic_context;

static volatile uint32_t *
plic_register(uint64_t offset)
{
	return phys_to_virt(paddr_make(plic_base + offset));
}

static volatile uint32_t *
plic_enable(unsigned line)
{
	return plic_register(PLIC_ENABLE + plic_context * PLIC_ENABLE_STRIDE +
		line / 32 * 4);
}

static volatile uint32_t *
plic_own(uint64_t offset)
{
	return plic_register(
		PLIC_CONTEXT + plic_context * PLIC_CONTEXT_STRIDE + offset);
}

void
plic_init(paddr_t base, unsigned lines, unsigned context)
{
	unsigned line;

	plic_base = base.value;
	plic_lines = lines + 1;
	plic_context = context;
	for (line = 0; line < plic_lines; line += 32)
		*plic_enable(line) = 0;
	*plic_own(PLIC_THRESHOLD) = 0;
}

unsigned
platform_lines(void)
{
	return plic_lines;
}

void
platform_line_mask(unsigned line)
{
	*plic_enable(line) &= ~(UINT32_C(1) << line % 32);
}

void
platform_line_unmask(unsigned line)
{
	/* The priority last: the write makes QEMU's model look again at what
	 * is pending, the one to the enable bits does not. */
	*plic_enable(line) |= UINT32_C(1) << line % 32;
	*plic_register(PLIC_PRIORITY + line * 4) = 1;
}

static void
plic_serve(void)
{
	uint32_t line = *plic_own(PLIC_CLAIM);

	if (!line)
		return;
	*plic_own(PLIC_CLAIM) = line;
	platform_line_mask(line);
	interrupt_fired(line);
}

/* A line that stays pending brings us back at once, so one each is enough. */
void
interrupt_serve(void)
{
	uint64_t waiting = csr_read(sip);

	if (waiting & SIE_TIMER)
		trap_clock();
	if (waiting & SIE_EXTERNAL && plic_base)
		plic_serve();
}
