/* SPDX-License-Identifier: MIT */
/*
 * The registry is a short list; entries stay when their provider dies.
 */
#include "broker.h"

#include "heap.h"
#include "notices.h"
#include "slots.h"

#include <glenda/factotum.h>
#include <glenda/ipc.h>
#include <glenda/kernel_calls.h>
#include <stdio.h>
#include <string.h>

#define SERVICE_GOPHER 0x0200
#define SERVICE_TUX 0x0300
#define LINUX_SLOT_GOPHER 2
#define LINUX_SLOT_TUX 3
#define LINUX_SLOT_CNODE 11 /* to give up capabilities, no more */

struct service {
	struct service *next;
	uint32_t id;
	struct process *provider;
	struct cell endpoint;
	bool ready;
};

static struct service *services;

uint64_t
broker_badge(uint64_t kind, uint64_t id)
{
	return kind << 60 | id;
}

static struct service *
service_find(uint32_t id)
{
	struct service *service = services;

	while (service && service->id != id)
		service = service->next;
	return service;
}

static struct service *
service_make(uint32_t id)
{
	struct service *service = service_find(id);

	if (service)
		return service;
	service = heap_alloc(sizeof(*service));
	if (!service)
		return NULL;
	service->id = id;
	service->next = services;
	services = service;
	return service;
}

static status_t
grant_record(struct process *process, const char *name, uint64_t slot)
{
	struct grant *grant;

	if (!process->grants)
		process->grants = heap_alloc(GRANT_MAX * sizeof(*grant));
	if (!process->grants)
		return STATUS_NO_MEMORY;
	grant = &process->grants[process->grant_count++];
	memcpy(grant->name, name, strnlen(name, sizeof(grant->name)));
	grant->slot = slot;
	return STATUS_OK;
}

static bool
grant_room(const struct process *process)
{
	return process->grant_count < GRANT_MAX &&
		process->next_slot < CAP_FIRST_FREE;
}

status_t
broker_grant(struct process *process, const char *name, cptr_t source,
	uint64_t badge, uint64_t *slot)
{
	status_t status;

	if (!grant_room(process))
		return STATUS_LIMIT;
	*slot = process->next_slot;
	if (source)
		status = cnode_copy(
			process->cnode.object, *slot, source, RIGHT_ALL);
	else
		status = process_mint(process, *slot, own.service, badge);
	if (status >= 0)
		status = grant_record(process, name, *slot);
	if (status >= 0)
		process->next_slot++;
	return status;
}

status_t
broker_provide(struct process *process, uint32_t id)
{
	struct service *service = service_make(id);
	uint64_t slot;
	status_t status;

	if (!service)
		return STATUS_NO_MEMORY;
	if (service->provider || process->service)
		return STATUS_EXISTS;
	status = cell_alloc(&service->endpoint, OBJECT_ENDPOINT, 0);
	if (status < 0)
		return status;
	status = broker_grant(
		process, "service", service->endpoint.object, 0, &slot);
	if (status < 0) {
		cell_free(&service->endpoint);
		return status;
	}
	service->provider = process;
	service->ready = false;
	process->service = id;
	return STATUS_OK;
}

bool
broker_allows(const struct process *process, uint32_t id)
{
	const struct allowance *allowance = process->allowances;

	while (allowance && allowance->service != id)
		allowance = allowance->next;
	return allowance != NULL;
}

static status_t
allow(struct process *process, uint32_t id)
{
	struct allowance *allowance;

	if (broker_allows(process, id))
		return STATUS_OK;
	allowance = heap_alloc(sizeof(*allowance));
	if (!allowance)
		return STATUS_NO_MEMORY;
	allowance->service = id;
	allowance->next = process->allowances;
	process->allowances = allowance;
	return STATUS_OK;
}

/* Grant an end of a service at once, under its number. */
static status_t
grant_service(struct process *process, const struct service *service)
{
	char name[24];
	status_t status;

	if (!grant_room(process))
		return STATUS_LIMIT;
	snprintf(name, sizeof(name), "service.0x%04x", (unsigned)service->id);
	status = process_mint(process, process->next_slot,
		service->endpoint.object, process->puid);
	if (status >= 0)
		status = grant_record(process, name, process->next_slot);
	if (status >= 0)
		process->next_slot++;
	return status;
}

status_t
broker_allow(struct process *process, uint32_t id)
{
	const struct service *service = service_find(id);
	status_t status = allow(process, id);

	if (status < 0 || process->is_linux || !service || !service->ready)
		return status;
	return grant_service(process, service);
}

status_t
broker_allow_manager(struct process *process, uint64_t rights)
{
	uint64_t slot;

	process->rights = rights;
	if (process->is_linux)
		return STATUS_OK;
	return broker_grant(process, "manager", 0,
		broker_badge(FACTOTUM_BADGE_KIND_MANAGER, rights), &slot);
}

status_t
broker_request(struct process *process, uint32_t id, cptr_t *slot)
{
	const struct service *service = service_find(id);
	cptr_t cnode;
	uint64_t index;
	status_t status;

	if (!service)
		return STATUS_NOT_FOUND;
	if (!broker_allows(process, id))
		return STATUS_FORBIDDEN;
	if (!service->ready)
		return STATUS_NOT_READY;
	*slot = slot_take();
	if (!*slot)
		return STATUS_NO_MEMORY;
	slot_locate(*slot, &cnode, &index);
	status = cnode_mint(cnode, index, service->endpoint.object,
		RIGHT_WRITE | RIGHT_GRANT, process->puid);
	if (status < 0)
		slot_give(*slot);
	return status;
}

status_t
broker_ready(struct process *process)
{
	struct service *service = service_find(process->service);

	if (!process->service || !service || service->provider != process)
		return STATUS_FORBIDDEN;
	service->ready = true;
	notice_post(FACTOTUM_NOTICE_READY, 0, process);
	return STATUS_OK;
}

status_t
broker_inherit(struct process *child, const struct process *parent)
{
	const struct allowance *allowance = parent->allowances;
	status_t status = STATUS_OK;

	for (; allowance && status >= 0; allowance = allowance->next)
		status = allow(child, allowance->service);
	return status;
}

static void
fill(struct process *process, uint64_t slot, uint32_t id)
{
	const struct service *service = service_find(id);

	if (service && service->ready && broker_allows(process, id))
		process_mint(
			process, slot, service->endpoint.object, process->puid);
}

void
broker_fill_linux(struct process *process)
{
	fill(process, LINUX_SLOT_GOPHER, SERVICE_GOPHER);
	fill(process, LINUX_SLOT_TUX, SERVICE_TUX);
	cnode_copy(process->cnode.object, LINUX_SLOT_CNODE,
		process->cnode.object, RIGHT_READ);
}

void
broker_forget(struct process *process)
{
	struct service *service = service_find(process->service);

	while (process->allowances) {
		struct allowance *next = process->allowances->next;

		heap_free(process->allowances, sizeof(*next));
		process->allowances = next;
	}
	if (!process->service || !service || service->provider != process)
		return;
	service->provider = NULL;
	service->ready = false;
	cell_free(&service->endpoint);
}
