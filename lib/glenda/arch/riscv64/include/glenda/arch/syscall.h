/* SPDX-License-Identifier: MIT */
/*
 * The trap into the kernel on riscv64, in the registers that
 * docs/contract.md, 1.1, gives. Inlined with constant lengths the message
 * never touches memory. A system call preserves every register that is not
 * an output here.
 */
#pragma once

#include <glenda/message.h>

#define SYSCALL_REGISTERS(number, cap, m)                   \
	register uint64_t a7 __asm__("a7") = (number);      \
	register uint64_t a0 __asm__("a0") = (cap);         \
	register uint64_t a1 __asm__("a1") = (m)->info;     \
	register uint64_t a2 __asm__("a2") = (m)->words[0]; \
	register uint64_t a3 __asm__("a3") = (m)->words[1]; \
	register uint64_t a4 __asm__("a4") = (m)->words[2]; \
	register uint64_t a5 __asm__("a5") = (m)->words[3]; \
	register uint64_t a6 __asm__("a6") = (m)->words[4]; \
	register uint64_t t0 __asm__("t0") = (m)->words[5]; \
	register uint64_t t1 __asm__("t1") = (m)->words[6]; \
	register uint64_t t2 __asm__("t2") = (m)->words[7]

#define SYSCALL_OUTPUTS                                                       \
	"+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6), \
		"+r"(t0), "+r"(t1), "+r"(t2)

#define SYSCALL_STORE(m)            \
	do {                        \
		(m)->info = a1;     \
		(m)->words[0] = a2; \
		(m)->words[1] = a3; \
		(m)->words[2] = a4; \
		(m)->words[3] = a5; \
		(m)->words[4] = a6; \
		(m)->words[5] = t0; \
		(m)->words[6] = t1; \
		(m)->words[7] = t2; \
	} while (0)

static inline status_t
syscall_call(cptr_t cap, struct message *m)
{
	SYSCALL_REGISTERS(SYSCALL_CALL, cap, m);

	__asm__ volatile("ecall" : SYSCALL_OUTPUTS : "r"(a7) : "memory");
	SYSCALL_STORE(m);
	return (status_t)a0;
}

static inline status_t
syscall_send(cptr_t cap, const struct message *m)
{
	SYSCALL_REGISTERS(SYSCALL_SEND, cap, m);

	__asm__ volatile("ecall" : SYSCALL_OUTPUTS : "r"(a7) : "memory");
	return (status_t)a0;
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
	register uint64_t t3 __asm__("t3") = slot;
	register uint64_t t4 __asm__("t4") = 0;

	__asm__ volatile("ecall"
			 : SYSCALL_OUTPUTS, "+r"(t3), "+r"(t4)
			 : "r"(a7)
			 : "memory");
	SYSCALL_STORE(m);
	sender->badge = t3;
	sender->tag = t4;
	return (status_t)a0;
}

static inline void
syscall_yield(void)
{
	register uint64_t a7 __asm__("a7") = SYSCALL_YIELD;
	register uint64_t a0 __asm__("a0") = 0;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}

/* The clock that deadlines are counted in. */
static inline uint64_t
clock_ticks(void)
{
	uint64_t ticks;

	__asm__ volatile("rdtime %0" : "=r"(ticks));
	return ticks;
}
