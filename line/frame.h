/* SPDX-License-Identifier: MIT */
/*
 * What each architecture knows of a thread's registers and of the frame that
 * a signal handler finds on its stack (arch/: frame.c). The frame's format is
 * Linux's; signal.c decides what goes into it.
 */
#pragma once

#include "line.h"

struct frame {
	const struct line_process *process;
	const struct line_action *action;
	uint32_t signal;
	uint64_t top;	/* below it the frame goes */
	uint64_t floor; /* it may not reach below this */
	/* Kept for the way back. */
	uint64_t mask;
	uint64_t stack_pointer; /* sigaltstack */
	uint64_t stack_size;
	uint32_t stack_flags;
	uint8_t info[128]; /* siginfo_t */
};

/*
 * Push a frame with these registers and the thread's floating-point state on
 * the program's stack, and turn the registers to the handler. -EFAULT: there
 * is no place for it.
 */
int64_t frame_push(uint64_t *registers, const struct frame *frame);

/*
 * Take registers and floating-point state from the frame of a handler that
 * returned with this stack pointer; of `frame` mask and stack are set, and its
 * process is used. -EFAULT: there is none.
 */
int64_t frame_pop(uint64_t *registers, uint64_t sp, struct frame *frame);

/* Complete thread->registers: the program's own, as a call returns to them. */
void registers_of_call(struct line_thread *thread);

/* Registers and floating-point state of a program that begins. */
void registers_begin(struct line_thread *thread, uint64_t entry, uint64_t sp);

/* Find out what the processor's floating-point state is. */
void registers_measure(struct line_process *process);
