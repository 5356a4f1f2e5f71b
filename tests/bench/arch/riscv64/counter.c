/* SPDX-License-Identifier: MIT */
/*
 * riscv64: `rdtime`, whose tick is 100 ns on QEMU's virt machine. `rdcycle`
 * would be finer, but Linux stops that counter while no perf event uses it.
 */
#include "../../counter.h"

enum { TICK = 100 };

unsigned long
counter_read(void)
{
	unsigned long value;

	__asm__ volatile("rdtime %0" : "=r"(value));
	return value * TICK;
}
