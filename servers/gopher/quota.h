/* SPDX-License-Identifier: MIT */
/*
 * Quotas: what the sessions of one process tree hold together, and below it
 * what each user's hold. A user other than root may hold three quarters of the
 * tree's at most, so that the rest of the tree goes on beside one that takes
 * all it can get. Whoever reaches a limit gets ENFILE, ENOSPC or EAGAIN. A
 * quota lives as long as something is charged to it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum quota_kind {
	QUOTA_FILES, /* open ones */
	QUOTA_SESSIONS,
	QUOTA_PARKED,	  /* calls; each holds a reply slot */
	QUOTA_GROUPS,	  /* supplementary ones, in all lists */
	QUOTA_PIPE_PAGES, /* of 4 KiB */
	QUOTA_NODES,	  /* files, folders, further names in tmpfs */
	QUOTA_FILE_PAGES, /* of 4 KiB, in tmpfs */
	QUOTA_OBJECTS,	  /* files that can be mapped */
	QUOTA_RECORDS,	  /* locks, places in queues, 64 bytes of /proc */
	QUOTA_KINDS,
};

struct quota {
	struct quota *tree; /* NULL: it is one */
	struct quota *next; /* user of the same tree */
	struct quota *users;
	uint32_t user;
	uint32_t references;
	uint64_t used[QUOTA_KINDS];
};

/* The limit of each tree; those that depend on the machine, at start. */
void quota_limit(enum quota_kind kind, uint64_t limit);

/* What a user may have of it. */
uint64_t quota_share(enum quota_kind kind, uint32_t user);

/* A fresh tree's quota of user 0 with one reference, or NULL. */
struct quota *quota_create(void);

/* The quota of a user in the same tree, with one more reference, or NULL. */
struct quota *quota_of_user(struct quota *any, uint32_t user);

void quota_get(struct quota *quota);
void quota_put(struct quota *quota);

/*
 * Charge a quota, which may be NULL (what belongs to no tree), or give back.
 * quota_take answers false and charges nothing beyond the limit; quota_add
 * charges in any case.
 */
bool quota_take(struct quota *quota, enum quota_kind kind, uint64_t count);
void quota_add(struct quota *quota, enum quota_kind kind, uint64_t count);
void quota_give(struct quota *quota, enum quota_kind kind, uint64_t count);
