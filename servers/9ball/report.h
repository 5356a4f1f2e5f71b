/* SPDX-License-Identifier: MIT */
/*
 * 9Ball's own words: milestones and errors. They go into the log store under
 * the name "9ball", and to the kernel's console when the boot is verbose or
 * something failed. While a driver owns the console's device only a panic
 * prints there; all else waits until the driver is gone (row N10).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* From now on milestones are printed on the console, or not. */
void report_to_console(bool on);

/* A line, without newline, of what happened. printf's format. */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what went wrong, whether the boot is verbose or not. */
void report_error(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/*
 * The console becomes the driver's, or the session's that has none. A byte 0x1e
 * tells the host, once, where boot text ends.
 */
void report_session(void);

/* A driver owns the console's device from now on, or no longer: then what has
 * waited is printed. */
void report_console_owned(bool by_driver);

/* Raw text to the console, or to wait for it. */
void report_text(const char *text, size_t length);

/* Say why, dump the log store on the console, switch the machine off. */
_Noreturn void report_panic(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
