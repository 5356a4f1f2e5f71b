/* SPDX-License-Identifier: MIT
 *
 * The trap context of riscv64 (row A8) and where in it a message travels
 * (contract, section 1.1). machine/offsets.h repeats the layout for assembly.
 */
#pragma once

#include "types.h"
#include "utcb.h"

#define CONTEXT_REGISTERS 32
#define THREAD_SIZE 1024

enum context_register {
	REGISTER_PC = 0,
	REGISTER_RA = 1,
	REGISTER_SP = 2,
	REGISTER_TP = 4,
	REGISTER_T0 = 5,
	REGISTER_S0 = 8,
	REGISTER_A0 = 10,
	REGISTER_A1 = 11,
	REGISTER_A2 = 12,
	REGISTER_A7 = 17,
	REGISTER_T3 = 28,
	REGISTER_T4 = 29,
};

struct processor;

struct trap_context {
	uint64_t x[CONTEXT_REGISTERS]; /* pc (sepc) in the place of x0 */
	uint64_t status;	       /* sstatus to return with */
	uint64_t kernel_stack;	     /* top of the stack that traps arrive on */
	uint64_t handler;	     /* where a trap goes on in C */
	struct processor *processor; /* whose stack that is */
};

struct fp_context {
	uint64_t f[32];
	uint64_t fcsr;
};

static inline const uint64_t *
context_registers_of(const struct trap_context *context)
{
	return context->x;
}

/* a2-a6 and t0-t2. */
static inline uint64_t *
context_word(struct trap_context *context, unsigned i)
{
	return &context->x[i < 5 ? REGISTER_A2 + i : REGISTER_T0 + i - 5];
}

/* All message words at once. */
static inline void
context_get_words(const struct trap_context *context, uint64_t *words)
{
	words[0] = context->x[REGISTER_A2];
	words[1] = context->x[REGISTER_A2 + 1];
	words[2] = context->x[REGISTER_A2 + 2];
	words[3] = context->x[REGISTER_A2 + 3];
	words[4] = context->x[REGISTER_A2 + 4];
	words[5] = context->x[REGISTER_T0];
	words[6] = context->x[REGISTER_T0 + 1];
	words[7] = context->x[REGISTER_T0 + 2];
}

static inline void
context_copy_words(struct trap_context *to, const struct trap_context *from)
{
	to->x[REGISTER_A2] = from->x[REGISTER_A2];
	to->x[REGISTER_A2 + 1] = from->x[REGISTER_A2 + 1];
	to->x[REGISTER_A2 + 2] = from->x[REGISTER_A2 + 2];
	to->x[REGISTER_A2 + 3] = from->x[REGISTER_A2 + 3];
	to->x[REGISTER_A2 + 4] = from->x[REGISTER_A2 + 4];
	to->x[REGISTER_T0] = from->x[REGISTER_T0];
	to->x[REGISTER_T0 + 1] = from->x[REGISTER_T0 + 1];
	to->x[REGISTER_T0 + 2] = from->x[REGISTER_T0 + 2];
}

static inline void
context_set_words(struct trap_context *context, const uint64_t *words)
{
	context->x[REGISTER_A2] = words[0];
	context->x[REGISTER_A2 + 1] = words[1];
	context->x[REGISTER_A2 + 2] = words[2];
	context->x[REGISTER_A2 + 3] = words[3];
	context->x[REGISTER_A2 + 4] = words[4];
	context->x[REGISTER_T0] = words[5];
	context->x[REGISTER_T0 + 1] = words[6];
	context->x[REGISTER_T0 + 2] = words[7];
}

static inline uint64_t
context_pc(const struct trap_context *context)
{
	return context->x[REGISTER_PC];
}

static inline void
context_set_pc(struct trap_context *context, uint64_t pc)
{
	context->x[REGISTER_PC] = pc;
}

static inline uint64_t
context_frame(const struct trap_context *context)
{
	return context->x[REGISTER_S0];
}

static inline uint64_t
context_sp(const struct trap_context *context)
{
	return context->x[REGISTER_SP];
}

static inline void
context_set_scratch(struct trap_context *context, uint64_t value)
{
	context->x[REGISTER_T0] = value;
}

static inline void
context_set_start(
	struct trap_context *context, uint64_t argument, uint64_t utcb)
{
	context->x[REGISTER_A0] = argument;
	context->x[REGISTER_TP] = utcb;
}

static inline void
context_leave_upcall(struct trap_context *context, const struct utcb *utcb)
{
	context->x[REGISTER_PC] = utcb->save_pc;
	context->x[REGISTER_SP] = utcb->save_sp;
	context->x[REGISTER_T0] = utcb->save_scratch;
	context->x[REGISTER_A7] = utcb->save_number;
}

/* The window's way out is a system call, which looks at the thread itself. */
static inline void
context_mark_sticky(
	struct trap_context *context, struct utcb *utcb, uint64_t window)
{
	(void)context;
	(void)utcb;
	(void)window;
}

static inline void
context_clear_sticky(struct utcb *utcb)
{
	(void)utcb;
}

/* The trap entry takes it from the thread. */
static inline void
context_set_upcall(struct trap_context *context, uint64_t address)
{
	(void)context;
	(void)address;
}

static inline uint64_t
context_capability(const struct trap_context *context)
{
	return context->x[REGISTER_A0];
}

static inline void
context_set_status(struct trap_context *context, int32_t status)
{
	context->x[REGISTER_A0] = (uint64_t)(int64_t)status;
}

static inline uint64_t
context_info(const struct trap_context *context)
{
	return context->x[REGISTER_A1];
}

static inline void
context_set_info(struct trap_context *context, uint64_t info)
{
	context->x[REGISTER_A1] = info;
}

static inline uint64_t
context_number(const struct trap_context *context)
{
	return context->x[REGISTER_A7];
}

static inline uint64_t
context_reply(const struct trap_context *context)
{
	return context->x[REGISTER_T3];
}

static inline void
context_set_badge(struct trap_context *context, uint64_t badge)
{
	context->x[REGISTER_T3] = badge;
}

static inline void
context_set_tag(struct trap_context *context, uint64_t tag)
{
	context->x[REGISTER_T4] = tag;
}

/* ecall is never compressed. */
static inline void
context_behind_call(struct trap_context *context)
{
	context->x[REGISTER_PC] += 4;
}

static inline void
context_repeat(struct trap_context *context)
{
	context->x[REGISTER_PC] -= 4;
}
