/* SPDX-License-Identifier: MIT */
/*
 * Signals (rows F6, F10): what is pending where, who is interrupted, what
 * happens to those that have no handlers. Linux numbers. What LINE and we
 * share by memory stands in docs/contract.md, section 5.
 *
 * KILL, STOP and CONT act here and never go through a shim. A native has no
 * handlers: any other signal ends it with exit code 128 + number, unless its
 * default is to be ignored.
 */
#pragma once

#include "process.h"

enum {
	SIGNAL_ILLEGAL = 4,
	SIGNAL_TRAP = 5,
	SIGNAL_BUS = 7,
	SIGNAL_ARITHMETIC = 8,
	SIGNAL_KILL = 9,
	SIGNAL_SEGMENT = 11,
	SIGNAL_ALARM = 14,
	SIGNAL_TERMINATE = 15,
	SIGNAL_CHILD = 17,
	SIGNAL_CONTINUE = 18,
	SIGNAL_STOP = 19,
	SIGNAL_TERMINAL_STOP = 20,
	SIGNAL_TERMINAL_IN = 21,
	SIGNAL_TERMINAL_OUT = 22,
	SIGNAL_URGENT = 23,
	SIGNAL_TIME = 24,
	SIGNAL_VIRTUAL_ALARM = 26,
	SIGNAL_PROFILING = 27,
	SIGNAL_WINDOW = 28,
	SIGNAL_REALTIME = 32,
};

struct signal_info {
	uint32_t signal;
	uint64_t info; /* si_code | sender's pid << 32 */
	uint64_t value;
	uint32_t uid;
};

/* Make a signal pending for a process or one thread. LIMIT. */
status_t signal_post(struct process *process, const struct signal_info *what);
status_t signal_post_thread(
	struct thread *thread, const struct signal_info *what);

/*
 * A signal that a thread's own fault caused: when it masks or ignores it, the
 * process ends by it. True when the thread goes on at its signal entry.
 */
bool signal_fault(struct thread *thread, const struct signal_info *what);

/* A child ended, stopped, went on: tell the parent by its signal. */
void signal_child_ended(struct process *parent, const struct process *child);
void signal_child_stopped(struct process *parent, const struct process *child);
void signal_child_continued(
	struct process *parent, const struct process *child);

/*
 * Take the next signal outside `mask` of the thread, then of its process;
 * signal 0 when there is none. With `peek` it stays.
 */
struct signal_info signal_take(struct thread *thread, uint64_t mask, bool peek);

/* All that is pending for a thread: its own and its process's. */
uint64_t signal_pending(const struct thread *thread);

/* Forget a queue. */
void pending_clear(struct pending_queue *queue);

/* Whether the process has said that its children need no wait. */
bool signal_unwaited(struct process *process);

/* The words that a thread's shim shares with us. */
uint64_t signal_mask(struct thread *thread);
