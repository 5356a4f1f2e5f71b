/* SPDX-License-Identifier: MIT */
/*
 * Messages about threads, futexes and sleep.
 */
#include "futex.h"
#include "handlers.h"
#include "ids.h"
#include "load.h"

#include <glenda/kernel_calls.h>

#define DETACHED 1u

static status_t
make(struct process *process, const struct factotum_thread_create_args *args,
	uint32_t tid, struct thread **made)
{
	const struct thread_start start = {
		.entry = args->entry,
		.stack = args->stack,
		.argument = args->arg,
		.tls = args->tls,
	};
	struct thread *thread = thread_make(process, tid);
	vaddr_t utcb = args->utcb;
	status_t status;

	if (!thread)
		return STATUS_NO_MEMORY;
	*made = thread;
	thread->detached = args->flags & DETACHED;
	if (!utcb && !process->is_linux)
		utcb = utcb_take(process);
	if (!utcb)
		return STATUS_INVALID_ARGUMENT;
	status = thread_configure(thread, utcb);
	if (status < 0) {
		utcb_give(process, utcb);
		return status;
	}
	/*
	 * The thread may be gone before its maker hears of it. Where the number
	 * cannot be written nobody reads it, either: as Linux, go on.
	 */
	if (args->tid_at)
		space_write(process->space, args->tid_at, &tid, 4);
	return thread_run(thread, &start);
}

/* The process that gets the thread: the caller, or one whose handle it has. */
static status_t
process_for_thread(const struct request *request, struct process **process)
{
	struct who who;
	status_t status = who_has_handle(request, &who);

	if (status >= 0) {
		*process = who.target;
		return who.target->state == FACTOTUM_STATE_CREATED ? STATUS_BUSY
								   : STATUS_OK;
	}
	if (status == STATUS_INVALID_CAP)
		status = who_is_process(request, &who);
	*process = who.process;
	return status;
}

HANDLER_BOTH(thread_create)
{
	struct thread *thread = NULL;
	struct process *process;
	uint32_t tid;
	status_t status = process_for_thread(request, &process);

	(void)context;
	if (status < 0)
		return status;
	if (args->flags & ~DETACHED || !process->space)
		return STATUS_INVALID_ARGUMENT;
	tid = id_take();
	if (!tid)
		return STATUS_LIMIT;
	status = make(process, args, tid, &thread);
	if (status < 0) {
		if (thread) {
			thread_end(thread, 0);
			thread_forget(thread);
		} else {
			id_give(tid);
		}
		return status;
	}
	results->tid = tid;
	return STATUS_OK;
}

/* Those who wait for the end of a thread. */
static bool
answer_joiners(struct thread *ended)
{
	struct factotum_thread_join_results results = {
		.status = ended->exit_status,
	};
	bool joined = false;

	for (struct thread *thread = ended->process->threads; thread;
		thread = thread->next) {
		struct answer answer = {0};

		if (thread->park.kind != PARK_JOIN ||
			thread->park.id != ended->tid)
			continue;
		factotum_thread_join_pack(&results, &answer);
		thread_answer(thread, STATUS_OK, &answer);
		joined = true;
	}
	return joined;
}

SERVE_IN(who_is_process, thread_exit)
{
	struct process *process;
	struct thread *thread;

	process = who->process;
	thread = who->thread;
	if (process->pid <= PID_FACTOTUM)
		return STATUS_FORBIDDEN;
	if (process->thread_count == 1) {
		process->detail = args->status;
		/* A space may outlive the process (CLONE_VM). */
		if (args->clear)
			futex_clear(process->space, args->clear);
		process_end(process, FACTOTUM_STATE_EXITED, args->status);
		return STATUS_OK;
	}
	utcb_give(process, thread->utcb);
	thread_end(thread, args->status);
	if (args->clear)
		futex_clear(process->space, args->clear);
	if (answer_joiners(thread) || thread->detached)
		thread_forget(thread);
	return STATUS_OK;
}

SERVE_BOTH(who_is_process, thread_join)
{
	struct thread *thread;
	status_t status;

	thread = id_thread(args->tid);
	if (!thread || thread->process != who->process || thread->detached)
		return STATUS_NOT_FOUND;
	if (thread == who->thread)
		return STATUS_INVALID_ARGUMENT;
	if (thread->ended) {
		results->status = thread->exit_status;
		thread_forget(thread);
		return STATUS_OK;
	}
	status = thread_park(who->thread, request, PARK_JOIN);
	if (status < 0)
		return status;
	who->thread->park.id = args->tid;
	return SERVER_PARKED;
}

static void
futex_expired(struct alarm *alarm)
{
	thread_answer(
		HOLDER(alarm, struct thread, alarm), STATUS_TIMED_OUT, NULL);
}

static status_t
futex_sleep(struct thread *thread, struct request *request,
	const struct futex_key *key,
	const struct factotum_futex_wait_args *args)
{
	status_t status = thread_park(thread, request, PARK_FUTEX);

	if (status < 0)
		return status;
	thread->park.key = *key;
	thread->park.bits = args->bits;
	futex_enqueue(thread);
	if (args->deadline &&
		alarm_set(&thread->alarm, args->deadline, futex_expired) < 0)
		thread_answer(thread, STATUS_NO_MEMORY, NULL);
	return SERVER_PARKED;
}

SERVE_IN(who_is_process, futex_wait)
{
	struct futex_key key;
	uint32_t value;
	status_t status;

	if (!who->process->space || !args->bits)
		return STATUS_INVALID_ARGUMENT;
	status = futex_find(who->process->space, args->addr, args->flags, &key);
	if (status >= 0)
		status = futex_load(who->process->space, args->addr, &value);
	if (status < 0)
		return status;
	if (value != args->val)
		return STATUS_MISMATCH;
	return futex_sleep(who->thread, request, &key, args);
}

SERVE_BOTH(who_is_process, futex_wake)
{
	struct futex_key key;
	status_t status;

	if (!who->process->space)
		return STATUS_INVALID_ARGUMENT;
	status = futex_find(who->process->space, args->addr, args->flags, &key);
	if (status < 0)
		return status;
	results->woken = futex_wake(&key, args->count, args->bits);
	return STATUS_OK;
}

SERVE_BOTH(who_is_process, futex_requeue)
{
	struct futex_key from, to;
	uint32_t value;
	struct space *space;
	status_t status;

	space = who->process->space;
	if (!space)
		return STATUS_INVALID_ARGUMENT;
	status = futex_find(space, args->addr, args->flags, &from);
	if (status >= 0)
		status = futex_find(space, args->addr2, args->flags, &to);
	if (status >= 0 && args->flags & FUTEX_COMPARE)
		status = futex_load(space, args->addr, &value);
	if (status < 0)
		return status;
	if (args->flags & FUTEX_COMPARE && value != args->val)
		return STATUS_MISMATCH;
	results->woken = futex_wake(&from, args->count, ~0u);
	results->moved = futex_move(&from, &to, args->move);
	return STATUS_OK;
}

SERVE(who_is_process, yield)
{
	/* Having called is having given up the processor. */
	return STATUS_OK;
}

static void
sleep_over(struct alarm *alarm)
{
	thread_answer(HOLDER(alarm, struct thread, alarm), STATUS_OK, NULL);
}

SERVE_IN(who_is_process, sleep)
{
	uint64_t deadline = args->deadline;
	uint64_t now = clock_ticks();
	status_t status;

	if (args->milliseconds > UINT64_MAX / own.frequency)
		return STATUS_INVALID_ARGUMENT;
	if (!deadline)
		deadline = now + args->milliseconds * own.frequency / 1000;
	if (deadline <= now)
		return STATUS_OK;
	status = thread_park(who->thread, request, PARK_SLEEP);
	if (status < 0)
		return status;
	if (alarm_set(&who->thread->alarm, deadline, sleep_over) < 0)
		thread_answer(who->thread, STATUS_NO_MEMORY, NULL);
	return SERVER_PARKED;
}

SERVE_IN(who_is_process, set_name)
{
	who->thread->name[0] = args->name0;
	who->thread->name[1] = args->name1;
	return STATUS_OK;
}

SERVE_IN(who_is_process, robust_list)
{
	if (args->length != 24)
		return STATUS_INVALID_ARGUMENT;
	who->thread->robust_head = args->head;
	return STATUS_OK;
}
