/* SPDX-License-Identifier: MIT */
/*
 * Two walks over all processes: count, then write.
 */
#include "ps.h"

#include "heap.h"
#include "memory.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>
#include <glenda/records.h>
#include <string.h>

struct snapshot {
	const struct process *root;
	bool all;
	uint32_t processes;
	uint32_t threads;
	struct object *object;
	uint64_t next_process; /* byte offsets */
	uint64_t next_thread;
	status_t status;
};

static bool
visible(const struct snapshot *snapshot, const struct process *process)
{
	if (snapshot->all)
		return true;
	for (; process; process = process->parent)
		if (process == snapshot->root)
			return true;
	return false;
}

static void
count(struct snapshot *snapshot)
{
	for (struct process *process = processes_first(); process;
		process = process->next) {
		if (!visible(snapshot, process))
			continue;
		snapshot->processes++;
		for (struct thread *thread = process->threads; thread;
			thread = thread->next)
			snapshot->threads += !thread->ended;
	}
}

static uint64_t
space_bytes(const struct space *space)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; space && i < space->count; i++)
		bytes += space->areas[i].end - space->areas[i].start;
	return bytes;
}

static void
append(struct snapshot *snapshot, uint64_t *offset, const void *record,
	size_t length)
{
	if (snapshot->status >= 0)
		snapshot->status =
			object_write(snapshot->object, *offset, record, length);
	*offset += length;
}

static void
write_thread(struct snapshot *snapshot, const struct thread *thread)
{
	struct ps_thread record = {
		.tid = thread->tid,
		.pid = thread->process->pid,
		.waits = thread->park.kind,
	};
	uint64_t state = 0;

	if (thread->tcb)
		tcb_info(thread->tcb, &state, &record.user, &record.system,
			&record.voluntary, &record.involuntary, NULL,
			&record.scheduled);
	record.state = (uint32_t)state;
	memcpy(record.name, thread->name, sizeof(record.name));
	append(snapshot, &snapshot->next_thread, &record, sizeof(record));
}

static void
write_process(struct snapshot *snapshot, const struct process *process)
{
	struct ps_process record = {
		.pid = process->pid,
		.ppid = process->parent ? process->parent->pid : 0,
		.group = process->group,
		.session = process->session,
		.puid = process->puid,
		.credentials = process->credentials,
		.state = process->state,
		.detail = process->detail,
		.threads = process->thread_count,
		.execs = process->execs,
		.flags = process->is_linux,
		.priority = process->priority,
		.size = space_bytes(process->space),
		.started = process->started,
	};
	uint32_t length = process->command_length < PS_COMMAND_BYTES
		? process->command_length
		: PS_COMMAND_BYTES - 1;
	struct usage usage;

	process_usage(process, &usage);
	record.user = usage.user;
	record.system = usage.system;
	record.faults = usage.faults;
	if (process->space)
		record.resident = process->space->own.resident * PAGE_SIZE;
	memcpy(record.name, process->name, sizeof(record.name));
	if (length)
		memcpy(record.command, process->command, length);
	append(snapshot, &snapshot->next_process, &record, sizeof(record));
	for (struct thread *thread = process->threads; thread;
		thread = thread->next)
		if (!thread->ended)
			write_thread(snapshot, thread);
}

static void
write_all(struct snapshot *snapshot)
{
	struct ps_header header = {
		.magic = PS_MAGIC,
		.process_count = snapshot->processes,
		.thread_count = snapshot->threads,
		.process_bytes = sizeof(struct ps_process),
		.threads = snapshot->next_thread,
		.ticks = clock_ticks(),
		.frequency = own.frequency,
		.started = own.started,
		.memory_total = memory_total(),
		.memory_free = memory_total() - memory_used(),
	};
	uint64_t start = 0;

	append(snapshot, &start, &header, sizeof(header));
	for (struct process *process = processes_first(); process;
		process = process->next)
		if (visible(snapshot, process))
			write_process(snapshot, process);
}

status_t
ps_snapshot(struct process *who, bool all, struct object **object)
{
	struct snapshot snapshot = {.root = who, .all = all};

	count(&snapshot);
	snapshot.next_process = sizeof(struct ps_header);
	snapshot.next_thread = snapshot.next_process +
		snapshot.processes * sizeof(struct ps_process);
	snapshot.object = object_create(who,
		snapshot.next_thread +
			snapshot.threads * sizeof(struct ps_thread));
	if (!snapshot.object)
		return STATUS_NO_MEMORY;
	write_all(&snapshot);
	if (snapshot.status < 0) {
		object_release(snapshot.object);
		return snapshot.status;
	}
	snapshot.object->rights = FACTOTUM_PROT_READ;
	*object = snapshot.object;
	return STATUS_OK;
}
