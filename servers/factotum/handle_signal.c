/* SPDX-License-Identifier: MIT */
/*
 * Messages about signals, tags and interval timers.
 */
#include "handlers.h"
#include "ids.h"
#include "signals.h"

#include <glenda/kernel_calls.h>

#define CODE_KERNEL 0x80 /* SI_KERNEL */

enum {
	TO_PROCESS = 0,
	TO_THREAD = 1,
	TO_GROUP = 2,
	TO_ALL = 3,
};

static bool
may_hear(const struct process *process)
{
	return process->pid > PID_FACTOTUM && !process->zombie;
}

static status_t
post(struct process *process, const struct signal_info *info)
{
	/* Signal 0 only asks whether somebody is there. */
	return info->signal ? signal_post(process, info) : STATUS_OK;
}

/* Posting may end processes, so the list is walked by pid, not by link. */
static uint32_t
post_many(const struct who *who, uint32_t kind, uint32_t group,
	const struct signal_info *info)
{
	uint32_t count = 0;

	for (uint32_t pid = PID_FACTOTUM + 1; pid < 65536; pid++) {
		struct process *process = id_process(pid);

		if (!process || !may_hear(process))
			continue;
		if (kind == TO_GROUP && process->group != group)
			continue;
		if (kind == TO_ALL &&
			(process->service || process == who->process ||
				!process->is_linux))
			continue;
		if (post(process, info) >= 0)
			count++;
	}
	return count;
}

static status_t
post_thread(uint32_t tid, const struct process *only,
	const struct signal_info *info)
{
	struct thread *thread = tid < 65536 ? id_thread(tid) : NULL;

	if (!thread || thread->ended || !may_hear(thread->process) ||
		(only && thread->process != only))
		return STATUS_NOT_FOUND;
	return info->signal ? signal_post_thread(thread, info) : STATUS_OK;
}

SERVE_BOTH(who_is_manager, signal_post)
{
	const struct signal_info info = {
		.signal = args->signal,
		.info = args->info,
		.value = args->value,
		.uid = args->uid,
	};
	struct process *process;

	if (!(who->rights & FACTOTUM_MANAGER_RIGHT_SIGNAL))
		return STATUS_FORBIDDEN;
	if (args->signal > SIGNAL_MAX || args->kind > TO_ALL)
		return STATUS_INVALID_ARGUMENT;
	results->count = 1;
	if (args->kind == TO_THREAD)
		return post_thread(args->id, NULL, &info);
	if (args->kind != TO_PROCESS) {
		results->count = post_many(who, args->kind, args->id, &info);
		return results->count ? STATUS_OK : STATUS_NOT_FOUND;
	}
	process = args->id < 65536 ? process_by_pid(args->id) : NULL;
	if (!process || process->pid <= PID_FACTOTUM)
		return STATUS_NOT_FOUND;
	/* A zombie hears nothing, but is there. */
	return process->zombie ? STATUS_OK : post(process, &info);
}

SERVE_IN(who_is_process, signal_self)
{
	const struct signal_info info = {
		.signal = args->signal,
		.info = args->info,
		.value = args->value,
	};

	if (args->signal > SIGNAL_MAX || !may_hear(who->process))
		return STATUS_INVALID_ARGUMENT;
	if (args->tid)
		return post_thread(args->tid, who->process, &info);
	return post(who->process, &info);
}

SERVE_BOTH(who_is_process, signal_fetch)
{
	struct signal_info info;

	info = signal_take(who->thread, args->mask, args->peek);
	results->signal = info.signal;
	results->info = info.info;
	results->value = info.value;
	results->uid = info.uid;
	results->pending = signal_pending(who->thread);
	return STATUS_OK;
}

static void
wait_over(struct alarm *alarm)
{
	thread_answer(
		HOLDER(alarm, struct thread, alarm), STATUS_TIMED_OUT, NULL);
}

SERVE_BOTH(who_is_process, signal_wait)
{
	struct signal_info info;
	status_t status;

	info = signal_take(who->thread, ~args->set, false);
	if (info.signal) {
		results->signal = info.signal;
		results->info = info.info;
		results->value = info.value;
		results->uid = info.uid;
		return STATUS_OK;
	}
	if (args->deadline && args->deadline <= clock_ticks())
		return STATUS_TIMED_OUT;
	status = thread_park(who->thread, request, PARK_SIGNAL);
	if (status < 0)
		return status;
	who->thread->park.set = args->set;
	if (args->deadline &&
		alarm_set(&who->thread->alarm, args->deadline, wait_over) < 0)
		thread_answer(who->thread, STATUS_NO_MEMORY, NULL);
	return SERVER_PARKED;
}

SERVE(who_is_process, pause)
{
	status_t status;

	/* What may interrupt is pending already: nothing to wait for. */
	if (signal_pending(who->thread) & ~signal_mask(who->thread))
		return STATUS_CANCELLED;
	status = thread_park(who->thread, request, PARK_PAUSE);
	return status < 0 ? status : SERVER_PARKED;
}

SERVE_IN(who_is_process, stop_self)
{
	if (args->signal == 0 || args->signal > SIGNAL_MAX ||
		!may_hear(who->process))
		return STATUS_INVALID_ARGUMENT;
	/* The answer reaches the suspended thread when it goes on. */
	process_stop(who->process, args->signal);
	return STATUS_OK;
}

/* The living process that whoever may post signals means, or why not. */
static status_t
tagged(struct request *request, uint32_t pid, struct process **process)
{
	struct who who;
	status_t status = who_is_manager(request, &who);

	if (status < 0)
		return status;
	if (!(who.rights & FACTOTUM_MANAGER_RIGHT_SIGNAL))
		return STATUS_FORBIDDEN;
	*process = pid < 65536 ? process_by_pid(pid) : NULL;
	return *process && !(*process)->zombie ? STATUS_OK : STATUS_NOT_FOUND;
}

HANDLER_IN(set_tags)
{
	struct process *process;
	status_t status = tagged(request, args->pid, &process);

	(void)context;
	if (status < 0)
		return status;
	if (args->mask & 1)
		process->group = args->group;
	if (args->mask & 2)
		process->session = args->session;
	if (args->mask & 4)
		process->credentials = args->credentials;
	return STATUS_OK;
}

HANDLER_IN(set_words)
{
	struct process *process;
	status_t status = tagged(request, args->pid, &process);

	(void)context;
	if (status < 0)
		return status;
	process->credentials = args->credentials;
	process->words[0] = args->word0;
	process->words[1] = args->word1;
	process->words[2] = args->word2;
	process->words[3] = args->word3;
	return STATUS_OK;
}

HANDLER_BOTH(get_words)
{
	struct process *process;
	status_t status = tagged(request, args->pid, &process);

	(void)context;
	if (status < 0)
		return status;
	results->word0 = process->words[0];
	results->word1 = process->words[1];
	results->word2 = process->words[2];
	results->word3 = process->words[3];
	return STATUS_OK;
}

SERVE_BOTH(who_is_process, get_tags)
{
	const struct process *process;

	process = who->process;
	if (args->pid && args->pid != process->pid) {
		if (!(who->rights &
			    (FACTOTUM_MANAGER_RIGHT_INSPECT |
				    FACTOTUM_MANAGER_RIGHT_SIGNAL)))
			return STATUS_FORBIDDEN;
		process = args->pid < 65536 ? process_by_pid(args->pid) : NULL;
	}
	if (!process)
		return STATUS_NOT_FOUND;
	results->of = process->pid;
	results->ppid = process->parent ? process->parent->pid : 0;
	results->group = process->group;
	results->session = process->session;
	results->credentials = process->credentials;
	results->state = process->state;
	results->execs = process->execs;
	results->puid = process->puid;
	return STATUS_OK;
}

/* ---- interval timers ---- */

enum {
	INTERVAL_REAL,
	INTERVAL_VIRTUAL,
	INTERVAL_PROFILING,
	INTERVALS,
};

/* What the timer counts: time itself, or what the process has used of it. */
static uint64_t
interval_clock(const struct interval *interval)
{
	struct usage usage = {0};

	if (interval->kind == INTERVAL_REAL)
		return clock_ticks();
	process_usage(interval->process, &usage);
	if (interval->kind == INTERVAL_VIRTUAL)
		return usage.user;
	return usage.user + usage.system;
}

/* How often an interval timer may expire at most. */
#define MOST_PER_SECOND 2000
#define UNHEARD_PER_SECOND 100

static void interval_expired(struct alarm *alarm);

/*
 * A process uses time no faster than it passes, so an alarm after what is left
 * never comes late by more than the threads that run beside the first.
 */
static status_t
interval_arm(struct interval *interval, uint64_t now)
{
	return alarm_set(&interval->alarm,
		clock_ticks() + (interval->due - now), interval_expired);
}

/*
 * Ticks until it may expire again. Whoever wants signals faster than it can
 * hear them, or does not hear them at all, must not keep Factotum busy.
 */
static uint64_t
interval_rest(const struct interval *interval)
{
	bool unheard =
		interval->process->pending.set >> (interval->signal - 1) & 1;

	return own.frequency / (unheard ? UNHEARD_PER_SECOND : MOST_PER_SECOND);
}

static void
interval_expired(struct alarm *alarm)
{
	struct interval *interval = HOLDER(alarm, struct interval, alarm);
	const struct signal_info info = {
		.signal = interval->signal,
		.info = CODE_KERNEL,
	};
	uint64_t now = interval_clock(interval);
	uint64_t rest = interval_rest(interval);

	if (now < interval->due) {
		interval_arm(interval, now);
		return;
	}
	if (interval->period) {
		/* Periods that were missed count once. */
		interval->due += interval->period;
		if (interval->due <= now)
			interval->due = now + interval->period;
		if (interval->due < now + rest)
			interval->due = now + rest;
		interval_arm(interval, now);
	}
	signal_post(interval->process, &info);
}

SERVE_BOTH(who_is_process, timer_set)
{
	static const uint8_t signals[INTERVALS] = {
		SIGNAL_ALARM, SIGNAL_VIRTUAL_ALARM, SIGNAL_PROFILING};
	struct interval *interval;
	uint64_t now;

	if (args->kind >= INTERVALS || !may_hear(who->process))
		return STATUS_INVALID_ARGUMENT;
	interval = &who->process->intervals[args->kind];
	interval->process = who->process;
	interval->kind = args->kind;
	now = interval_clock(interval);
	if (interval->alarm.place) {
		results->old_left =
			interval->due > now ? interval->due - now : 1;
		results->old_interval = interval->period;
	}
	alarm_cancel(&interval->alarm);
	if (!args->first)
		return STATUS_OK;
	interval->signal = signals[args->kind];
	interval->period = args->interval;
	interval->due = now + args->first;
	return interval_arm(interval, now);
}
