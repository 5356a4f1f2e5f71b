/* SPDX-License-Identifier: MIT */
/*
 * Entries come in any order: a missing folder is made, and gets its mode
 * when its own entry comes.  Hard links share an inode number; the bytes
 * come with the last of them.
 */
#include "archive.h"

#include <string.h>

#include <cpio.h>

#include "tmpfs.h"

enum { HARD_LINKS = 64, NANOSECONDS = 1000000000 };

struct hard_link {
	uint32_t number;
	struct node *node;
};

struct population {
	struct node *root;
	struct hard_link links[HARD_LINKS];
	unsigned link_count;
};

status_t
archive_folder(struct node *parent, const char *name, size_t length,
	uint32_t mode, struct node **out)
{
	status_t status = folder_lookup(parent, name, length, out);

	if (status != ERR_NOENT)
		return status;
	return tmpfs_make(parent, name, length, MODE_FOLDER | mode, out);
}

/* Go to the folder of the last name, making what is missing. */
static status_t
parent_find(
	struct node *root, const char **name, size_t *length, struct node **out)
{
	const char *at = *name, *slash;
	status_t status;

	*out = root;
	while ((slash = strchr(at, '/'))) {
		if (slash > at) {
			status = archive_folder(
				*out, at, (size_t)(slash - at), 0755, out);
			if (status < 0)
				return status;
			if (!node_is_folder(*out))
				return ERR_NOTDIR;
		}
		at = slash + 1;
	}
	*name = at;
	*length = strlen(at);
	return 0;
}

static struct node *
link_find(struct population *this, const struct cpio_entry *entry)
{
	unsigned i;

	if (entry->nlink < 2)
		return NULL;
	for (i = 0; i < this->link_count; i++) {
		if (this->links[i].number == entry->ino)
			return this->links[i].node;
	}
	return NULL;
}

static void
node_dress(struct node *node, const struct cpio_entry *entry)
{
	node->mode =
		(node->mode & MODE_TYPE) | (entry->mode & MODE_PERMISSIONS);
	node->uid = entry->uid;
	node->gid = entry->gid;
	node->modified = (int64_t)entry->mtime * NANOSECONDS;
	node->accessed = node->modified;
	node->changed = node->modified;
}

static status_t
entry_fill(struct node *node, const struct cpio_entry *entry)
{
	status_t status = 0;

	if ((entry->mode & MODE_TYPE) == MODE_LINK)
		status = node->ops->set_target(node, entry->data, entry->size);
	else if ((entry->mode & MODE_TYPE) == MODE_FILE && entry->size > 0)
		tmpfs_set_window(node, entry->data, entry->size);
	node_dress(node, entry);
	return status;
}

static status_t
entry_add(struct population *this, const struct cpio_entry *entry)
{
	const char *name = cpio_name_plain(entry->name);
	struct node *folder, *node;
	size_t length;
	status_t status;

	if (*name == '\0')
		return 0;
	status = parent_find(this->root, &name, &length, &folder);
	if (status < 0 || length == 0)
		return status;
	if (length > NAME_BYTES)
		return ERR_NAMETOOLONG;
	if (folder_lookup(folder, name, length, &node) == 0) {
		if (node_is_folder(node))
			node_dress(node, entry);
		return 0;
	}
	node = link_find(this, entry);
	if (node) {
		status = folder->ops->link(folder, name, length, node);
		return status < 0 ? status : entry_fill(node, entry);
	}
	switch (entry->mode & MODE_TYPE) {
	case MODE_FOLDER:
	case MODE_FILE:
	case MODE_LINK:
	case MODE_FIFO:
		break;
	default:
		return 0; /* devices are Gopher's own */
	}
	status = tmpfs_make(folder, name, length,
		entry->mode & (MODE_TYPE | MODE_PERMISSIONS), &node);
	if (status < 0)
		return status;
	if (entry->nlink > 1 && !node_is_folder(node) &&
		this->link_count < HARD_LINKS)
		this->links[this->link_count++] =
			(struct hard_link){entry->ino, node};
	return entry_fill(node, entry);
}

status_t
archive_populate(struct node *root, const void *bytes, size_t size)
{
	struct cpio archive = {bytes, size};
	struct population this = {.root = root};
	struct cpio_entry entry;
	size_t cursor = 0;
	status_t status;
	int more;

	while ((more = cpio_next(&archive, &cursor, &entry)) == 1) {
		status = entry_add(&this, &entry);
		if (status < 0)
			return status;
	}
	return more < 0 ? STATUS_BAD_IMAGE : 0;
}
