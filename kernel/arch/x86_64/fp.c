/* SPDX-License-Identifier: MIT
 *
 * Saving and loading floating-point and vector registers: by xsave with all
 * that the processor has of x87, SSE, AVX and AVX-512, else by fxsave. The
 * kernel itself is compiled without them.
 */
#include "fp.h"
#include "panic.h"

#include <arch/context.h>
#include <machine/cpu.h>
#include <string.h>

#define STATE_X87_SSE 0x03
#define STATE_AVX 0x04
#define STATE_AVX512 0xe0
#define INIT_SIZE 576 /* legacy area and header */
#define INIT_CONTROL 0x037f
#define INIT_MXCSR 0x1f80
#define AREA_MXCSR 24

/* Whether the next FP instruction works without a trap, in hardware. */
bool fp_is_on;
static bool fp_has_xsave;

void
fp_setup(void)
{
	uint64_t states;
	uint64_t cr0 = cr_read(cr0);

	fp_is_on = false;
	fp_has_xsave = cpuid_read(1, 0).c >> 26 & 1;
	if (fp_has_xsave) {
		states = cpuid_read(13, 0).a &
			(STATE_X87_SSE | STATE_AVX | STATE_AVX512);
		if ((states & STATE_AVX512) != STATE_AVX512)
			states &= ~(uint64_t)STATE_AVX512;
		__asm__ volatile(
			"xsetbv" ::"c"(0), "a"((uint32_t)states), "d"(0)
			: "memory");
		if (cpuid_read(13, 0).b > FP_SIZE)
			panic("the processor's registers are too large");
	}
	cr0 &= ~(uint64_t)CR0_EMULATE;
	cr_write(cr0, cr0 | CR0_MONITOR | CR0_TASK_SWITCHED);
}

void
fp_init(struct fp_context *fp)
{
	memset(fp->area, 0, INIT_SIZE);
	*(uint16_t *)fp->area = INIT_CONTROL;
	*(uint32_t *)(fp->area + AREA_MXCSR) = INIT_MXCSR;
}

static void
fp_open(void)
{
	__asm__ volatile("clts" ::: "memory");
	fp_is_on = true;
}

void
fp_save(struct fp_context *fp)
{
	fp_open();
	if (fp_has_xsave)
		__asm__ volatile("xsave64 %0"
				 : "+m"(*fp)
				 : "a"(UINT32_MAX), "d"(UINT32_MAX)
				 : "memory");
	else
		__asm__ volatile("fxsave64 %0" : "+m"(*fp)::"memory");
}

void
fp_load(const struct fp_context *fp)
{
	fp_open();
	if (fp_has_xsave)
		__asm__ volatile("xrstor64 %0" ::"m"(*fp), "a"(UINT32_MAX),
				 "d"(UINT32_MAX)
				 : "memory");
	else
		__asm__ volatile("fxrstor64 %0" ::"m"(*fp) : "memory");
}
