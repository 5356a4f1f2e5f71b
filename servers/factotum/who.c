/* SPDX-License-Identifier: MIT */
/*
 * Reading badges and tags. The badge says what the capability permits, the
 * tag which thread spoke; both are set by us and cannot be forged.
 */
#include "broker.h"
#include "handlers.h"
#include "ids.h"
#include "slots.h"

#include <glenda/kernel_calls.h>

#define ID_MASK ((1ul << 60) - 1)
#define SERIAL_MASK ((1ul << 56) - 1)

static uint64_t
kind_of(uint64_t badge)
{
	return badge >> 60;
}

static struct thread *
speaker(const struct request *request)
{
	/* 9Ball's thread was made by the kernel, without a tag of ours. */
	if (request->tag <= PID_NINEBALL)
		return id_thread(PID_NINEBALL);
	return request->tag < 65536 ? id_thread((uint32_t)request->tag) : NULL;
}

static status_t
who_speaks(const struct request *request, struct who *who)
{
	*who = (struct who){0};
	who->thread = speaker(request);
	if (!who->thread || who->thread->process->zombie)
		return STATUS_INVALID_CAP;
	who->process = who->thread->process;
	process_charge(who->process);
	who->rights = who->process->rights;
	return STATUS_OK;
}

status_t
who_is_process(const struct request *request, struct who *who)
{
	uint64_t kind = kind_of(request->badge);
	status_t status = who_speaks(request, who);

	if (status < 0)
		return status;
	if (kind == FACTOTUM_BADGE_KIND_MANAGER) {
		who->rights |= request->badge & ID_MASK;
		return STATUS_OK;
	}
	if (kind != FACTOTUM_BADGE_KIND_PROCESS ||
		(request->badge & ID_MASK) != who->process->puid)
		return STATUS_INVALID_CAP;
	return STATUS_OK;
}

status_t
who_makes_objects(const struct request *request, struct who *who)
{
	status_t status = who_is_process(request, who);

	return status >= 0 && who->process->is_linux ? STATUS_FORBIDDEN
						     : status;
}

status_t
who_is_manager(const struct request *request, struct who *who)
{
	status_t status = who_speaks(request, who);

	if (status < 0)
		return status;
	if (kind_of(request->badge) != FACTOTUM_BADGE_KIND_MANAGER)
		return STATUS_INVALID_CAP;
	who->rights = request->badge & ID_MASK;
	return STATUS_OK;
}

status_t
who_has_handle(const struct request *request, struct who *who)
{
	status_t status = who_speaks(request, who);

	if (status < 0)
		return status;
	if (kind_of(request->badge) != FACTOTUM_BADGE_KIND_HANDLE)
		return STATUS_INVALID_CAP;
	who->target = process_by_puid(request->badge & ID_MASK);
	return who->target ? STATUS_OK : STATUS_NOT_FOUND;
}

status_t
who_has_object(const struct request *request, struct who *who)
{
	status_t status = who_speaks(request, who);

	if (status < 0)
		return status;
	if (kind_of(request->badge) != FACTOTUM_BADGE_KIND_OBJECT)
		return STATUS_INVALID_CAP;
	who->object = object_find(request->badge & SERIAL_MASK);
	who->object_rights = request->badge >> 56 & 0xf;
	return who->object ? STATUS_OK : STATUS_INVALID_CAP;
}

status_t
object_received(
	const struct received_cap *cap, struct object **object, uint8_t *rights)
{
	*object = NULL;
	*rights = 0;
	if (!cap->present)
		return STATUS_OK;
	if (!cap->unwrapped ||
		kind_of(cap->badge) != FACTOTUM_BADGE_KIND_OBJECT)
		return STATUS_INVALID_CAP;
	*object = object_find(cap->badge & SERIAL_MASK);
	*rights = cap->badge >> 56 & 0xf;
	return *object ? STATUS_OK : STATUS_INVALID_CAP;
}

status_t
send_badge(uint64_t badge, struct sent_cap *cap)
{
	cptr_t cnode;
	uint64_t index;
	status_t status;

	cap->slot = slot_take();
	if (!cap->slot)
		return STATUS_NO_MEMORY;
	slot_locate(cap->slot, &cnode, &index);
	status = cnode_mint(
		cnode, index, own.service, RIGHT_WRITE | RIGHT_GRANT, badge);
	if (status < 0)
		slot_give(cap->slot);
	cap->temporary = true;
	return status;
}

status_t
send_object(const struct object *object, uint8_t rights, struct sent_cap *cap)
{
	return send_badge(broker_badge(FACTOTUM_BADGE_KIND_OBJECT,
				  object->serial | (uint64_t)rights << 56),
		cap);
}
