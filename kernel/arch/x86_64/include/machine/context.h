/* SPDX-License-Identifier: MIT
 *
 * The trap context of x86_64 (row A8) and where in it a message travels
 * (contract, sections 7.1 and 7.2). machine/offsets.h repeats the layout for
 * assembly.
 *
 * A thread that entered by a system call may leave by sysret, which loses rcx
 * and r11; every other needs iret. FS and GS base belong to the thread and are
 * in the processor's registers while it runs.
 */
#pragma once

#include "types.h"
#include "utcb.h"

#include <machine/cpu.h>

#define CONTEXT_REGISTERS 20
#define THREAD_SIZE 4096

enum context_register {
	REGISTER_IP,
	REGISTER_AX,
	REGISTER_BX,
	REGISTER_CX,
	REGISTER_DX,
	REGISTER_SI,
	REGISTER_DI,
	REGISTER_BP,
	REGISTER_SP,
	REGISTER_8,
	REGISTER_9,
	REGISTER_10,
	REGISTER_11,
	REGISTER_12,
	REGISTER_13,
	REGISTER_14,
	REGISTER_15,
	REGISTER_FLAGS,
	REGISTER_FS,
	REGISTER_GS,
};

struct processor;

/* What iret takes. */
struct return_frame {
	uint64_t ip;
	uint64_t code;
	uint64_t flags;
	uint64_t sp;
	uint64_t data;
};

struct trap_context {
	uint64_t x[CONTEXT_REGISTERS];
	uint64_t kernel_stack;	     /* top of the stack that traps go to */
	struct processor *processor; /* whose stack that is */
	struct return_frame frame;   /* into the shim, or for iret */
	bool whole;		     /* iret has to be used */
	bool fp_on;
};

/* The legacy area, the header and what of AVX and AVX-512 there is. */
#define FP_SIZE 2752

struct fp_context {
	_Alignas(64) uint8_t area[FP_SIZE];
};

static inline const uint64_t *
context_registers_of(const struct trap_context *context)
{
	return context->x;
}

/* rdx, r10, r8, r9, r12-r15. */
static inline uint64_t *
context_word(struct trap_context *context, unsigned i)
{
	static const uint8_t numbers[] = {REGISTER_DX, REGISTER_10, REGISTER_8,
		REGISTER_9, REGISTER_12, REGISTER_13, REGISTER_14, REGISTER_15};

	return &context->x[numbers[i]];
}

/* All message words at once. */
static inline void
context_get_words(const struct trap_context *context, uint64_t *words)
{
	words[0] = context->x[REGISTER_DX];
	words[1] = context->x[REGISTER_10];
	words[2] = context->x[REGISTER_8];
	words[3] = context->x[REGISTER_9];
	words[4] = context->x[REGISTER_12];
	words[5] = context->x[REGISTER_13];
	words[6] = context->x[REGISTER_14];
	words[7] = context->x[REGISTER_15];
}

static inline void
context_copy_words(struct trap_context *to, const struct trap_context *from)
{
	to->x[REGISTER_DX] = from->x[REGISTER_DX];
	to->x[REGISTER_10] = from->x[REGISTER_10];
	to->x[REGISTER_8] = from->x[REGISTER_8];
	to->x[REGISTER_9] = from->x[REGISTER_9];
	to->x[REGISTER_12] = from->x[REGISTER_12];
	to->x[REGISTER_13] = from->x[REGISTER_13];
	to->x[REGISTER_14] = from->x[REGISTER_14];
	to->x[REGISTER_15] = from->x[REGISTER_15];
}

static inline void
context_set_words(struct trap_context *context, const uint64_t *words)
{
	context->x[REGISTER_DX] = words[0];
	context->x[REGISTER_10] = words[1];
	context->x[REGISTER_8] = words[2];
	context->x[REGISTER_9] = words[3];
	context->x[REGISTER_12] = words[4];
	context->x[REGISTER_13] = words[5];
	context->x[REGISTER_14] = words[6];
	context->x[REGISTER_15] = words[7];
}

static inline uint64_t
context_pc(const struct trap_context *context)
{
	return context->x[REGISTER_IP];
}

/* An address that iret would refuse becomes one where nothing is mapped. */
static inline void
context_set_pc(struct trap_context *context, uint64_t pc)
{
	context->x[REGISTER_IP] = pc >> 47 ? (UINT64_C(1) << 47) - 1 : pc;
	context->whole = true;
}

static inline uint64_t
context_frame(const struct trap_context *context)
{
	return context->x[REGISTER_BP];
}

static inline uint64_t
context_sp(const struct trap_context *context)
{
	return context->x[REGISTER_SP];
}

static inline void
context_set_scratch(struct trap_context *context, uint64_t value)
{
	context->x[REGISTER_CX] = value;
	context->whole = true;
}

static inline void
context_set_start(
	struct trap_context *context, uint64_t argument, uint64_t utcb)
{
	context->x[REGISTER_SP] -= 8;
	context->x[REGISTER_DI] = argument;
	context->x[REGISTER_FS] = utcb;
}

/* Into the frame of the trap entry. */
static inline void
context_set_upcall(struct trap_context *context, uint64_t address)
{
	context->frame.ip = address;
}

/* Restore the whole context that the UTCB holds. */
void context_leave_upcall(
	struct trap_context *context, const struct utcb *utcb);

/* What an interruption inside the window must not miss: a word that the exit
 * sequence tests, or its start over. */
#define EXIT_SEQUENCE 32

static inline void
context_mark_sticky(
	struct trap_context *context, struct utcb *utcb, uint64_t window)
{
	utcb->save_number = 1;
	if (context->x[REGISTER_IP] - window < EXIT_SEQUENCE)
		context_set_pc(context, window);
}

static inline void
context_clear_sticky(struct utcb *utcb)
{
	utcb->save_number = 0;
}

static inline uint64_t
context_capability(const struct trap_context *context)
{
	return context->x[REGISTER_DI];
}

static inline void
context_set_status(struct trap_context *context, int32_t status)
{
	context->x[REGISTER_AX] = (uint64_t)(int64_t)status;
}

static inline uint64_t
context_info(const struct trap_context *context)
{
	return context->x[REGISTER_SI];
}

static inline void
context_set_info(struct trap_context *context, uint64_t info)
{
	context->x[REGISTER_SI] = info;
}

static inline uint64_t
context_number(const struct trap_context *context)
{
	return context->x[REGISTER_AX];
}

static inline uint64_t
context_reply(const struct trap_context *context)
{
	return context->x[REGISTER_BX];
}

static inline void
context_set_badge(struct trap_context *context, uint64_t badge)
{
	context->x[REGISTER_BX] = badge;
}

static inline void
context_set_tag(struct trap_context *context, uint64_t tag)
{
	context->x[REGISTER_DI] = tag;
}

/* The instruction leaves the PC behind it. */
static inline void
context_behind_call(struct trap_context *context)
{
	(void)context;
}

static inline void
context_repeat(struct trap_context *context)
{
	context->x[REGISTER_IP] -= 2;
}
