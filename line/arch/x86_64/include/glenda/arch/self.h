/* SPDX-License-Identifier: MIT */
/*
 * How the shim finds its UTCB: every register but the stack pointer is the
 * program's, FS base too, and the shim's stacks lie in kits of 64 KiB that
 * begin with the UTCB (docs/contract.md, section 5).
 */
#pragma once

#include <glenda/utcb.h>

#define LINE_KIT_BYTES UINT64_C(0x10000)

static inline struct utcb *
utcb_self(void)
{
	uint64_t sp;

	__asm__("movq %%rsp, %0" : "=r"(sp));
	return (struct utcb *)(uintptr_t)((sp - 1) & ~(LINE_KIT_BYTES - 1));
}
