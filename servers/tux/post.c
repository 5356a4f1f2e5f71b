/* SPDX-License-Identifier: MIT */
/*
 * Who may signal whom (kill(2)). Only Linux processes hear signals of Linux
 * processes; services are nobody's, not even root's.
 */
#include "system.h"
#include "tux.h"

/* si_code values that only the system may use towards others. */
#define CODE_USER 0
#define CODE_THREAD (-6)

static struct system_signal
signal_of(const struct process *sender, const struct message_signal *signal)
{
	return (struct system_signal){
		.number = signal->number,
		.uid = sender->user.real,
		.info = (uint64_t)sender->pid << 32 | (uint32_t)signal->info,
		.value = signal->value,
	};
}

/* A client may say of its signal only what its call gives it the right to. */
static status_t
check(const struct process *sender, const struct process *target,
	const struct message_signal *signal, int32_t allowed)
{
	int32_t code = (int32_t)(uint32_t)signal->info;

	if (signal->number > SIGNAL_MAX)
		return ERR_INVAL;
	if (target == sender || code == allowed)
		return STATUS_OK;
	return code >= 0 || code == CODE_THREAD ? ERR_PERM : STATUS_OK;
}

static bool
may_signal(const struct process *sender, const struct process *target,
	uint32_t signal)
{
	const struct identity *from = &sender->user;
	const struct identity *to = &target->user;

	if (target->session == 0)
		return false;
	if (sender == target || process_is_root(sender))
		return true;
	if (signal == SIGNAL_CONT && sender->session == target->session)
		return true;
	return from->effective == to->real || from->effective == to->saved ||
		from->real == to->real || from->real == to->saved;
}

static status_t
not_found(status_t status)
{
	return status == STATUS_NOT_FOUND ? ERR_SRCH : status;
}

static status_t
post_process(struct process *sender, uint32_t pid,
	const struct message_signal *signal)
{
	struct system_signal out = signal_of(sender, signal);
	struct process *target =
		pid == sender->pid ? sender : process_look(pid);
	status_t status;

	if (!target)
		return ERR_SRCH;
	status = check(sender, target, signal, CODE_USER);
	if (status < 0)
		return status;
	if (!may_signal(sender, target, signal->number))
		return ERR_PERM;
	return not_found(system_post(pid, &out));
}

struct sweep {
	struct process *sender;
	const struct message_signal *signal;
	uint32_t group; /* 0: everybody but the sender */
	bool self;	/* the sender belongs to the group */
	unsigned found;
	unsigned reached;
};

static bool
sweep_one(void *context, const struct system_process *process)
{
	struct sweep *sweep = context;

	if (process->pid == sweep->sender->pid) {
		sweep->self = process->group == sweep->group;
		return true;
	}
	if (process->zombie || !process->session ||
		(sweep->group && process->group != sweep->group))
		return true;
	sweep->found++;
	if (post_process(sweep->sender, process->pid, sweep->signal) == 0)
		sweep->reached++;
	return true;
}

/* The sender comes last: it may not live to see the others through. */
static status_t
post_each(struct process *sender, uint32_t group,
	const struct message_signal *signal)
{
	struct sweep sweep = {
		.sender = sender,
		.signal = signal,
		.group = group,
	};
	status_t status = system_each(sweep_one, &sweep);

	if (status < 0)
		return status;
	if (group && sweep.self) {
		sweep.found++;
		if (post_process(sender, sender->pid, signal) == 0)
			sweep.reached++;
	}
	if (!sweep.found)
		return ERR_SRCH;
	return sweep.reached ? STATUS_OK : ERR_PERM;
}

static status_t
post_group(struct process *sender, uint32_t group,
	const struct message_signal *signal)
{
	struct system_signal out = signal_of(sender, signal);
	status_t status;

	if (!process_is_root(sender))
		return post_each(sender, group, signal);
	status = system_post_group(group, &out);
	return not_found(status);
}

status_t
post_kill(struct process *sender, int32_t pid,
	const struct message_signal *signal)
{
	status_t status = check(sender, NULL, signal, CODE_USER);

	if (signal->number > SIGNAL_MAX)
		return ERR_INVAL;
	if (sender->session == 0)
		return STATUS_FORBIDDEN;
	if (pid > 0)
		return post_process(sender, (uint32_t)pid, signal);
	if (status < 0)
		return status;
	if (pid == -1)
		return post_each(sender, 0, signal);
	if (pid == 0)
		return post_group(sender, sender->group, signal);
	if (pid == INT32_MIN)
		return ERR_SRCH;
	return post_group(sender, (uint32_t)-pid, signal);
}

status_t
post_thread(struct process *sender, int32_t group, int32_t tid,
	const struct message_signal *signal)
{
	struct system_signal out = signal_of(sender, signal);
	struct process *target;
	uint32_t pid;
	status_t status;

	if (tid <= 0 || group < 0)
		return ERR_INVAL;
	if (system_thread((uint32_t)tid, &pid) < 0 ||
		(group && (uint32_t)group != pid))
		return ERR_SRCH;
	target = pid == sender->pid ? sender : process_look(pid);
	if (!target)
		return ERR_SRCH;
	status = check(sender, target, signal, CODE_THREAD);
	if (status < 0)
		return status;
	if (!may_signal(sender, target, signal->number))
		return ERR_PERM;
	return not_found(system_post_thread((uint32_t)tid, &out));
}
