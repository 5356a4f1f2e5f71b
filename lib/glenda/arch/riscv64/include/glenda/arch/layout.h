/* SPDX-License-Identifier: MIT */
/*
 * What <glenda/layout.h> needs to know of riscv64 with Sv39, whose user half
 * has 256 GiB.
 */
#pragma once

#include <stdint.h>

#define USER_END UINT64_C(0x4000000000)
#define NATIVE_STACKS_END UINT64_C(0x3fc0000000)
#define NATIVE_STACK_SLOT UINT64_C(0x400000)
#define NATIVE_STACK_SLOTS 256
#define NATIVE_STACK_ENTRY 0
#define LINE_PIE_BASE UINT64_C(0x2000000000)
