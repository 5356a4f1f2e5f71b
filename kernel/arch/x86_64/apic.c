/* SPDX-License-Identifier: MIT
 *
 * The local APIC (by x2APIC registers where the processor has them) and the
 * I/O APICs. An interrupt's entry code only notes it in interrupts_taken; it is
 * served here. All lines count as level triggered: a line that fires is masked
 * and stays so until its driver's ack, and what is raised meanwhile is seen
 * when it is unmasked.
 */
#include "apic.h"
#include "early.h"
#include "interrupt.h"
#include "trap.h"

#include <arch/platform.h>
#include <arch/processor.h>
#include <machine/cpu.h>
#include <machine/memory.h>

#define APIC_NUMBER 0x20
#define APIC_PRIORITY 0x80
#define APIC_END 0xb0
#define APIC_SPURIOUS 0xf0
#define APIC_REQUESTS 0x200
#define APIC_PIN0 0x350
#define APIC_PIN1 0x360
#define APIC_ERROR 0x370
#define APIC_MASKED 0x10000
#define APIC_ON 0x1ff
#define BASE_X2APIC 0x400
#define BASE_ON 0x800

#define LINES_MAX (VECTOR_TIMER - VECTOR_LINES)
#define CONTROLLERS_MAX (APIC_PAGES_MAX - 1)
#define IO_VERSION 1
#define IO_ENTRY 0x10
#define ENTRY_LOW (1 << 13)
#define ENTRY_LEVEL (1 << 15)
#define ENTRY_MASKED (1 << 16)

#define PIC_FIRST 0x20
#define PIC_SECOND 0xa0
#define PIC_VECTOR 0xe0

struct controller {
	uint64_t base;
	unsigned first;
	unsigned count;
};

/* Which came: bit n is vector VECTOR_LINES + n. */
extern uint64_t interrupts_taken;
uint64_t interrupts_taken;

static struct controller controllers[CONTROLLERS_MAX];
static unsigned controller_count;
static uint64_t apic_base; /* 0: x2APIC */
static unsigned line_count;
static bool line_low[LINES_MAX];

uint32_t
apic_read(unsigned offset)
{
	if (!apic_base)
		return (uint32_t)msr_read(MSR_X2APIC + offset / 16);
	return *(volatile uint32_t *)phys_to_virt(
		paddr_make(apic_base + offset));
}

void
apic_write(unsigned offset, uint32_t value)
{
	if (!apic_base)
		msr_write(MSR_X2APIC + offset / 16, value);
	else
		*(volatile uint32_t *)phys_to_virt(
			paddr_make(apic_base + offset)) = value;
}

uint32_t
apic_number(void)
{
	uint32_t number = apic_read(APIC_NUMBER);

	return apic_base ? number >> 24 : number;
}

/* The PC's first interrupt controllers: out of the way, then silent. */
static void
pic_silence(void)
{
	static const uint8_t setup[2][4] = {
		{0x11, PIC_VECTOR, 4, 1},
		{0x11, PIC_VECTOR + 8, 2, 1},
	};
	unsigned i, j;

	for (i = 0; i < 2; i++) {
		uint16_t port = i ? PIC_SECOND : PIC_FIRST;

		port_out8(port, setup[i][0]);
		for (j = 1; j < 4; j++)
			port_out8(port + 1, setup[i][j]);
		port_out8(port + 1, 0xff);
	}
}

void
apic_init(void)
{
	uint64_t base = msr_read(MSR_APIC_BASE);

	pic_silence();
	if (cpuid_read(1, 0).c >> 21 & 1) {
		msr_write(MSR_APIC_BASE, base | BASE_ON);
		msr_write(MSR_APIC_BASE, base | BASE_ON | BASE_X2APIC);
	} else {
		apic_base = base & PTE_PAGE;
		msr_write(MSR_APIC_BASE, base | BASE_ON);
		early_uncache(apic_base);
	}
	apic_write(APIC_SPURIOUS, APIC_ON);
	apic_write(APIC_PRIORITY, 0);
	apic_write(APIC_PIN0, APIC_MASKED);
	apic_write(APIC_PIN1, APIC_MASKED);
	apic_write(APIC_ERROR, APIC_MASKED);
	apic_write(APIC_TIMER, APIC_MASKED);
}

static uint32_t
io_read(const struct controller *io, unsigned index)
{
	volatile uint32_t *registers = phys_to_virt(paddr_make(io->base));

	registers[0] = index;
	return registers[4];
}

static void
io_write(const struct controller *io, unsigned index, uint32_t value)
{
	volatile uint32_t *registers = phys_to_virt(paddr_make(io->base));

	registers[0] = index;
	registers[4] = value;
}

void
apic_add_lines(uint64_t base, unsigned first)
{
	struct controller *io = &controllers[controller_count];
	unsigned i;

	if (controller_count == CONTROLLERS_MAX || first >= LINES_MAX ||
		base >= EARLY_LIMIT)
		return;
	controller_count++;
	early_uncache(base);
	io->base = base;
	io->first = first;
	io->count = (io_read(io, IO_VERSION) >> 16 & 0xff) + 1;
	for (i = 0; i < io->count; i++)
		io_write(io, IO_ENTRY + 2 * i, ENTRY_MASKED);
	if (io->count > LINES_MAX - first)
		io->count = LINES_MAX - first;
	if (line_count < first + io->count)
		line_count = first + io->count;
}

void
apic_line_is_low(unsigned line)
{
	if (line < LINES_MAX)
		line_low[line] = true;
}

unsigned
apic_pages(uint64_t *pages)
{
	unsigned i, count = 0;

	for (i = 0; i < controller_count; i++)
		pages[count++] = controllers[i].base & PTE_PAGE;
	pages[count++] = msr_read(MSR_APIC_BASE) & PTE_PAGE;
	return count;
}

unsigned
platform_lines(void)
{
	return line_count;
}

static void
line_set(unsigned line, uint32_t masked)
{
	unsigned i;

	for (i = 0; i < controller_count; i++) {
		const struct controller *io = &controllers[i];
		unsigned entry = IO_ENTRY + 2 * (line - io->first);

		if (line - io->first >= io->count)
			continue;
		if (!masked)
			io_write(io, entry + 1, apic_number() << 24);
		io_write(io, entry,
			(VECTOR_LINES + line) | ENTRY_LEVEL | masked |
				(line_low[line] ? ENTRY_LOW : 0));
	}
}

void
platform_line_mask(unsigned line)
{
	line_set(line, ENTRY_MASKED);
}

void
platform_line_unmask(unsigned line)
{
	line_set(line, 0);
}

/* The vectors in use lie in the second and third word of requests. */
bool
apic_interrupt_waits(void)
{
	return interrupts_taken || apic_read(APIC_REQUESTS + 0x10) ||
		apic_read(APIC_REQUESTS + 0x20);
}

void
interrupt_serve(void)
{
	while (interrupts_taken) {
		unsigned number = (unsigned)__builtin_ctzll(interrupts_taken);

		interrupts_taken &= interrupts_taken - 1;
		if (number == VECTOR_TIMER - VECTOR_LINES) {
			apic_write(APIC_END, 0);
			trap_clock();
		} else {
			platform_line_mask(number);
			apic_write(APIC_END, 0);
			interrupt_fired(number);
		}
	}
}

void
processor_idle(void)
{
	if (!interrupts_taken)
		__asm__ volatile("sti\n"
				 "	hlt\n"
				 "	cli" ::
					 : "memory");
}
