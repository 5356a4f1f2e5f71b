/* SPDX-License-Identifier: MIT */
/*
 * Signals inside the shim: masks, actions, delivery. Factotum keeps what is
 * pending; here is decided what a signal does to this process.
 */
#pragma once

#include "line.h"

/* Linux's numbers (asm-generic). */
enum {
	SIGILL = 4,
	SIGTRAP = 5,
	SIGBUS = 7,
	SIGFPE = 8,
	SIGKILL = 9,
	SIGSEGV = 11,
	SIGPIPE = 13,
	SIGCHLD = 17,
	SIGCONT = 18,
	SIGSTOP = 19,
	SIGTSTP = 20,
	SIGTTIN = 21,
	SIGTTOU = 22,
	SIGURG = 23,
	SIGXFSZ = 25,
	SIGWINCH = 28,
};

enum {
	SA_NOCLDSTOP = 1,
	SA_NOCLDWAIT = 2,
	SA_SIGINFO = 4,
	SA_ONSTACK = 0x08000000,
	SA_RESTART = 0x10000000,
	SA_NODEFER = 0x40000000,
};
#define SA_RESETHAND UINT64_C(0x80000000)

enum {
	SS_ONSTACK = 1,
	SS_DISABLE = 2,
};

/* Whether an unblocked signal is pending for the thread. */
static inline bool
signal_waits(struct line_thread *thread)
{
	const struct utcb *utcb = line_utcb(thread);

	return __atomic_load_n(&utcb->user[USER_PENDING], __ATOMIC_SEQ_CST) &
		~utcb->user[USER_MASK];
}

/* Set the thread's mask (KILL and STOP are left out) and tell Factotum. */
void signal_mask_set(struct line_thread *thread, uint64_t mask);

/* Set an action under the process's lock and publish what it means. */
void signal_action_set(struct line_process *process, unsigned signal,
	const struct line_action *action);

/* At exec: caught signals fall back to their default. */
void signal_actions_reset(struct line_process *process);

/*
 * Fill a siginfo_t (128 bytes) of Linux, 64 bit; what lies where depends on who
 * sent the signal. `info` is si_code and the sender's pid << 32.
 */
void signal_info(uint8_t *out, uint32_t number, uint64_t info, uint64_t value,
	uint32_t uid);

/*
 * A signal that the thread sends to itself and that its handler gets at the
 * end of the call, without anybody else knowing. False: it has to be posted,
 * because it is masked, not caught, changes other threads or its handler
 * wants to know who sent it.
 */
bool signal_to_self(struct line_thread *thread, uint64_t signal);

/* rt_sigreturn: take mask and registers from the frame at the user's sp. */
int64_t signal_return(struct line_thread *thread);
