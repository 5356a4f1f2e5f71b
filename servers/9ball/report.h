/* SPDX-License-Identifier: MIT */
/*
 * 9Ball's own words: milestones and errors. They go into the log store under
 * the name "9ball", and to the kernel's console as long as nobody drives the
 * serial device, when the boot is verbose, or when something failed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* From now on milestones are printed on the console, or not. */
void report_to_console(bool on);

/* A line, without newline, of what happened. printf's format. */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what went wrong: always on the console. */
void report_error(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/*
 * The session begins: the console is its own from now on. A byte 0x1e tells the
 * host where boot text ends; after it only errors are printed here, unless the
 * boot is verbose.
 */
void report_session(void);

/* Raw text to the console. */
void report_text(const char *text, size_t length);

/* Say why, dump the log store on the console, switch the machine off. */
_Noreturn void report_panic(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
