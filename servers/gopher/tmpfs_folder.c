/* SPDX-License-Identifier: MIT */
/*
 * Folders of tmpfs: a hash index over the entries for lookup and a ring in
 * the order of their making for readers, who come back with a cookie and so
 * meet each entry that stays exactly once.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "quota.h"
#include "system.h"
#include "tmpfs.h"

enum {
	FIRST_BUCKETS = 8,
	FIRST_COOKIE = 3, /* 1 and 2 are "." and ".." */
	FREE_LINKS = 64,
};

static uint32_t
name_hash(const char *name, size_t length)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)name[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static struct entry **
entry_slot(struct folder *folder, const char *name, size_t length)
{
	uint32_t hash = name_hash(name, length);
	struct entry **slot, *entry;

	if (folder->bucket_count == 0)
		return NULL;
	slot = &folder->buckets[hash & (folder->bucket_count - 1)];
	for (; (entry = *slot); slot = &entry->next) {
		if (entry->hash == hash && entry->length == length &&
			memcmp(entry->name, name, length) == 0)
			return slot;
	}
	return NULL;
}

static struct entry *
entry_find(struct folder *folder, const char *name, size_t length)
{
	struct entry **slot = entry_slot(folder, name, length);

	return slot ? *slot : NULL;
}

static status_t
buckets_grow(struct folder *folder)
{
	uint32_t count =
		folder->bucket_count ? folder->bucket_count * 2 : FIRST_BUCKETS;
	struct entry **buckets, **slot, *entry;
	struct list *at;

	if (folder->count < folder->bucket_count)
		return 0;
	buckets = calloc(count, sizeof(*buckets));
	if (!buckets)
		return folder->bucket_count ? 0 : ERR_NOMEM;
	for (at = folder->order.next; at != &folder->order; at = at->next) {
		entry = container_of(at, struct entry, order);
		slot = &buckets[entry->hash & (count - 1)];
		entry->next = *slot;
		*slot = entry;
	}
	free(folder->buckets);
	folder->buckets = buckets;
	folder->bucket_count = count;
	return 0;
}

/* Tie a folder to the place where its name is now. */
static void
folder_adopt(struct folder *folder, struct folder *parent)
{
	struct folder *before = folder->parent;

	node_get(&parent->node);
	parent->node.links++;
	folder->parent = parent;
	if (before) {
		before->node.links--;
		node_put(&before->node);
	}
}

static status_t
entry_insert(struct folder *folder, const char *name, size_t length,
	struct node *child, struct entry **out)
{
	struct entry *entry, **slot;
	status_t status = buckets_grow(folder);

	if (status < 0)
		return status;
	entry = malloc(sizeof(*entry) + length + 1);
	if (!entry)
		return ERR_NOMEM;
	entry->hash = name_hash(name, length);
	entry->length = (uint16_t)length;
	memcpy(entry->name, name, length);
	entry->name[length] = '\0';
	entry->node = child;
	entry->folder = folder;
	child->entry = entry;
	node_get(child);
	entry->cookie = folder->next_cookie++;
	list_append(&folder->order, &entry->order);
	slot = &folder->buckets[entry->hash & (folder->bucket_count - 1)];
	entry->next = *slot;
	*slot = entry;
	folder->count++;
	*out = entry;
	return 0;
}

/* Take an entry out; its reference to the node goes to the caller. */
static struct node *
entry_remove(struct folder *folder, struct entry **slot)
{
	struct entry *entry = *slot;
	struct node *node = entry->node;

	*slot = entry->next;
	list_remove(&entry->order);
	folder->count--;
	if (node->entry == entry)
		node->entry = NULL;
	free(entry);
	return node;
}

void
folder_init(struct folder *folder, struct folder *parent)
{
	folder->parent = parent;
	folder->next_cookie = FIRST_COOKIE;
	folder->node.links = 2;
	list_init(&folder->order);
}

struct folder *
folder_of(struct node *node)
{
	return container_of(node, struct folder, node);
}

status_t
folder_lookup(
	struct node *node, const char *name, size_t length, struct node **out)
{
	struct entry *entry = entry_find(folder_of(node), name, length);

	if (!entry)
		return ERR_NOENT;
	*out = entry->node;
	return 0;
}

status_t
folder_add(struct folder *folder, const char *name, size_t length,
	struct node *child)
{
	struct entry *entry;
	status_t status;

	/* A removed folder that is still somebody's working folder. */
	if (!folder->parent)
		return ERR_NOENT;
	status = entry_insert(folder, name, length, child, &entry);
	if (status < 0)
		return status;
	if (node_is_folder(child))
		folder_adopt(folder_of(child), folder);
	node_touch(&folder->node);
	return 0;
}

static struct node *
folder_parent(struct node *node)
{
	struct folder *folder = folder_of(node);

	return folder->parent ? &folder->parent->node : NULL;
}

struct node *
tmpfs_parent(struct node *node)
{
	return node->entry ? &node->entry->folder->node : NULL;
}

int
tmpfs_name(struct node *node, char *out, size_t size)
{
	struct entry *entry = node->entry;

	if (!entry)
		return ERR_NOENT;
	if (entry->length > size)
		return ERR_RANGE;
	memcpy(out, entry->name, entry->length);
	return entry->length;
}

static bool
list_dots(
	struct folder *folder, uint64_t position, struct node_visitor *visitor)
{
	struct folder *up = folder->parent ? folder->parent : folder;

	if (position < 1 &&
		!visitor->take(
			visitor, ".", 1, folder->node.inode, MODE_FOLDER, 1))
		return false;
	return position >= 2 ||
		visitor->take(visitor, "..", 2, up->node.inode, MODE_FOLDER, 2);
}

static status_t
folder_list(struct node *node, uint64_t position, struct node_visitor *visitor)
{
	struct folder *folder = folder_of(node);
	struct entry *entry;
	struct list *at;

	if (!list_dots(folder, position, visitor))
		return 0;
	for (at = folder->order.next; at != &folder->order; at = at->next) {
		entry = container_of(at, struct entry, order);
		if (entry->cookie <= position)
			continue;
		if (!visitor->take(visitor, entry->name, entry->length,
			    entry->node->inode, entry->node->mode,
			    entry->cookie))
			break;
	}
	return 0;
}

static status_t
folder_link(
	struct node *node, const char *name, size_t length, struct node *target)
{
	status_t status;

	if (target->links == 0 && !target->nameable)
		return ERR_NOENT;
	/* A file that came with the system is charged to nobody. */
	if (!target->quota && target->links >= FREE_LINKS)
		return ERR_MLINK;
	if (!quota_take(target->quota, QUOTA_NODES, 1))
		return ERR_NOSPC;
	status = folder_add(folder_of(node), name, length, target);
	if (status < 0) {
		quota_give(target->quota, QUOTA_NODES, 1);
		return status;
	}
	target->links++;
	target->nameable = false;
	node_touch(target);
	return 0;
}

/* A name of this node is gone, and its reference goes too. */
static void
node_lose_name(struct node *node)
{
	struct folder *folder, *parent;

	if (!node_is_folder(node)) {
		if (--node->links > 0)
			quota_give(node->quota, QUOTA_NODES, 1);
		node->changed = system_realtime();
		node_put(node);
		return;
	}
	folder = folder_of(node);
	parent = folder->parent;
	folder->parent = NULL;
	node->links = 0;
	parent->node.links--;
	node_put(node);
	node_put(&parent->node);
}

static status_t
folder_unlink(struct node *node, const char *name, size_t length)
{
	struct folder *folder = folder_of(node);
	struct entry **slot = entry_slot(folder, name, length);
	struct node *child;

	if (!slot)
		return ERR_NOENT;
	child = (*slot)->node;
	if (node_is_folder(child) && folder_of(child)->count > 0)
		return ERR_NOTEMPTY;
	node_touch(node);
	node_lose_name(entry_remove(folder, slot));
	return 0;
}

static bool
is_below(struct folder *folder, const struct folder *top)
{
	for (; folder; folder = folder->parent) {
		if (folder == top)
			return true;
		if (folder->parent == folder)
			break;
	}
	return false;
}

/* What stands at the new name must give way: may it? */
static status_t
rename_check(struct folder *to, struct node *moving, struct node *there)
{
	if (node_is_folder(moving) && is_below(to, folder_of(moving)))
		return ERR_INVAL;
	if (!there)
		return 0;
	if (node_is_folder(there) != node_is_folder(moving))
		return node_is_folder(there) ? ERR_ISDIR : ERR_NOTDIR;
	if (node_is_folder(there) && folder_of(there)->count > 0)
		return ERR_NOTEMPTY;
	return 0;
}

static status_t
folder_rename(struct node *from_node, const char *old, size_t old_length,
	struct node *to_node, const char *name, size_t length)
{
	struct folder *from = folder_of(from_node), *to = folder_of(to_node);
	struct entry *source = entry_find(from, old, old_length);
	struct entry *target = entry_find(to, name, length);
	struct entry *entry;
	struct node *moving;
	status_t status;

	if (!source)
		return ERR_NOENT;
	if (!to->parent)
		return ERR_NOENT;
	moving = source->node;
	if (target && target->node == moving)
		return 0;
	status = rename_check(to, moving, target ? target->node : NULL);
	if (status < 0)
		return status;
	status = entry_insert(to, name, length, moving, &entry);
	if (status < 0)
		return status;
	/* commit: cannot fail */
	if (node_is_folder(moving))
		folder_adopt(folder_of(moving), to);
	/* The new entry is in front of the old one in its bucket. */
	if (target) {
		struct entry **slot = &entry->next;

		while (*slot != target)
			slot = &(*slot)->next;
		node_lose_name(entry_remove(to, slot));
	}
	/* entry_slot finds the newest first, which may be the new name. */
	node_put(entry_remove(from, entry_slot(from, old, old_length)));
	node_touch(from_node);
	node_touch(to_node);
	moving->changed = to_node->changed;
	return 0;
}

/* Let an entry name another node; parent and counts follow. */
static void
entry_point(struct entry *entry, struct node *node)
{
	entry->node = node;
	node->entry = entry;
	if (node_is_folder(node) && folder_of(node)->parent != entry->folder)
		folder_adopt(folder_of(node), entry->folder);
}

static status_t
folder_exchange(struct node *from_node, const char *old, size_t old_length,
	struct node *to_node, const char *name, size_t length)
{
	struct folder *from = folder_of(from_node), *to = folder_of(to_node);
	struct entry *a = entry_find(from, old, old_length);
	struct entry *b = entry_find(to, name, length);
	struct node *moving;

	if (!a || !b)
		return ERR_NOENT;
	if ((node_is_folder(a->node) && is_below(to, folder_of(a->node))) ||
		(node_is_folder(b->node) && is_below(from, folder_of(b->node))))
		return ERR_INVAL;
	/* commit: cannot fail */
	moving = a->node;
	entry_point(a, b->node);
	entry_point(b, moving);
	node_touch(from_node);
	node_touch(to_node);
	return 0;
}

static void
folder_measure(struct node *node, struct file_stat *stat)
{
	stat->size = 4096;
	(void)node;
}

static void
folder_destroy(struct node *node)
{
	struct folder *folder = folder_of(node);
	struct node *child;

	/* The children's references to this folder end here, too. */
	node->references = UINT32_MAX / 2;
	while (folder->count > 0) {
		struct entry *entry =
			container_of(folder->order.next, struct entry, order);

		child = entry_remove(
			folder, entry_slot(folder, entry->name, entry->length));
		node_lose_name(child);
	}
	free(folder->buckets);
	free(folder);
}

const struct node_ops folder_ops = {
	.lookup = folder_lookup,
	.parent = folder_parent,
	.name = tmpfs_name,
	.list = folder_list,
	.make = tmpfs_make,
	.link = folder_link,
	.unlink = folder_unlink,
	.rename = folder_rename,
	.exchange = folder_exchange,
	.measure = folder_measure,
	.statfs = tmpfs_statfs,
	.destroy = folder_destroy,
};
