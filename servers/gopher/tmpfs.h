/* SPDX-License-Identifier: MIT */
/*
 * tmpfs: files, folders, links and special nodes in memory.  The root of
 * the namespace is one, filled with the boot archive.
 *
 * tmpfs.c makes nodes, tmpfs_folder.c holds names, tmpfs_file.c bytes.
 */
#pragma once

#include <stdint.h>

#include "list.h"
#include "node.h"
#include "page_tree.h"

struct entry {
	struct entry *next;    /* with the same hash index */
	struct list order;     /* by cookie, ascending */
	struct node *node;     /* one reference */
	struct folder *folder; /* that it is in */
	uint64_t cookie;       /* what a reader of the folder comes back with */
	uint32_t hash;
	uint16_t length;
	char name[];
};

/*
 * Invariants: every entry is in `order` and in its bucket; a folder that is
 * in another one holds a reference to that (parent); node->entry is a name
 * that the node has, or NULL.
 */
struct folder {
	struct node node;
	struct folder *parent; /* itself in the root; NULL once removed */
	struct entry **buckets;
	uint32_t bucket_count; /* a power of two, or 0 */
	uint32_t count;
	uint64_t next_cookie;
	struct list order;
};

/*
 * Bytes of a file: a window of the boot archive (until it is first written
 * to), pages, or a memory object (once somebody mapped or ran it), whose whole
 * room counts as pages.
 */
enum regular_kind {
	REGULAR_PAGES,
	REGULAR_WINDOW,
	REGULAR_OBJECT,
};

struct regular {
	struct node node;
	enum regular_kind kind;
	uint64_t size;
	struct page_tree pages;
	const char *window;
	uint64_t window_offset; /* in the archive's object */
	uint64_t object;
	char *mapped;
	uint64_t capacity;  /* bytes of the object */
	uint64_t slices[2]; /* what clients get: read-only, writable */
};

struct symlink {
	struct node node;
	char *target;
	uint32_t length;
};

/* FIFOs and device nodes. */
struct special {
	struct node node;
	struct pipe *pipe; /* of a FIFO while it is open */
};

/* A new tmpfs: its root folder, with one reference. */
struct node *tmpfs_create(uint32_t mode);

/*
 * The object that windows of the boot archive are in, and where it is
 * mapped; once, at start.
 */
void tmpfs_archive(uint64_t object, uint64_t size, const char *mapped);
/* Make a fresh file show bytes of the archive. */
void tmpfs_set_window(struct node *file, const char *bytes, uint64_t size);

struct folder *folder_of(struct node *node);
struct regular *regular_of(struct node *node);

/* tmpfs_folder.c */
extern const struct node_ops folder_ops;
void folder_init(struct folder *folder, struct folder *parent);
status_t folder_lookup(
	struct node *node, const char *name, size_t length, struct node **out);
/* Enter a name; the entry takes a reference. */
status_t folder_add(struct folder *folder, const char *name, size_t length,
	struct node *child);

/* The folder of a name of the node, and that name. */
struct node *tmpfs_parent(struct node *node);
int tmpfs_name(struct node *node, char *out, size_t size);

/* tmpfs_file.c */
extern const struct node_ops regular_ops;
void regular_destroy(struct node *node);

/* tmpfs.c */
status_t tmpfs_make(struct node *folder, const char *name, size_t length,
	uint32_t mode, struct node **out);
/* A regular file without a name or reference, in the file system of `like`. */
status_t tmpfs_nameless(struct node *like, uint32_t mode, struct node **out);
void tmpfs_statfs(struct node *node, struct linux_statfs *out);
