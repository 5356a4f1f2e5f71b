/* SPDX-License-Identifier: MIT */
/*
 * x86_64: `rdtsc`, which counts virtual nanoseconds under -icount.
 */
#include "../../counter.h"

unsigned long
counter_read(void)
{
	return __builtin_ia32_rdtsc();
}
