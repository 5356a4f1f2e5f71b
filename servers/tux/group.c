/* SPDX-License-Identifier: MIT */
/* Process groups and sessions: setpgid(2), setsid(2), credentials(7). */
#include "system.h"
#include "tux.h"

#define FIRST_USER 1 /* 9Ball, the parent of first processes */

static status_t
move(struct process *process, uint32_t group)
{
	status_t status = system_set_group(process->pid, group);

	if (status == STATUS_OK)
		process->group = group;
	return status;
}

static status_t
lead(struct process *process)
{
	status_t status = system_set_session(process->pid, process->pid);

	if (status < 0)
		return status;
	process->session = process->pid;
	return move(process, process->pid);
}

status_t
group_attach(struct process *process, uint32_t uid, uint32_t gid)
{
	status_t status;

	if (process->session != 0)
		return STATUS_EXISTS;
	/* Whoever was started by anybody else is no first process. */
	if (process->parent != FIRST_USER)
		return STATUS_FORBIDDEN;
	if (uid == LEAVE || gid == LEAVE)
		return ERR_INVAL;
	status = lead(process);
	if (status < 0)
		return status;
	process->user = (struct identity){uid, uid, uid, uid};
	process->group_id = (struct identity){gid, gid, gid, gid};
	return process_publish(process);
}

struct search {
	uint32_t group;
	uint32_t session; /* 0: any */
	bool found;
};

static bool
is_member(void *context, const struct system_process *process)
{
	struct search *search = context;

	if (process->group == search->group &&
		(!search->session || process->session == search->session))
		search->found = true;
	return !search->found;
}

/* Usually the leader is there, so that nobody else need be asked. */
static bool
group_exists(uint32_t group, uint32_t session)
{
	struct search search = {.group = group, .session = session};
	struct system_process leader;

	if (system_look(group, &leader) == STATUS_OK &&
		!is_member(&search, &leader))
		return true;
	return system_each(is_member, &search) == STATUS_OK && search.found;
}

/* The process that setpgid means: the caller, or a child before its exec. */
static status_t
find_target(struct process *caller, uint32_t pid, struct process **out)
{
	struct system_process mine, its;

	*out = caller;
	if (pid == caller->pid)
		return STATUS_OK;
	if (system_look(pid, &its) < 0 || its.parent != caller->pid)
		return ERR_SRCH;
	if (its.session != caller->session)
		return ERR_PERM;
	if (system_look(caller->pid, &mine) < 0 || its.execs > mine.execs)
		return ERR_ACCES;
	*out = process_look(pid);
	return *out ? STATUS_OK : ERR_SRCH;
}

status_t
group_set(struct process *caller, int32_t pid, int32_t group)
{
	struct process *target;
	uint32_t wanted;
	status_t status;

	if (group < 0)
		return ERR_INVAL;
	if (pid < 0)
		return ERR_SRCH;
	status =
		find_target(caller, pid ? (uint32_t)pid : caller->pid, &target);
	if (status < 0)
		return status;
	wanted = group ? (uint32_t)group : target->pid;
	if (target->session == target->pid)
		return ERR_PERM;
	if (wanted == target->group)
		return STATUS_OK;
	if (wanted != target->pid && !group_exists(wanted, target->session))
		return ERR_PERM;
	return move(target, wanted);
}

static struct process *
linux_process(struct process *caller, int32_t pid)
{
	struct process *process = caller;

	if (pid < 0)
		return NULL;
	if (pid > 0 && (uint32_t)pid != caller->pid)
		process = process_look((uint32_t)pid);
	return process && process->session ? process : NULL;
}

status_t
group_get(struct process *caller, int32_t pid, int32_t *group)
{
	const struct process *process = linux_process(caller, pid);

	if (!process)
		return ERR_SRCH;
	*group = (int32_t)process->group;
	return STATUS_OK;
}

status_t
session_get(struct process *caller, int32_t pid, int32_t *session)
{
	const struct process *process = linux_process(caller, pid);

	if (!process)
		return ERR_SRCH;
	*session = (int32_t)process->session;
	return STATUS_OK;
}

status_t
session_make(struct process *caller, int32_t *session)
{
	status_t status;

	if (caller->group == caller->pid || group_exists(caller->pid, 0))
		return ERR_PERM;
	status = lead(caller);
	*session = (int32_t)caller->pid;
	return status;
}
