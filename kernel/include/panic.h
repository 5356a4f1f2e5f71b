/* SPDX-License-Identifier: MIT
 *
 * The end: print cause, registers, thread and backtrace, and switch off with
 * the failure status. Also assertions of the kernel's own invariants.
 */
#pragma once

#include <stdint.h>

struct trap_context;

/* printf-like; does not return. */
_Noreturn void panic(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* The same for a trap in the kernel, whose registers are `context`. */
_Noreturn void panic_trap(const struct trap_context *context,
	const char *format, ...) __attribute__((format(printf, 2, 3)));

#define kernel_assert(condition) \
	((condition) ? (void)0   \
		     : panic("%s:%d: %s", __FILE__, __LINE__, #condition))
