/* SPDX-License-Identifier: MIT */
/* Messages about the session itself: its life, its folders, its names. */
#include <string.h>

#include "op.h"
#include "system.h"
#include "terminal.h"
#include "tmpfs.h"

bool
op_from_service(const struct call *call)
{
	struct process_tags tags;

	return !call->session &&
		system_tags(badge_pid(call->badge), &tags) == 0 &&
		tags.puid == call->badge && tags.execs == 0;
}

int
op_attach(struct call *call)
{
	if (!call->session && !op_from_service(call))
		return STATUS_FORBIDDEN;
	return session_attach(call->badge);
}

int
op_snapshot(struct call *call)
{
	call->out_count = 1;
	return session_snapshot(
		call->session, (unsigned)call->words[0], &call->out[0]);
}

int
op_claim(struct call *call)
{
	return session_claim(call->badge, call->words[0]);
}

int
op_exec(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);
	struct descriptors *table;
	status_t status;
	int fd = -1;

	if (file && file->place.node)
		session_note(&call->session->program, &file->place);
	status = session_unshare_files(call->session);
	if (status < 0)
		return status;
	table = call->session->descriptors;
	while ((fd = descriptors_next(table, (uint32_t)fd + 1)) >= 0) {
		if (descriptors_cloexec(table, (uint32_t)fd))
			(void)descriptors_close(table, (uint32_t)fd);
	}
	return 0;
}

static status_t
folder_enter(struct call *call, const struct walk *walk, struct place *slot)
{
	struct place place = walk->at;
	status_t status;

	if (!node_is_folder(place.node))
		return ERR_NOTDIR;
	status = node_permits(
		place.node, session_who(call->session), ACCESS_EXECUTE);
	if (status < 0)
		return status;
	place_get(&place);
	place_put(slot);
	*slot = place;
	return 0;
}

int
op_chdir(struct call *call)
{
	struct walk walk;
	status_t status = path_resolve(call, (uint32_t)call->words[0], 0,
		call->words[1], WALK_FOLLOW | WALK_EMPTY, &walk);

	if (status < 0)
		return status;
	return folder_enter(call, &walk, &call->session->folders->working);
}

int
op_chroot(struct call *call)
{
	struct walk walk;
	status_t status = path_resolve(
		call, (uint32_t)-100, 0, call->words[0], WALK_FOLLOW, &walk);

	if (status < 0)
		return status;
	if (session_who(call->session)->uid != 0)
		return ERR_PERM;
	return folder_enter(call, &walk, &call->session->folders->root);
}

int
op_getcwd(struct call *call)
{
	static char path[PATH_BYTES];
	struct folders *folders = call->session->folders;
	struct io io = {.call = call};
	status_t status;
	int length;

	if (folders->working.node->links == 0)
		return ERR_NOENT;
	length = place_path(
		folders->working, folders->root, path, sizeof(path) - 1);
	if (length < 0)
		return length;
	path[length++] = '\0';
	if ((uint64_t)length > call->words[0])
		return ERR_RANGE;
	status = io_put(&io, 0, path, (size_t)length);
	if (status < 0)
		return status;
	return op_result(call, (uint64_t)length);
}

int
op_umask(struct call *call)
{
	struct folders *folders = call->session->folders;
	uint32_t old = folders->umask;

	folders->umask = (uint32_t)call->words[0] & 0777;
	return op_result(call, old);
}

enum { MOUNT_KIND_BIND, MOUNT_KIND_TMPFS };

int
op_mount(struct call *call)
{
	struct walk source, target;
	struct node *root;
	status_t status;

	if (session_who(call->session)->uid != 0)
		return ERR_PERM;
	/* Binds replace; unions of folders are not offered. */
	if (call->words[0] != 0)
		return STATUS_UNSUPPORTED;
	status = path_resolve(
		call, (uint32_t)-100, 1, call->words[3], WALK_FOLLOW, &target);
	if (status < 0)
		return status;
	if (call->words[1] == MOUNT_KIND_TMPFS) {
		if (!node_is_folder(target.at.node))
			return ERR_NOTDIR;
		root = tmpfs_create(01777);
		if (!root)
			return ERR_NOMEM;
		status = mount_add(
			call->session->namespace, MOUNT_TMPFS, root, target.at);
		node_put(root);
		return status;
	}
	if (call->words[1] != MOUNT_KIND_BIND)
		return ERR_NODEV;
	status = path_resolve(
		call, (uint32_t)-100, 0, call->words[2], WALK_FOLLOW, &source);
	if (status < 0)
		return status;
	if (node_is_folder(source.at.node) != node_is_folder(target.at.node))
		return ERR_NOTDIR;
	return mount_add(call->session->namespace, MOUNT_BIND, source.at.node,
		target.at);
}

int
op_unmount(struct call *call)
{
	struct walk walk;
	status_t status;

	if (session_who(call->session)->uid != 0)
		return ERR_PERM;
	status = path_resolve(
		call, (uint32_t)-100, 0, call->words[0], WALK_FOLLOW, &walk);
	if (status < 0)
		return status;
	return mount_remove(call->session->namespace, walk.at);
}

int
op_sync_credentials(struct call *call)
{
	struct session *session;

	if (!op_from_service(call))
		return STATUS_FORBIDDEN;
	session_forget_who(call->words[0]);
	/* What it takes from now on is its new user's. */
	session = session_find(call->words[0]);
	if (session)
		(void)session_who(session);
	return 0;
}

int
op_tty_watch(struct call *call)
{
	if (!op_from_service(call))
		return STATUS_FORBIDDEN;
	if (!call->caps_in)
		return STATUS_INVALID_ARGUMENT;
	terminal_watch(call->caps_in);
	call->caps_in = 0;
	return 0;
}

int
op_tty_fetch(struct call *call)
{
	uint32_t kind, signal, id;

	if (!op_from_service(call))
		return STATUS_FORBIDDEN;
	terminal_event(&kind, &signal, &id);
	call->out[0] = kind;
	call->out[1] = signal;
	call->out[2] = id;
	call->out_count = 3;
	return 0;
}

int
op_limit_files(struct call *call)
{
	uint64_t limit = call->words[0];

	call->session->descriptors->limit =
		limit < DESCRIPTOR_LIMIT ? (uint32_t)limit : DESCRIPTOR_LIMIT;
	return 0;
}

int
op_limit_size(struct call *call)
{
	/* All ones wrap to 0: no limit. */
	call->session->size_bound = call->words[0] + 1;
	return 0;
}

int
op_add_tty(struct call *call)
{
	if (!op_from_service(call))
		return STATUS_FORBIDDEN;
	terminal_resize((uint16_t)call->words[0], (uint16_t)call->words[1]);
	return 0;
}
