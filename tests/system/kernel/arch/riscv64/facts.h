/* SPDX-License-Identifier: MIT
 *
 * Numbers of riscv64 for the tests of the kernel (arch.h).
 */
#pragma once

#define ARCH_USER_LAST UINT64_C(0x3ffffff000)
#define ARCH_KERNEL_MAP UINT64_C(0xffffffc080200000)
#define ARCH_KERNEL_IMAGE UINT64_C(0xffffffff80200000)
#define ARCH_TABLE_LEVELS 2
#define ARCH_STORE_CAUSE 15
#define ARCH_ILLEGAL_BYTES 4
#define ARCH_BREAKPOINT_BYTES 4
#define ARCH_UART_LINE 10
#define ARCH_PRIVILEGED_FAULT FAULT_ILLEGAL
