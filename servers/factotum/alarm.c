/* SPDX-License-Identifier: MIT */
/*
 * A binary heap of pointers; each alarm knows its place, so that it can be
 * taken out. The kernel's timer is not reset when the nearest alarm is
 * cancelled: one ring for nothing costs less than a call each time.
 */
#include "alarm.h"

#include "heap.h"

#include <glenda/kernel_calls.h>
#include <string.h>

static struct alarm **heap; /* places 1..count */
static uint32_t count;
static uint32_t capacity;
static uint64_t set_for; /* what the kernel's timer waits for */
static cptr_t kernel_timer;
static cptr_t kernel_signal;

void
alarms_init(cptr_t timer, cptr_t signal)
{
	kernel_timer = timer;
	kernel_signal = signal;
	heap = NULL;
	count = capacity = 0;
	set_for = UINT64_MAX;
}

static void
put(struct alarm *alarm, uint32_t place)
{
	heap[place] = alarm;
	alarm->place = place;
}

static void
sift_up(struct alarm *alarm, uint32_t place)
{
	while (place > 1 && heap[place / 2]->deadline > alarm->deadline) {
		put(heap[place / 2], place);
		place /= 2;
	}
	put(alarm, place);
}

static void
sift_down(struct alarm *alarm, uint32_t place)
{
	for (;;) {
		uint32_t child = 2 * place;

		if (child > count)
			break;
		if (child < count &&
			heap[child + 1]->deadline < heap[child]->deadline)
			child++;
		if (heap[child]->deadline >= alarm->deadline)
			break;
		put(heap[child], place);
		place = child;
	}
	put(alarm, place);
}

static bool
make_room(void)
{
	uint32_t more = capacity ? capacity * 2 : 64;
	struct alarm **larger;

	if (count + 1 < capacity)
		return true;
	larger = heap_alloc(more * sizeof(*larger));
	if (!larger)
		return false;
	if (capacity)
		memcpy(larger, heap, capacity * sizeof(*heap));
	heap_free(heap, capacity * sizeof(*heap));
	heap = larger;
	capacity = more;
	return true;
}

/* Have the kernel ring for the nearest deadline, if that is news. */
static void
arm(void)
{
	if (count == 0 || heap[1]->deadline >= set_for)
		return;
	set_for = heap[1]->deadline;
	timer_set(kernel_timer, set_for, kernel_signal);
}

status_t
alarm_set(struct alarm *alarm, uint64_t deadline,
	void (*expired)(struct alarm *alarm))
{
	alarm_cancel(alarm);
	if (!make_room())
		return STATUS_NO_MEMORY;
	alarm->deadline = deadline;
	alarm->expired = expired;
	sift_up(alarm, ++count);
	arm();
	return STATUS_OK;
}

void
alarm_cancel(struct alarm *alarm)
{
	uint32_t place = alarm->place;
	struct alarm *last;

	if (place == 0)
		return;
	alarm->place = 0;
	last = heap[count--];
	if (last == alarm)
		return;
	if (place > 1 && heap[place / 2]->deadline > last->deadline)
		sift_up(last, place);
	else
		sift_down(last, place);
}

void
alarms_run(uint64_t now)
{
	if (now >= set_for)
		set_for = UINT64_MAX;
	while (count > 0 && heap[1]->deadline <= now) {
		struct alarm *alarm = heap[1];

		alarm_cancel(alarm);
		alarm->expired(alarm);
	}
	arm();
}

unsigned
alarms_count(void)
{
	return count;
}
