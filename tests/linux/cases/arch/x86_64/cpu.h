/* SPDX-License-Identifier: MIT */
/* x86_64: the instructions of cases that provoke the processor. */
#pragma once

#define CPU_UNDEFINED "ud2"
#define CPU_BREAKPOINT "int3"
#define CPU_KERNEL_ADDRESS 0xffff800000000000
