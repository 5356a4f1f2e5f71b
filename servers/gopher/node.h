/* SPDX-License-Identifier: MIT */
/*
 * Nodes: what names lead to.  A kind of node is a table of operations;
 * an operation that is NULL is not offered and the caller says which error
 * that means.
 *
 * Within one call nothing else runs, so operations pass borrowed pointers.
 * A reference (`node_get`) is held by whatever outlives the call: a name in
 * a folder, an open file, a working folder, a mount.  A node whose count is
 * zero because a lookup made it up (/proc) is noted with node_transient and
 * goes when the call ends; one whose last reference is dropped goes at once.
 */
#pragma once

#include <glenda/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linux.h"

struct call;
struct credentials;
struct file;
struct file_ops;
struct lock_set;
struct mount;
struct node;
struct quota;
struct session;

/* A node as seen through the namespace. */
struct place {
	struct mount *mount;
	struct node *node;
};

/* Takes one entry of a folder; false: no room, come back for it. */
struct node_visitor {
	bool (*take)(struct node_visitor *visitor, const char *name,
		size_t length, uint64_t inode, uint32_t mode, uint64_t next);
};

struct node_ops {
	/* Folders.  Names are not NUL-terminated; "." and ".." never come. */
	status_t (*lookup)(struct node *folder, const char *name, size_t length,
		struct node **out);
	struct node *(*parent)(struct node *folder);
	/* The name of the node in its parent; length or error. */
	int (*name)(struct node *folder, char *out, size_t size);
	/* Entries from position on; the position of a next one is > 0. */
	status_t (*list)(struct node *folder, uint64_t position,
		struct node_visitor *visitor);
	/* Make a node in the folder; mode has type and permissions. */
	status_t (*make)(struct node *folder, const char *name, size_t length,
		uint32_t mode, struct node **out);
	status_t (*link)(struct node *folder, const char *name, size_t length,
		struct node *target);
	status_t (*unlink)(
		struct node *folder, const char *name, size_t length);
	status_t (*rename)(struct node *from, const char *old, size_t old_len,
		struct node *to, const char *name, size_t length);
	status_t (*exchange)(struct node *from, const char *old, size_t old_len,
		struct node *to, const char *name, size_t length);
	/* Links: the text, not terminated; its length or error. */
	int (*target)(struct node *link, struct session *asking, char *out,
		size_t size);
	status_t (*set_target)(
		struct node *link, const char *target, size_t length);
	/* Links that lead to a place whatever their text says. */
	status_t (*jump)(struct node *link, struct session *asking,
		struct place *out, struct file **open);
	/* Everything else. */
	status_t (*open)(
		struct node *node, struct file *file, struct call *call);
	status_t (*truncate)(struct node *node, uint64_t size);
	status_t (*allocate)(struct node *node, uint32_t mode, uint64_t offset,
		uint64_t length);
	/* Where data (or a hole) begins at or after offset; at most size. */
	uint64_t (*seek)(struct node *node, uint64_t offset, bool hole);
	/* A memory object with the node's bytes from *offset on. */
	status_t (*object)(struct node *node, uint32_t rights, uint64_t *out,
		uint64_t *offset);
	/* Size and blocks; the rest comes from the node. */
	void (*measure)(struct node *node, struct file_stat *stat);
	void (*statfs)(struct node *node, struct linux_statfs *out);
	void (*destroy)(struct node *node);
};

struct node {
	const struct node_ops *ops;
	uint32_t references;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	uint32_t links;
	uint32_t device; /* of the file system */
	uint64_t inode;
	uint64_t special; /* device number of a device node */
	int64_t accessed; /* nanoseconds since 1970 */
	int64_t modified;
	int64_t changed;
	int64_t born;
	uint32_t mounted; /* mounts that cover it, in any namespace */
	bool nameable;	  /* has no name, and may get one */
	bool transient;	  /* on the list of those to collect */
	struct node *next_transient;
	struct quota *quota;	   /* charged with it and its bytes, or NULL */
	const struct call *writer; /* who writes to it, in turns */
	struct lock_set *locks;	   /* made when first needed */
	struct entry *entry;	   /* the kind's own: a name that it has */
};

static inline bool
node_is_folder(const struct node *node)
{
	return (node->mode & MODE_TYPE) == MODE_FOLDER;
}

static inline bool
node_is_regular(const struct node *node)
{
	return (node->mode & MODE_TYPE) == MODE_FILE;
}

static inline bool
node_is_link(const struct node *node)
{
	return (node->mode & MODE_TYPE) == MODE_LINK;
}

static inline void
node_get(struct node *node)
{
	node->references++;
}

void node_put(struct node *node);

/* Note a node without references: it goes unless somebody takes one. */
void node_transient(struct node *node);

/* Those nodes: node.c's own. */
extern struct node *node_transients;
void node_collect_some(void);

/* The call is over: free what nobody took. */
static inline void
node_collect(void)
{
	if (node_transients)
		node_collect_some();
}

/* Times, inode number and counters of a fresh node. */
void node_init(struct node *node, const struct node_ops *ops, uint32_t mode);

/*
 * Charge a node that nobody is charged with yet. Makers ask first, with
 * quota_take, and then say so.
 */
void node_charged(struct node *node, struct quota *quota);

/* Set modification and change time to now. */
void node_touch(struct node *node);

/* 0 or ERR_ACCES; `wanted` is ACCESS bits. */
status_t node_permits(const struct node *node, const struct credentials *who,
	unsigned wanted);

void node_stat(struct node *node, struct file_stat *out);
