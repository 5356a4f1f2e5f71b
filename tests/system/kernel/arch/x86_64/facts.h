/* SPDX-License-Identifier: MIT
 *
 * Numbers of x86_64 for the tests of the kernel (arch.h).
 */
#pragma once

#define ARCH_USER_LAST UINT64_C(0x7fffffffe000)
#define ARCH_KERNEL_MAP UINT64_C(0xffff800000200000)
#define ARCH_KERNEL_IMAGE UINT64_C(0xffffff0000000000)
#define ARCH_TABLE_LEVELS 3
#define ARCH_STORE_CAUSE 0x60e /* page fault; user, write */
#define ARCH_ILLEGAL_BYTES 2
#define ARCH_BREAKPOINT_BYTES 0
#define ARCH_UART_LINE 4
#define ARCH_PRIVILEGED_FAULT FAULT_PAGE
