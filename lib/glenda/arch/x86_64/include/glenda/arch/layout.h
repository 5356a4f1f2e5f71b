/* SPDX-License-Identifier: MIT */
/*
 * What <glenda/layout.h> needs to know of x86_64 with four levels of page
 * tables, whose user half has 128 TiB. Native stacks are as row Y5 has them;
 * a stack pointer begins where a call would have left it.
 */
#pragma once

#include <stdint.h>

#define USER_END UINT64_C(0x800000000000)
#define NATIVE_STACKS_END UINT64_C(0x400000000000)
#define NATIVE_STACK_SLOT UINT64_C(0x100000000)
#define NATIVE_STACK_SLOTS 8192
#define NATIVE_STACK_ENTRY 8
#define LINE_PIE_BASE UINT64_C(0x555555400000)
