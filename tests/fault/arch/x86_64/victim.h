/* SPDX-License-Identifier: MIT */
/*
 * x86_64: where the shim lies in each Linux process, as the contract has it,
 * and what the instruction that calls the kernel looks like.
 */
#pragma once

#include <stdint.h>

#define SHIM_BASE UINT64_C(0x7ffff0000000)
#define USER_END UINT64_C(0x800000000000)
#define KERNEL_BASE UINT64_C(0xffff800000000000)
#define KERNEL_IMAGE UINT64_C(0xffffff0000000000)

/* `syscall`, at multiples of so many bytes. */
#define CALL_BYTES         \
	{                  \
		0x0f, 0x05 \
	}
#define CALL_ALIGN 1
