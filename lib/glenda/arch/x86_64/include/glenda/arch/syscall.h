/* SPDX-License-Identifier: MIT */
/*
 * The trap into the kernel on x86_64, in the registers that docs/contract.md,
 * 7.1, gives. Inlined with constant lengths the message never touches memory.
 * The instruction itself loses rcx and r11; every other register that is not
 * an output here is preserved.
 */
#pragma once

#include <glenda/message.h>

#define SYSCALL_REGISTERS(number, cap, m)                     \
	register uint64_t rax __asm__("rax") = (number);      \
	register uint64_t rdi __asm__("rdi") = (cap);         \
	register uint64_t rsi __asm__("rsi") = (m)->info;     \
	register uint64_t rdx __asm__("rdx") = (m)->words[0]; \
	register uint64_t r10 __asm__("r10") = (m)->words[1]; \
	register uint64_t r8 __asm__("r8") = (m)->words[2];   \
	register uint64_t r9 __asm__("r9") = (m)->words[3];   \
	register uint64_t r12 __asm__("r12") = (m)->words[4]; \
	register uint64_t r13 __asm__("r13") = (m)->words[5]; \
	register uint64_t r14 __asm__("r14") = (m)->words[6]; \
	register uint64_t r15 __asm__("r15") = (m)->words[7]

#define SYSCALL_OUTPUTS                                                 \
	"+r"(rax), "+r"(rsi), "+r"(rdx), "+r"(r10), "+r"(r8), "+r"(r9), \
		"+r"(r12), "+r"(r13), "+r"(r14), "+r"(r15)

#define SYSCALL_STORE(m)             \
	do {                         \
		(m)->info = rsi;     \
		(m)->words[0] = rdx; \
		(m)->words[1] = r10; \
		(m)->words[2] = r8;  \
		(m)->words[3] = r9;  \
		(m)->words[4] = r12; \
		(m)->words[5] = r13; \
		(m)->words[6] = r14; \
		(m)->words[7] = r15; \
	} while (0)

static inline status_t
syscall_call(cptr_t cap, struct message *m)
{
	SYSCALL_REGISTERS(SYSCALL_CALL, cap, m);

	__asm__ volatile("syscall"
			 : SYSCALL_OUTPUTS
			 : "r"(rdi)
			 : "rcx", "r11", "memory", "cc");
	SYSCALL_STORE(m);
	return (status_t)rax;
}

static inline status_t
syscall_send(cptr_t cap, const struct message *m)
{
	SYSCALL_REGISTERS(SYSCALL_SEND, cap, m);

	__asm__ volatile("syscall"
			 : SYSCALL_OUTPUTS
			 : "r"(rdi)
			 : "rcx", "r11", "memory", "cc");
	return (status_t)rax;
}

/* What a receive brings beside the message. */
struct sender {
	uint64_t badge;
	uint64_t tag;
};

/* number: SYSCALL_RECV or SYSCALL_REPLY_RECV. slot: see docs/contract.md. */
static inline status_t
syscall_receive(uint64_t number, cptr_t cap, uint64_t slot, struct message *m,
	struct sender *sender)
{
	SYSCALL_REGISTERS(number, cap, m);
	register uint64_t rbx __asm__("rbx") = slot;

	__asm__ volatile("syscall"
			 : SYSCALL_OUTPUTS, "+r"(rdi), "+r"(rbx)
			 :
			 : "rcx", "r11", "memory", "cc");
	SYSCALL_STORE(m);
	sender->badge = rbx;
	sender->tag = rdi;
	return (status_t)rax;
}

static inline void
syscall_yield(void)
{
	register uint64_t rax __asm__("rax") = SYSCALL_YIELD;

	__asm__ volatile("syscall"
			 : "+r"(rax)
			 :
			 : "rcx", "r11", "memory", "cc");
}

/* The clock that deadlines are counted in. */
static inline uint64_t
clock_ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}
