/* SPDX-License-Identifier: MIT */
/*
 * exec: build, then commit. The new areas and pages are put together beside
 * the old ones in a struct space of their own; until the commit nothing of
 * the caller changes. What belongs to the shim comes along.
 *
 * A process alone in its space keeps its VSpace: the old mappings go, the
 * tables stay. A vfork child gets a VSpace of its own, with copies of its
 * kit and process page. Where the thread changes space or number, a fresh
 * TCB takes over its context.
 */
#include "fork.h"

#include "heap.h"
#include "ids.h"
#include "limits.h"
#include "notices.h"
#include "signals.h"

#include <glenda/factotum_server.h>
#include <glenda/kernel_calls.h>
#include <glenda/records.h>
#include <glenda/server.h>
#include <string.h>

#define VECTOR_MAX (4096 / sizeof(struct exec_area))
#define BOUNCE PAGE_SIZE
#define FLAGS_TAKEN (FACTOTUM_MAP_DONTFORK | FACTOTUM_MAP_NORESERVE)

struct build {
	struct thread *caller;
	const struct factotum_exec_args *args;
	cptr_t reply;
	struct object *objects[2];
	struct space *old;
	struct space *fresh; /* with a VSpace only for a vfork child */
	struct space plain;
	frame_t old_utcb; /* pinned for the TCB that is replaced */
	char *command;
};

static bool
is_shim(const struct area *area)
{
	return area->flags & FACTOTUM_MAP_SHIM;
}

static status_t
check_area(const struct exec_area *wanted)
{
	const uint32_t all =
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE | FACTOTUM_PROT_EXEC;

	if (!range_valid(wanted->address, wanted->length) ||
		wanted->length % PAGE_SIZE || wanted->offset % PAGE_SIZE ||
		wanted->file_length > wanted->length || wanted->prot & ~all ||
		wanted->object > EXEC_OBJECT_ANONYMOUS)
		return STATUS_INVALID_ARGUMENT;
	return STATUS_OK;
}

static status_t
add_area(struct build *build, const struct exec_area *wanted)
{
	struct area area = {
		.start = wanted->address,
		.end = wanted->address + wanted->length,
		.flags = FACTOTUM_MAP_PRIVATE | (wanted->flags & FLAGS_TAKEN),
		.prot = (uint8_t)wanted->prot,
	};
	status_t status = check_area(wanted);

	if (status < 0)
		return status;
	if (wanted->object == EXEC_OBJECT_ANONYMOUS ||
		wanted->file_length == 0) {
		area.flags |= FACTOTUM_MAP_ANONYMOUS;
	} else {
		area.object = build->objects[wanted->object];
		if (!area.object)
			return STATUS_INVALID_ARGUMENT;
		if (wanted->offset > area.object->size ||
			wanted->file_length >
				area.object->size - wanted->offset)
			return STATUS_BAD_IMAGE;
		area.offset = wanted->offset;
		area.file_end = area.start + wanted->file_length;
	}
	if (!area_vacant(build->fresh, area.start, area.end))
		return STATUS_INVALID_ARGUMENT;
	return area_insert(build->fresh, &area);
}

static status_t
add_areas(struct build *build)
{
	const struct factotum_exec_args *args = build->args;
	size_t count = args->areas_len / sizeof(struct exec_area);
	struct exec_area *vector;
	status_t status;

	if (count == 0 || count > VECTOR_MAX ||
		args->areas_len % sizeof(struct exec_area))
		return STATUS_INVALID_ARGUMENT;
	vector = heap_alloc(args->areas_len);
	if (!vector)
		return STATUS_NO_MEMORY;
	status = lease_read(build->reply, FACTOTUM_EXEC_LEASE_AREAS, 0, vector,
		args->areas_len);
	for (size_t i = 0; i < count && status >= 0; i++)
		status = add_area(build, &vector[i]);
	heap_free(vector, args->areas_len);
	return status;
}

static status_t
copy_stack(
	struct build *build, vaddr_t address, uint64_t offset, uint64_t length)
{
	uint8_t *bounce = heap_alloc(BOUNCE);
	status_t status = bounce ? STATUS_OK : STATUS_NO_MEMORY;

	while (length > 0 && status >= 0) {
		uint64_t part = BOUNCE - address % BOUNCE;
		uint64_t number = address >> PAGE_SHIFT;
		frame_t frame = pages_get(&build->fresh->own, number);

		if (part > length)
			part = length;
		status = lease_read(build->reply, FACTOTUM_EXEC_LEASE_STACK,
			offset, bounce, part);
		if (status >= 0 && !frame) {
			frame = frame_alloc_zeroed();
			status = frame
				? pages_set(&build->fresh->own, number, frame)
				: STATUS_NO_MEMORY;
			if (status < 0 && frame)
				frame_drop(frame);
		}
		if (status >= 0)
			status = frame_write(frame_cap(frame),
				frame_page(frame) * PAGE_SIZE +
					address % PAGE_SIZE,
				part, (uintptr_t)bounce);
		address += part;
		offset += part;
		length -= part;
	}
	heap_free(bounce, BOUNCE);
	return status;
}

static status_t
add_stack(struct build *build)
{
	const struct factotum_exec_args *args = build->args;
	uint64_t size = (args->stack_size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	struct area area = {
		.start = args->stack_top - size,
		.end = args->stack_top,
		.flags = FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS |
			FACTOTUM_MAP_STACK,
		.prot = FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		.touched = true,
	};
	status_t status;

	if (size == 0 || size > args->stack_top || args->stack_len > size ||
		!range_valid(area.start, size) ||
		!area_vacant(build->fresh, area.start, area.end))
		return STATUS_INVALID_ARGUMENT;
	status = area_insert(build->fresh, &area);
	if (status < 0)
		return status;
	return copy_stack(
		build, area.end - args->stack_len, 0, args->stack_len);
}

/* What of the shim a vfork child takes with it, and as a copy? */
static bool
taken_along(const struct build *build, const struct area *area, bool *copy)
{
	const struct thread *caller = build->caller;
	vaddr_t page = caller->process->process_page;

	*copy = (caller->utcb >= area->start && caller->utcb < area->end) ||
		(page >= area->start && page < area->end);
	return is_shim(area) && (area->object || *copy);
}

static status_t
keep_shim_area(struct build *build, const struct area *area)
{
	status_t status;
	bool copy = false;

	if (build->fresh != &build->plain) {
		if (!taken_along(build, area, &copy))
			return STATUS_OK;
		status = area_insert(build->fresh, area);
		return status < 0
			? status
			: space_bring(build->fresh, build->old, area, copy);
	}
	status = area_insert(build->fresh, area);
	if (status < 0)
		return status;
	return pages_share(&build->fresh->own, &build->old->own,
		area->start >> PAGE_SHIFT, area->end >> PAGE_SHIFT);
}

static status_t
keep_shim(struct build *build)
{
	status_t status = STATUS_OK;

	for (uint32_t i = 0; i < build->old->count && status >= 0; i++)
		if (is_shim(&build->old->areas[i]))
			status = keep_shim_area(build, &build->old->areas[i]);
	return status;
}

static status_t
read_command(struct build *build)
{
	uint64_t length = build->args->command_len;

	if (length == 0)
		return STATUS_INVALID_ARGUMENT;
	build->command = heap_alloc(length);
	if (!build->command)
		return STATUS_NO_MEMORY;
	return lease_read(build->reply, FACTOTUM_EXEC_LEASE_COMMAND, 0,
		build->command, length);
}

static status_t
prepare(struct build *build)
{
	const struct process *process = build->caller->process;
	status_t status = read_command(build);

	if (status < 0)
		return status;
	build->fresh = &build->plain;
	if (build->old->users > 1) {
		build->fresh = space_create();
		if (!build->fresh)
			return STATUS_NO_MEMORY;
	}
	status = keep_shim(build);
	if (status >= 0)
		status = add_areas(build);
	if (status >= 0)
		status = add_stack(build);
	if (status >= 0 && !limits_allow(process, build->fresh, 1, 1))
		status = STATUS_NO_MEMORY;
	if (status < 0)
		return status;
	build->fresh->brk_start = build->fresh->brk = build->args->brk;
	return STATUS_OK;
}

static void
abandon(struct build *build)
{
	struct space *fresh = build->fresh;

	if (!fresh)
		return;
	if (fresh != &build->plain) {
		space_drop(fresh);
		return;
	}
	area_remove(fresh, 0, fresh->count);
	pages_drop(&fresh->own, 0, UINT64_MAX);
	heap_free(fresh->areas, fresh->capacity * sizeof(*fresh->areas));
}

/* A TCB in the new space, or under the leader's number, takes over. */
static status_t
replace_tcb(struct build *build, cptr_t *old)
{
	struct thread *caller = build->caller;
	struct process *process = caller->process;
	struct space *before = process->space;
	cptr_t tcb = kobject_alloc(KOBJECT_TCB);
	uint32_t tid = caller->tid;
	status_t status;

	if (!tcb)
		return STATUS_NO_MEMORY;
	*old = caller->tcb;
	build->old_utcb = caller->utcb_frame;
	caller->tcb = tcb;
	caller->utcb_frame = 0;
	caller->tid = process->pid;
	if (build->fresh != &build->plain)
		process->space = build->fresh;
	status = thread_configure(caller, caller->utcb);
	if (status >= 0)
		status = tcb_copy_context(tcb, *old, 0);
	process->space = before;
	if (status >= 0)
		return status;
	kobject_free(KOBJECT_TCB, tcb);
	if (caller->utcb_frame)
		frame_unpin(caller->utcb_frame);
	caller->tcb = *old;
	caller->utcb_frame = build->old_utcb;
	caller->tid = tid;
	return status;
}

static void
end_others(struct process *process, struct thread *caller)
{
	struct thread *thread = process->threads;

	while (thread) {
		struct thread *next = thread->next;

		if (thread != caller) {
			thread_end(thread, 0);
			thread_forget(thread);
		}
		thread = next;
	}
	process->leader = caller;
}

/* Put the new areas and pages into the old VSpace. */
static void
swap_in_place(struct space *space, struct space *fresh)
{
	for (uint32_t i = 0; i < space->count; i++) {
		const struct area *area = &space->areas[i];

		if (area->touched && !is_shim(area))
			vspace_unmap(space->vspace, area->start,
				(area->end - area->start) >> PAGE_SHIFT);
	}
	area_remove(space, 0, space->count);
	pages_drop(&space->own, 0, UINT64_MAX);
	heap_free(space->areas, space->capacity * sizeof(*space->areas));
	space->areas = fresh->areas;
	space->count = fresh->count;
	space->capacity = fresh->capacity;
	space->own = fresh->own;
	space->brk_start = fresh->brk_start;
	space->brk = fresh->brk;
}

static void
take_name(struct process *process, const struct factotum_exec_args *args)
{
	const uint64_t words[2] = {args->name0, args->name1};

	memset(process->name, 0, NAME_BYTES);
	memcpy(process->name, words, sizeof(words));
}

/* The stack's pages are wanted at once. */
static void
map_stack(struct build *build, struct space *space)
{
	uint64_t number =
		(build->args->stack_top - build->args->stack_len) >> PAGE_SHIFT;
	frame_t frame;

	for (; pages_next(&space->own, &number,
		     build->args->stack_top >> PAGE_SHIFT, &frame);
		number++)
		space_install(space, number << PAGE_SHIFT, frame_cap(frame),
			frame_page(frame), 1, RIGHT_READ | RIGHT_WRITE);
}

static void
commit(struct build *build, cptr_t old_tcb, uint32_t old_tid)
{
	struct thread *caller = build->caller;
	struct process *process = caller->process;

	end_others(process, caller);
	/* A signal agreed with the old program must not outlive it. */
	process->death_signal = SIGNAL_CHILD;
	if (old_tid != caller->tid) {
		id_enter_thread(old_tid, NULL);
		id_give(old_tid);
	}
	id_enter_thread(caller->tid, caller);
	if (old_tcb) {
		tcb_stop(old_tcb);
		kobject_free(KOBJECT_TCB, old_tcb);
		frame_unpin(build->old_utcb);
	}
	if (build->fresh == &build->plain) {
		swap_in_place(process->space, build->fresh);
	} else {
		process->space = build->fresh;
		space_drop(build->old);
	}
	map_stack(build, process->space);
	take_name(process, build->args);
	heap_free(process->command, process->command_length);
	process->command = build->command;
	process->command_length = (uint32_t)build->args->command_len;
	caller->robust_head = 0;
	caller->name[0] = caller->name[1] = 0;
	process->execs++;
	object_use(build->objects[0]);
	if (process->image)
		object_unuse(process->image);
	process->image = build->objects[0];
	process_release_vfork(process);
	notice_post(FACTOTUM_NOTICE_EXEC, 0, process);
	if (old_tcb)
		tcb_resume(caller->tcb);
}

status_t
exec_process(struct thread *caller, const struct factotum_exec_args *args,
	cptr_t reply, struct object *image, struct object *interpreter)
{
	struct process *process = caller->process;
	struct build build = {
		.caller = caller,
		.args = args,
		.reply = reply,
		.objects = {image, interpreter},
		.old = process->space,
	};
	uint32_t old_tid = caller->tid;
	cptr_t old_tcb = 0;
	status_t status = prepare(&build);

	if (status >= 0 &&
		(build.fresh != &build.plain || caller->tid != process->pid))
		status = replace_tcb(&build, &old_tcb);
	if (status < 0) {
		abandon(&build);
		heap_free(build.command, args->command_len);
		return status;
	}
	/* commit: cannot fail */
	commit(&build, old_tcb, old_tid);
	return STATUS_OK;
}
