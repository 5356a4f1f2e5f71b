/* SPDX-License-Identifier: MIT */
/* Messages about what a node is: attributes, length, permission. */
#include <string.h>

#include "op.h"
#include "pipe.h"
#include "system.h"

enum {
	FLAG_NOFOLLOW = 0x100,
	FLAG_EFFECTIVE = 0x200,
	FLAG_EMPTY = 0x1000,
	ID_KEEP = -1,
	TIME_NOW = -1,
	TIME_OMIT = -2,
};

status_t
op_target(struct call *call, uint64_t dirfd, uint64_t length, uint64_t flags,
	struct walk *out)
{
	unsigned walk_flags = flags & FLAG_NOFOLLOW ? 0 : WALK_FOLLOW;
	const char *path;
	struct file *file;
	status_t status;

	status = path_read(call, 0, length, 0, &path);
	if (status < 0)
		return status;
	if (*path != '\0')
		return path_walk(
			call->session, (uint32_t)dirfd, path, walk_flags, out);
	if (!(flags & FLAG_EMPTY))
		return ERR_NOENT;
	memset(out, 0, sizeof(*out));
	if ((int32_t)dirfd == -100) {
		out->at = call->session->folders->working;
		return 0;
	}
	file = op_file(call, dirfd);
	if (!file)
		return ERR_BADF;
	out->at = file->place;
	if (!file->place.node)
		out->open = file;
	return 0;
}

/* Pipes and their like, which have no node. */
static void
stat_nameless(const struct file *file, struct file_stat *out)
{
	memset(out, 0, sizeof(*out));
	out->device = 13;
	out->inode = (uint64_t)(uintptr_t)file->data >> 4;
	out->links = 1;
	out->block_size = 4096;
	out->mode = pipe_of(file) ? MODE_FIFO | 0600 : 0600;
}

int
op_stat(struct call *call)
{
	struct io io = {.call = call, .lease = 1};
	struct file_stat stat;
	struct walk walk;
	status_t status;

	status = op_target(
		call, call->words[0], call->words[2], call->words[1], &walk);
	if (status < 0)
		return status;
	if (walk.open)
		stat_nameless(walk.open, &stat);
	else
		node_stat(walk.at.node, &stat);
	if (call->words[3] < sizeof(stat))
		return STATUS_INVALID_ARGUMENT;
	return io_put(&io, 0, &stat, sizeof(stat));
}

/* A node whose attributes the caller may change, as its owner. */
static status_t
owned_target(
	struct call *call, uint64_t length, uint64_t flags, struct node **out)
{
	const struct credentials *who = session_who(call->session);
	struct walk walk;
	status_t status;

	status = op_target(call, call->words[0], length, flags, &walk);
	if (status < 0)
		return status;
	if (!walk.at.node)
		return ERR_PERM;
	if (who->uid != 0 && who->uid != walk.at.node->uid)
		return ERR_PERM;
	*out = walk.at.node;
	return 0;
}

int
op_chmod(struct call *call)
{
	uint32_t mode = (uint32_t)call->words[2] & MODE_PERMISSIONS;
	const struct credentials *who = session_who(call->session);
	struct node *node;
	status_t status =
		owned_target(call, call->words[3], call->words[1], &node);

	if (status < 0)
		return status;
	if (node_is_link(node))
		return ERR_OPNOTSUPP;
	if (who->uid != 0 && !credentials_have(who, node->gid))
		mode &= ~(uint32_t)MODE_SETGID;
	node->mode = (node->mode & MODE_TYPE) | mode;
	node->changed = system_realtime();
	return 0;
}

int
op_chown(struct call *call)
{
	const struct credentials *who = session_who(call->session);
	uint32_t uid = (uint32_t)call->words[2], gid = (uint32_t)call->words[3];
	struct node *node;
	status_t status =
		owned_target(call, call->words[4], call->words[1], &node);

	if (status < 0)
		return status;
	if (who->uid != 0 &&
		((uid != (uint32_t)ID_KEEP && uid != node->uid) ||
			(gid != (uint32_t)ID_KEEP && gid != node->gid &&
				!credentials_have(who, gid))))
		return ERR_PERM;
	if (uid != (uint32_t)ID_KEEP)
		node->uid = uid;
	if (gid != (uint32_t)ID_KEEP)
		node->gid = gid;
	if (!node_is_folder(node) && (node->mode & 0111))
		node->mode &= ~(uint32_t)(MODE_SETUID | MODE_SETGID);
	node->changed = system_realtime();
	return 0;
}

static void
time_set(int64_t *slot, int64_t value, int64_t now)
{
	if (value == TIME_NOW)
		*slot = now;
	else if (value != TIME_OMIT)
		*slot = value;
}

int
op_utimens(struct call *call)
{
	int64_t accessed = (int64_t)call->words[2];
	int64_t modified = (int64_t)call->words[3];
	int64_t now = system_realtime();
	const struct credentials *who = session_who(call->session);
	struct walk walk;
	struct node *node;
	status_t status = op_target(
		call, call->words[0], call->words[4], call->words[1], &walk);

	if (status < 0)
		return status;
	node = walk.at.node;
	if (!node)
		return ERR_PERM;
	if (who->uid != 0 && who->uid != node->uid) {
		if (accessed != TIME_NOW || modified != TIME_NOW)
			return ERR_PERM;
		status = node_permits(node, who, ACCESS_WRITE);
		if (status < 0)
			return status;
	}
	time_set(&node->accessed, accessed, now);
	time_set(&node->modified, modified, now);
	node->changed = now;
	return 0;
}

static status_t
truncate_permits(struct call *call, const struct walk *walk, bool by_path)
{
	struct file *file;

	if (by_path) {
		if (node_is_folder(walk->at.node))
			return ERR_ISDIR;
		return node_permits(walk->at.node, session_who(call->session),
			ACCESS_WRITE);
	}
	file = op_file(call, call->words[0]);
	return file && file_writable(file) ? 0 : ERR_INVAL;
}

int
op_truncate(struct call *call)
{
	struct walk walk;
	status_t status;

	if ((int64_t)call->words[1] < 0)
		return ERR_INVAL;
	status = op_target(
		call, call->words[0], call->words[2], FLAG_EMPTY, &walk);
	if (status < 0)
		return status;
	if (walk.open)
		return ERR_INVAL;
	status = truncate_permits(call, &walk, call->words[2] != 0);
	if (status < 0)
		return status;
	if (!walk.at.node->ops->truncate)
		return ERR_INVAL;
	if (call->words[1] > call->session->size_bound - 1)
		return ERR_FBIG;
	return walk.at.node->ops->truncate(walk.at.node, call->words[1]);
}

int
op_access(struct call *call)
{
	unsigned wanted = (unsigned)call->words[1];
	struct walk walk;
	status_t status;

	if (wanted & ~7u)
		return ERR_INVAL;
	status = op_target(
		call, call->words[0], call->words[3], call->words[2], &walk);
	if (status < 0)
		return status;
	if (wanted == 0 || !walk.at.node)
		return 0;
	return node_permits(walk.at.node, session_who(call->session), wanted);
}

int
op_statfs(struct call *call)
{
	struct io io = {.call = call, .lease = 1};
	struct linux_statfs out = {0};
	struct walk walk;
	status_t status;

	status = op_target(call, call->words[0], call->words[2],
		call->words[1] | FLAG_EMPTY, &walk);
	if (status < 0)
		return status;
	out.block_size = 4096;
	out.fragment_size = 4096;
	out.name_length = NAME_BYTES;
	if (walk.at.node && walk.at.node->ops->statfs)
		walk.at.node->ops->statfs(walk.at.node, &out);
	if (call->words[3] < sizeof(out))
		return STATUS_INVALID_ARGUMENT;
	return io_put(&io, 0, &out, sizeof(out));
}
