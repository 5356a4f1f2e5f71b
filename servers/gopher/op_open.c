/* SPDX-License-Identifier: MIT */
/* Messages that make, copy and drop descriptors. */
#include <string.h>

#include "lock.h"
#include "op.h"
#include "pipe.h"
#include "quota.h"
#include "system.h"
#include "tmpfs.h"

int
op_install(struct call *call, struct file *file, uint32_t flags)
{
	int fd = descriptors_add(
		call->session->descriptors, file, 0, flags & OPEN_CLOEXEC);

	if (fd < 0) {
		file_put(file);
		return fd;
	}
	return op_result(call, (uint64_t)fd);
}

/* Make the file that O_CREAT asks for. */
static status_t
open_create(struct call *call, struct walk *walk, uint32_t mode)
{
	struct node *folder = walk->parent.node, *node;
	const struct credentials *who = session_who(call->session);
	status_t status;

	if (walk->slash)
		return ERR_ISDIR;
	if (!folder->ops->make)
		return ERR_ACCES;
	status = node_permits(folder, who, ACCESS_WRITE | ACCESS_EXECUTE);
	if (status < 0)
		return status;
	mode &= MODE_PERMISSIONS & ~call->session->folders->umask;
	status = op_make_node(call, walk, MODE_FILE | mode, &node);
	if (status < 0)
		return status;
	walk->at.mount = walk->parent.mount;
	walk->at.node = node;
	return 0;
}

/* May the caller open what is there already, in this way? */
static status_t
open_permits(struct call *call, struct node *node, uint32_t flags)
{
	unsigned wanted = 0;

	if (flags & OPEN_PATH)
		return (flags & OPEN_FOLDER) && !node_is_folder(node)
			? ERR_NOTDIR
			: 0;
	if (node_is_link(node))
		return ERR_LOOP;
	if ((flags & OPEN_FOLDER) && !node_is_folder(node))
		return ERR_NOTDIR;
	if ((flags & OPEN_ACCESS) != OPEN_WRITE)
		wanted |= ACCESS_READ;
	if ((flags & OPEN_ACCESS) != OPEN_READ || (flags & OPEN_TRUNCATE))
		wanted |= ACCESS_WRITE;
	if (node_is_folder(node) &&
		((wanted & ACCESS_WRITE) || (flags & OPEN_CREATE)))
		return ERR_ISDIR;
	return node_permits(node, session_who(call->session), wanted);
}

/* The open file for a node; parks for FIFOs. */
static int
open_node(struct call *call, struct place place, uint32_t flags)
{
	struct file *file;
	int status;

	status = file_create(call->session->quota, NULL,
		flags &
			~(uint32_t)(OPEN_CREATE | OPEN_EXCLUSIVE |
				OPEN_TRUNCATE),
		&file);
	if (status < 0)
		return status;
	file->place = place;
	place_get(&place);
	if ((flags & OPEN_PATH) || node_is_folder(place.node))
		return op_install(call, file, flags);
	status = place.node->ops->open
		? place.node->ops->open(place.node, file, call)
		: ERR_NXIO;
	if (status == CALL_PARKED) {
		call->held = file;
		return status;
	}
	if (status < 0) {
		file_put(file);
		return status;
	}
	return op_install(call, file, flags);
}

/*
 * Open a fresh file that has no name and goes with the last that holds it;
 * `mode` has the permissions, `where` a place of its file system.
 */
static int
open_nameless(
	struct call *call, struct place where, uint32_t flags, uint32_t mode)
{
	const struct credentials *who = session_who(call->session);
	struct quota *quota = call->session->quota;
	struct place place = {.mount = where.mount};
	int status;

	if (!quota_take(quota, QUOTA_NODES, 1))
		return ERR_NOSPC;
	status = tmpfs_nameless(where.node, MODE_FILE | mode, &place.node);
	if (status < 0) {
		quota_give(quota, QUOTA_NODES, 1);
		return status;
	}
	node_charged(place.node, quota);
	place.node->uid = who->uid;
	place.node->gid = who->gid;
	place.node->nameable = !(flags & OPEN_EXCLUSIVE);
	node_get(place.node);
	status = open_node(
		call, place, flags & ~(uint32_t)(OPEN_TEMPORARY | OPEN_FOLDER));
	node_put(place.node);
	return status;
}

/* O_TMPFILE: a file without a name in the file system of a folder. */
static int
open_temporary(struct call *call, uint32_t flags)
{
	uint32_t mode = (uint32_t)call->words[2] & MODE_PERMISSIONS;
	struct walk walk;
	status_t status;

	if (!(flags & OPEN_FOLDER) || (flags & OPEN_CREATE) ||
		(flags & OPEN_ACCESS) == OPEN_READ)
		return ERR_INVAL;
	status = path_resolve(call, (uint32_t)call->words[0], 0, call->words[4],
		flags & OPEN_NOFOLLOW ? 0 : WALK_FOLLOW, &walk);
	if (status < 0)
		return status;
	if (!node_is_folder(walk.at.node))
		return ERR_NOTDIR;
	if (!walk.at.node->ops->make)
		return ERR_OPNOTSUPP;
	status = node_permits(walk.at.node, session_who(call->session),
		ACCESS_WRITE | ACCESS_EXECUTE);
	if (status < 0)
		return status;
	return open_nameless(
		call, walk.at, flags, mode & ~call->session->folders->umask);
}

int
op_memory_file(struct call *call)
{
	uint32_t flags = (uint32_t)call->words[0];

	if (flags & ~(uint32_t)OPEN_CLOEXEC)
		return ERR_INVAL;
	return open_nameless(call, call->session->folders->root,
		flags | OPEN_BOTH | OPEN_EXCLUSIVE, 0777);
}

/* Opening what a link of /proc/PID/fd leads to, if that has no name. */
static int
open_again(struct call *call, struct file *from, uint32_t flags)
{
	struct pipe *pipe = pipe_of(from);
	struct file *file;
	int status;

	if (!pipe)
		return ERR_NXIO;
	status = file_create(call->session->quota, NULL, flags, &file);
	if (status < 0)
		return status;
	pipe_reopen(pipe, file);
	return op_install(call, file, flags);
}

/* A FIFO waited for its other side. */
static int
open_resume(struct call *call)
{
	struct file *file = call->held;
	int status = file->place.node->ops->open(file->place.node, file, call);

	if (status == CALL_PARKED)
		return status;
	call->held = NULL;
	if (status < 0) {
		file_put(file);
		return status;
	}
	return op_install(call, file, (uint32_t)call->words[1]);
}

int
op_open(struct call *call)
{
	uint32_t flags = (uint32_t)call->words[1], walk_flags = WALK_FOLLOW;
	struct walk walk;
	bool made = false;
	status_t status;

	if (call->held)
		return open_resume(call);
	if (call->words[3] != 0)
		return STATUS_UNSUPPORTED;
	if ((flags & OPEN_TEMPORARY) && !(flags & OPEN_PATH))
		return open_temporary(call, flags);
	if ((flags & OPEN_NOFOLLOW) ||
		(flags & (OPEN_CREATE | OPEN_EXCLUSIVE)) ==
			(OPEN_CREATE | OPEN_EXCLUSIVE))
		walk_flags = 0;
	if (flags & OPEN_CREATE)
		walk_flags |= WALK_CREATE;
	status = path_resolve(call, (uint32_t)call->words[0], 0, call->words[4],
		walk_flags, &walk);
	if (status < 0)
		return status;
	if (walk.open && !(flags & OPEN_PATH))
		return open_again(call, walk.open, flags);
	if (!walk.at.node) {
		status = open_create(call, &walk, (uint32_t)call->words[2]);
		made = true;
	} else if ((flags & OPEN_CREATE) && (flags & OPEN_EXCLUSIVE)) {
		status = ERR_EXIST;
	} else {
		status = open_permits(call, walk.at.node, flags);
	}
	if (status < 0)
		return status;
	if ((flags & OPEN_TRUNCATE) && !made && !(flags & OPEN_PATH) &&
		walk.at.node->ops->truncate) {
		status = walk.at.node->ops->truncate(walk.at.node, 0);
		if (status < 0)
			return status;
	}
	return open_node(call, walk.at, flags);
}

int
op_close(struct call *call)
{
	return descriptors_close(
		       call->session->descriptors, (uint32_t)call->words[0])
		? 0
		: ERR_BADF;
}

enum { DUP_LOWEST, DUP_EXACT };

int
op_dup(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);
	uint32_t number = (uint32_t)call->words[2];
	bool cloexec = call->words[3] & OPEN_CLOEXEC;
	struct descriptors *table = call->session->descriptors;
	int fd;

	if (!file)
		return ERR_BADF;
	if (call->words[1] == DUP_EXACT && number == call->words[0])
		return op_result(call, number);
	file_get(file);
	if (call->words[1] == DUP_EXACT)
		fd = descriptors_set(table, file, number, cloexec);
	else
		fd = descriptors_add(table, file, number, cloexec);
	if (fd < 0) {
		file_put(file);
		return fd;
	}
	return op_result(call, (uint64_t)fd);
}

int
op_pipe(struct call *call)
{
	uint32_t flags = (uint32_t)call->words[0];
	struct file *reader, *writer;
	uint64_t read_fd;
	int status;

	if (flags & ~(uint32_t)(OPEN_CLOEXEC | OPEN_NONBLOCK | OPEN_DIRECT))
		return ERR_INVAL;
	status = pipe_create(call->session->quota, flags, &reader, &writer);
	if (status < 0)
		return status;
	status = op_install(call, reader, flags);
	if (status < 0) {
		file_put(writer);
		return status;
	}
	read_fd = call->out[0];
	status = op_install(call, writer, flags);
	if (status < 0) {
		(void)descriptors_close(
			call->session->descriptors, (uint32_t)read_fd);
		return status;
	}
	call->out[1] = call->out[0];
	call->out[0] = read_fd;
	call->out_count = 2;
	return 0;
}

static int
fcntl_flags(struct call *call, struct file *file)
{
	uint32_t argument = (uint32_t)call->words[2];

	if (call->words[1] == FCNTL_GETFL)
		return op_result(call, file->flags);
	file->flags = (file->flags & ~(uint32_t)OPEN_SETTABLE) |
		(argument & OPEN_SETTABLE);
	return op_result(call, 0);
}

static int
fcntl_pipe(struct call *call, struct file *file)
{
	struct pipe *pipe = pipe_of(file);
	int64_t size;

	if (!pipe)
		return ERR_BADF;
	if (call->words[1] == FCNTL_GETPIPE_SZ)
		return op_result(call, pipe->capacity);
	size = pipe_resize(pipe, call->words[2]);
	return size < 0 ? (int)size : op_result(call, (uint64_t)size);
}

int
op_fcntl(struct call *call)
{
	struct descriptors *table = call->session->descriptors;
	uint32_t fd = (uint32_t)call->words[0];
	struct file *file = descriptors_find(table, fd);

	if (!file)
		return ERR_BADF;
	call->out_count = 1;
	switch (call->words[1]) {
	case FCNTL_GETFD:
		return op_result(call, descriptors_cloexec(table, fd));
	case FCNTL_SETFD:
		descriptors_set_cloexec(
			table, fd, call->words[2] & FD_CLOEXEC_BIT);
		return op_result(call, 0);
	case FCNTL_GETFL:
	case FCNTL_SETFL:
		return fcntl_flags(call, file);
	case FCNTL_GETPIPE_SZ:
	case FCNTL_SETPIPE_SZ:
		return fcntl_pipe(call, file);
	case FCNTL_GETLK:
	case FCNTL_SETLK:
	case FCNTL_SETLKW:
	case FCNTL_OFD_GETLK:
	case FCNTL_OFD_SETLK:
	case FCNTL_OFD_SETLKW:
		return lock_range(file, call, (uint32_t)call->words[1]);
	default:
		return ERR_INVAL;
	}
}

int
op_object(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);
	uint32_t rights = (uint32_t)call->words[1] & OBJECT_WRITE;
	struct file_stat stat;
	struct node *node;
	status_t status;

	if (!file)
		return ERR_BADF;
	node = file->place.node;
	if (!node || !node->ops->object)
		return ERR_NODEV;
	if (!file_readable(file) || (rights && !file_writable(file)))
		return ERR_ACCES;
	rights |= OBJECT_READ | OBJECT_EXECUTE;
	status = node->ops->object(node, rights, &call->out_cap, &call->out[1]);
	if (status < 0)
		return status;
	node_stat(node, &stat);
	call->out[0] = stat.size;
	call->out_count = 2;
	return 0;
}
