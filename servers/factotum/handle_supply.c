/* SPDX-License-Identifier: MIT */
/*
 * Messages of those who supply pages.
 */
#include "handlers.h"
#include "supply.h"

#include <glenda/kernel_calls.h>
#include <glenda/server.h>

#define OBJECT_SIZE_MAX (1ul << 46)
#define NEEDS 3

SERVE_BOTH(who_makes_objects, object_supplied)
{
	struct object *object;
	status_t status;

	if (args->size > OBJECT_SIZE_MAX)
		return STATUS_INVALID_ARGUMENT;
	object = object_create_supplied(who->process, args->size, args->key);
	if (!object)
		return STATUS_NO_MEMORY;
	status = send_object(object, object->rights, &results->object);
	if (status < 0)
		object_release(object);
	return status;
}

/* Only who made a supplied object may say what it contains. */
static status_t
is_supplier(const struct request *request, struct who *who)
{
	status_t status = who_has_object(request, who);

	if (status < 0)
		return status;
	if (who->object->kind != OBJECT_KIND_SUPPLIED ||
		who->object->owner != who->process)
		return STATUS_NO_RIGHT;
	return STATUS_OK;
}

SERVE_OUT(is_supplier, needs)
{
	struct need needs[NEEDS] = {{0}};

	results->count = supply_needs(who->object, needs, NEEDS);
	results->first0 = needs[0].first;
	results->pages0 = needs[0].count;
	results->first1 = needs[1].first;
	results->pages1 = needs[1].count;
	results->first2 = needs[2].first;
	results->pages2 = needs[2].count;
	return STATUS_OK;
}

/* Bring what the lease holds, page by page. */
static status_t
take(const struct request *request, struct object *object, uint64_t offset,
	uint64_t length)
{
	static uint8_t page[PAGE_SIZE];
	uint64_t done = 0;

	while (done < length) {
		uint64_t part = length - done;
		status_t status;

		if (part > PAGE_SIZE)
			part = PAGE_SIZE;
		status = lease_read(request->reply, FACTOTUM_SUPPLY_LEASE_DATA,
			done, page, part);
		if (status >= 0)
			status = object_supply(object,
				(offset + done) >> PAGE_SHIFT, page, part);
		if (status < 0)
			return status;
		done += part;
	}
	return STATUS_OK;
}

SERVE_IN(is_supplier, supply)
{
	struct object *object;
	uint64_t count;
	status_t status = STATUS_OK;

	object = who->object;
	if (args->offset % PAGE_SIZE || args->offset >= object->size ||
		args->length == 0 ||
		args->length > object->size - args->offset ||
		(args->status >= 0 && args->data_len != args->length) ||
		(args->length % PAGE_SIZE &&
			args->offset + args->length != object->size))
		return STATUS_INVALID_ARGUMENT;
	if (args->status >= 0)
		status = take(request, object, args->offset, args->length);
	if (status < 0)
		return status;
	count = (args->length + PAGE_SIZE - 1) >> PAGE_SHIFT;
	supply_settle(object, args->offset >> PAGE_SHIFT, count, args->status);
	return STATUS_OK;
}
