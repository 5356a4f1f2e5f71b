/* SPDX-License-Identifier: MIT */
/*
 * Linux on x86_64: register numbers of the system-call convention, small
 * structures that differ between architectures, and what programs ask for.
 * Formats: Linux's uapi for x86 (asm/signal.h, linux/eventpoll.h).
 */
#pragma once

#include <stdint.h>

#define ARCH_MACHINE "x86_64"
#define ARCH_ELF_MACHINE 62 /* EM_X86_64 */

/*
 * Indices into struct line_thread's registers. The first CONTEXT_COUNT are in
 * the order of the UTCB's context (docs/contract.md, 7.1); a call's arguments
 * stand behind them in theirs, and reach their place when all are wanted
 * (registers_of_call).
 */
enum {
	REG_PC = 0,
	REG_RAX = 1,
	REG_RBX = 2,
	REG_RCX = 3,
	REG_RDX = 4,
	REG_RSI = 5,
	REG_RDI = 6,
	REG_RBP = 7,
	REG_SP = 8,
	REG_R8 = 9,
	REG_R9 = 10,
	REG_R10 = 11,
	REG_R11 = 12,
	REG_R12 = 13,
	REG_R13 = 14,
	REG_R14 = 15,
	REG_R15 = 16,
	REG_FLAGS = 17,
	REG_FS_BASE = 18,
	REG_GS_BASE = 19,
	CONTEXT_COUNT = 20,
	REG_ARGS = 20,
	REG_COUNT = 26,
	REG_RESULT = REG_RAX,
	REG_TP = REG_FS_BASE,
};

/* Length of the instruction that makes a system call. */
#define SYSCALL_INSTRUCTION 2
/* Bytes below the stack pointer that belong to the program. */
#define RED_ZONE 128

/* Where relocatable interpreters stand. */
#define INTERPRETER_BASE UINT64_C(0x7ff000000000)

/* Which argument of clone is what. */
enum {
	CLONE_ARGUMENT_CHILD_TID = 3,
	CLONE_ARGUMENT_TLS = 4,
};

/* struct sigaction of the kernel. */
struct line_action {
	uint64_t handler; /* 0 default, 1 ignore, else address */
	uint64_t flags;	  /* SA_* */
	uint64_t restorer;
	uint64_t mask;
};

/* Packed, so that 32-bit programs have the same. */
struct linux_epoll_event {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));

_Static_assert(sizeof(struct linux_epoll_event) == 12, "struct epoll_event");
