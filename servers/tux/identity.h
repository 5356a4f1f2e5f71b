/* SPDX-License-Identifier: MIT */
/*
 * Credentials of processes, by puid. An entry is made at a process's first
 * need: a copy of its parent's if that agrees with the credentials tag, which
 * fork inherited, else what the tag says. Entries go when the process dies.
 */
#pragma once

#include <stdint.h>

#include "rules.h"

#define GROUPS_MAX 64

struct identity {
	struct identity *next;
	uint64_t puid;
	struct ids user;
	struct ids group;
	uint32_t group_count;
	uint32_t groups[GROUPS_MAX];
};

/* The tag of Factotum and Gopher for these credentials. */
uint64_t identity_tag(const struct identity *identity);

/* The entry of a process, NULL if there is none yet. */
struct identity *identity_find(uint64_t puid);

/*
 * A new entry: a copy of `parent` (may be NULL) if its tag is this one, else
 * ids from the tag and no supplementary groups. NULL: no memory.
 */
struct identity *identity_make(uint64_t puid, uint64_t tag,
			       const struct identity *parent);

/* The process died. */
void identity_drop(uint64_t puid);
