/* SPDX-License-Identifier: MIT */
/*
 * fork: a child that is its parent but for its number. The calling thread
 * alone is copied, at its very call, whose answer in the child is pid 0.
 */
#include "fork.h"

#include "broker.h"
#include "heap.h"
#include "limits.h"
#include "signals.h"

#include <glenda/factotum_server.h>
#include <glenda/kernel_calls.h>
#include <glenda/utcb.h>
#include <string.h>

#define UTCB_HINT (offsetof(struct utcb, user) + 16)

static status_t
copy_record(struct process *child, const struct process *parent)
{
	child->is_linux = parent->is_linux;
	child->attached = parent->attached;
	child->debug = parent->debug;
	child->redirect = parent->redirect;
	child->process_page = parent->process_page;
	child->execs = parent->execs;
	child->policy = parent->policy;
	child->priority = parent->priority;
	child->slice_us = parent->slice_us;
	child->entry = parent->entry;
	memcpy(child->utcbs, parent->utcbs, sizeof(child->utcbs));
	memcpy(child->name, parent->name, sizeof(child->name));
	child->image = parent->image;
	if (child->image)
		object_use(child->image);
	return process_set_command(
		child, parent->command, parent->command_length);
}

/* Signals that are pending for the parent are not the child's. */
static void
clear_hint(struct process *child, vaddr_t utcb)
{
	const uint64_t none = 0;

	space_write(child->space, utcb + UTCB_HINT, &none, sizeof(none));
}

static status_t
make_space(struct process *child, const struct thread *caller,
	const struct factotum_fork_args *args)
{
	struct process *parent = caller->process;
	const struct kept kept = {
		.utcb = caller->utcb,
		.stack = args->stack,
		.process_page = parent->process_page,
	};

	if (args->flags & FACTOTUM_FORK_VM) {
		child->space = parent->space;
		space_hold(child->space);
		return STATUS_OK;
	}
	child->space = space_clone(parent->space, &kept);
	return child->space ? STATUS_OK : STATUS_NO_MEMORY;
}

static status_t
make_thread(struct process *child, struct thread *caller,
	const struct factotum_fork_args *args)
{
	bool same = args->flags & FACTOTUM_FORK_VM;
	vaddr_t utcb = same ? args->utcb : caller->utcb;
	struct thread *thread = thread_make(child, child->pid);
	status_t status;

	if (!thread)
		return STATUS_NO_MEMORY;
	status = thread_configure(thread, utcb);
	if (status < 0)
		return status;
	clear_hint(child, utcb);
	memcpy(thread->name, caller->name, sizeof(thread->name));
	if (same) {
		const struct thread_start start = {
			.entry = args->entry,
			.stack = args->stack,
			.argument = args->arg,
			.tls = utcb,
		};

		return thread_run(thread, &start);
	}
	process_show_parent(child);
	status = tcb_copy_context(thread->tcb, caller->tcb, 0);
	return status < 0 ? status : tcb_resume(thread->tcb);
}

static status_t
build(struct process *child, struct thread *caller,
	const struct factotum_fork_args *args)
{
	struct process *parent = caller->process;
	status_t status = copy_record(child, parent);

	if (status >= 0)
		status = make_space(child, caller, args);
	if (status >= 0)
		status = process_make_cnode(child, parent->cnode_bits);
	if (status >= 0)
		status = broker_inherit(child, parent);
	if (status < 0)
		return status;
	if (child->is_linux)
		broker_fill_linux(child);
	return make_thread(child, caller, args);
}

/* As many as the caller's user may have already? Natives are not counted. */
static bool
too_many(const struct process *parent)
{
	uint64_t limit = parent->limits[LIMIT_PROCESSES].soft;
	uint64_t count = 0;

	if (!parent->is_linux || processes_count() < limit)
		return false;
	for (const struct process *other = processes_first(); other;
		other = other->next)
		count += other->is_linux &&
			(other->credentials >> 32) ==
				(parent->credentials >> 32);
	return count >= limit;
}

status_t
fork_process(struct thread *caller, const struct factotum_fork_args *args,
	struct process **child)
{
	struct process *parent = caller->process;
	bool same_parent = args->flags & FACTOTUM_FORK_SAME_PARENT;
	struct process *process;
	status_t status;

	if (args->signal > SIGNAL_MAX)
		return STATUS_INVALID_ARGUMENT;
	if (too_many(parent))
		return STATUS_LIMIT;
	process = process_make(
		same_parent && parent->parent ? parent->parent : parent,
		parent);
	if (!process)
		return STATUS_LIMIT;
	status = build(process, caller, args);
	if (status < 0) {
		process_unmake(process);
		return status;
	}
	/* commit: cannot fail */
	/* A supervisor does not wait for what it did not start. */
	process->orphan =
		process->parent != parent && !process->parent->is_linux;
	process->state = FACTOTUM_STATE_RUNNING;
	/* What a sibling's end sends was agreed with its parent, not with it.
	 */
	process->death_signal =
		same_parent ? parent->death_signal : args->signal;
	if (args->flags & FACTOTUM_FORK_VFORK)
		process->vfork_parent = parent->puid;
	*child = process;
	return STATUS_OK;
}
