/* SPDX-License-Identifier: MIT */
/*
 * One line of text for each system call of a process that is traced.
 */
#pragma once

#include "line.h"

/* Print a call that has returned. */
void line_strace(struct line_thread *thread, const struct line_entry *entry,
	const uint64_t *args, int64_t result);

/* Print a call that may not return as it is made; others not yet. */
void line_strace_before(struct line_thread *thread,
	const struct line_entry *entry, const uint64_t *args);

/* A number without a function: -ENOSYS, and a line when traced. */
int64_t line_unknown(
	struct line_thread *thread, uint64_t number, const uint64_t *args);
