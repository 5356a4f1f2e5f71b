/* SPDX-License-Identifier: MIT */
/*
 * How a native thread finds its UTCB: the thread pointer is its address, from
 * the first instruction on, and nothing else uses that register. The Linux
 * shim, where it belongs to the program, has a header of the same name that
 * its include path finds first.
 */
#pragma once

#include <glenda/utcb.h>

static inline struct utcb *
utcb_self(void)
{
	struct utcb *utcb;

	__asm__("mv %0, tp" : "=r"(utcb));
	return utcb;
}
