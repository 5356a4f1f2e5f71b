/* SPDX-License-Identifier: MIT */
/*
 * Where registers stand in the words of TCB.read_registers on riscv64: the
 * program counter, then x1 to x31 (docs/contract.md, 1.2).
 */
#pragma once

#include <stdint.h>

enum {
	ARCH_REGISTERS = 32,
	ARCH_PC = 0,
	ARCH_RA = 1,
	ARCH_SP = 2,
	ARCH_TP = 4,
	ARCH_ARGUMENT = 10,
	/* Of a Linux system call: its number and arguments. */
	ARCH_CALL = 17,
	ARCH_CALL_0 = 10,
	ARCH_CALL_1 = 11,
	ARCH_CALL_2 = 12,
	ARCH_CALL_3 = 13,
	ARCH_CALL_4 = 14,
	ARCH_CALL_5 = 15,
	ARCH_ELF_MACHINE = 243,
};

/* si_code of SIGILL, as Linux has it there: ILL_ILLOPC. */
#define ARCH_CODE_ILLEGAL 1

/* Do siginfo of a breakpoint, and of this fault, tell where? */
#define ARCH_BREAKPOINT_HAS_ADDRESS 1
static inline _Bool
arch_fault_has_address(uint64_t cause)
{
	(void)cause;
	return 1;
}

#define ARCH_CODE_ALIGN 2

/* What a report calls register `index`. */
static inline const char *
arch_register_name(unsigned index)
{
	static const char *const names[ARCH_REGISTERS] = {"pc", "ra", "sp",
		"gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2",
		"a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5", "s6",
		"s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

	return names[index];
}

/* Where a leaf function returns to; 0: that is on the stack. */
static inline uint64_t
arch_link(const uint64_t *registers)
{
	return registers[ARCH_RA];
}

/* The longest call instruction in bytes. */
#define ARCH_CALL_BYTES 4

/* Is the instruction that ends these bytes a call? */
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
