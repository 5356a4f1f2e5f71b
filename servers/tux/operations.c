/* SPDX-License-Identifier: MIT */
/*
 * One function per message: find the caller by its badge, apply the rule,
 * fill in the results.
 */
#include "operations.h"

#include <stdlib.h>

#include "tux.h"

/* Declares `caller`, or leaves the function when it is gone. */
#define CALLER(request)                                            \
	struct process *caller = process_caller((request)->badge); \
	(void)context;                                             \
	if (!caller)                                               \
	return STATUS_NOT_FOUND

static status_t
op_attach(void *context, struct request *request,
	const struct tux_attach_args *args)
{
	CALLER(request);
	return group_attach(caller, args->uid, args->gid);
}

static status_t
op_kill(void *context, struct request *request,
	const struct tux_kill_args *args)
{
	const struct message_signal signal = {
		args->signal, args->info, args->value};

	CALLER(request);
	return post_kill(caller, args->pid, &signal);
}

static status_t
op_tgkill(void *context, struct request *request,
	const struct tux_tgkill_args *args)
{
	const struct message_signal signal = {
		args->signal, args->info, args->value};

	CALLER(request);
	return post_thread(caller, args->group, args->tid, &signal);
}

static status_t
op_setpgid(void *context, struct request *request,
	const struct tux_setpgid_args *args)
{
	CALLER(request);
	return group_set(caller, args->pid, args->group);
}

static status_t
op_getpgid(void *context, struct request *request,
	const struct tux_getpgid_args *args,
	struct tux_getpgid_results *results)
{
	CALLER(request);
	return group_get(caller, args->pid, &results->group);
}

static status_t
op_setsid(void *context, struct request *request,
	struct tux_setsid_results *results)
{
	CALLER(request);
	return session_make(caller, &results->session);
}

static status_t
op_getsid(void *context, struct request *request,
	const struct tux_getsid_args *args, struct tux_getsid_results *results)
{
	CALLER(request);
	return session_get(caller, args->pid, &results->session);
}

/* Kinds 0-2 and 6 are users, 3-5 and 7 groups. */
static status_t
op_setids(void *context, struct request *request,
	const struct tux_setids_args *args, struct tux_setids_results *results)
{
	static const enum identity_change changes[] = {
		CHANGE_ONE,
		CHANGE_TWO,
		CHANGE_THREE,
		CHANGE_ONE,
		CHANGE_TWO,
		CHANGE_THREE,
		CHANGE_FILE,
		CHANGE_FILE,
	};
	const struct identity wanted = {
		args->real, args->effective, args->saved, LEAVE};
	struct identity *identity, before;
	status_t status;

	CALLER(request);
	if (args->kind >= sizeof(changes) / sizeof(changes[0]))
		return STATUS_INVALID_ARGUMENT;
	identity = args->kind < 3 || args->kind == 6 ? &caller->user
						     : &caller->group_id;
	before = *identity;
	results->old = before.file;
	status = identity_change(identity, changes[args->kind], &wanted,
		process_is_root(caller));
	if (status == STATUS_OK)
		status = process_publish(caller);
	if (status < 0)
		*identity = before;
	return status;
}

static status_t
op_getids(void *context, struct request *request,
	struct tux_getids_results *results)
{
	CALLER(request);
	results->ruid = caller->user.real;
	results->euid = caller->user.effective;
	results->suid = caller->user.saved;
	results->rgid = caller->group_id.real;
	results->egid = caller->group_id.effective;
	results->sgid = caller->group_id.saved;
	return STATUS_OK;
}

static status_t
op_setgroups(void *context, struct request *request,
	const struct tux_setgroups_args *args)
{
	uint32_t *ids = NULL;
	status_t status = STATUS_OK;

	CALLER(request);
	if (args->groups_len % sizeof(*ids))
		return ERR_INVAL;
	if (args->groups_len) {
		ids = malloc(args->groups_len);
		if (!ids)
			return ERR_NOMEM;
		status = lease_read(request->reply, TUX_SETGROUPS_LEASE_GROUPS,
			0, ids, args->groups_len);
	}
	if (status == STATUS_OK)
		status = groups_set(caller, ids,
			(uint32_t)(args->groups_len / sizeof(*ids)));
	free(ids);
	return status;
}

static status_t
op_getgroups(void *context, struct request *request,
	const struct tux_getgroups_args *args,
	struct tux_getgroups_results *results)
{
	uint32_t *ids;
	size_t bytes;
	status_t status;

	CALLER(request);
	status = groups_get(caller, NULL, 0, &results->count);
	bytes = results->count * sizeof(*ids);
	if (status < 0 || args->groups_len == 0 || bytes == 0)
		return status;
	if (bytes > args->groups_len)
		return ERR_INVAL;
	ids = malloc(bytes);
	if (!ids)
		return ERR_NOMEM;
	status = groups_get(caller, ids, results->count, &results->count);
	if (status == STATUS_OK)
		status = lease_write(request->reply, TUX_GETGROUPS_LEASE_GROUPS,
			0, ids, bytes);
	free(ids);
	return status;
}

static status_t
op_setpriority(void *context, struct request *request,
	const struct tux_setpriority_args *args)
{
	CALLER(request);
	return nice_set(caller, args->which, args->who, args->nice);
}

static status_t
op_getpriority(void *context, struct request *request,
	const struct tux_getpriority_args *args,
	struct tux_getpriority_results *results)
{
	CALLER(request);
	return nice_get(caller, args->which, args->who, &results->value);
}

static status_t
op_scheduler(void *context, struct request *request,
	const struct tux_scheduler_args *args,
	struct tux_scheduler_results *results)
{
	status_t status = STATUS_OK;

	CALLER(request);
	if (args->operation > 1)
		return STATUS_INVALID_ARGUMENT;
	if (args->operation == 1)
		status = policy_set(
			caller, args->tid, args->policy, args->priority);
	if (status < 0)
		return status;
	return policy_get(caller, args->tid, &results->now_policy,
		&results->now_priority);
}

static status_t
op_affinity(void *context, struct request *request,
	const struct tux_affinity_args *args,
	struct tux_affinity_results *results)
{
	CALLER(request);
	if (args->operation > 1)
		return STATUS_INVALID_ARGUMENT;
	return affinity(caller, args->tid, args->operation == 1, args->mask,
		&results->now_mask);
}

/* The effective identity becomes the saved one, as after every exec. */
static status_t
op_exec(void *context, struct request *request,
	const struct tux_exec_args *args)
{
	CALLER(request);
	(void)args;
	caller->user.saved = caller->user.effective;
	caller->group_id.saved = caller->group_id.effective;
	return STATUS_OK;
}

const struct tux_ops operations = {
	.attach = op_attach,
	.kill = op_kill,
	.tgkill = op_tgkill,
	.setpgid = op_setpgid,
	.getpgid = op_getpgid,
	.setsid = op_setsid,
	.getsid = op_getsid,
	.setids = op_setids,
	.getids = op_getids,
	.setgroups = op_setgroups,
	.getgroups = op_getgroups,
	.setpriority = op_setpriority,
	.getpriority = op_getpriority,
	.scheduler = op_scheduler,
	.affinity = op_affinity,
	.exec = op_exec,
};
