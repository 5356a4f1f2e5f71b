/* SPDX-License-Identifier: MIT */
/* Messages that make, move and remove names. */
#include <string.h>

#include "op.h"
#include "quota.h"
#include "system.h"

/* May the caller change the names in this folder? */
static status_t
folder_writable(struct call *call, const struct walk *walk)
{
	struct node *folder = walk->parent.node;

	if (!folder)
		return ERR_BUSY;
	if (!folder->ops->make)
		return folder->ops->lookup ? ERR_PERM : ERR_NOTDIR;
	return node_permits(folder, session_who(call->session),
		ACCESS_WRITE | ACCESS_EXECUTE);
}

/* In a sticky folder only owners remove. */
static status_t
may_remove(struct call *call, const struct walk *walk)
{
	const struct credentials *who = session_who(call->session);
	struct node *folder = walk->parent.node, *node = walk->at.node;
	status_t status = folder_writable(call, walk);

	if (status < 0)
		return status;
	if ((folder->mode & MODE_STICKY) && who->uid != 0 &&
		who->uid != folder->uid && who->uid != node->uid)
		return ERR_PERM;
	if (node->mounted || walk->at.mount != walk->parent.mount)
		return ERR_BUSY;
	return 0;
}

status_t
op_make_node(
	struct call *call, struct walk *walk, uint32_t mode, struct node **out)
{
	const struct credentials *who = session_who(call->session);
	struct quota *quota = call->session->quota;
	struct node *folder = walk->parent.node;
	status_t status;

	if (!quota_take(quota, QUOTA_NODES, 1))
		return ERR_NOSPC;
	status = folder->ops->make(folder, walk->last, walk->length, mode, out);
	if (status < 0) {
		quota_give(quota, QUOTA_NODES, 1);
		return status;
	}
	node_charged(*out, quota);
	(*out)->uid = who->uid;
	(*out)->gid = who->gid;
	if (folder->mode & MODE_SETGID) {
		(*out)->gid = folder->gid;
		if (node_is_folder(*out))
			(*out)->mode |= MODE_SETGID;
	}
	return 0;
}

/* A new node at the end of the walk. */
static status_t
name_make(
	struct call *call, struct walk *walk, uint32_t mode, struct node **out)
{
	status_t status;

	if (walk->at.node)
		return ERR_EXIST;
	status = folder_writable(call, walk);
	if (status < 0)
		return status;
	return op_make_node(call, walk, mode, out);
}

int
op_make(struct call *call)
{
	uint32_t mode = (uint32_t)call->words[1];
	struct node *node;
	struct walk walk;
	status_t status;

	switch (mode & MODE_TYPE) {
	case 0:
		mode |= MODE_FILE;
		break;
	case MODE_FILE:
	case MODE_FOLDER:
	case MODE_FIFO:
		break;
	case MODE_CHARACTER:
	case MODE_BLOCK:
		return ERR_PERM;
	default:
		return ERR_INVAL;
	}
	status = path_resolve(call, (uint32_t)call->words[0], 0, call->words[3],
		WALK_CREATE, &walk);
	if (status < 0)
		return status;
	if (walk.slash && (mode & MODE_TYPE) != MODE_FOLDER)
		return walk.at.node ? ERR_EXIST : ERR_NOENT;
	mode &= ~call->session->folders->umask;
	return name_make(call, &walk, mode, &node);
}

enum { UNLINK_FOLDER = 512 };

int
op_unlink(struct call *call)
{
	bool folder = call->words[1] & UNLINK_FOLDER;
	struct walk walk;
	status_t status;

	status = path_resolve(
		call, (uint32_t)call->words[0], 0, call->words[2], 0, &walk);
	if (status < 0)
		return status;
	if (!walk.parent.node) {
		if (!folder)
			return ERR_ISDIR;
		return walk.length == 0 ? ERR_INVAL : ERR_BUSY;
	}
	status = may_remove(call, &walk);
	if (status < 0)
		return status;
	if (folder && !node_is_folder(walk.at.node))
		return ERR_NOTDIR;
	if (!folder && node_is_folder(walk.at.node))
		return ERR_ISDIR;
	return walk.parent.node->ops->unlink(
		walk.parent.node, walk.last, walk.length);
}

enum { RENAME_NOREPLACE = 1, RENAME_EXCHANGE = 2 };

static status_t
rename_check(struct call *call, struct walk *from, struct walk *to)
{
	status_t status;

	if (!from->parent.node || !to->parent.node)
		return ERR_BUSY;
	if (to->slash && !node_is_folder(from->at.node))
		return ERR_NOTDIR;
	status = may_remove(call, from);
	if (status < 0)
		return status;
	if (to->at.node) {
		if (call->words[2] & RENAME_NOREPLACE)
			return ERR_EXIST;
		status = may_remove(call, to);
	} else {
		status = folder_writable(call, to);
	}
	if (status < 0)
		return status;
	if (from->parent.mount != to->parent.mount ||
		from->parent.node->device != to->parent.node->device)
		return ERR_XDEV;
	/* Moving a folder changes its `..`. */
	if (node_is_folder(from->at.node) &&
		from->parent.node != to->parent.node)
		return node_permits(from->at.node, session_who(call->session),
			ACCESS_WRITE);
	return 0;
}

int
op_rename(struct call *call)
{
	struct node *folder;
	struct walk from, to;
	status_t status;

	/* One of the two, or none. */
	if (call->words[2] > RENAME_EXCHANGE)
		return ERR_INVAL;
	status = path_resolve(
		call, (uint32_t)call->words[0], 0, call->words[3], 0, &from);
	if (status < 0)
		return status;
	status = path_resolve(call, (uint32_t)call->words[1], 1, call->words[4],
		WALK_CREATE, &to);
	if (status < 0)
		return status;
	status = rename_check(call, &from, &to);
	if (status < 0)
		return status;
	folder = from.parent.node;
	if (call->words[2] & RENAME_EXCHANGE)
		return !to.at.node
			? ERR_NOENT
			: folder->ops->exchange(folder, from.last, from.length,
				  to.parent.node, to.last, to.length);
	return folder->ops->rename(folder, from.last, from.length,
		to.parent.node, to.last, to.length);
}

enum { LINK_FOLLOW = 1024, LINK_EMPTY = 4096 };

int
op_link(struct call *call)
{
	unsigned flags = 0;
	struct walk from, to;
	status_t status;

	if (call->words[2] & LINK_FOLLOW)
		flags |= WALK_FOLLOW;
	if (call->words[2] & LINK_EMPTY)
		flags |= WALK_EMPTY;
	status = path_resolve(call, (uint32_t)call->words[0], 0, call->words[3],
		flags, &from);
	if (status < 0)
		return status;
	status = path_resolve(call, (uint32_t)call->words[1], 1, call->words[4],
		WALK_CREATE, &to);
	if (status < 0)
		return status;
	if (to.at.node)
		return ERR_EXIST;
	if (to.slash)
		return ERR_NOENT;
	if (node_is_folder(from.at.node))
		return ERR_PERM;
	status = folder_writable(call, &to);
	if (status < 0)
		return status;
	if (from.at.mount != to.parent.mount ||
		from.at.node->device != to.parent.node->device)
		return ERR_XDEV;
	return to.parent.node->ops->link(
		to.parent.node, to.last, to.length, from.at.node);
}

int
op_symlink(struct call *call)
{
	const char *target;
	struct node *node;
	struct walk walk;
	status_t status;

	status = path_read(call, 0, call->words[1], 0, &target);
	if (status < 0)
		return status;
	if (*target == '\0')
		return ERR_NOENT;
	status = path_resolve(call, (uint32_t)call->words[0], 1, call->words[2],
		WALK_CREATE, &walk);
	if (status < 0)
		return status;
	if (walk.slash && !walk.at.node)
		return ERR_NOENT;
	status = name_make(call, &walk, MODE_LINK | 0777, &node);
	if (status < 0)
		return status;
	status = node->ops->set_target(node, target, strlen(target));
	if (status < 0)
		(void)walk.parent.node->ops->unlink(
			walk.parent.node, walk.last, walk.length);
	return status;
}

int
op_readlink(struct call *call)
{
	static char text[PATH_BYTES];
	struct io io = {.call = call, .lease = 1};
	struct walk walk;
	status_t status;
	int length;

	status = path_resolve(call, (uint32_t)call->words[0], 0, call->words[1],
		WALK_EMPTY, &walk);
	if (status < 0)
		return status;
	if (!node_is_link(walk.at.node))
		return ERR_INVAL;
	length = walk.at.node->ops->target(
		walk.at.node, call->session, text, sizeof(text));
	if (length < 0)
		return length;
	if ((uint64_t)length > call->words[2])
		length = (int)call->words[2];
	status = io_put(&io, 0, text, (size_t)length);
	if (status < 0)
		return status;
	return op_result(call, (uint64_t)length);
}
