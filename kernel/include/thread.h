/* SPDX-License-Identifier: MIT
 *
 * Thread (TCB): a user context, the spaces it runs in, and what it waits for.
 * A thread has one outstanding Call at most, so the Reply lives in it.
 *
 *   INACTIVE --resume--> READY <--> running (READY, out of the queue)
 *   READY --Call--> CALLING --received--> CALLED --answer--> READY
 *   READY --Recv--> RECEIVING --message--> READY
 *   READY --Recv on a notification--> WAITING --signal--> READY
 *   any --stop, death, write_registers--> INACTIVE
 *
 * A fault is a Call that the kernel makes in the thread's name: the same
 * states, with THREAD_FAULTING. Suspension is a flag beside the state: a
 * suspended thread may be called, answered and signalled, it only never runs.
 *
 * Invariants: a thread is in at most one queue (ready, endpoint or
 * notification), through `next` and `prev`, which mean nothing in no queue;
 * `waiting_on` names the endpoint or notification in CALLING, RECEIVING and
 * WAITING; `reply` names the slot of its Reply capability in CALLED. All
 * under the kernel lock.
 */
#pragma once

#include "invoke.h"
#include "object.h"
#include "slot.h"
#include <arch/context.h>

enum thread_state {
	THREAD_INACTIVE,
	THREAD_READY,
	THREAD_CALLING,
	THREAD_CALLED,
	THREAD_RECEIVING,
	THREAD_WAITING,
};

/* All zero on the fast path. */
enum thread_flag {
	THREAD_SUSPENDED = 1,
	THREAD_STICKY = 2,    /* interrupted inside the window (contract 1.4) */
	THREAD_FAULTING = 4,  /* the Call is a fault */
	THREAD_CANCELLED = 8, /* the received Call should be given up */
	THREAD_NOTICE = 16,   /* enter the signal entry after the fault */
	THREAD_EXPIRED = 32,  /* slice ended while a server ran for it */
	THREAD_ENDING = 64,   /* being destroyed */
};

enum thread_policy {
	THREAD_ROUND_ROBIN,
	THREAD_FIFO,
	THREAD_BATCH,
};

#define THREAD_PRIORITIES 256
#define THREAD_PRIORITY_MAX 254
#define THREAD_SLICE_US 10000

struct thread {
	struct object object;
	struct trap_context context;

	/* System-call redirection; size UINT64_MAX: off. */
	uint64_t redirect_start;
	uint64_t redirect_size;
	uint64_t redirect_upcall;
	uint64_t redirect_signal;
	struct utcb *utcb;  /* through the physical map; NULL: none */
	uint64_t utcb_user; /* its address in the thread's space */

	uint8_t state;
	uint8_t flags;
	uint8_t priority;
	uint8_t policy;
	bool queued; /* in a ready queue */
	uint8_t pad[3];
	uint64_t token;	     /* of its space, since it ran; 0: untagged */
	struct thread *next; /* of the one queue it is in */
	struct thread *prev;

	/* The Call in progress, or the receive. */
	struct object *waiting_on;
	struct slot *reply; /* where the Reply capability lies */
	uint64_t badge;	    /* of the capability used */
	uint64_t info;

	uint64_t tag;
	uint64_t slice; /* length, clock ticks; 0: none */
	uint64_t slice_left;
	uint64_t affinity;

	uint64_t fault_address;
	uint64_t fault_cause;
	uint32_t fault_kind;
	uint32_t fault_access;

	uint64_t time_user; /* clock ticks */
	uint64_t time_system;
	uint64_t switches_voluntary;
	uint64_t switches_involuntary;
	uint64_t faults;
	uint64_t scheduled;

	/* Capabilities that the thread itself holds (CAP_IN_THREAD). */
	_Alignas(32) struct slot cspace;
	struct slot vspace;
	struct slot utcb_frame;
	struct slot fault;
	struct slot notification;

	struct fp_context fp;
};

_Static_assert(sizeof(struct thread) <= THREAD_SIZE, "what retype gives");

/* The root CNode's capability, for cspace_lookup. */
static inline const struct cap *
thread_cspace(const struct thread *thread)
{
	return &thread->cspace.cap;
}

/* Its address space, or NULL. */
static inline struct vspace *
thread_vspace(const struct thread *thread)
{
	return slot_is_empty(&thread->vspace) ? NULL
					      : cap_object(&thread->vspace.cap);
}

static inline bool
thread_is_redirected(const struct thread *thread)
{
	return thread->redirect_size != UINT64_MAX;
}

/* Whether the PC lies inside the redirection window; false without one. */
bool thread_in_window(const struct thread *thread);

/*
 * Break whatever the thread waits for, so that it is in state READY but in no
 * queue, or INACTIVE as before. A Reply capability of its is emptied. The
 * caller decides what becomes of the thread.
 */
void thread_unblock(struct thread *thread);

/* thread_unblock, then INACTIVE: it does not run until resumed. */
void thread_stop(struct thread *thread);

/* Save the whole context in the UTCB and go on at the signal entry, now
 * (contract 1.4). The thread is not running and has redirection. */
void thread_enter_signal(struct thread *thread);

/* Finish a system call: status and an empty info word for the caller. */
void thread_set_result(struct thread *thread, status_t status);

/* What TCB.interrupt left inside the window is no longer pending. */
void thread_clear_sticky(struct thread *thread);

/* Restore what the upcall saved in the UTCB, which the thread has. */
void thread_leave_upcall(struct thread *thread);

/* If the processor holds the FP registers of `thread` (or NULL), save them;
 * its next FP instruction traps and loads them again. */
void thread_fp_release(struct thread *thread);

/* Put a UTCB into an inactive thread that has none: 1 KiB at `offset` bytes in
 * the Frame of `frame`, seen by the thread at `address`. All was checked. */
void thread_set_utcb(struct thread *thread, struct slot *frame, uint64_t offset,
	uaddr_t address);

/* Put a copy of the capability in `from` into the empty slot `to` of a
 * thread, which will be told when it is lost. */
void thread_hold(struct slot *to, struct slot *from);

/* By number; in thread_methods.c. */
extern const struct method thread_methods[METHOD(TCB_INFO) + 1];
