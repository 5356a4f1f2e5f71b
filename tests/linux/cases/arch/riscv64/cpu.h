/* SPDX-License-Identifier: MIT */
/* riscv64: the instructions of cases that provoke the processor. */
#pragma once

#define CPU_UNDEFINED ".half 0"
#define CPU_BREAKPOINT "ebreak"
#define CPU_KERNEL_ADDRESS 0xffffffc000000000
