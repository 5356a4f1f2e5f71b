/* SPDX-License-Identifier: MIT
 *
 * The kernel's own printing, byte by byte through the firmware or a port.
 * Knows %s %c %d %u %x %lu %lx %ld %p and widths with 0 or blank padding.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

void console_print(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
void console_print_list(const char *format, va_list list);
void console_write(const char *bytes, size_t length);
