/* SPDX-License-Identifier: MIT */
/*
 * Linux on riscv64: register numbers of the system-call convention, small
 * structures that differ between architectures, and what programs ask for.
 * Formats: Linux's uapi for riscv and asm-generic.
 */
#pragma once

#include <stdint.h>

#define ARCH_MACHINE "riscv64"
#define ARCH_ELF_MACHINE 243 /* EM_RISCV */

/* Indices into struct line_thread's registers; 0 is pc, n is xn. */
enum {
	REG_PC = 0,
	REG_RA = 1,
	REG_SP = 2,
	REG_TP = 4,
	REG_SCRATCH = 5, /* t0: what the kernel keeps at an upcall */
	REG_ARGS = 10,	 /* where a call's six arguments stand */
	REG_RESULT = 10,
	REG_NUMBER = 17,
	REG_COUNT = 32,
};

/* Length of the instruction that makes a system call. */
#define SYSCALL_INSTRUCTION 4
/* Bytes below the stack pointer that belong to the program. */
#define RED_ZONE 0

/* Where relocatable interpreters stand. */
#define INTERPRETER_BASE UINT64_C(0x3e00000000)

/* Which argument of clone is what. */
enum {
	CLONE_ARGUMENT_TLS = 3,
	CLONE_ARGUMENT_CHILD_TID = 4,
};

/* struct sigaction of the kernel. */
struct line_action {
	uint64_t handler; /* 0 default, 1 ignore, else address */
	uint64_t flags;	  /* SA_* */
	uint64_t mask;
};

struct linux_epoll_event {
	uint32_t events;
	uint32_t pad;
	uint64_t data;
};
