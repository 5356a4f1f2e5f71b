/* SPDX-License-Identifier: MIT */
/*
 * How a native thread finds its UTCB: FS base is its address, from the first
 * instruction on, and nothing else uses that register. As user mode reads FS
 * base at some cost, the address also stands in the UTCB itself. The Linux
 * shim, where FS belongs to the program, has a header of the same name that
 * its include path finds first.
 */
#pragma once

#include <glenda/utcb.h>

static inline struct utcb *
utcb_self(void)
{
	struct utcb *utcb;

	__asm__("movq %%fs:%c1, %0"
		: "=r"(utcb)
		: "i"(offsetof(struct utcb, user[UTCB_USER_SELF])));
	return utcb;
}
