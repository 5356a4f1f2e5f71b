/* SPDX-License-Identifier: MIT */
/* Factotum's snapshot of processes. */
#include "snapshot.h"

#include <glenda/factotum.h>
#include <stdlib.h>

#include "system.h"

enum { FRESH_PER_SECOND = 50 };

static struct ps_header *cached;
static uint64_t kept_until; /* clock; 0: not kept */

/* The counts in it must stay within it. */
static bool
sound(const struct ps_header *header, size_t size)
{
	return size >= sizeof(*header) && header->magic == PS_MAGIC &&
		header->process_bytes >= sizeof(struct ps_process) &&
		header->process_count <=
		(size - sizeof(*header)) / header->process_bytes &&
		header->threads <= size &&
		header->thread_count <=
		(size - header->threads) / sizeof(struct ps_thread);
}

static const struct ps_header *
take_fresh(void)
{
	size_t size;
	void *fresh;

	kept_until = 0;
	if (system_processes(&fresh, &size) < 0)
		return NULL;
	if (!sound(fresh, size)) {
		free(fresh);
		return NULL;
	}
	free(cached);
	cached = fresh;
	return cached;
}

const struct ps_header *
snapshot_get(void)
{
	if (cached && system_ticks() < kept_until)
		return cached;
	return take_fresh();
}

const struct ps_header *
snapshot_scan(void)
{
	const struct ps_header *header = take_fresh();

	kept_until = system_ticks() + system_frequency() / FRESH_PER_SECOND;
	return header;
}

const struct ps_process *
snapshot_at(const struct ps_header *header, uint32_t index)
{
	const char *first = (const char *)(header + 1);

	return (const void *)(first + (size_t)index * header->process_bytes);
}

static const struct ps_process *
process_find(const struct ps_header *header, uint32_t pid)
{
	const struct ps_process *process;
	uint32_t i;

	for (i = 0; header && i < header->process_count; i++) {
		process = snapshot_at(header, i);
		if (process->pid == pid)
			return process;
	}
	return NULL;
}

const struct ps_process *
snapshot_process(const struct ps_header **header, uint32_t pid)
{
	const struct ps_process *process;

	*header = snapshot_get();
	process = process_find(*header, pid);
	if (process || kept_until == 0)
		return process;
	*header = take_fresh();
	return process_find(*header, pid);
}

const struct ps_thread *
snapshot_thread_at(const struct ps_header *header, uint32_t index)
{
	const char *first = (const char *)header + header->threads;

	return (const struct ps_thread *)(const void *)first + index;
}

const struct ps_thread *
snapshot_thread(const struct ps_header *header, uint32_t pid, uint32_t tid)
{
	const struct ps_thread *thread;
	uint32_t i;

	for (i = 0; header && i < header->thread_count; i++) {
		thread = snapshot_thread_at(header, i);
		if (thread->pid == pid && thread->tid == tid)
			return thread;
	}
	return NULL;
}

const char *
snapshot_name(const struct ps_header *header, const struct ps_process *process)
{
	const struct ps_thread *first =
		snapshot_thread(header, process->pid, process->pid);

	return first && first->name[0] ? first->name : process->name;
}

enum { THREAD_READY = 1, THREAD_RUNNING = 2 };

char
snapshot_state(const struct ps_header *header, const struct ps_process *process)
{
	const struct ps_thread *thread;
	uint32_t i;

	switch (process->state) {
	case FACTOTUM_STATE_EXITED:
	case FACTOTUM_STATE_FAULTED:
	case FACTOTUM_STATE_FAILED:
		return 'Z';
	case FACTOTUM_STATE_STOPPED:
		return 'T';
	default:
		break;
	}
	for (i = 0; i < header->thread_count; i++) {
		thread = snapshot_thread_at(header, i);
		if (thread->pid == process->pid &&
			(thread->state == THREAD_READY ||
				thread->state == THREAD_RUNNING))
			return 'R';
	}
	return 'S';
}
