/* SPDX-License-Identifier: MIT */
/*
 * 9Ball's own words, and the dump of the log when all is lost.
 */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <boot_info.h>
#include <glenda/kernel_calls.h>

#include "log.h"
#include "power.h"

/* What Console.write takes at once, in bytes. */
#define CONSOLE_BYTES 248
/* What waits for the console while a driver owns it, in bytes. */
#define HELD_BYTES 16384

static bool to_console;
static bool marked;
static bool owned; /* the device is a driver's */
static char held[HELD_BYTES];
static size_t held_length;
static size_t lost_bytes;

void
report_to_console(bool on)
{
	to_console = on;
}

void
report_session(void)
{
	if (!marked)
		report_text("\x1e", 1);
	marked = true;
}

static void
console_print(const char *text, size_t length)
{
	while (length > 0) {
		size_t part = length < CONSOLE_BYTES ? length : CONSOLE_BYTES;

		console_write(BOOT_SLOT_CONSOLE, (uintptr_t)text, part);
		text += part;
		length -= part;
	}
}

void
report_text(const char *text, size_t length)
{
	size_t room = HELD_BYTES - held_length;

	if (!owned) {
		console_print(text, length);
		return;
	}
	if (length > room) {
		lost_bytes += length - room;
		length = room;
	}
	memcpy(held + held_length, text, length);
	held_length += length;
}

void
report_console_owned(bool by_driver)
{
	owned = by_driver;
	if (by_driver)
		return;
	console_print(held, held_length);
	held_length = 0;
	if (lost_bytes > 0)
		report("%lu bytes more than the console could wait for",
			(unsigned long)lost_bytes);
	lost_bytes = 0;
}

static void
say(bool print, const char *format, va_list arguments)
{
	char line[200];
	int length = vsnprintf(line, sizeof(line) - 1, format, arguments);

	if (length < 0)
		return;
	if (length > (int)sizeof(line) - 2)
		length = sizeof(line) - 2;
	line[length++] = '\n';
	log_own(line, (size_t)length);
	if (print) {
		report_text("9ball: ", 7);
		report_text(line, (size_t)length);
	}
}

void
report(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(to_console, format, arguments);
	va_end(arguments);
}

void
report_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(true, format, arguments);
	va_end(arguments);
}

_Noreturn void
report_panic(const char *format, ...)
{
	va_list arguments;

	report_console_owned(false);
	va_start(arguments, format);
	say(true, format, arguments);
	va_end(arguments);
	log_dump();
	machine_off(POWER_STATUS_FAILED);
}
