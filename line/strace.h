/* SPDX-License-Identifier: MIT */
/*
 * One line of text for each system call of a process that is traced.
 */
#pragma once

#include "line.h"

#define STRACE_ARGUMENTS 6

/*
 * How arguments look where a number alone says little: d decimal, x
 * hexadecimal, o octal, f folder, s string, b bytes counted by the next
 * argument, S signal.
 */
struct strace_form {
	line_call *call;
	char arguments[STRACE_ARGUMENTS + 1];
};

/* Of calls that only this architecture has (arch/); ends with NULL. */
extern const struct strace_form strace_forms_arch[];

/* Print a call that has returned. */
void line_strace(struct line_thread *thread, const struct line_entry *entry,
	const uint64_t *args, int64_t result);

/* Print a call that may not return as it is made; others not yet. */
void line_strace_before(struct line_thread *thread,
	const struct line_entry *entry, const uint64_t *args);

/* A number without a function: -ENOSYS, and a line when traced. */
int64_t line_unknown(
	struct line_thread *thread, uint64_t number, const uint64_t *args);
