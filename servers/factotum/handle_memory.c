/* SPDX-License-Identifier: MIT */
/*
 * Messages about address spaces and memory objects.
 */
#include "handlers.h"
#include "limits.h"
#include "load.h"
#include "memory.h"
#include "slots.h"
#include "supply.h"

#include <glenda/kernel_calls.h>

#define PROT_ALL (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE | FACTOTUM_PROT_EXEC)
#define OBJECT_SIZE_MAX (1ul << 46)
#define NATIVE_HEAP_PART 4
#define KEPT_FLAGS                                                             \
	(FACTOTUM_MAP_SHARED | FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS | \
		FACTOTUM_MAP_STACK | FACTOTUM_MAP_SHIM |                       \
		FACTOTUM_MAP_DONTFORK | FACTOTUM_MAP_NORESERVE)
#define ALL_FLAGS                                                   \
	(KEPT_FLAGS | FACTOTUM_MAP_FIXED | FACTOTUM_MAP_NOREPLACE | \
		FACTOTUM_MAP_POPULATE)
#define ADVICE_HINTS 4
#define ADVICE_DONTNEED 4
#define ADVICE_FREE 8

/* Who asks, if it has a space that is ours to change. */
static status_t
space_of(const struct request *request, struct who *who)
{
	status_t status = who_is_process(request, who);

	if (status >= 0 && !who->process->space)
		status = STATUS_FORBIDDEN;
	return status;
}

static uint64_t
page_up(uint64_t bytes)
{
	return (bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/* Nobody gets more at once than the machine has; Linux guesses so, too. */
static bool
conceivable(uint64_t bytes)
{
	return bytes <= memory_total();
}

/*
 * The heap of a native: a part of the memory, so that its malloc says no before
 * it has taken what all others live on.
 */
static bool
heap_allowed(const struct process *process, uint64_t increment)
{
	const struct space *space = process->space;
	uint64_t most = memory_total() / NATIVE_HEAP_PART;

	return process->is_linux ||
		increment <= most - (space->brk - space->brk_start);
}

SERVE_BOTH(space_of, sbrk)
{
	if (args->increment > 0 &&
		(!conceivable((uint64_t)args->increment) ||
			!heap_allowed(
				who->process, (uint64_t)args->increment) ||
			!limits_allow(who->process, who->process->space,
				(uint64_t)args->increment,
				(uint64_t)args->increment)))
		return STATUS_NO_MEMORY;
	return space_sbrk(who->process->space, args->increment, &results->end);
}

/* Where the area goes: the result in area->start. */
static status_t
choose(struct space *space, const struct factotum_mmap_args *args,
	uint64_t length, vaddr_t *start)
{
	vaddr_t hint = args->addr & ~(PAGE_SIZE - 1);

	if (args->flags & (FACTOTUM_MAP_FIXED | FACTOTUM_MAP_NOREPLACE)) {
		if (!range_valid(args->addr, length))
			return STATUS_INVALID_ARGUMENT;
		*start = args->addr;
		if (area_vacant(space, *start, *start + length))
			return STATUS_OK;
		if (args->flags & FACTOTUM_MAP_NOREPLACE)
			return STATUS_EXISTS;
		return space_unmap(space, *start, *start + length);
	}
	*start = hint;
	if (hint && range_valid(hint, length) && hint + length <= MMAP_TOP &&
		area_vacant(space, hint, hint + length))
		return STATUS_OK;
	*start = area_gap(space, length, 0x10000, MMAP_TOP);
	return *start ? STATUS_OK : STATUS_NO_MEMORY;
}

static status_t
check_mmap(const struct factotum_mmap_args *args, const struct object *object,
	uint8_t rights)
{
	bool shared = args->flags & FACTOTUM_MAP_SHARED;
	bool private = args->flags & FACTOTUM_MAP_PRIVATE;
	uint32_t needed = args->prot;

	if (args->length == 0 || args->length > USER_END ||
		args->prot & ~(uint32_t)PROT_ALL ||
		args->flags & ~(uint32_t)ALL_FLAGS || shared == private ||
		args->offset % PAGE_SIZE ||
		args->offset + page_up(args->length) < args->offset)
		return STATUS_INVALID_ARGUMENT;
	if (!object)
		return args->flags & FACTOTUM_MAP_ANONYMOUS
			? STATUS_OK
			: STATUS_INVALID_ARGUMENT;
	if (private)
		needed = (needed & ~(uint32_t)FACTOTUM_PROT_WRITE) |
			FACTOTUM_PROT_READ;
	return needed & ~(uint32_t)rights ? STATUS_NO_RIGHT : STATUS_OK;
}

/*
 * A client that may only read an object must not gain writing by mprotect:
 * the area then shows a window that permits what the client may.
 */
static struct object *
restricted(struct object *object, uint8_t rights)
{
	struct object *window;

	if ((object->rights & ~rights) == 0) {
		object_use(object);
		return object;
	}
	window = object_window(NULL, object, 0, object->size);
	if (window)
		window->rights &= rights;
	return window;
}

static status_t
map(struct space *space, const struct factotum_mmap_args *args,
	struct object *object, vaddr_t *address)
{
	uint64_t length = page_up(args->length);
	struct area area = {
		.object = object,
		.offset = args->offset,
		.flags = args->flags & KEPT_FLAGS,
		.prot = (uint8_t)args->prot,
	};
	status_t status = choose(space, args, length, &area.start);

	if (status < 0)
		return status;
	area.end = area.start + length;
	if (object) {
		area.file_end =
			args->flags & FACTOTUM_MAP_SHARED ? 0 : area.end;
		if (!(area.flags & FACTOTUM_MAP_SHARED))
			area.flags &= ~(uint32_t)FACTOTUM_MAP_ANONYMOUS;
	} else {
		area.offset = 0;
	}
	status = area_insert(space, &area);
	if (status < 0)
		return status;
	*address = area.start;
	if (args->flags & FACTOTUM_MAP_POPULATE)
		space_populate(space, area.start, length,
			args->prot & FACTOTUM_PROT_WRITE);
	return STATUS_OK;
}

static bool
within_limits(
	const struct process *process, const struct factotum_mmap_args *args)
{
	uint64_t length = page_up(args->length);

	/* The shim's kits are not the program's memory. */
	if (args->flags & FACTOTUM_MAP_SHIM && args->addr >= LINE_KITS)
		return true;
	if (!limits_is_data(args->flags, args->prot))
		return limits_allow(process, process->space, length, 0);
	if (!(args->flags & FACTOTUM_MAP_NORESERVE) && !conceivable(length))
		return false;
	return limits_allow(process, process->space, length, length);
}

SERVE_BOTH(space_of, mmap)
{
	struct object *object;
	uint8_t rights;
	status_t status = object_received(&args->object, &object, &rights);

	if (status < 0)
		return status;
	status = check_mmap(args, object, rights);
	if (status < 0)
		return status;
	if (!within_limits(who->process, args))
		return STATUS_NO_MEMORY;
	if (object)
		object = restricted(object, rights);
	else if (args->flags & FACTOTUM_MAP_SHARED)
		object = object_create(
			NULL, args->offset + page_up(args->length));
	else
		return map(who->process->space, args, NULL, &results->address);
	if (!object)
		return STATUS_NO_MEMORY;
	status = map(who->process->space, args, object, &results->address);
	object_unuse(object);
	return status;
}

SERVE_IN(space_of, munmap)
{
	uint64_t length = page_up(args->length);

	if (!range_valid(args->addr, length) || length < args->length)
		return STATUS_INVALID_ARGUMENT;
	return space_unmap(
		who->process->space, args->addr, args->addr + length);
}

SERVE_IN(space_of, mprotect)
{
	uint64_t length = page_up(args->length);

	if (!range_valid(args->addr, length) || length < args->length ||
		args->prot & ~(uint32_t)PROT_ALL)
		return STATUS_INVALID_ARGUMENT;
	if (!limits_allow_protect(who->process, args->addr, args->addr + length,
		    (uint8_t)args->prot))
		return STATUS_NO_MEMORY;
	return space_protect(who->process->space, args->addr,
		args->addr + length, (uint8_t)args->prot);
}

static bool
may_grow(const struct process *process, const struct remap *remap)
{
	const struct area *area = area_find(process->space, remap->address);
	uint64_t more = remap->new_length - remap->old_length;

	if (!area || remap->new_length <= remap->old_length)
		return true;
	return limits_allow(process, process->space, more,
		limits_is_data(area->flags, area->prot) ? more : 0);
}

SERVE_BOTH(space_of, mremap)
{
	const struct remap remap = {
		.address = args->addr,
		.old_length = page_up(args->old_length),
		.new_length = page_up(args->new_length),
		.flags = args->flags,
		.new_address = args->new_addr,
	};

	if (args->flags & ~3u || args->old_length > USER_END ||
		args->new_length > USER_END)
		return STATUS_INVALID_ARGUMENT;
	if (!may_grow(who->process, &remap))
		return STATUS_NO_MEMORY;
	return space_remap(who->process->space, &remap, &results->address);
}

SERVE_IN(space_of, populate)
{
	const struct populate rest = {
		.address = args->addr,
		.length = args->length,
		.write = args->write,
	};
	status_t status = space_populate(
		who->process->space, args->addr, args->length, args->write);

	if (status == STATUS_NOT_READY)
		status = supply_wait(who->thread, request, &rest);
	return status < 0 && status != STATUS_NO_MEMORY ? STATUS_FAULT : status;
}

SERVE_IN(space_of, advise)
{
	uint64_t length = page_up(args->length);

	if (args->addr % PAGE_SIZE || length < args->length)
		return STATUS_INVALID_ARGUMENT;
	if (args->length == 0)
		return STATUS_OK;
	if (!range_valid(args->addr, length))
		return STATUS_NOT_MAPPED;
	if (args->advice == ADVICE_DONTNEED || args->advice == ADVICE_FREE)
		return space_forget(
			who->process->space, args->addr, args->addr + length);
	/* Hints about access patterns change nothing here. */
	if (args->advice >= ADVICE_HINTS)
		return STATUS_INVALID_ARGUMENT;
	return area_covered(
		       who->process->space, args->addr, args->addr + length)
		? STATUS_OK
		: STATUS_NOT_MAPPED;
}

SERVE_BOTH(who_makes_objects, object_create)
{
	struct object *object;
	status_t status = STATUS_OK;

	if (args->flags & ~1u || args->size > OBJECT_SIZE_MAX)
		return STATUS_INVALID_ARGUMENT;
	object = object_create(who->process, args->size);
	if (!object)
		return STATUS_NO_MEMORY;
	if (args->flags & 1)
		status = object_make_contiguous(object);
	if (status >= 0)
		status = send_object(object, object->rights, &results->object);
	if (status < 0)
		object_release(object);
	return status;
}

SERVE_BOTH(who_has_object, object_slice)
{
	struct object *window;
	status_t status;

	if (args->offset % PAGE_SIZE || args->size == 0 ||
		args->offset > who->object->size ||
		args->size > who->object->size - args->offset)
		return STATUS_INVALID_ARGUMENT;
	if (args->rights & ~(uint32_t)who->object_rights)
		return STATUS_NO_RIGHT;
	if (who->process->is_linux)
		return STATUS_FORBIDDEN;
	window = object_window(
		who->process, who->object, args->offset, args->size);
	if (!window)
		return STATUS_NO_MEMORY;
	window->rights &= (uint8_t)args->rights;
	status = send_object(window, window->rights, &results->object);
	if (status < 0)
		object_release(window);
	return status;
}

SERVE_IN(who_has_object, object_resize)
{
	struct object *object;

	object = who->object;
	if (!(who->object_rights & FACTOTUM_PROT_WRITE) || object->contiguous ||
		(object->kind != OBJECT_KIND_ANONYMOUS &&
			object->kind != OBJECT_KIND_SUPPLIED))
		return STATUS_NO_RIGHT;
	if (args->size > OBJECT_SIZE_MAX)
		return STATUS_NO_MEMORY;
	if (args->size < object->size)
		spaces_truncate(object, args->size);
	object_set_size(object, args->size);
	return STATUS_OK;
}

SERVE_OUT(who_has_object, object_info)
{
	results->size = who->object->size;
	results->physical = object_physical(who->object);
	results->resident = object_resident(who->object);
	return STATUS_OK;
}

SERVE_BOTH(who_is_process, object_from_frame)
{
	struct object *object;
	cptr_t frame;
	uint64_t count = 0;
	bool device = false;
	status_t status;

	if (!(who->rights & FACTOTUM_MANAGER_RIGHT_SUPERVISE))
		return STATUS_FORBIDDEN;
	if (args->frame.unwrapped)
		return STATUS_INVALID_CAP;
	if (frame_info(args->frame.slot, NULL, &count, &device) < 0)
		return STATUS_INVALID_CAP;
	if (args->size == 0 || args->size > count * PAGE_SIZE ||
		args->rights & ~(uint32_t)PROT_ALL)
		return STATUS_INVALID_ARGUMENT;
	frame = request_take_cap(request, 0);
	if (!frame)
		return STATUS_NO_MEMORY;
	object = object_wrap(
		who->process, frame, args->size, args->device || device);
	if (!object) {
		slot_drop(frame);
		return STATUS_NO_MEMORY;
	}
	object->rights = (uint8_t)args->rights;
	status = send_object(object, object->rights, &results->object);
	if (status < 0)
		object_release(object);
	return status;
}

SERVE(who_has_object, object_release)
{
	/* Only who made it holds it. */
	if (who->object->owner == who->process)
		object_release(who->object);
	return STATUS_OK;
}
