/* SPDX-License-Identifier: MIT */
/* The real system behind system.h: the kernel and Factotum. */
#include "system.h"

#include <glenda/factotum_client.h>
#include <glenda/kernel_calls.h>
#include <glenda/server.h>
#include <glenda/slots.h>
#include <glenda/start.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "random.h"
#include "system_start.h"

enum {
	PAGE = 4096,
	TIMER_BIT = 16,
	SLOT_RESERVE = 16,  /* for what is not a Reply capability */
	SLOTS_OTHER = 16,   /* the same, beyond the reserve */
	SLOTS_COMMON = 256, /* that slot_take gives out, in any CNode */
	SLOTS_MOST = 4096,
	NANOSECONDS = 1000000000,
};

static cptr_t slot_count = SLOTS_COMMON; /* of the CNode */
static cptr_t next_reply = SLOTS_COMMON;
static cptr_t reply_end;
static cptr_t next_upper;
static uint16_t upper_free[SLOTS_MOST];
static unsigned upper_free_count;
static uint64_t frequency;
static int64_t epoch; /* nanoseconds since 1970 at tick 0 */
static cptr_t manager;
static cptr_t timer;
static cptr_t timer_signal;
static cptr_t reserve[SLOT_RESERVE];
static unsigned reserve_count;

/*
 * Slots of the CNode: the common ones are lib/glenda's; of those beyond, half
 * are for Reply capabilities, which calls keep for reuse, half for others.
 */
static cptr_t
upper_take(void)
{
	if (upper_free_count > 0)
		return upper_free[--upper_free_count];
	return next_upper < slot_count ? next_upper++ : 0;
}

/* A slot for anything but a Reply capability. */
static cptr_t
other_slot(void)
{
	cptr_t slot = reserve_count ? reserve[--reserve_count] : upper_take();

	return slot ? slot : slot_take();
}

static void
other_slot_free(cptr_t slot)
{
	slot_clear(slot);
	if (slot >= SLOTS_COMMON)
		upper_free[upper_free_count++] = (uint16_t)slot;
	else if (reserve_count < SLOT_RESERVE)
		reserve[reserve_count++] = slot;
	else
		slot_give(slot);
}

/* Emptying an empty slot is no error, one that does not exist is. */
static void
slots_count(void)
{
	while (slot_count < SLOTS_MOST &&
		cnode_delete(CAP_CNODE, 2 * slot_count - 1) == 0)
		slot_count *= 2;
	next_upper = SLOTS_COMMON + (slot_count - SLOTS_COMMON) / 2;
	reply_end = next_upper;
}

cptr_t
system_mint_signal(cptr_t notification, unsigned bit)
{
	cptr_t slot = other_slot();

	if (slot &&
		cnode_mint(CAP_CNODE, slot, notification, RIGHT_WRITE,
			UINT64_C(1) << bit) < 0) {
		other_slot_free(slot);
		slot = 0;
	}
	return slot;
}

void
system_start(cptr_t notification)
{
	uint64_t ticks = clock_ticks();

	slots_count();
	frequency = start_info()->clock_frequency;
	epoch = start_info()->clock_epoch;
	manager = start_cap("manager");
	while (reserve_count < SLOT_RESERVE) {
		reserve[reserve_count] = slot_take();
		if (!reserve[reserve_count])
			break;
		reserve_count++;
	}
	timer = start_cap("timer");
	if (timer)
		timer_signal = system_mint_signal(notification, TIMER_BIT);
	random_mix(&ticks, sizeof(ticks));
}

/* What a client's buffer cannot give is the client's fault. */
static status_t
lease_status(status_t status)
{
	if (status == STATUS_FAULT)
		return STATUS_AGAIN;
	return status < 0 && status != STATUS_AGAIN ? ERR_FAULT : status;
}

status_t
system_lease_read(uint64_t reply, unsigned lease, uint64_t offset, void *to,
	size_t length)
{
	return lease_status(lease_read(reply, lease, offset, to, length));
}

status_t
system_lease_write(uint64_t reply, unsigned lease, uint64_t offset,
	const void *from, size_t length)
{
	return lease_status(lease_write(reply, lease, offset, from, length));
}

bool
system_cancelled(uint64_t reply)
{
	return lease_cancelled(reply);
}

uint64_t
system_reply_slot(void)
{
	return next_reply < reply_end ? next_reply++ : slot_take();
}

uint64_t
system_reply_slots(void)
{
	return reply_end - CAP_FIRST_FREE - SLOT_RESERVE - SLOTS_OTHER;
}

uint64_t
system_other_slots(void)
{
	return SLOTS_OTHER + slot_count - reply_end;
}

void
system_answer(struct call *call)
{
	struct message message = {0};
	unsigned caps = 0;

	if (call->status < 0) {
		message.info = message_info((uint32_t)call->status, 0, 0, 0);
	} else {
		if (call->out_cap) {
			utcb_self()->caps[0] = call->out_cap;
			caps = 1;
		}
		message.info = message_info(0, call->out_count, caps, 0);
		memcpy(message.words, call->out, sizeof(call->out));
	}
	if (syscall_send(call->reply, &message) < 0)
		slot_clear(call->reply);
}

uint64_t
system_ticks(void)
{
	return clock_ticks();
}

uint64_t
system_frequency(void)
{
	return frequency;
}

int64_t
system_realtime(void)
{
	uint64_t ticks = clock_ticks();

	return epoch +
		(int64_t)(ticks / frequency * NANOSECONDS +
			ticks % frequency * NANOSECONDS / frequency);
}

void
system_alarm(uint64_t deadline)
{
	if (timer)
		timer_set(timer, deadline, timer_signal);
}

void
system_random(void *to, size_t length)
{
	uint64_t ticks = clock_ticks();

	random_mix(&ticks, sizeof(ticks));
	random_bytes(to, length);
}

status_t
system_tags(uint32_t pid, struct process_tags *out)
{
	return factotum_get_tags(manager ? manager : CAP_FACTOTUM, pid,
		&out->pid, &out->parent, &out->group, &out->session,
		&out->credentials, &out->state, &out->execs, &out->puid);
}

void *
system_pages(size_t count)
{
	vaddr_t address;

	if (factotum_mmap(CAP_FACTOTUM, 0, count * PAGE,
		    FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		    FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS |
			    FACTOTUM_MAP_POPULATE,
		    0, 0, &address) < 0)
		return NULL;
	return (void *)(uintptr_t)address;
}

void *
system_map(cptr_t object, size_t size, bool writable)
{
	uint32_t prot = FACTOTUM_PROT_READ;
	vaddr_t address;

	if (writable)
		prot |= FACTOTUM_PROT_WRITE;
	if (factotum_mmap(CAP_FACTOTUM, 0, size, prot, FACTOTUM_MAP_SHARED, 0,
		    object, &address) < 0)
		return NULL;
	return (void *)(uintptr_t)address;
}

status_t
system_object_create(size_t size, uint64_t *object, void **address)
{
	cptr_t slot = other_slot();
	status_t status = STATUS_LIMIT;

	if (!slot)
		return status;
	status = factotum_object_create(CAP_FACTOTUM, size, 0, slot);
	if (status < 0) {
		other_slot_free(slot);
		return status;
	}
	*object = slot;
	*address = system_map(slot, size, true);
	if (*address)
		return 0;
	factotum_object_release(slot);
	other_slot_free(slot);
	return STATUS_NO_MEMORY;
}

status_t
system_object_resize(
	uint64_t object, size_t old_size, size_t size, void **address)
{
	status_t status = factotum_object_resize(object, size);
	void *fresh;

	if (status < 0)
		return status;
	fresh = system_map(object, size, true);
	if (!fresh) {
		(void)factotum_object_resize(object, old_size);
		return STATUS_NO_MEMORY;
	}
	(void)factotum_munmap(CAP_FACTOTUM, (uintptr_t)*address, old_size);
	*address = fresh;
	return 0;
}

void
system_object_drop(uint64_t object, size_t size, void *address)
{
	(void)factotum_munmap(CAP_FACTOTUM, (uintptr_t)address, size);
	(void)factotum_object_release(object);
	other_slot_free(object);
}

status_t
system_object_slice(uint64_t object, uint64_t offset, size_t size,
	uint32_t rights, uint64_t *out)
{
	cptr_t slot = other_slot();
	status_t status;

	if (!slot)
		return ERR_NOMEM;
	status = factotum_object_slice(object, offset, size, rights, slot);
	if (status < 0) {
		other_slot_free(slot);
		return status;
	}
	*out = slot;
	return 0;
}

void
system_slice_drop(uint64_t slice)
{
	(void)factotum_object_release(slice);
	other_slot_free(slice);
}

void
system_handle_drop(uint64_t handle)
{
	other_slot_free(handle);
}

uint64_t
system_other_slot(void)
{
	return other_slot();
}

status_t
system_figures(struct system_figures *out)
{
	return factotum_system_info(CAP_FACTOTUM, &out->total, &out->free,
		&out->processes, NULL, &out->idle, &out->free_slots,
		&out->free_pids);
}

int64_t
system_command_line(uint32_t pid, char *out, size_t size)
{
	size_t length = 0;
	status_t status;

	status = factotum_command_line(
		manager ? manager : CAP_FACTOTUM, pid, out, size, &length);
	return status < 0 ? status : (int64_t)length;
}

int64_t
system_maps(uint32_t pid, uint32_t from, void *entries, size_t size)
{
	uint32_t count = 0;
	status_t status;

	status = factotum_maps(manager ? manager : CAP_FACTOTUM, pid, from,
		entries, size, &count);
	return status < 0 ? status : (int64_t)count;
}

void
system_signal(uint64_t handle)
{
	struct message message = {0};

	(void)syscall_send(handle, &message);
}

status_t
system_processes(void **out, size_t *size)
{
	cptr_t slot = other_slot();
	void *mapped = NULL;
	status_t status;
	size_t whole;

	if (!slot)
		return STATUS_LIMIT;
	status = factotum_ps(manager ? manager : CAP_FACTOTUM, size, slot);
	if (status < 0) {
		other_slot_free(slot);
		return status;
	}
	whole = (*size + PAGE - 1) & ~(size_t)(PAGE - 1);
	mapped = system_map(slot, whole, false);
	*out = mapped ? malloc(*size) : NULL;
	if (*out)
		memcpy(*out, mapped, *size);
	if (mapped)
		(void)factotum_munmap(CAP_FACTOTUM, (uintptr_t)mapped, whole);
	(void)factotum_object_release(slot);
	other_slot_free(slot);
	return *out ? 0 : STATUS_NO_MEMORY;
}
