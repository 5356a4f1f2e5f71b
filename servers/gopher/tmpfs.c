/* SPDX-License-Identifier: MIT */
/* Making the nodes of tmpfs; links and special nodes. */
#include "tmpfs.h"

#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "file.h"
#include "pages.h"
#include "pipe.h"
#include "quota.h"

enum { TMPFS_MAGIC = 0x01021994, LONG_TARGET = 128 };

static uint32_t last_device = 1;

static int
symlink_target(
	struct node *node, struct session *asking, char *out, size_t size)
{
	struct symlink *link = container_of(node, struct symlink, node);

	(void)asking;
	if (link->length > size)
		return ERR_NAMETOOLONG;
	memcpy(out, link->target, link->length);
	return (int)link->length;
}

/* Long texts are charged like a page, as on Linux. */
static uint64_t
target_pages(size_t length)
{
	return length >= LONG_TARGET;
}

static status_t
symlink_set(struct node *node, const char *target, size_t length)
{
	struct symlink *link = container_of(node, struct symlink, node);

	uint64_t pages = target_pages(length);

	if (!quota_take(node->quota, QUOTA_FILE_PAGES, pages))
		return ERR_NOSPC;
	link->target = malloc(length + 1);
	if (!link->target) {
		quota_give(node->quota, QUOTA_FILE_PAGES, pages);
		return ERR_NOSPC;
	}
	memcpy(link->target, target, length);
	link->length = (uint32_t)length;
	return 0;
}

static void
symlink_measure(struct node *node, struct file_stat *stat)
{
	stat->size = container_of(node, struct symlink, node)->length;
}

static void
symlink_destroy(struct node *node)
{
	struct symlink *link = container_of(node, struct symlink, node);

	if (link->target)
		quota_give(node->quota, QUOTA_FILE_PAGES,
			target_pages(link->length));
	free(link->target);
	free(link);
}

static const struct node_ops symlink_ops = {
	.parent = tmpfs_parent,
	.name = tmpfs_name,
	.target = symlink_target,
	.set_target = symlink_set,
	.measure = symlink_measure,
	.statfs = tmpfs_statfs,
	.destroy = symlink_destroy,
};

static status_t
special_open(struct node *node, struct file *file, struct call *call)
{
	struct special *special = container_of(node, struct special, node);

	if ((node->mode & MODE_TYPE) == MODE_FIFO)
		return fifo_open(&special->pipe, file, call);
	if ((node->mode & MODE_TYPE) == MODE_CHARACTER)
		return device_open(node->special, file, call);
	return ERR_NXIO;
}

static void
special_destroy(struct node *node)
{
	free(container_of(node, struct special, node));
}

static const struct node_ops special_ops = {
	.parent = tmpfs_parent,
	.name = tmpfs_name,
	.open = special_open,
	.statfs = tmpfs_statfs,
	.destroy = special_destroy,
};

static struct node *
node_make(struct folder *parent, uint32_t mode)
{
	struct folder *folder;
	struct regular *regular;
	struct symlink *link;
	struct special *special;

	switch (mode & MODE_TYPE) {
	case MODE_FOLDER:
		folder = calloc(1, sizeof(*folder));
		if (!folder)
			return NULL;
		node_init(&folder->node, &folder_ops, mode);
		folder_init(folder, parent ? NULL : folder);
		return &folder->node;
	case MODE_FILE:
		regular = calloc(1, sizeof(*regular));
		if (!regular)
			return NULL;
		node_init(&regular->node, &regular_ops, mode);
		regular->pages.owner = &regular->node.quota;
		return &regular->node;
	case MODE_LINK:
		link = calloc(1, sizeof(*link));
		if (!link)
			return NULL;
		node_init(&link->node, &symlink_ops, mode);
		return &link->node;
	default:
		special = calloc(1, sizeof(*special));
		if (!special)
			return NULL;
		node_init(&special->node, &special_ops, mode);
		return &special->node;
	}
}

struct node *
tmpfs_create(uint32_t mode)
{
	struct node *root = node_make(NULL, MODE_FOLDER | mode);

	if (!root)
		return NULL;
	root->device = ++last_device;
	node_get(root);
	return root;
}

status_t
tmpfs_make(struct node *parent, const char *name, size_t length, uint32_t mode,
	struct node **out)
{
	struct node *node;
	status_t status;

	/* The last pages are for writing what exists. */
	if (pages_used() >= pages_total())
		return ERR_NOSPC;
	node = node_make(folder_of(parent), mode);
	if (!node)
		return ERR_NOSPC;
	node->device = parent->device;
	if (!node_is_folder(node))
		node->links = 1;
	status = folder_add(folder_of(parent), name, length, node);
	if (status < 0) {
		node->ops->destroy(node);
		return status;
	}
	*out = node;
	return 0;
}

status_t
tmpfs_nameless(struct node *like, uint32_t mode, struct node **out)
{
	struct node *node;

	if (pages_used() >= pages_total())
		return ERR_NOSPC;
	node = node_make(NULL, mode);
	if (!node)
		return ERR_NOSPC;
	node->device = like->device;
	*out = node;
	return 0;
}

void
tmpfs_statfs(struct node *node, struct linux_statfs *out)
{
	memset(out, 0, sizeof(*out));
	out->type = TMPFS_MAGIC;
	out->block_size = PAGE_BYTES;
	out->fragment_size = PAGE_BYTES;
	out->blocks = pages_total();
	out->free_blocks =
		pages_used() < pages_total() ? pages_total() - pages_used() : 0;
	out->available_blocks = out->free_blocks;
	out->files = out->blocks;
	out->free_files = out->free_blocks;
	out->id[0] = node->device;
	out->name_length = NAME_BYTES;
}
