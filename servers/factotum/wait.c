/* SPDX-License-Identifier: MIT */
/*
 * Waiting for children (row F9): which child fits, what is told about it,
 * and who waits.
 */
#include "process.h"

#include <glenda/factotum_server.h>

/* Wait statuses of stopped and continued children, as in every wait. */
#define STATUS_STOPPED(signal) ((signal) << 8 | 0x7f)
#define STATUS_CONTINUED 0xffffu

static bool
selects(const struct wait_query *query, const struct process *child)
{
	switch (query->kind) {
	case 0:
		return true;
	case 1:
		return child->pid == query->id;
	case 2:
		return child->group == query->id;
	}
	return false;
}

static void
tell(const struct process *child, uint32_t status,
	struct factotum_wait_results *results)
{
	struct usage usage;

	process_usage(child, &usage);
	results->pid = child->pid;
	results->status = status;
	results->user_us = ticks_to_us(usage.user);
	results->system_us = ticks_to_us(usage.system);
	results->uid = (uint32_t)(child->credentials >> 32);
	results->faults = usage.faults;
}

/* Who asks for nothing in particular wants ends. */
static bool
wants_ends(const struct wait_query *query)
{
	return query->options & FACTOTUM_WAIT_EXITED ||
		!(query->options &
			(FACTOTUM_WAIT_STOPPED | FACTOTUM_WAIT_CONTINUED));
}

/* Is there news of the child? Telling it uses it up. */
static bool
news(struct process *child, const struct wait_query *query,
	struct factotum_wait_results *results)
{
	bool keep = query->options & FACTOTUM_WAIT_NOWAIT;

	if (child->zombie) {
		tell(child, child->exit_status, results);
		if (!keep)
			process_bury(child);
		return true;
	}
	if (child->stop_unseen && query->options & FACTOTUM_WAIT_STOPPED) {
		tell(child, STATUS_STOPPED(child->stop_signal), results);
		child->stop_unseen = keep;
		return true;
	}
	if (child->continue_unseen &&
		query->options & FACTOTUM_WAIT_CONTINUED) {
		tell(child, STATUS_CONTINUED, results);
		child->continue_unseen = keep;
		return true;
	}
	return false;
}

status_t
wait_try(struct process *parent, const struct wait_query *query,
	struct factotum_wait_results *results)
{
	bool any = false;

	for (struct process *child = parent->children; child;
		child = child->sibling_next) {
		/* Of the dead there is no other news than their end. */
		if (!selects(query, child) ||
			(child->zombie && !wants_ends(query)))
			continue;
		any = true;
		if (news(child, query, results))
			return STATUS_OK;
	}
	return any ? STATUS_NOT_READY : STATUS_NOT_FOUND;
}

static void
wake_one(struct thread *thread)
{
	struct wait_query query = {
		.kind = thread->park.wait_kind,
		.id = thread->park.wait_id,
		.options = thread->park.wait_options,
	};
	struct factotum_wait_results results = {0};
	struct answer answer = {0};
	status_t status = wait_try(thread->process, &query, &results);

	if (status == STATUS_NOT_READY)
		return;
	if (status == STATUS_OK)
		factotum_wait_pack(&results, &answer);
	thread_answer(thread, status, &answer);
}

void
wait_wake(struct process *parent)
{
	for (struct thread *thread = parent->threads; thread;
		thread = thread->next)
		if (thread->park.kind == PARK_WAIT)
			wake_one(thread);
}
