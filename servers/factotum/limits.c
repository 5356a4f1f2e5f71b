/* SPDX-License-Identifier: MIT */
/*
 * Time is watched by an alarm after what is left of it: nobody uses time
 * faster than it passes, but for threads that run side by side. Memory is
 * summed up when a limit was set, and at no other time.
 */
#include "limits.h"

#include "load.h"
#include "signals.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>

#define CODE_KERNEL 0x80
/* How late a limit of time may be noticed: ticks are one in this many. */
#define CHECKS_PER_SECOND 250

static uint64_t
seconds(uint64_t count)
{
	return count > UINT64_MAX / own.frequency ? UINT64_MAX
						  : count * own.frequency;
}

static void time_over(struct alarm *alarm);

static status_t
arm(struct process *process, uint64_t used)
{
	const struct limit *limit = &process->limits[LIMIT_CPU];
	uint64_t due =
		seconds(limit->soft < limit->hard ? limit->soft : limit->hard);
	uint64_t left = due > used ? due - used : 0;
	uint64_t least = own.frequency / CHECKS_PER_SECOND;

	alarm_cancel(&process->time_alarm);
	if (due == UINT64_MAX)
		return STATUS_OK;
	return alarm_set(&process->time_alarm,
		clock_ticks() + (left < least ? least : left), time_over);
}

static uint64_t
time_used(const struct process *process)
{
	struct usage usage;

	process_usage(process, &usage);
	return usage.user + usage.system;
}

static void
time_over(struct alarm *alarm)
{
	struct process *process = HOLDER(alarm, struct process, time_alarm);
	struct limit *limit = &process->limits[LIMIT_CPU];
	struct signal_info info = {.info = CODE_KERNEL};
	uint64_t used = time_used(process);

	if (used >= seconds(limit->hard)) {
		info.signal = SIGNAL_KILL;
	} else if (used >= seconds(limit->soft)) {
		/* Another warning each second until the hard one. */
		limit->soft = used / own.frequency + 1;
		info.signal = SIGNAL_TIME;
	}
	arm(process, used);
	if (info.signal)
		signal_post(process, &info);
}

status_t
limits_watch(struct process *process)
{
	return arm(process, time_used(process));
}

status_t
limit_set(struct process *process, uint32_t resource, uint64_t soft,
	uint64_t hard)
{
	struct limit *limit = &process->limits[resource];
	struct limit old;
	status_t status = STATUS_OK;

	if (resource >= LIMIT_COUNT || soft > hard)
		return STATUS_INVALID_ARGUMENT;
	if (hard > limit->hard && process->credentials != 0)
		return STATUS_FORBIDDEN;
	if (resource == LIMIT_REAL_TIME && soft != LIMIT_NONE)
		return STATUS_FORBIDDEN;
	old = *limit;
	*limit = (struct limit){soft, hard};
	if (resource == LIMIT_CPU)
		status = limits_watch(process);
	if (status < 0)
		*limit = old;
	return status;
}

bool
limits_is_data(uint32_t flags, uint32_t prot)
{
	return prot & FACTOTUM_PROT_WRITE &&
		!(flags & (FACTOTUM_MAP_SHARED | FACTOTUM_MAP_STACK));
}

/* A stack counts as far as it has grown. */
static uint64_t
stack_bytes(const struct space *space, const struct area *area)
{
	uint64_t first = area->start >> PAGE_SHIFT;
	uint64_t end = area->end >> PAGE_SHIFT;
	frame_t frame;

	return pages_next(&space->own, &first, end, &frame)
		? (end - first) * PAGE_SIZE
		: 0;
}

static void
sum_up(const struct space *space, uint64_t *bytes, uint64_t *data)
{
	*bytes = *data = 0;
	for (uint32_t i = 0; i < space->count; i++) {
		const struct area *area = &space->areas[i];
		uint64_t length = area->end - area->start;

		/* The shim is ours, not the program's. */
		if (area->flags & FACTOTUM_MAP_SHIM && area->start >= LINE_KITS)
			continue;
		if (area->flags & FACTOTUM_MAP_STACK)
			length = stack_bytes(space, area);
		*bytes += length;
		if (limits_is_data(area->flags, area->prot))
			*data += length;
	}
}

static bool
exceeds(const struct limit *limit, uint64_t have, uint64_t more)
{
	return have > limit->soft || more > limit->soft - have;
}

bool
limits_allow(const struct process *process, const struct space *space,
	uint64_t bytes, uint64_t data)
{
	const struct limit *whole = &process->limits[LIMIT_SPACE];
	const struct limit *private = &process->limits[LIMIT_DATA];
	uint64_t have, have_data;

	if (whole->soft == LIMIT_NONE && private->soft == LIMIT_NONE)
		return true;
	sum_up(space, &have, &have_data);
	return !(bytes && exceeds(whole, have, bytes)) &&
		!(data && exceeds(private, have_data, data));
}

bool
limits_allow_protect(
	const struct process *process, vaddr_t start, vaddr_t end, uint8_t prot)
{
	const struct space *space = process->space;
	uint64_t data = 0;

	if (process->limits[LIMIT_DATA].soft == LIMIT_NONE ||
		!(prot & FACTOTUM_PROT_WRITE))
		return true;
	for (uint32_t i = area_search(space, start);
		i < space->count && space->areas[i].start < end; i++) {
		const struct area *area = &space->areas[i];
		vaddr_t from = area->start > start ? area->start : start;
		vaddr_t to = area->end < end ? area->end : end;

		if (!limits_is_data(area->flags, area->prot) &&
			limits_is_data(area->flags, prot))
			data += to - from;
	}
	return limits_allow(process, space, 0, data);
}
