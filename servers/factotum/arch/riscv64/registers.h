/* SPDX-License-Identifier: MIT */
/*
 * Where registers stand in the words of TCB.read_registers on riscv64: the
 * program counter, then x1 to x31 (docs/contract.md, 1.2).
 */
#pragma once

enum {
	ARCH_REGISTERS = 32,
	ARCH_PC = 0,
	ARCH_RA = 1,
	ARCH_SP = 2,
	ARCH_TP = 4,
	ARCH_FRAME = 8,
	ARCH_ARGUMENT = 10,
	ARCH_ELF_MACHINE = 243,
};

#define ARCH_CODE_ALIGN 2

/* Is the instruction that ends these four bytes a call? */
static inline _Bool
arch_is_call(const unsigned char *bytes)
{
	unsigned word = bytes[0] | bytes[1] << 8 | bytes[2] << 16 |
		(unsigned)bytes[3] << 24;
	unsigned half = bytes[2] | bytes[3] << 8;

	/* jal ra, jalr ra, then c.jalr. */
	return (word & 0xfff) == 0x0ef || (word & 0xfff) == 0x0e7 ||
		((half & 0xf07f) == 0x9002 && (half & 0x0f80));
}
