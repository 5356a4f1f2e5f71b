/* SPDX-License-Identifier: MIT */
/*
 * Messages that tell: snapshots, times, maps, limits.
 */
#include "handlers.h"
#include "heap.h"
#include "ids.h"
#include "limits.h"
#include "memory.h"
#include "ps.h"
#include "slots.h"

#include <glenda/kernel_calls.h>
#include <glenda/records.h>
#include <glenda/server.h>

/* The process that `pid` names: 0 the caller, others with INSPECT. */
static status_t
subject(const struct who *who, uint32_t pid, struct process **process)
{
	*process = who->process;
	if (pid == 0 || pid == who->process->pid)
		return STATUS_OK;
	if (!(who->rights & FACTOTUM_MANAGER_RIGHT_INSPECT))
		return STATUS_FORBIDDEN;
	*process = pid < 65536 ? process_by_pid(pid) : NULL;
	return *process ? STATUS_OK : STATUS_NOT_FOUND;
}

SERVE_OUT(who_is_process, ps)
{
	struct object *object;
	bool all;
	status_t status;

	all = who->rights & FACTOTUM_MANAGER_RIGHT_INSPECT;
	status = ps_snapshot(who->process, all, &object);
	if (status < 0)
		return status;
	status = send_object(object, FACTOTUM_PROT_READ, &results->object);
	if (status < 0)
		object_release(object);
	else
		results->size = object->size;
	return status;
}

SERVE_BOTH(who_is_process, usage)
{
	struct usage usage = {0};

	if (args->who > 2)
		return STATUS_INVALID_ARGUMENT;
	if (args->who == 0)
		process_usage(who->process, &usage);
	else if (args->who == 1)
		usage = who->process->children_usage;
	else if (who->thread->tcb)
		tcb_info(who->thread->tcb, NULL, &usage.user, &usage.system,
			&usage.voluntary, &usage.involuntary, &usage.faults,
			NULL);
	results->user_us = ticks_to_us(usage.user);
	results->system_us = ticks_to_us(usage.system);
	results->faults = usage.faults;
	results->voluntary = usage.voluntary;
	results->involuntary = usage.involuntary;
	results->max_rss_kib = usage.max_pages * (PAGE_SIZE / 1024);
	return STATUS_OK;
}

/* What nobody used since the start. */
static uint64_t
idle_time(void)
{
	uint64_t passed = clock_ticks() - own.started;
	uint64_t user = 0, system = 0, busy;

	tcb_info(own.tcb, NULL, &user, &system, NULL, NULL, NULL, NULL);
	busy = user + system;
	for (const struct process *process = processes_first(); process;
		process = process->next) {
		struct usage usage;

		process_usage(process, &usage);
		busy += usage.user + usage.system +
			process->children_usage.user +
			process->children_usage.system;
	}
	return busy < passed ? passed - busy : 0;
}

SERVE_OUT(who_is_process, system_info)
{
	/* What dead processes left behind is free in all but name. */
	while (spaces_reap() || spaces_cool())
		continue;
	results->total = memory_total();
	results->free = memory_total() - memory_used();
	results->processes = processes_count();
	results->frequency = own.frequency;
	results->idle = idle_time();
	results->free_slots = slots_left();
	results->free_pids = ids_left();
	return STATUS_OK;
}

static void
describe(const struct space *space, const struct area *area,
	struct map_entry *entry)
{
	uint64_t number = area->start >> PAGE_SHIFT;
	frame_t frame;

	*entry = (struct map_entry){
		.start = area->start,
		.end = area->end,
		.offset = area->offset,
		.object = area->object ? area->object->serial : 0,
		.prot = area->prot,
		.flags = area->flags,
	};
	for (; pages_next(
		     &space->own, &number, area->end >> PAGE_SHIFT, &frame);
		number++)
		entry->resident += PAGE_SIZE;
}

SERVE_BOTH(who_is_process, maps)
{
	uint32_t room =
		(uint32_t)(args->entries_len / sizeof(struct map_entry));
	struct map_entry entry;
	struct process *process;
	const struct space *space;
	status_t status = subject(who, args->pid, &process);

	if (status < 0)
		return status;
	space = process->space;
	if (!space || args->from >= space->count)
		return STATUS_OK;
	for (uint32_t i = args->from; i < space->count && results->count < room;
		i++) {
		describe(space, &space->areas[i], &entry);
		status = lease_write(request->reply,
			FACTOTUM_MAPS_LEASE_ENTRIES,
			results->count * sizeof(entry), &entry, sizeof(entry));
		if (status < 0)
			return status;
		results->count++;
	}
	return STATUS_OK;
}

SERVE_BOTH(who_is_process, command_line)
{
	struct process *process;
	uint64_t length;
	status_t status = subject(who, args->pid, &process);

	if (status < 0)
		return status;
	length = process->command_length < args->text_len
		? process->command_length
		: args->text_len;
	if (length)
		status = lease_write(request->reply,
			FACTOTUM_COMMAND_LINE_LEASE_TEXT, 0, process->command,
			length);
	results->length = length;
	return status < 0 ? status : STATUS_OK;
}

SERVE_IN(who_is_process, set_limit)
{
	return limit_set(who->process, args->resource, args->soft, args->hard);
}

SERVE_BOTH(who_is_process, get_limit)
{
	if (args->resource >= LIMIT_COUNT)
		return STATUS_INVALID_ARGUMENT;
	results->soft = who->process->limits[args->resource].soft;
	results->hard = who->process->limits[args->resource].hard;
	return STATUS_OK;
}
