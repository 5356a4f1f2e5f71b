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

static bool to_console;

void
report_to_console(bool on)
{
	to_console = on;
}

void
report_session(void)
{
	report_text("\x1e", 1);
}

void
report_text(const char *text, size_t length)
{
	while (length > 0) {
		size_t part = length < CONSOLE_BYTES ? length : CONSOLE_BYTES;

		console_write(BOOT_SLOT_CONSOLE, (uintptr_t)text, part);
		text += part;
		length -= part;
	}
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

	va_start(arguments, format);
	say(true, format, arguments);
	va_end(arguments);
	log_dump();
	machine_off(POWER_STATUS_FAILED);
}
