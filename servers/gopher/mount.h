/* SPDX-License-Identifier: MIT */
/*
 * Mounts and namespaces.  A mount shows a node (and what is below it) at a
 * place; it never changes once made.  A namespace is a set of mounts shared
 * by sessions, or copied by a fork that wants its own.
 */
#pragma once

#include <stdbool.h>

#include "node.h"

enum mount_kind {
	MOUNT_TMPFS,
	MOUNT_PROC,
	MOUNT_BIND,
};

struct mount {
	uint32_t references;
	enum mount_kind kind;
	struct node *root;    /* what is shown */
	struct place covered; /* where; node NULL for the first root */
};

enum { MOUNT_LIMIT = 64 };

struct namespace
{
	uint32_t references;
	uint32_t count;
	struct mount *mounts[MOUNT_LIMIT]; /* [0] is the root */
};

struct namespace *namespace_create(struct node *root);
struct namespace *namespace_copy(const struct namespace *from);
void namespace_get(struct namespace *namespace);
void namespace_put(struct namespace *namespace);

static inline void
mount_get(struct mount *mount)
{
	mount->references++;
}
void mount_put(struct mount *mount);

/* Show `root` at `where` on top of what is there. */
status_t mount_add(struct namespace *namespace, enum mount_kind kind,
	struct node *root, struct place where);
/* Undo the last mount whose root this place is. */
status_t mount_remove(struct namespace *namespace, struct place root);

/* Where a place leads that may be covered: the top mount's root. */
void mount_cross(struct namespace *namespace, struct place *place);
/* The place below, for `..` at the root of a mount; false at the very root. */
bool mount_below(struct place *place);

/* References of a place that outlives a call. */
void place_get(const struct place *place);
void place_put(const struct place *place);

/* The absolute path below `root`; length without NUL, or ERR_RANGE. */
int place_path(struct place place, struct place root, char *out, size_t size);
