/* SPDX-License-Identifier: MIT */
/*
 * Supplementary groups of sessions.  Tux decides who may change them; they are
 * kept here because every access is checked against them, and because a fork
 * copies a session at once, so that a child has its parent's of that moment.
 */
#include <stdlib.h>

#include "op.h"
#include "quota.h"
#include "session.h"

enum { GROUPS_BYTES = 65536 * sizeof(uint32_t) };

struct groups *
groups_create(struct session *session, uint32_t count)
{
	struct quota *quota = session->quota;
	struct groups *groups;

	if (!quota_take(quota, QUOTA_GROUPS, count))
		return NULL;
	groups = malloc(sizeof(*groups) + count * sizeof(groups->ids[0]));
	if (!groups) {
		quota_give(quota, QUOTA_GROUPS, count);
		return NULL;
	}
	groups->quota = quota;
	quota_get(quota);
	groups->references = 1;
	groups->count = count;
	return groups;
}

void
groups_put(struct groups *groups)
{
	if (--groups->references > 0)
		return;
	quota_give(groups->quota, QUOTA_GROUPS, groups->count);
	quota_put(groups->quota);
	free(groups);
}

static int
compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

void
session_set_groups(struct session *session, struct groups *groups)
{
	if (session->who.groups)
		groups_put(session->who.groups);
	session->who.groups = groups;
	if (groups)
		qsort(groups->ids, groups->count, sizeof(groups->ids[0]),
			compare);
}

bool
credentials_have(const struct credentials *who, uint32_t gid)
{
	const struct groups *groups = who->groups;

	return gid == who->gid ||
		(groups &&
			bsearch(&gid, groups->ids, groups->count,
				sizeof(groups->ids[0]), compare));
}

/* Of the services Tux alone calls these. */
int
op_set_groups(struct call *call)
{
	struct session *session = session_find(call->words[0]);
	size_t bytes = call->lease_count ? call->words[1] : 0;
	struct groups *groups = NULL;
	struct io io = {.call = call};
	status_t status;

	if (!op_from_service(call))
		return STATUS_FORBIDDEN;
	if (!session)
		return STATUS_NOT_FOUND;
	if (bytes % sizeof(groups->ids[0]) || bytes > GROUPS_BYTES)
		return STATUS_INVALID_ARGUMENT;
	if (bytes > 0) {
		groups = groups_create(
			session, (uint32_t)(bytes / sizeof(groups->ids[0])));
		if (!groups)
			return ERR_NOMEM;
		status = io_get(&io, 0, groups->ids, bytes);
		if (status < 0) {
			groups_put(groups);
			return status;
		}
	}
	session_set_groups(session, groups);
	return 0;
}

int
op_get_groups(struct call *call)
{
	struct session *session = session_find(call->words[0]);
	size_t room = call->lease_count ? call->words[1] : 0, bytes;
	const struct groups *groups;
	struct io io = {.call = call};
	status_t status;

	if (!op_from_service(call))
		return STATUS_FORBIDDEN;
	if (!session)
		return STATUS_NOT_FOUND;
	groups = session->who.groups;
	if (!groups)
		return op_result(call, 0);
	bytes = groups->count * sizeof(groups->ids[0]);
	if (bytes > room)
		bytes = room;
	status = bytes ? io_put(&io, 0, groups->ids, bytes) : 0;
	return status < 0 ? status : op_result(call, groups->count);
}
