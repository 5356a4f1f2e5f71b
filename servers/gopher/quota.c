/* SPDX-License-Identifier: MIT */
/* Quotas of trees and of their users. */
#include "quota.h"

#include <stdlib.h>

static uint64_t limits[QUOTA_KINDS] = {
	[QUOTA_FILES] = 16384,
	[QUOTA_SESSIONS] = 4096,
	[QUOTA_PARKED] = 128,
	[QUOTA_GROUPS] = 8 * 65536,
	[QUOTA_PIPE_PAGES] = 4096,
	[QUOTA_NODES] = 32768,
	[QUOTA_FILE_PAGES] = UINT64_MAX,
	[QUOTA_OBJECTS] = 16,
	[QUOTA_RECORDS] = 65536,
};

void
quota_limit(enum quota_kind kind, uint64_t limit)
{
	limits[kind] = limit;
}

uint64_t
quota_share(enum quota_kind kind, uint32_t user)
{
	return user ? limits[kind] - limits[kind] / 4 : limits[kind];
}

static struct quota *
user_create(struct quota *tree, uint32_t user)
{
	struct quota *quota = calloc(1, sizeof(*quota));

	if (!quota)
		return NULL;
	quota->tree = tree;
	quota->user = user;
	quota->references = 1;
	quota->next = tree->users;
	tree->users = quota;
	tree->references++;
	return quota;
}

struct quota *
quota_create(void)
{
	struct quota *tree = calloc(1, sizeof(*tree)), *quota;

	if (!tree)
		return NULL;
	tree->references = 1;
	quota = user_create(tree, 0);
	quota_put(tree);
	return quota;
}

struct quota *
quota_of_user(struct quota *any, uint32_t user)
{
	struct quota *tree = any->tree, *quota;

	for (quota = tree->users; quota; quota = quota->next) {
		if (quota->user == user) {
			quota_get(quota);
			return quota;
		}
	}
	return user_create(tree, user);
}

void
quota_get(struct quota *quota)
{
	quota->references++;
}

static void
user_leave(struct quota *quota)
{
	struct quota **place = &quota->tree->users;

	while (*place != quota)
		place = &(*place)->next;
	*place = quota->next;
	quota_put(quota->tree);
}

void
quota_put(struct quota *quota)
{
	if (--quota->references > 0)
		return;
	if (quota->tree)
		user_leave(quota);
	free(quota);
}

static bool
has_room(const struct quota *quota, enum quota_kind kind, uint64_t count,
	uint64_t limit)
{
	return quota->used[kind] <= limit && count <= limit - quota->used[kind];
}

bool
quota_take(struct quota *quota, enum quota_kind kind, uint64_t count)
{
	if (!quota)
		return true;
	if (!has_room(quota, kind, count, quota_share(kind, quota->user)) ||
		!has_room(quota->tree, kind, count, limits[kind]))
		return false;
	quota_add(quota, kind, count);
	return true;
}

void
quota_add(struct quota *quota, enum quota_kind kind, uint64_t count)
{
	if (!quota)
		return;
	quota->used[kind] += count;
	quota->tree->used[kind] += count;
}

void
quota_give(struct quota *quota, enum quota_kind kind, uint64_t count)
{
	if (!quota)
		return;
	quota->used[kind] -= count;
	quota->tree->used[kind] -= count;
}
