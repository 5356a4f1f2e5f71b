/* SPDX-License-Identifier: MIT */
/* Calls, queues and the order in which what was woken runs again. */
#include "call.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "node.h"
#include "quota.h"
#include "session.h"
#include "system.h"

enum { SLOT_LIMIT = 4096 };

static uint64_t slots[SLOT_LIMIT];
static unsigned slots_free;
static struct list parked = LIST_INIT(parked);
struct list call_ready = LIST_INIT(call_ready);
struct list call_turns = LIST_INIT(call_turns);
static struct call *spare;
static unsigned parked_count;

static void
call_wake(struct waiter *waiter)
{
	struct call *call = waiter->call;

	if (call->ready)
		return;
	call_unpark(call);
	call->ready = true;
	list_remove(&call->link);
	list_append(&call_ready, &call->link);
}

static void
call_expire(struct timeout *timeout)
{
	struct call *call = container_of(timeout, struct call, timeout);

	call->timed_out = true;
	call_wake(&call->first);
}

struct call *
call_create(void)
{
	uint64_t slot = slots_free ? slots[--slots_free] : system_reply_slot();
	struct call *call = spare;

	if (slot == 0)
		return NULL;
	if (call)
		spare = NULL;
	else
		call = malloc(sizeof(*call));
	if (!call) {
		slots[slots_free++] = slot;
		return NULL;
	}
	memset(call, 0, sizeof(*call));
	call->reply = slot;
	call->first.call = call;
	call->first.wake = call_wake;
	call->timeout.expire = call_expire;
	list_init(&call->first.link);
	list_init(&call->link);
	return call;
}

void
call_destroy(struct call *call)
{
	slots[slots_free++] = call->reply;
	if (spare)
		free(call);
	else
		spare = call;
}

void
wait_wake_all(struct wait_queue *queue)
{
	struct list *head = &queue->waiters, mine = LIST_INIT(mine);
	struct waiter *waiter;

	/* A waiter may come back to the queue while the others are woken. */
	mine.next = head->next;
	mine.prev = head->prev;
	mine.next->prev = &mine;
	mine.prev->next = &mine;
	list_init(head);
	while (!list_empty(&mine)) {
		waiter = container_of(mine.next, struct waiter, link);
		list_remove(&waiter->link);
		if (waiter->wake != call_wake)
			list_append(head, &waiter->link);
		waiter->wake(waiter);
	}
}

/* A place in one more queue. */
static struct waiter *
waiter_create(const struct call *call)
{
	struct quota *quota = call->session ? call->session->quota : NULL;
	struct waiter *waiter;

	if (!quota_take(quota, QUOTA_RECORDS, 1))
		return NULL;
	waiter = malloc(sizeof(*waiter));
	if (!waiter) {
		quota_give(quota, QUOTA_RECORDS, 1);
		return NULL;
	}
	waiter->quota = quota;
	if (quota)
		quota_get(quota);
	return waiter;
}

static void
waiter_free(struct waiter *waiter)
{
	quota_give(waiter->quota, QUOTA_RECORDS, 1);
	if (waiter->quota)
		quota_put(waiter->quota);
	free(waiter);
}

status_t
call_wait(struct call *call, struct wait_queue *queue)
{
	struct waiter *waiter = &call->first;

	if (call->waiters) {
		waiter = waiter_create(call);
		if (!waiter)
			return ERR_NOMEM;
		waiter->call = call;
		waiter->wake = call_wake;
	}
	waiter->next = call->waiters;
	call->waiters = waiter;
	list_init(&waiter->link);
	list_append(&queue->waiters, &waiter->link);
	return 0;
}

void
call_unpark(struct call *call)
{
	struct waiter *waiter, *next;

	/* Two of them may be neighbours in one queue. */
	for (waiter = call->waiters; waiter; waiter = waiter->next)
		list_remove(&waiter->link);
	for (waiter = call->waiters; waiter; waiter = next) {
		next = waiter->next;
		if (waiter != &call->first)
			waiter_free(waiter);
	}
	call->waiters = NULL;
	timeout_disarm(&call->timeout);
}

int
call_park(struct call *call, struct wait_queue *queue)
{
	status_t status = call_wait(call, queue);

	return status < 0 ? status : CALL_PARKED;
}

status_t
call_deadline(struct call *call, uint64_t deadline)
{
	return timeout_arm(&call->timeout, deadline);
}

/* A parked call holds a reply slot, of which there are few. */
static bool
call_charge(struct call *call)
{
	struct session *session = call->session;

	if (!session)
		return true;
	/* No process has more than half of what its user may have. */
	if (session->parked >= quota_share(QUOTA_PARKED, 1) / 2 ||
		!quota_take(session->quota, QUOTA_PARKED, 1))
		return false;
	session->parked++;
	quota_get(session->quota);
	call->quota = session->quota;
	return true;
}

bool
call_keep(struct call *call)
{
	if (!call->parked) {
		if (!call_charge(call))
			return false;
		call->parked = true;
		parked_count++;
	}
	if (call->ready) /* woken before it was filed */
		return true;
	list_remove(&call->link);
	list_append(&parked, &call->link);
	return true;
}

unsigned
call_parked_count(void)
{
	return parked_count;
}

static void
call_let_go(struct call *call)
{
	if (call->let_go)
		call->let_go(call);
	if (call->held)
		file_put(call->held);
	call->held = NULL;
}

static void
call_finish(struct call *call, int status)
{
	call_unpark(call);
	list_remove(&call->link);
	if (call->parked)
		parked_count--;
	if (call->quota) {
		call->session->parked--;
		quota_give(call->quota, QUOTA_PARKED, 1);
		quota_put(call->quota);
	}
	call->status = status;
	call_let_go(call);
	system_answer(call);
	call_destroy(call);
}

/* What was moved counts, else the client hears about it. */
static int
call_given_up(struct call *call, int status)
{
	if (call->done == 0)
		return status;
	call->out[0] = call->done;
	call->out_count = 1;
	return 0;
}

int
call_abandon(struct call *call, int status)
{
	list_remove(&call->link);
	call->ready = false;
	call_let_go(call);
	return call_given_up(call, status);
}

/* The pause after a turn is over: receiving was woken, that is enough. */
static void
pause_end(struct timeout *timeout)
{
	(void)timeout;
}

struct timeout call_turn_pause = {.expire = pause_end};

void
call_turn(struct call *call)
{
	call->ready = true;
	list_remove(&call->link);
	list_append(&call_turns, &call->link);
}

static void
call_run(struct call *call)
{
	int status;

	list_remove(&call->link);
	call->ready = false;
	status = call->cancelled ? call_given_up(call, ERR_INTR)
				 : call->handler(call);
	node_collect();
	if (status == CALL_PARKED)
		(void)call_keep(call);
	else
		call_finish(call, status);
}

void
call_run_all_ready(void)
{
	while (!list_empty(&call_ready))
		call_run(container_of(call_ready.next, struct call, link));
}

void
call_run_turn(void)
{
	uint64_t start = system_ticks(), end;

	if (!list_empty(&call_turns))
		call_run(container_of(call_turns.next, struct call, link));
	call_run_ready();
	end = system_ticks();
	/* Without memory for the pause there is none. */
	if (end > start)
		(void)timeout_arm(&call_turn_pause, end + (end - start));
}

static void
cancel_if_asked(struct call *call)
{
	if (!system_cancelled(call->reply))
		return;
	call->cancelled = true;
	call_wake(&call->first);
}

void
call_cancel(uint64_t badge, uint64_t tag)
{
	struct list *at, *next;
	struct call *call;

	for (at = parked.next; at != &parked; at = next) {
		next = at->next;
		call = container_of(at, struct call, link);
		if (call->badge == badge && call->tag == tag)
			cancel_if_asked(call);
	}
}

void
call_cancel_all(void)
{
	struct list *at, *next;

	for (at = parked.next; at != &parked; at = next) {
		next = at->next;
		cancel_if_asked(container_of(at, struct call, link));
	}
}

/* Move the calls of a process to a list where nothing wakes them. */
static void
call_gather(struct list *from, uint64_t badge, struct list *to)
{
	struct list *at, *next;
	struct call *call;

	for (at = from->next; at != from; at = next) {
		next = at->next;
		call = container_of(at, struct call, link);
		if (call->badge != badge)
			continue;
		call_unpark(call);
		list_remove(&call->link);
		list_append(to, &call->link);
	}
}

void
call_drop(uint64_t badge)
{
	struct list mine = LIST_INIT(mine);

	/* What one lets go may wake others, so they all leave first. */
	call_gather(&parked, badge, &mine);
	call_gather(&call_ready, badge, &mine);
	call_gather(&call_turns, badge, &mine);
	while (!list_empty(&mine))
		call_finish(container_of(list_take(&mine), struct call, link),
			ERR_INTR);
}
