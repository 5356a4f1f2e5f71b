/* SPDX-License-Identifier: MIT */
/*
 * riscv64: where the shim lies in each Linux process, as the contract has it,
 * and what the instruction that calls the kernel looks like.
 */
#pragma once

#include <stdint.h>

#define SHIM_BASE UINT64_C(0x3ff0000000)
#define USER_END UINT64_C(0x4000000000)
#define KERNEL_BASE UINT64_C(0xffffffc000000000)
#define KERNEL_IMAGE UINT64_C(0xffffffff80000000)

/* `ecall`, at multiples of so many bytes. */
#define CALL_BYTES            \
	{                     \
		0x73, 0, 0, 0 \
	}
#define CALL_ALIGN 2
