/* SPDX-License-Identifier: MIT
 *
 * The time-stamp counter is the clock. Its frequency comes from the processor
 * or hypervisor, if one says it, else it is measured against channel 2 of the
 * PC's interval timer. The interrupt is the local APIC's: set by the counter
 * itself (TSC deadline) or by the APIC's own, measured along with it.
 */
#include "clock.h"
#include "apic.h"
#include "panic.h"

#include <arch/processor.h>
#include <machine/cpu.h>

#define PIT_FREQUENCY 1193182
#define PIT_DATA 0x42
#define PIT_COMMAND 0x43
#define PIT_GATE 0x61
#define PIT_ONESHOT 0xb0 /* channel 2, both bytes, counts down once */
#define PIT_LATCH 0x80
#define MEASURE_TICKS (PIT_FREQUENCY / 500) /* 2 ms */
#define MEASURE_LOOPS 1000000
#define ROUND 100000000

#define TIMER_DEADLINE 0x40000
#define TIMER_DIVIDE_1 0xb
#define HYPERVISOR_TIMES 0x40000010

static bool has_deadline;
/* APIC timer ticks per clock tick, times 2^32. */
static uint64_t timer_ratio;

/* The three counters at one moment. */
struct sample {
	uint64_t clock;
	uint32_t timer;
	uint32_t pit;
};

/* Taken three times: the quickest was not interrupted by anything. */
static struct sample
sample_take(void)
{
	struct sample best = {0};
	uint64_t width = UINT64_MAX;
	unsigned i;

	for (i = 0; i < 3; i++) {
		struct sample sample;
		uint64_t taken;

		sample.clock = clock_now();
		port_out8(PIT_COMMAND, PIT_LATCH);
		sample.timer = apic_read(APIC_TIMER_NOW);
		taken = clock_now() - sample.clock;
		sample.pit = port_in8(PIT_DATA);
		sample.pit |= (uint32_t)port_in8(PIT_DATA) << 8;
		if (taken < width) {
			width = taken;
			best = sample;
		}
	}
	return best;
}

/* Returns the clock's frequency, and *timer the APIC timer's; 0: no PIT. */
static uint64_t
measure(uint64_t *timer)
{
	struct sample start, now;
	unsigned loops;
	uint64_t ticks;

	port_out8(PIT_GATE, (port_in8(PIT_GATE) & ~2) | 1);
	port_out8(PIT_COMMAND, PIT_ONESHOT);
	port_out8(PIT_DATA, 0xff);
	port_out8(PIT_DATA, 0xff);
	apic_write(APIC_TIMER_START, UINT32_MAX);
	start = sample_take();
	for (loops = 0; loops < MEASURE_LOOPS; loops++) {
		now = sample_take();
		ticks = (start.pit - now.pit) & 0xffff;
		if (ticks >= MEASURE_TICKS)
			break;
	}
	apic_write(APIC_TIMER_START, 0);
	if (loops == MEASURE_LOOPS)
		return 0;
	*timer = (uint64_t)(start.timer - now.timer) * PIT_FREQUENCY / ticks;
	return (now.clock - start.clock) * PIT_FREQUENCY / ticks;
}

/* A frequency that is round within what can be measured is meant so. */
static uint64_t
rounded(uint64_t frequency)
{
	uint64_t round = (frequency + ROUND / 2) / ROUND * ROUND;
	uint64_t off =
		round > frequency ? round - frequency : frequency - round;

	return off < frequency / 2000 ? round : frequency;
}

/* What a hypervisor says, in kHz; false if there is none or it does not. */
static bool
hypervisor_times(uint64_t *clock, uint64_t *timer)
{
	struct cpuid id;

	if (!(cpuid_read(1, 0).c >> 31 & 1) ||
		cpuid_read(0x40000000, 0).a < HYPERVISOR_TIMES)
		return false;
	id = cpuid_read(HYPERVISOR_TIMES, 0);
	*clock = (uint64_t)id.a * 1000;
	*timer = (uint64_t)id.b * 1000;
	return id.a && id.b;
}

uint64_t
clock_init(void)
{
	uint64_t clock, timer;

	apic_write(APIC_TIMER_DIVIDE, TIMER_DIVIDE_1);
	if (!hypervisor_times(&clock, &timer)) {
		clock = rounded(measure(&timer));
		if (!clock)
			panic("nothing to measure the clock against");
		timer = rounded(timer);
	}
	has_deadline = cpuid_read(1, 0).c >> 24 & 1;
	apic_write(
		APIC_TIMER, VECTOR_TIMER | (has_deadline ? TIMER_DEADLINE : 0));
	__asm__ volatile("mfence" ::: "memory");
	timer_ratio = ((timer > UINT32_MAX ? UINT32_MAX : timer) << 32) / clock;
	return clock;
}

void
clock_interrupt_at(uint64_t deadline)
{
	uint64_t now, count;

	if (has_deadline) {
		msr_write(MSR_TSC_DEADLINE,
			deadline == UINT64_MAX ? 0 : deadline);
		return;
	}
	if (deadline == UINT64_MAX) {
		apic_write(APIC_TIMER_START, 0);
		return;
	}
	now = clock_now();
	count = deadline > now ? deadline - now : 0;
	count = count > UINT32_MAX ? UINT32_MAX : count;
	count = (uint64_t)(((unsigned __int128)count * timer_ratio) >> 32) + 1;
	apic_write(APIC_TIMER_START,
		count > UINT32_MAX ? UINT32_MAX : (uint32_t)count);
}
