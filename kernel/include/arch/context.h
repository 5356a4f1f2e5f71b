/* SPDX-License-Identifier: MIT
 *
 * The user context of a thread (rows A8, A12): what an architecture provides
 * in <machine/context.h>. One context per thread serves every switch.
 *
 *   struct trap_context   CONTEXT_REGISTERS registers in the order of
 *                         TCB.read_registers (contract, 1.2): pc first
 *   CONTEXT_REGISTERS
 *   THREAD_SIZE               of a TCB object, a power of two
 *   const uint64_t *context_registers_of(const ctx)
 *   uint64_t *context_word(ctx, i)       message word 0-7
 *   context_get_words(ctx, words), context_set_words    all eight
 *   context_copy_words(to, from)
 *   context_pc, context_set_pc, context_sp, context_set_scratch
 *   context_set_start(ctx, argument, utcb)   what a native program expects
 *   context_set_upcall(ctx, address)     where the redirection leads
 *   context_leave_upcall(ctx, utcb)      restore what the upcall saved
 *   context_mark_sticky(ctx, utcb, window)  interrupted inside the window,
 *                             which begins at `window`
 *   context_clear_sticky(utcb)           the opposite
 *   context_frame             frame pointer, for backtraces
 *   context_capability(ctx)   what the call names       (a0)
 *   context_set_status(ctx, status)                     (a0)
 *   context_info, context_set_info                      (a1)
 *   context_number(ctx)       system call number        (a7)
 *   context_reply(ctx)        slot for the reply, flag  (t3)
 *   context_set_badge(ctx, badge)                       (t3)
 *   context_set_tag(ctx, tag)                           (t4)
 *   context_behind_call(ctx)  step over the system call instruction
 *   context_repeat(ctx)       step back onto it
 *   struct fp_context         floating-point registers
 */
#pragma once

#include "types.h"
#include <machine/context.h>

struct processor;
struct thread;

/* A new context: user mode at `entry` with `stack`, FP off (row A8). The
 * kernel is entered from it on `processor`. Not blocking, no errors. */
void context_init(struct trap_context *context, uaddr_t entry, uaddr_t stack);

/* Set the first `count` registers to what a program asks for, as far as it may
 * have that. */
void context_set_registers(
	struct trap_context *context, const uint64_t *words, unsigned count);

/* From now on traps of the thread arrive on `processor`. */
void context_bind(struct trap_context *context, struct processor *processor);

/* Whether the thread's next user FP instruction works without a trap. */
bool context_fp_is_on(const struct trap_context *context);
void context_fp_set(struct trap_context *context, bool on);

/* A trap from user mode that is neither system call nor interrupt: calls
 * trap_fault or trap_fp_wanted (trap.h). */
void trap_exception(struct thread *thread, uint64_t cause, uint64_t address);

/* Registers as a new program finds them. */
void fp_init(struct fp_context *fp);

/* Move the processor's FP registers. */
void fp_save(struct fp_context *fp);
void fp_load(const struct fp_context *fp);
