/* SPDX-License-Identifier: MIT */
/*
 * The bases of FS and GS, which user mode may read and write (FSGSBASE).
 */
#pragma once

#include <stdint.h>

static inline uint64_t
fs_base_get(void)
{
	uint64_t base;

	__asm__ volatile("rdfsbase %0" : "=r"(base));
	return base;
}

static inline uint64_t
gs_base_get(void)
{
	uint64_t base;

	__asm__ volatile("rdgsbase %0" : "=r"(base));
	return base;
}

static inline void
fs_base_set(uint64_t base)
{
	__asm__ volatile("wrfsbase %0" : : "r"(base));
}

static inline void
gs_base_set(uint64_t base)
{
	__asm__ volatile("wrgsbase %0" : : "r"(base));
}
