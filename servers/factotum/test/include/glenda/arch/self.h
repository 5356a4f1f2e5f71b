/* SPDX-License-Identifier: MIT */
/*
 * For unit tests on the host: one UTCB in ordinary memory.
 */
#pragma once

#include <glenda/utcb.h>

extern struct utcb test_utcb;

static inline struct utcb *
utcb_self(void)
{
	return &test_utcb;
}
