/* SPDX-License-Identifier: MIT */
/*
 * Credentials of processes: a hash table by puid.
 */
#include "identity.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 256

static struct identity *buckets[BUCKETS];

static struct identity **
bucket(uint64_t puid)
{
	return &buckets[(puid ^ puid >> 16) % BUCKETS];
}

uint64_t
identity_tag(const struct identity *identity)
{
	return (uint64_t)identity->user.effective << 32 |
	       identity->group.effective;
}

struct identity *
identity_find(uint64_t puid)
{
	struct identity *at = *bucket(puid);

	while (at && at->puid != puid)
		at = at->next;
	return at;
}

struct identity *
identity_make(uint64_t puid, uint64_t tag, const struct identity *parent)
{
	struct identity **head = bucket(puid);
	struct identity *made = calloc(1, sizeof(*made));
	uint32_t user = (uint32_t)(tag >> 32), group = (uint32_t)tag;

	if (!made)
		return NULL;
	if (parent && identity_tag(parent) == tag) {
		*made = *parent;
	} else {
		made->user = (struct ids){user, user, user};
		made->group = (struct ids){group, group, group};
	}
	made->puid = puid;
	made->next = *head;
	*head = made;
	return made;
}

void
identity_drop(uint64_t puid)
{
	struct identity **at = bucket(puid);

	while (*at && (*at)->puid != puid)
		at = &(*at)->next;
	if (*at) {
		struct identity *gone = *at;

		*at = gone->next;
		free(gone);
	}
}
