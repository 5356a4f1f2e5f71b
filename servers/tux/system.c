/* SPDX-License-Identifier: MIT */
/* Tux's calls to Factotum and Gopher. */
#include "system.h"

#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>
#include <glenda/records.h>
#include <glenda/slots.h>
#include <glenda/start.h>

#include "system_start.h"

enum {
	TAG_GROUP = 1,
	TAG_SESSION = 2,
};

enum {
	POST_PROCESS = 0,
	POST_THREAD = 1,
	POST_GROUP = 2,
};

#define SLICE_US 4000
#define LINUX_PROCESS 1 /* flag in struct ps_process */

static cptr_t manager;
static cptr_t gopher;

void
system_start(void)
{
	manager = start_cap("manager");
	gopher = start_cap("service.0x0200");
}

status_t
system_look(uint32_t pid, struct system_process *out)
{
	uint32_t state = 0;
	status_t status;

	if (pid == 0)
		return STATUS_NOT_FOUND;
	status = factotum_get_tags(manager, pid, &out->pid, &out->parent,
		&out->group, &out->session, &out->credentials, &state,
		&out->execs, &out->puid);
	out->zombie = state == FACTOTUM_STATE_EXITED;
	return status;
}

/* A snapshot in memory of its own. */
struct snapshot {
	cptr_t object;
	size_t size;
	vaddr_t address;
};

static status_t
snapshot_take(struct snapshot *s)
{
	status_t status;

	s->object = slot_take();
	if (!s->object)
		return STATUS_NO_MEMORY;
	status = factotum_ps(manager, &s->size, s->object);
	if (status < 0) {
		slot_give(s->object);
		return status;
	}
	status = factotum_mmap(CAP_FACTOTUM, 0, s->size, FACTOTUM_PROT_READ,
		FACTOTUM_MAP_SHARED, 0, s->object, &s->address);
	if (status < 0) {
		factotum_object_release(s->object);
		slot_drop(s->object);
	}
	return status;
}

static void
snapshot_drop(struct snapshot *s)
{
	factotum_munmap(CAP_FACTOTUM, s->address, s->size);
	factotum_object_release(s->object);
	slot_drop(s->object);
}

static struct system_process
from_record(const struct ps_process *p)
{
	return (struct system_process){
		.puid = p->puid,
		.credentials = p->credentials,
		.pid = p->pid,
		.parent = p->ppid,
		.group = p->group,
		.session = p->session,
		.execs = p->execs,
		.zombie = p->state == FACTOTUM_STATE_EXITED,
	};
}

status_t
system_each(bool (*each)(void *context, const struct system_process *process),
	void *context)
{
	const struct ps_header *header;
	const struct ps_process *records;
	struct snapshot s;
	status_t status = snapshot_take(&s);
	bool more = true;

	if (status < 0)
		return status;
	header = (const struct ps_header *)s.address;
	records = (const struct ps_process *)(header + 1);
	for (uint32_t i = 0; i < header->process_count && more; i++) {
		struct system_process process = from_record(&records[i]);

		if (records[i].flags & LINUX_PROCESS)
			more = each(context, &process);
	}
	snapshot_drop(&s);
	return STATUS_OK;
}

status_t
system_thread(uint32_t tid, uint32_t *pid)
{
	const struct ps_header *header;
	const struct ps_thread *threads;
	struct system_process process;
	struct snapshot s;
	status_t status;

	/* A leader has its process's number. */
	*pid = tid;
	if (system_look(tid, &process) == STATUS_OK)
		return STATUS_OK;
	status = snapshot_take(&s);
	if (status < 0)
		return status;
	status = STATUS_NOT_FOUND;
	header = (const struct ps_header *)s.address;
	threads = (const struct ps_thread *)(s.address + header->threads);
	for (uint32_t i = 0; i < header->thread_count; i++) {
		if (threads[i].tid != tid)
			continue;
		*pid = threads[i].pid;
		status = STATUS_OK;
	}
	snapshot_drop(&s);
	return status;
}

status_t
system_set_group(uint32_t pid, uint32_t group)
{
	return factotum_set_tags(manager, pid, TAG_GROUP, group, 0, 0);
}

status_t
system_set_session(uint32_t pid, uint32_t session)
{
	return factotum_set_tags(manager, pid, TAG_SESSION, 0, session, 0);
}

status_t
system_set_identity(uint32_t pid, uint64_t puid, uint64_t credentials,
	const uint64_t words[SYSTEM_WORDS])
{
	status_t status = factotum_set_words(manager, pid, credentials,
		words[0], words[1], words[2], words[3]);

	/* Gopher may not know the process yet; then it has nothing to forget.
	 */
	if (status == STATUS_OK)
		(void)gopher_sync_credentials(gopher, puid);
	return status;
}

status_t
system_get_words(uint32_t pid, uint64_t words[SYSTEM_WORDS])
{
	return factotum_get_words(
		manager, pid, &words[0], &words[1], &words[2], &words[3]);
}

status_t
system_set_groups(uint64_t puid, const uint32_t *ids, uint32_t count)
{
	return gopher_set_groups(gopher, puid, ids, count * sizeof(*ids));
}

status_t
system_get_groups(uint64_t puid, uint32_t *ids, uint32_t room, uint32_t *count)
{
	return gopher_get_groups(gopher, puid, ids, room * sizeof(*ids), count);
}

static status_t
post(uint32_t kind, uint32_t id, const struct system_signal *signal)
{
	return factotum_signal_post(manager, kind, id, signal->number,
		signal->info, signal->value, signal->uid, NULL);
}

status_t
system_post(uint32_t pid, const struct system_signal *signal)
{
	return post(POST_PROCESS, pid, signal);
}

status_t
system_post_thread(uint32_t tid, const struct system_signal *signal)
{
	return post(POST_THREAD, tid, signal);
}

status_t
system_post_group(uint32_t group, const struct system_signal *signal)
{
	return post(POST_GROUP, group, signal);
}

status_t
system_schedule(uint32_t pid, uint32_t policy, uint32_t priority)
{
	return factotum_schedule(manager, pid, policy, priority, SLICE_US);
}

status_t
system_watch_deaths(cptr_t signal)
{
	return factotum_watch(CAP_FACTOTUM,
		1u << FACTOTUM_NOTICE_DEATH | 1u << FACTOTUM_NOTICE_OVERFLOW,
		signal);
}

status_t
system_watch_terminal(cptr_t signal)
{
	return gopher_tty_watch(gopher, signal);
}

bool
system_terminal_event(uint32_t *kind, uint32_t *signal, uint32_t *id)
{
	return gopher_tty_fetch(gopher, kind, signal, id) == STATUS_OK &&
		*kind != GOPHER_EVENT_NONE;
}
