/* SPDX-License-Identifier: MIT */
/*
 * Calls: one record per request that has not been answered.
 *
 * A handler runs to its end and answers, or parks the call on the wait
 * queues of the objects that it depends on.  When one of them changes, the
 * call leaves all of its queues and its handler runs again from the start;
 * progress that must survive (bytes moved) is in `done`.
 *
 *   current --handler returns CALL_PARKED--> parked
 *   parked  --wait_wake / deadline / cancel--> ready --call_run_ready-->
 *           handler again: parked, or answered and gone
 *
 * A handler that has much to do does a part of it, asks for another turn
 * (call_turn) and returns CALL_PARKED: what else came is served in between.
 *
 * Invariant: a call that is neither current nor ready nor waits for its turn
 * is on at least one queue, or has a deadline, or both.
 */
#pragma once

#include <glenda/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linux.h"
#include "list.h"

struct call;
struct file;
struct quota;
struct session;
struct waiter;

/* What a handler returns beside a status: it parked the call. */
enum { CALL_PARKED = 1 };

/* What one request moves before others come in between. */
enum { TURN_BYTES = 1 << 20 };

/* Where calls (and epoll instances) wait for an object to change. */
struct wait_queue {
	struct list waiters;
};

/* One membership in a queue; `wake` is called when the object changes. */
struct waiter {
	struct list link;
	void (*wake)(struct waiter *waiter);
	struct call *call;
	struct waiter *next; /* of the same call */
	struct quota *quota; /* charged with it, unless it is the first */
};

struct timeout {
	uint64_t deadline; /* clock ticks; 0 = not armed */
	uint32_t position; /* in the heap, valid while armed */
	void (*expire)(struct timeout *timeout);
};

struct call {
	uint64_t badge;	   /* the client's puid */
	uint64_t tag;	   /* its thread */
	uint64_t reply;	   /* slot of the Reply capability */
	uint64_t words[8]; /* as they came */
	uint64_t caps_in;  /* slot of a capability that came, or 0 */
	uint64_t out[8];
	uint64_t out_cap;  /* slot of a capability to send, or 0 */
	uint64_t done;	   /* progress that survives parking */
	uint64_t mark;	   /* what the handler remembers beside it */
	struct file *held; /* an open file that has no descriptor yet */
	struct session *session;
	struct quota *quota; /* charged while parked; one reference */
	int (*handler)(struct call *call);
	void (*let_go)(struct call *call); /* before the call ends, or NULL */
	uint32_t number;		   /* of the message */
	uint16_t word_count;
	uint16_t lease_count;
	uint16_t out_count;
	bool parked;
	bool ready;
	bool cancelled;
	bool timed_out;
	status_t status;     /* of the answer */
	struct waiter first; /* the usual, single membership */
	struct waiter *waiters;
	struct timeout timeout;
	struct list link; /* in the parked or the ready list */
};

/* A queue that nobody waits on may be dropped without further ado. */
static inline void
wait_init(struct wait_queue *queue)
{
	list_init(&queue->waiters);
}

/* Everybody on the queue looks again. */
void wait_wake_all(struct wait_queue *queue);

static inline void
wait_wake(struct wait_queue *queue)
{
	if (!list_empty(&queue->waiters))
		wait_wake_all(queue);
}

/* A record with a free reply slot; NULL when there is none left. */
struct call *call_create(void);

/* Make the record ready for the next message, in the same slot. */
static inline void
call_reset(struct call *call)
{
	call->done = 0;
	call->mark = 0;
	call->held = NULL;
	call->let_go = NULL;
	call->caps_in = 0;
	call->out_cap = 0;
	call->out_count = 0;
	call->out[0] = 0;
	call->cancelled = false;
	call->timed_out = false;
}

/*
 * Park on one more queue.  0, or ERR_NOMEM; after an error the call is on
 * the queues that worked, and call_unpark clears that.
 */
status_t call_wait(struct call *call, struct wait_queue *queue);

/* Leave all queues and forget the deadline. */
void call_unpark(struct call *call);

/*
 * Park on one queue, up to `deadline` if that is not 0: what most handlers
 * return.
 */
int call_park(struct call *call, struct wait_queue *queue);

/* Wake the call at a clock value; it finds timed_out set. */
status_t call_deadline(struct call *call, uint64_t deadline);

/*
 * Take note that the current call was parked, so the loop needs another.
 * False: its process tree has too many parked already, answer it.
 */
bool call_keep(struct call *call);

/*
 * Let the handler run again when others were served; it returns CALL_PARKED
 * at once.  Such a call cannot be cancelled meanwhile.
 */
void call_turn(struct call *call);
/*
 * Give a turn to who waits longest.  Nobody gets another for as long as it
 * took: Gopher goes before all programs, who are to run meanwhile.
 */
void call_run_turn(void);

/* Those that were woken, and those that wait for a turn: call.c's own. */
extern struct list call_ready, call_turns;
extern struct timeout call_turn_pause;

/* Whether a turn is left; whether one is due. */
static inline bool
call_turns_left(void)
{
	return !list_empty(&call_turns);
}

static inline bool
call_turns_wait(void)
{
	return call_turns_left() && !call_turn_pause.deadline;
}

/*
 * The call was to be parked and cannot be.  The status to answer with, or 0
 * when it has moved something and says so.
 */
int call_abandon(struct call *call, int status);

/* Run whatever was woken until nobody is; answers go out. */
void call_run_all_ready(void);

static inline void
call_run_ready(void)
{
	if (!list_empty(&call_ready))
		call_run_all_ready();
}

/* Free a record that was answered elsewhere. */
void call_destroy(struct call *call);

/* A thread should give up; some thread should, nobody knows which. */
void call_cancel(uint64_t badge, uint64_t tag);
void call_cancel_all(void);

/* A process is gone: so are its calls, those that were woken too. */
void call_drop(uint64_t badge);

/* How many calls are parked. */
unsigned call_parked_count(void);

/*
 * Timeouts: a heap of deadlines.  The same structure serves calls, timer
 * descriptors and terminals.
 */
status_t timeout_arm(struct timeout *timeout, uint64_t deadline);
void timeout_disarm(struct timeout *timeout);
/* Expire what is due; ask for the next alarm. */
void timeout_run(void);

/* Bytes between a request and its buffers. */
struct io {
	struct call *call; /* NULL: `memory` is meant */
	unsigned lease;	   /* its number */
	bool is_inline;	   /* words 4-7 instead of a lease */
	uint64_t base;	   /* where in the client's buffer offset 0 is */
	char *memory;
	struct wait_queue *wait; /* set by an operation that returns IO_WAIT */
	uint64_t deadline;	 /* the same: look again then; 0 = never */
};

/* What an operation returns instead of a count: nothing to do yet. */
enum { IO_WAIT = -0x10000 };

/* Copy `length` bytes to or from offset `at` of the client's buffer. */
status_t io_put(struct io *io, uint64_t at, const void *from, size_t length);
status_t io_get(struct io *io, uint64_t at, void *to, size_t length);
status_t io_zero(struct io *io, uint64_t at, size_t length);
/*
 * Look at all bytes once: a write that goes in pieces must not fail in a
 * later one because a page of the client was never there.  op_write has
 * looked, turn by turn, at more than TURN_BYTES.
 */
status_t io_probe(struct io *io, size_t count);
