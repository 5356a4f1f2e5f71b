/* SPDX-License-Identifier: MIT */
/*
 * Linux on riscv64: register numbers of the system-call convention, the
 * signal frame, and names that programs ask for. Formats: Linux's uapi for
 * riscv (asm/ucontext.h, asm/sigcontext.h, asm/ptrace.h).
 */
#pragma once

#include <stdint.h>

#define ARCH_MACHINE "riscv64"
#define ARCH_ELF_MACHINE 243 /* EM_RISCV */
#define ARCH_HWCAP 0x112d    /* I M A F D C, bit = letter - 'A' */

/* Indices into struct line_thread's registers; 0 is pc, n is xn. */
enum {
	REG_PC = 0,
	REG_RA = 1,
	REG_SP = 2,
	REG_TP = 4,
	REG_SCRATCH = 5, /* t0: what the kernel keeps at an upcall */
	REG_ARG0 = 10,
	REG_ARG1 = 11,
	REG_ARG2 = 12,
	REG_NUMBER = 17,
	REG_COUNT = 32,
};

#define REG_RESULT REG_ARG0
/* Length of the instruction that makes a system call. */
#define SYSCALL_INSTRUCTION 4

/* struct rt_sigframe of Linux: siginfo, then ucontext. */
struct signal_frame {
	uint8_t info[128];
	uint64_t uc_flags;
	uint64_t uc_link;
	uint64_t stack_pointer;
	int32_t stack_flags;
	int32_t stack_pad;
	uint64_t stack_size;
	uint64_t mask;
	uint8_t reserved[120];
	uint64_t pad;
	uint64_t registers[32]; /* pc, x1..x31 */
	uint64_t fp[66];	/* f0..f31, fcsr; 528 bytes */
};

_Static_assert(sizeof(struct signal_frame) == 1088, "struct rt_sigframe");
