/* SPDX-License-Identifier: MIT */
/*
 * What must hold inside Factotum whatever its clients do. A client's mistake
 * is answered with a status; a broken invariant stops everything loudly.
 */
#pragma once

/* Print where and what, then stop for good. */
void invariant_failed(const char *what, const char *file, int line)
	__attribute__((noreturn));

#define invariant(condition)   \
	((condition) ? (void)0 \
		     : invariant_failed(#condition, __FILE__, __LINE__))
