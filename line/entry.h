/* SPDX-License-Identifier: MIT */
/*
 * What entry.S of the architecture offers to C, and what it calls.
 */
#pragma once

#include "line.h"

/* The window of the redirection, by the linker script. */
extern const char line_window_start[], line_window_end[];
extern const char line_upcall[], line_signal[], line_fixup[];
extern const char line_thread_begin[], line_trampoline[];

/* Continue the program with these registers. */
_Noreturn void line_resume(const uint64_t *registers, struct utcb *utcb);

/* The first thread's start, from a start page (docs/contract.md, section 2). */
_Noreturn void line_start(uintptr_t start);

/* A thread made by clone, or the child of a vfork, with its own kit. */
_Noreturn void line_thread_run(struct line_thread *thread);

/* A system call; the result goes to the program. */
int64_t line_dispatch(struct line_thread *thread, uint64_t number);

/* After a call: deliver signals, settle restarts, into thread->registers. */
void line_call_signals(struct line_thread *thread);

/* An interruption outside the window: deliver signals, then resume. */
_Noreturn void line_interrupted(struct line_thread *thread);

/* A fault of the shim itself: say where, and end the process. */
_Noreturn void line_crash(uint64_t pc);
