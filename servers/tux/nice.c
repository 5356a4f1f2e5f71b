/* SPDX-License-Identifier: MIT */
/*
 * Niceness and scheduling policies, and how they become the kernel's: nice
 * -20..19 are the priorities 120..81, real-time 1..99 lie above them and below
 * every service.
 */
#include "system.h"
#include "tux.h"

#define NICE_LEAST (-20)
#define NICE_MOST 19
#define PRIORITY_ORDINARY 100
#define PRIORITY_REAL_TIME 121 /* that of real-time 1 */
#define PRIORITY_TOP 159
#define REAL_TIME_MOST 99

enum linux_policy {
	LINUX_OTHER = 0,
	LINUX_FIFO = 1,
	LINUX_ROUND_ROBIN = 2,
	LINUX_BATCH = 3,
	LINUX_IDLE = 5,
};

#define KEEP_POLICY UINT32_MAX

enum kernel_policy {
	KERNEL_ROUND_ROBIN = 0,
	KERNEL_FIFO = 1,
};

static bool
is_real_time(uint32_t policy)
{
	return policy == LINUX_FIFO || policy == LINUX_ROUND_ROBIN;
}

static uint32_t
kernel_priority(uint32_t policy, int32_t nice, uint32_t priority)
{
	if (is_real_time(policy))
		return PRIORITY_REAL_TIME +
			(priority - 1) * (PRIORITY_TOP - PRIORITY_REAL_TIME) /
			(REAL_TIME_MOST - 1);
	if (policy == LINUX_IDLE)
		nice = NICE_MOST;
	return (uint32_t)(PRIORITY_ORDINARY - nice);
}

static status_t
apply(struct process *process, uint32_t policy, int32_t nice, uint32_t priority)
{
	status_t status;

	status = system_schedule(process->pid,
		policy == LINUX_FIFO ? KERNEL_FIFO : KERNEL_ROUND_ROBIN,
		kernel_priority(policy, nice, priority));
	if (status < 0)
		return status;
	process->policy = policy;
	process->nice = nice;
	process->priority = priority;
	return process_publish(process);
}

static bool
owns(const struct process *caller, const struct process *target)
{
	return process_is_root(caller) ||
		caller->user.effective == target->user.real ||
		caller->user.effective == target->user.effective;
}

static status_t
set_one(struct process *caller, struct process *target, int32_t nice)
{
	if (!target->session || !owns(caller, target))
		return ERR_PERM;
	if (nice < target->nice && !process_is_root(caller))
		return ERR_ACCES;
	if (nice == target->nice)
		return STATUS_OK;
	return apply(target, target->policy, nice, target->priority);
}

struct choice {
	struct process *caller;
	uint32_t which;
	uint32_t who;
	bool set;
	int32_t nice; /* to set, or the least that was seen */
	bool found;
	status_t status;
};

static bool
chosen(const struct choice *choice, const struct process *process)
{
	switch (choice->which) {
	case NICE_PROCESS:
		return process->pid == choice->who;
	case NICE_GROUP:
		return process->group == choice->who;
	default:
		return process->user.real == choice->who;
	}
}

static bool
choose(void *context, const struct system_process *entry)
{
	struct choice *choice = context;
	struct process *process;
	status_t status;

	if (entry->zombie || !entry->session)
		return true;
	process = process_look(entry->pid);
	if (!process || !chosen(choice, process))
		return true;
	if (choice->set) {
		status = set_one(choice->caller, process, choice->nice);
		if (status < 0)
			choice->status = status;
	} else if (!choice->found || process->nice < choice->nice) {
		choice->nice = process->nice;
	}
	choice->found = true;
	return true;
}

static status_t
choose_all(struct choice *choice)
{
	struct system_process only;
	status_t status;

	if (choice->which != NICE_PROCESS) {
		status = system_each(choose, choice);
		if (status < 0)
			return status;
	} else if (system_look(choice->who, &only) == STATUS_OK) {
		choose(choice, &only);
	}
	return choice->found ? choice->status : ERR_SRCH;
}

/* Whom `who` means when it is 0. */
static status_t
choice_begin(struct choice *choice, int32_t who)
{
	const struct process *caller = choice->caller;

	if (choice->which > NICE_USER)
		return ERR_INVAL;
	if (who < 0 && choice->which != NICE_USER)
		return ERR_SRCH;
	choice->who = (uint32_t)who;
	if (who == 0 && choice->which == NICE_PROCESS)
		choice->who = caller->pid;
	else if (who == 0 && choice->which == NICE_GROUP)
		choice->who = caller->group;
	else if (who == 0)
		choice->who = caller->user.real;
	return STATUS_OK;
}

status_t
nice_set(struct process *caller, uint32_t which, int32_t who, int32_t nice)
{
	struct choice choice = {
		.caller = caller,
		.which = which,
		.set = true,
		.nice = nice,
	};
	status_t status = choice_begin(&choice, who);

	if (nice < NICE_LEAST)
		choice.nice = NICE_LEAST;
	if (nice > NICE_MOST)
		choice.nice = NICE_MOST;
	return status < 0 ? status : choose_all(&choice);
}

status_t
nice_get(struct process *caller, uint32_t which, int32_t who, int32_t *value)
{
	struct choice choice = {.caller = caller, .which = which};
	status_t status = choice_begin(&choice, who);

	if (status == STATUS_OK)
		status = choose_all(&choice);
	*value = NICE_MOST + 1 - choice.nice;
	return status;
}

/* A policy holds for a process as a whole: its first thread stands for it. */
static struct process *
policy_target(struct process *caller, int32_t tid)
{
	struct process *target = caller;
	uint32_t pid;

	if (tid < 0)
		return NULL;
	if (tid > 0) {
		if (system_thread((uint32_t)tid, &pid) < 0)
			return NULL;
		target = process_look(pid);
	}
	return target && target->session ? target : NULL;
}

status_t
policy_get(struct process *caller, int32_t tid, uint32_t *policy,
	uint32_t *priority)
{
	const struct process *target = policy_target(caller, tid);

	if (!target)
		return ERR_SRCH;
	*policy = target->policy;
	*priority = target->priority;
	return STATUS_OK;
}

status_t
policy_set(
	struct process *caller, int32_t tid, uint32_t policy, uint32_t priority)
{
	struct process *target = policy_target(caller, tid);

	if (!target)
		return ERR_SRCH;
	if (policy == KEEP_POLICY)
		policy = target->policy;
	if (policy > LINUX_IDLE || policy == 4)
		return ERR_INVAL;
	if (is_real_time(policy) ? priority < 1 || priority > REAL_TIME_MOST
				 : priority != 0)
		return ERR_INVAL;
	if (!owns(caller, target) ||
		(is_real_time(policy) && !process_is_root(caller)))
		return ERR_PERM;
	if (policy == target->policy && priority == target->priority)
		return STATUS_OK;
	return apply(target, policy, target->nice, priority);
}

/* One processor: there is one mask to have. */
status_t
affinity(struct process *caller, int32_t tid, bool set, uint64_t mask,
	uint64_t *now)
{
	struct process *target = policy_target(caller, tid);

	*now = 1;
	if (!target)
		return ERR_SRCH;
	if (!set)
		return STATUS_OK;
	if (!owns(caller, target))
		return ERR_PERM;
	return mask & 1 ? STATUS_OK : ERR_INVAL;
}
