/* SPDX-License-Identifier: MIT */
/*
 * Where registers stand in the words of TCB.read_registers on x86_64: the
 * program counter, the general ones, flags and the two bases
 * (docs/contract.md, 7.1).
 */
#pragma once

#include <stdint.h>

enum {
	ARCH_REGISTERS = 20,
	ARCH_PC = 0,
	ARCH_ARGUMENT = 6,
	/* Of a Linux system call: its number and arguments. */
	ARCH_CALL = 1,
	ARCH_CALL_0 = 6,
	ARCH_CALL_1 = 5,
	ARCH_CALL_2 = 4,
	ARCH_CALL_3 = 11,
	ARCH_CALL_4 = 9,
	ARCH_CALL_5 = 10,
	ARCH_SP = 8,
	ARCH_TP = 18,
	ARCH_ELF_MACHINE = 62,
};

/* si_code of SIGILL, as Linux has it there: ILL_ILLOPN. */
#define ARCH_CODE_ILLEGAL 2

/*
 * Do siginfo of a breakpoint, and of this fault, tell where? Not for what the
 * processor's general protection refuses.
 */
#define ARCH_BREAKPOINT_HAS_ADDRESS 0
static inline _Bool
arch_fault_has_address(uint64_t cause)
{
	return (cause & 0xff) != 13;
}

#define ARCH_CODE_ALIGN 1

/* What a report calls register `index`. */
static inline const char *
arch_register_name(unsigned index)
{
	static const char *const names[ARCH_REGISTERS] = {"rip", "rax", "rbx",
		"rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10",
		"r11", "r12", "r13", "r14", "r15", "flags", "fs", "gs"};

	return names[index];
}

/* Where a leaf function returns to; 0: that is on the stack. */
static inline uint64_t
arch_link(const uint64_t *registers)
{
	(void)registers;
	return 0;
}

/* The longest call instruction in bytes. */
#define ARCH_CALL_BYTES 6

/*
 * Is the instruction that ends these bytes a call? One of e8 with a relative
 * address, or ff /2 with a register, or with memory at a register plus nothing,
 * 8 or 32 bits (Intel 64 manual, volume 2, CALL); what bytes before belong to
 * an instruction is a guess, which a backtrace may take.
 */
static inline _Bool
arch_is_call(const unsigned char *bytes)
{
	if (bytes[1] == 0xe8)
		return 1;
	if (bytes[4] == 0xff &&
		((bytes[5] & 0xf8) == 0xd0 || (bytes[5] & 0xf8) == 0x10))
		return 1;
	if (bytes[3] == 0xff && (bytes[4] & 0xf8) == 0x50)
		return 1;
	return bytes[0] == 0xff &&
		((bytes[1] & 0xf8) == 0x90 || bytes[1] == 0x15);
}
