/* SPDX-License-Identifier: MIT
 *
 * Calls to the firmware (SBI).
 */
#pragma once

#include <stdint.h>

#define SBI_LEGACY_PUTCHAR 1
#define SBI_TIMER 0x54494d45
#define SBI_RESET 0x53525354

#define SBI_RESET_SHUTDOWN 0
#define SBI_RESET_REBOOT 1
#define SBI_REASON_NONE 0
#define SBI_REASON_FAILURE 1

/* Call `function` of `extension`; returns SBI's error number. */
static inline int64_t
sbi_call(uint64_t extension, uint64_t function, uint64_t arg0, uint64_t arg1)
{
	register uint64_t a0 __asm__("a0") = arg0;
	register uint64_t a1 __asm__("a1") = arg1;
	register uint64_t a6 __asm__("a6") = function;
	register uint64_t a7 __asm__("a7") = extension;

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1)
			 : "r"(a6), "r"(a7)
			 : "memory");
	return (int64_t)a0;
}
