/* SPDX-License-Identifier: MIT */
/*
 * Messages about processes as a whole.
 */
#include "broker.h"
#include "fork.h"
#include "handlers.h"
#include "heap.h"
#include "load.h"
#include "notices.h"
#include "signals.h"
#include "trace.h"

#include <glenda/kernel_calls.h>
#include <glenda/server.h>
#include <string.h>

#define NAME_MAX_BYTES 64
#define POLICY_MAX 2
#define PRIORITY_LINUX_MAX 159 /* below every service */
#define PRIORITY_MAX 189       /* below us (row F4) */
#define SPAWN_FLAGS                                                       \
	(FACTOTUM_SPAWN_FLAG_WAIT | FACTOTUM_SPAWN_FLAG_DEBUG |           \
		FACTOTUM_SPAWN_FLAG_RFNOMNT | FACTOTUM_SPAWN_FLAG_LINUX | \
		FACTOTUM_SPAWN_FLAG_SLOTS_MASK)
#define SLOT_DOUBLINGS_MAX 4

/* A lease of strings into the heap: the last byte must be a NUL. */
static status_t
read_strings(const struct request *request, unsigned lease, uint64_t length,
	char **text)
{
	status_t status;

	*text = NULL;
	if (length == 0)
		return STATUS_OK;
	*text = heap_alloc(length);
	if (!*text)
		return STATUS_NO_MEMORY;
	status = lease_read(request->reply, lease, 0, *text, length);
	if (status >= 0 && (*text)[length - 1] != '\0')
		status = STATUS_INVALID_ARGUMENT;
	if (status < 0) {
		heap_free(*text, length);
		*text = NULL;
	}
	return status;
}

static status_t
read_text(const struct request *request, const struct factotum_spawn_args *args,
	struct start_text *text)
{
	status_t status = read_strings(request, FACTOTUM_SPAWN_LEASE_ARGUMENTS,
		args->arguments_len, &text->arguments);

	if (status < 0)
		return status;
	text->arguments_length = (uint32_t)args->arguments_len;
	status = read_strings(request, FACTOTUM_SPAWN_LEASE_ENVIRONMENT,
		args->environment_len, &text->environment);
	if (status >= 0)
		text->environment_length = (uint32_t)args->environment_len;
	return status;
}

/* The image with one use for the caller. */
static status_t
find_image(const struct factotum_spawn_args *args, const char *name,
	struct object **image)
{
	const uint8_t needed = FACTOTUM_PROT_READ | FACTOTUM_PROT_EXEC;
	uint8_t rights;
	status_t status = object_received(&args->image, image, &rights);

	if (status < 0)
		return status;
	if (*image) {
		if ((rights & needed) != needed)
			return STATUS_NO_RIGHT;
		object_use(*image);
		return STATUS_OK;
	}
	*image = archive_image(name);
	return *image ? STATUS_OK : STATUS_NOT_FOUND;
}

static status_t
build(struct process *process, struct object *image)
{
	status_t status;

	process->space = space_create();
	if (!process->space)
		return STATUS_NO_MEMORY;
	status = load_image(process, image);
	return status < 0 ? status : load_surroundings(process);
}

static uint32_t
slot_doublings(uint32_t flags)
{
	return (flags & FACTOTUM_SPAWN_FLAG_SLOTS_MASK) /
		FACTOTUM_SPAWN_FLAG_SLOTS;
}

static status_t
spawn(const struct request *request, const struct factotum_spawn_args *args,
	struct process *process)
{
	char name[NAME_MAX_BYTES + 1] = {0};
	struct object *image;
	status_t status;

	if (args->name_len > NAME_MAX_BYTES)
		return STATUS_INVALID_ARGUMENT;
	status = lease_read_text(request->reply, FACTOTUM_SPAWN_LEASE_NAME,
		name, args->name_len);
	if (status >= 0)
		status = read_text(request, args, &process->text);
	if (status >= 0)
		status = process_set_command(process, process->text.arguments,
			process->text.arguments_length);
	if (status < 0)
		return status;
	memcpy(process->name, name, strnlen(name, NAME_BYTES - 1));
	process->is_linux = args->flags & FACTOTUM_SPAWN_FLAG_LINUX;
	process->debug = args->flags & FACTOTUM_SPAWN_FLAG_DEBUG;
	trace_used |= process->debug;
	process->slot_doublings = (uint8_t)slot_doublings(args->flags);
	status = find_image(args, name, &image);
	if (status < 0)
		return status;
	status = build(process, image);
	object_unuse(image);
	return status;
}

/* A namespace of its own: Gopher is asked, the spawner waits. */
static status_t
wish(const struct who *who, struct request *request, struct process *process,
	bool waits)
{
	status_t status;

	if (!notices_watched(FACTOTUM_NOTICE_WISH))
		return STATUS_NOT_READY;
	status = thread_park(who->thread, request, PARK_WISH);
	if (status < 0)
		return status;
	who->thread->park.id = process->pid;
	process->wish = true;
	process->wish_wait = waits;
	notice_post(FACTOTUM_NOTICE_WISH, process->pid, process);
	return SERVER_PARKED;
}

static status_t
finish_spawn(struct process *process, bool waits,
	struct factotum_spawn_results *results)
{
	status_t status = send_badge(
		broker_badge(FACTOTUM_BADGE_KIND_HANDLE, process->puid),
		&results->handle);

	if (status < 0)
		return status;
	results->pid = process->pid;
	process_trace(process);
	return waits ? STATUS_OK : load_start(process);
}

SERVE_BOTH(who_is_process, spawn)
{
	bool waits = args->flags & FACTOTUM_SPAWN_FLAG_WAIT;
	struct process *process;
	status_t status;

	if (args->flags & ~(uint32_t)SPAWN_FLAGS ||
		slot_doublings(args->flags) > SLOT_DOUBLINGS_MAX)
		return STATUS_INVALID_ARGUMENT;
	if (slot_doublings(args->flags) &&
		!(who->rights & FACTOTUM_MANAGER_RIGHT_SUPERVISE))
		return STATUS_FORBIDDEN;
	if (who->process->is_linux)
		return STATUS_FORBIDDEN;
	process = process_make(who->process, who->process);
	if (!process)
		return STATUS_LIMIT;
	status = spawn(request, args, process);
	if (status >= 0 && args->flags & FACTOTUM_SPAWN_FLAG_RFNOMNT)
		status = wish(who, request, process, waits);
	else if (status >= 0)
		status = finish_spawn(process, waits, results);
	if (status < 0)
		process_unmake(process);
	return status;
}

static struct thread *
wisher(const struct process *child)
{
	struct thread *thread = child->parent ? child->parent->threads : NULL;

	for (; thread; thread = thread->next)
		if (thread->park.kind == PARK_WISH &&
			thread->park.id == child->pid)
			return thread;
	return NULL;
}

SERVE_IN(who_is_process, wish_answer)
{
	struct factotum_spawn_results results = {0};
	struct answer answer = {0};
	struct process *child;
	struct thread *thread;
	status_t status;

	if (!who->process->service)
		return STATUS_FORBIDDEN;
	child = args->wish < 65536 ? process_by_pid((uint32_t)args->wish)
				   : NULL;
	if (!child || !child->wish)
		return STATUS_NOT_FOUND;
	child->wish = false;
	thread = wisher(child);
	status = args->status;
	if (status >= 0 && thread)
		status = finish_spawn(child, child->wish_wait, &results);
	if (status < 0 || !thread)
		process_unmake(child);
	else
		factotum_spawn_pack(&results, &answer);
	if (thread)
		thread_answer(thread, status, &answer);
	return STATUS_OK;
}

SERVE(who_has_handle, start)
{
	if (who->target->wish)
		return STATUS_BUSY;
	return load_start(who->target);
}

SERVE_IN(who_is_process, exit)
{
	if (who->process->pid <= PID_FACTOTUM)
		return STATUS_FORBIDDEN;
	who->process->detail = args->status;
	process_end(who->process, FACTOTUM_STATE_EXITED, args->status);
	return STATUS_OK;
}

SERVE_BOTH(who_is_process, wait)
{
	const struct wait_query query = {
		.kind = args->kind,
		.id = args->id,
		.options = args->options,
	};
	struct park *park;
	status_t status;

	if (args->kind > 2)
		return STATUS_INVALID_ARGUMENT;
	status = wait_try(who->process, &query, results);
	if (status != STATUS_NOT_READY)
		return status;
	if (args->options & FACTOTUM_WAIT_NOHANG)
		return STATUS_OK;
	status = thread_park(who->thread, request, PARK_WAIT);
	if (status < 0)
		return status;
	park = &who->thread->park;
	park->wait_kind = args->kind;
	park->wait_id = args->id;
	park->wait_options = args->options;
	return SERVER_PARKED;
}

SERVE_IN(who_has_handle, kill)
{
	const struct signal_info info = {.signal = args->signal};

	if (args->signal > SIGNAL_MAX)
		return STATUS_INVALID_ARGUMENT;
	if (who->target->zombie)
		return STATUS_NOT_FOUND;
	return args->signal ? signal_post(who->target, &info) : STATUS_OK;
}

SERVE_BOTH(who_is_process, fork)
{
	struct process *child;
	uint64_t puid;
	status_t status;

	if (!who->process->space)
		return STATUS_FORBIDDEN;
	puid = who->process->puid;
	do
		status = fork_process(who->thread, args, &child);
	while (status == STATUS_NO_MEMORY && process_make_room(puid));
	if (status < 0)
		return status;
	results->pid = child->pid;
	if (!child->vfork_parent)
		return STATUS_OK;
	status = thread_park(who->thread, request, PARK_VFORK);
	if (status < 0) {
		/* The child runs already: the parent just does not wait. */
		child->vfork_parent = 0;
		return STATUS_OK;
	}
	who->thread->park.id = child->pid;
	return SERVER_PARKED;
}

static status_t
exec_object(const struct received_cap *cap, struct object **object)
{
	uint8_t rights;
	status_t status = object_received(cap, object, &rights);

	if (status >= 0 && *object && !(rights & FACTOTUM_PROT_READ))
		return STATUS_NO_RIGHT;
	return status;
}

SERVE_IN(who_is_process, exec)
{
	struct object *image, *interpreter;
	uint64_t puid;
	status_t status = exec_object(&args->image, &image);

	if (status >= 0)
		status = exec_object(&args->interpreter, &interpreter);
	if (status < 0)
		return status;
	if (!who->process->attached)
		return STATUS_FORBIDDEN;
	puid = who->process->puid;
	do
		status = exec_process(
			who->thread, args, request->reply, image, interpreter);
	while (status == STATUS_NO_MEMORY && process_make_room(puid));
	return status;
}

SERVE_OUT(who_is_process, get_pid)
{
	results->pid = who->process->pid;
	results->tid = who->thread->tid;
	return STATUS_OK;
}

SERVE_OUT(who_is_process, get_ppid)
{
	results->ppid = who->process->parent ? who->process->parent->pid : 0;
	return STATUS_OK;
}

SERVE_OUT(who_has_handle, status)
{
	results->pid = who->target->pid;
	results->state = who->target->state;
	results->detail = who->target->detail;
	return STATUS_OK;
}

static status_t
reschedule(struct process *target, uint32_t policy, uint32_t priority,
	uint64_t slice_us)
{
	status_t status = STATUS_OK;

	target->policy = policy;
	target->priority = priority;
	target->slice_us = slice_us;
	for (struct thread *thread = target->threads; thread && status >= 0;
		thread = thread->next)
		if (!thread->ended)
			status = tcb_set_schedule(
				thread->tcb, policy, priority, slice_us, ~0ul);
	return status;
}

SERVE_IN(who_is_manager, schedule)
{
	struct process *target;

	if (!(who->rights & FACTOTUM_MANAGER_RIGHT_SIGNAL))
		return STATUS_FORBIDDEN;
	if (args->policy > POLICY_MAX || args->priority > PRIORITY_LINUX_MAX)
		return STATUS_INVALID_ARGUMENT;
	target = args->pid < 65536 ? process_by_pid(args->pid) : NULL;
	if (!target || !target->is_linux || target->zombie)
		return STATUS_NOT_FOUND;
	return reschedule(target, args->policy, args->priority, args->slice_us);
}

SERVE_IN(who_has_handle, set_schedule)
{
	struct process *target;

	target = who->target;
	if (args->policy > POLICY_MAX || args->priority > PRIORITY_MAX)
		return STATUS_INVALID_ARGUMENT;
	if (args->priority > 120 &&
		!(who->rights & FACTOTUM_MANAGER_RIGHT_SUPERVISE))
		return STATUS_FORBIDDEN;
	return reschedule(target, args->policy, args->priority, args->slice_us);
}

SERVE_IN(who_is_process, images)
{
	struct object *archive;
	uint8_t rights;
	status_t status = object_received(&args->archive, &archive, &rights);

	if (status < 0)
		return status;
	if (!(who->rights & FACTOTUM_MANAGER_RIGHT_SUPERVISE))
		return STATUS_FORBIDDEN;
	return archive ? archive_set(archive, args->size) : STATUS_INVALID_CAP;
}

SERVE_IN(who_is_process, line_attach)
{
	struct process *process;
	status_t status = STATUS_OK;

	process = who->process;
	if (!process->is_linux)
		return STATUS_FORBIDDEN;
	if (args->start >= args->end || args->end > USER_END ||
		args->process_page % PAGE_SIZE ||
		!area_find(process->space, args->process_page))
		return STATUS_INVALID_ARGUMENT;
	process->redirect = (struct redirect){
		.start = args->start,
		.end = args->end,
		.upcall = args->upcall,
		.signal = args->signal,
		.fixup = args->fixup,
	};
	process->process_page = args->process_page;
	process->attached = true;
	for (struct thread *thread = process->threads; thread && status >= 0;
		thread = thread->next)
		if (!thread->ended)
			status = thread_redirect(thread);
	if (status < 0)
		process->attached = false;
	process_show_parent(process);
	return status;
}
