/* SPDX-License-Identifier: MIT */
/*
 * Those who wait stand in one list: they are few, and each stands there for
 * as long as a device takes.
 */
#include "supply.h"

#include "notices.h"

#include <glenda/factotum.h>
#include <glenda/server.h>

static struct thread *waiters;
unsigned supply_settled;

static struct object *
root_of(struct object *object)
{
	return object->base ? object->base : object;
}

/* The object page behind the address that the space misses. */
static struct object *
missing_page(const struct space *space, uint64_t *number)
{
	const struct area *area = area_find(space, space->missing);

	if (!area || !area->object)
		return NULL;
	*number = (area->offset + (space->missing - area->start)) >> PAGE_SHIFT;
	if (area->object->base)
		*number += area->object->offset;
	return root_of(area->object);
}

static void
link_waiter(struct thread *thread)
{
	thread->park.queue_previous = NULL;
	thread->park.queue_next = waiters;
	if (waiters)
		waiters->park.queue_previous = thread;
	waiters = thread;
}

void
supply_unlink(struct thread *thread)
{
	struct park *park = &thread->park;

	supply_settled -= park->settled;
	if (park->queue_next)
		park->queue_next->park.queue_previous = park->queue_previous;
	if (park->queue_previous)
		park->queue_previous->park.queue_next = park->queue_next;
	else
		waiters = park->queue_next;
}

/* How many pages of the object a populate will want from its page on. */
static uint64_t
wanted(const struct space *space, const struct populate *rest)
{
	const struct area *area = area_find(space, space->missing);
	vaddr_t end = rest->address + rest->length;

	if (end > area->end)
		end = area->end;
	return (end - space->missing + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/* Will anybody bring a page, and not wait for itself? */
static bool
supplied_for(const struct object *object, const struct process *process)
{
	return object && object->owner && object->owner != process;
}

/* Note what a parked thread needs and ring. False: nobody comes. */
static bool
ask(struct thread *thread)
{
	struct park *park = &thread->park;
	const struct space *space = thread->process->space;
	struct object *object = missing_page(space, &park->page);

	park->address = space->missing;
	if (!supplied_for(object, thread->process))
		return false;
	park->object = object;
	park->pages =
		park->populate.length ? wanted(space, &park->populate) : 1;
	park->told = false;
	if (!object->rung)
		object->rung = notice_tell(
			object->owner, FACTOTUM_NOTICE_NEED, object->key);
	return object->rung;
}

status_t
supply_wait(struct thread *thread, struct request *request,
	const struct populate *rest)
{
	struct park *park = &thread->park;
	uint64_t number;
	status_t status;

	if (!supplied_for(missing_page(thread->process->space, &number),
		    thread->process))
		return ACCESS_BEYOND;
	status = thread_park(thread, request, PARK_PAGE);
	if (status < 0)
		return status;
	park->populate = rest ? *rest : (struct populate){0};
	park->settled = park->failed = false;
	if (!ask(thread)) {
		park->object = NULL;
		park->settled = park->failed = true;
		supply_settled++;
	}
	link_waiter(thread);
	return SERVER_PARKED;
}

/* Is somebody told already of all that this one needs? */
static bool
covered(const struct park *park, const struct need *needs, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (park->page >= needs[i].first &&
			park->page + park->pages <=
				needs[i].first + needs[i].count)
			return true;
	return false;
}

unsigned
supply_needs(struct object *object, struct need *needs, unsigned most)
{
	unsigned count = 0;

	object->rung = false;
	for (struct thread *thread = waiters; thread;
		thread = thread->park.queue_next) {
		struct park *park = &thread->park;

		if (park->object != object || park->told || park->settled)
			continue;
		park->told = true;
		if (covered(park, needs, count))
			continue;
		if (count == most) {
			park->told = false;
			object->rung = notice_tell(object->owner,
				FACTOTUM_NOTICE_NEED, object->key);
			break;
		}
		needs[count++] = (struct need){park->page, park->pages};
	}
	return count;
}

static void
settle(struct thread *thread, bool failed)
{
	if (thread->park.settled)
		return;
	thread->park.settled = true;
	thread->park.failed = failed;
	supply_settled++;
}

void
supply_settle(
	struct object *object, uint64_t first, uint64_t count, status_t status)
{
	for (struct thread *thread = waiters; thread;
		thread = thread->park.queue_next) {
		const struct park *park = &thread->park;

		if (park->object == object && park->page >= first &&
			park->page - first < count)
			settle(thread, status < 0);
	}
}

void
supply_forget(struct object *object)
{
	object->rung = false;
	for (struct thread *thread = waiters; thread;
		thread = thread->park.queue_next) {
		if (thread->park.object != object)
			continue;
		settle(thread, false);
		thread->park.object = NULL;
	}
}

/* Go on with a populate: true when it has been answered. */
static bool
populate_rest(struct thread *thread)
{
	struct park *park = &thread->park;
	struct populate *rest = &park->populate;
	struct space *space = thread->process->space;
	status_t status = STATUS_FAULT;

	if (!park->failed)
		status = space_populate(
			space, rest->address, rest->length, rest->write);
	if (status == STATUS_NOT_READY && ask(thread)) {
		park->settled = false;
		supply_settled--;
		return false;
	}
	if (status < 0 && status != STATUS_NO_MEMORY)
		status = STATUS_FAULT;
	thread_answer(thread, status, NULL);
	return true;
}

/*
 * A thread that faulted just tries again and finds the page; if there will
 * be none, its next fault on it is final.
 */
static void
retry(struct thread *thread)
{
	if (thread->park.populate.length) {
		populate_rest(thread);
		return;
	}
	if (thread->park.failed)
		thread->failed_page = thread->park.address;
	thread_answer(thread, STATUS_OK, NULL);
}

bool
supply_retry(void)
{
	struct thread *thread = waiters;

	if (supply_settled == 0)
		return false;
	while (!thread->park.settled)
		thread = thread->park.queue_next;
	retry(thread);
	return supply_settled > 0;
}
