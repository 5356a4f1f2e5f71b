/* SPDX-License-Identifier: MIT */
/*
 * Deadlines: a binary heap over timeouts, each of which knows its place so
 * that it can leave.  One alarm of the system stands for the first of them.
 * Invariant: no parent is later than its children.
 */
#include "call.h"

#include <stdlib.h>

#include "system.h"

static struct timeout **heap;
static uint32_t heap_count;
static uint32_t heap_room;
static uint64_t alarm_set;

static void
place(struct timeout *timeout, uint32_t at)
{
	heap[at] = timeout;
	timeout->position = at;
}

static void
sift_up(uint32_t at)
{
	struct timeout *timeout = heap[at];
	uint32_t parent;

	while (at > 0) {
		parent = (at - 1) / 2;
		if (heap[parent]->deadline <= timeout->deadline)
			break;
		place(heap[parent], at);
		at = parent;
	}
	place(timeout, at);
}

static void
sift_down(uint32_t at)
{
	struct timeout *timeout = heap[at];
	uint32_t child;

	while ((child = 2 * at + 1) < heap_count) {
		if (child + 1 < heap_count &&
			heap[child + 1]->deadline < heap[child]->deadline)
			child++;
		if (timeout->deadline <= heap[child]->deadline)
			break;
		place(heap[child], at);
		at = child;
	}
	place(timeout, at);
}

static void
alarm_update(void)
{
	uint64_t first = heap_count ? heap[0]->deadline : 0;

	/* An alarm that rings too early does no harm. */
	if (first == 0 || (alarm_set != 0 && alarm_set <= first))
		return;
	alarm_set = first;
	system_alarm(first);
}

void
timeout_disarm(struct timeout *timeout)
{
	struct timeout *last;
	uint32_t at = timeout->position;

	if (timeout->deadline == 0)
		return;
	timeout->deadline = 0;
	last = heap[--heap_count];
	if (last == timeout)
		return;
	place(last, at);
	sift_up(at);
	sift_down(last->position);
}

status_t
timeout_arm(struct timeout *timeout, uint64_t deadline)
{
	struct timeout **wider;

	timeout_disarm(timeout);
	if (heap_count == heap_room) {
		wider = realloc(heap, (heap_room * 2 + 16) * sizeof(*heap));
		if (!wider)
			return ERR_NOMEM;
		heap = wider;
		heap_room = heap_room * 2 + 16;
	}
	timeout->deadline = deadline ? deadline : 1;
	place(timeout, heap_count++);
	sift_up(timeout->position);
	alarm_update();
	return 0;
}

void
timeout_run(void)
{
	struct timeout *timeout;
	uint64_t now = system_ticks();

	alarm_set = 0;
	while (heap_count > 0 && heap[0]->deadline <= now) {
		timeout = heap[0];
		timeout_disarm(timeout);
		timeout->expire(timeout);
	}
	alarm_update();
}
