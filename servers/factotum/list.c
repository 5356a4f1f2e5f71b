/* SPDX-License-Identifier: MIT */
/*
 * The list of processes with the ready queues (row Y9), printed whenever one
 * that was spawned with DEBUG changes its state.
 */
#include "process.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>
#include <stdio.h>

#define STATE_READY 1 /* of TCB.info */
#define PRIORITIES 256

static const char *
state_name(const struct process *process)
{
	switch (process->state) {
	case FACTOTUM_STATE_CREATED:
		return "created";
	case FACTOTUM_STATE_RUNNING:
		return "running";
	case FACTOTUM_STATE_STOPPED:
		return "stopped";
	case FACTOTUM_STATE_FAULTED:
		return "faulted";
	case FACTOTUM_STATE_FAILED:
		return "failed";
	}
	return "exited";
}

static bool
is_ready(const struct thread *thread)
{
	uint64_t state = 0;

	return !thread->ended && thread->tcb &&
		tcb_info(thread->tcb, &state, NULL, NULL, NULL, NULL, NULL,
			NULL) >= 0 &&
		state == STATE_READY;
}

static void
print_queue(uint32_t priority)
{
	unsigned found = 0;

	for (const struct process *process = processes_first(); process;
		process = process->next) {
		if (process->priority != priority)
			continue;
		for (const struct thread *thread = process->threads; thread;
			thread = thread->next) {
			if (!is_ready(thread))
				continue;
			if (found++ == 0)
				printf("trace:   ready at %u:",
					(unsigned)priority);
			printf(" %u", (unsigned)thread->tid);
		}
	}
	if (found)
		printf("\n");
}

void
process_trace(const struct process *changed)
{
	if (!changed->debug)
		return;
	printf("trace: process %u is %s\n", (unsigned)changed->pid,
		state_name(changed));
	for (const struct process *process = processes_first(); process;
		process = process->next)
		printf("trace:   %u of %u %s %s\n", (unsigned)process->pid,
			process->parent ? (unsigned)process->parent->pid : 0,
			state_name(process), process->name);
	for (uint32_t priority = PRIORITIES; priority-- > 0;)
		print_queue(priority);
}
