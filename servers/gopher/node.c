/* SPDX-License-Identifier: MIT */
/* What all kinds of nodes have in common. */
#include "node.h"

#include <stdlib.h>
#include <string.h>

#include "lock.h"
#include "quota.h"
#include "session.h"
#include "system.h"

enum { NANOSECONDS = 1000000000 };

static uint64_t last_inode = 1;
struct node *node_transients;

static void
node_destroy(struct node *node)
{
	struct quota *quota = node->quota;

	lock_set_destroy(node->locks);
	node->ops->destroy(node);
	if (!quota)
		return;
	quota_give(quota, QUOTA_NODES, 1);
	quota_put(quota);
}

void
node_put(struct node *node)
{
	if (--node->references == 0 && !node->transient)
		node_destroy(node);
}

void
node_transient(struct node *node)
{
	if (node->transient)
		return;
	node->transient = true;
	node->next_transient = node_transients;
	node_transients = node;
}

void
node_collect_some(void)
{
	struct node *node;

	while (node_transients) {
		node = node_transients;
		node_transients = node->next_transient;
		node->transient = false;
		if (node->references == 0)
			node_destroy(node);
	}
}

void
node_init(struct node *node, const struct node_ops *ops, uint32_t mode)
{
	memset(node, 0, sizeof(*node));
	node->ops = ops;
	node->mode = mode;
	node->inode = ++last_inode;
	node->born = system_realtime();
	node->accessed = node->born;
	node->modified = node->born;
	node->changed = node->born;
}

void
node_charged(struct node *node, struct quota *quota)
{
	node->quota = quota;
	quota_get(quota);
}

void
node_touch(struct node *node)
{
	node->modified = system_realtime();
	node->changed = node->modified;
}

status_t
node_permits(
	const struct node *node, const struct credentials *who, unsigned wanted)
{
	unsigned granted = node->mode;

	if (who->uid == 0) {
		if ((wanted & ACCESS_EXECUTE) && !node_is_folder(node) &&
			!(node->mode & 0111))
			return ERR_ACCES;
		return 0;
	}
	if (who->uid == node->uid)
		granted >>= 6;
	else if (credentials_have(who, node->gid))
		granted >>= 3;
	return (wanted & ~granted) ? ERR_ACCES : 0;
}

static void
time_split(int64_t nanoseconds, struct file_time *out)
{
	int64_t rest = nanoseconds % NANOSECONDS;

	out->seconds = nanoseconds / NANOSECONDS;
	if (rest < 0) {
		rest += NANOSECONDS;
		out->seconds--;
	}
	out->nanoseconds = (uint32_t)rest;
	out->zero = 0;
}

void
node_stat(struct node *node, struct file_stat *out)
{
	memset(out, 0, sizeof(*out));
	out->device = node->device;
	out->inode = node->inode;
	out->mode = node->mode;
	out->links = node->links;
	out->uid = node->uid;
	out->gid = node->gid;
	out->device_type = node->special;
	out->block_size = 4096;
	time_split(node->accessed, &out->access);
	time_split(node->modified, &out->modification);
	time_split(node->changed, &out->change);
	time_split(node->born, &out->birth);
	if (node->ops->measure)
		node->ops->measure(node, out);
}
