/* SPDX-License-Identifier: MIT */
/*
 * Messages about capabilities, services and notices.
 */
#include "broker.h"
#include "handlers.h"
#include "notices.h"
#include "slots.h"

#include <glenda/kernel_calls.h>
#include <glenda/start.h>
#include <string.h>

SERVE_BOTH(who_is_process, request_cap)
{
	status_t status = broker_request(
		who->process, args->service_id, &results->service.slot);

	results->service.temporary = true;
	return status;
}

/* A handle's process that has not started, and a caller who made it. */
static status_t
created(const struct request *request, struct who *who)
{
	status_t status = who_has_handle(request, who);

	if (status < 0)
		return status;
	return who->target->state == FACTOTUM_STATE_CREATED ? STATUS_OK
							    : STATUS_BUSY;
}

static bool
supervises(const struct who *who)
{
	return who->rights & FACTOTUM_MANAGER_RIGHT_SUPERVISE;
}

/* The service's own notification is bound to its main thread. */
static status_t
bind(struct process *process, cptr_t notification)
{
	status_t status = tcb_bind(process->leader->tcb, notification);

	if (status >= 0)
		process->leader->bound = true;
	return status;
}

SERVE_BOTH(created, grant)
{
	const struct received_cap *cap = &args->granted;
	char name[START_NAME_BYTES + 1] = {0};
	status_t status;

	if (who->target->is_linux)
		return STATUS_FORBIDDEN;
	if (args->name_len == 0 || args->name_len > START_NAME_BYTES)
		return STATUS_INVALID_ARGUMENT;
	status = lease_read_text(request->reply, FACTOTUM_GRANT_LEASE_NAME,
		name, args->name_len);
	if (status < 0)
		return status;
	if (!cap->unwrapped && !cap->slot)
		return STATUS_INVALID_CAP;
	status = broker_grant(
		who->target, name, cap->slot, cap->badge, &results->slot);
	if (status >= 0 && cap->slot && !strcmp(name, "notification"))
		status = bind(who->target, cap->slot);
	return status;
}

SERVE_IN(created, provide)
{
	if (!supervises(who) || args->service_id == FACTOTUM_PROTOCOL)
		return STATUS_FORBIDDEN;
	return broker_provide(who->target, args->service_id);
}

SERVE_IN(created, allow)
{
	if (args->service_id != FACTOTUM_PROTOCOL) {
		/* A subset of what the parent may itself. */
		if (!supervises(who) &&
			!broker_allows(who->process, args->service_id))
			return STATUS_FORBIDDEN;
		return broker_allow(who->target, args->service_id);
	}
	if (!supervises(who) && args->rights & ~who->rights)
		return STATUS_FORBIDDEN;
	return broker_allow_manager(who->target, args->rights);
}

SERVE(who_is_process, ready)
{
	return broker_ready(who->process);
}

SERVE_IN(who_is_process, watch)
{
	cptr_t signal;
	bool all;
	status_t status;

	/* A supervisor cares for what it started; servers for every client. */
	all = who->process->service ||
		(who->rights & FACTOTUM_MANAGER_RIGHT_INSPECT &&
			!(who->rights & FACTOTUM_MANAGER_RIGHT_SUPERVISE));
	if (!all && who->process->is_linux)
		return STATUS_FORBIDDEN;
	if (args->notification.unwrapped)
		return STATUS_INVALID_CAP;
	signal = request_take_cap(request, 0);
	if (!signal)
		return STATUS_LIMIT;
	status = watch_set(who->process, signal, args->kinds, all);
	if (status < 0)
		slot_drop(signal);
	return status;
}

SERVE_OUT(who_is_process, fetch)
{
	notices_fetch(who->process, results);
	return STATUS_OK;
}
