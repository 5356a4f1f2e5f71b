/* SPDX-License-Identifier: MIT */
/*
 * The nodes of /proc: tables of names per kind of folder, and links.  What
 * the files say is in proc_text.c.
 */
#include "proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "pipe.h"
#include "quota.h"
#include "session.h"
#include "snapshot.h"
#include "system.h"
#include "tmpfs.h"

enum {
	RECORD_BYTES = 64,
	PROC_DEVICE = 1,
	PROC_MAGIC = 0x9fa0,
	INODE_BASE = 1 << 30,
	PID_LIMIT = 1 << 16,
};

struct proc_node {
	struct node node;
	enum proc_kind kind;
	uint32_t pid;
	uint32_t fd;
};

struct proc_entry {
	const char *name;
	enum proc_kind kind;
	uint32_t mode;
};

static const struct proc_entry root_entries[] = {
	{"self", PROC_SELF, MODE_LINK | 0777},
	{"mounts", PROC_MOUNTS_LINK, MODE_LINK | 0777},
	{"sys", PROC_SYS, MODE_FOLDER | 0555},
	{"meminfo", PROC_MEMINFO, MODE_FILE | 0444},
	{"stat", PROC_STAT, MODE_FILE | 0444},
	{"uptime", PROC_UPTIME, MODE_FILE | 0444},
	{"loadavg", PROC_LOADAVG, MODE_FILE | 0444},
	{"cpuinfo", PROC_CPUINFO, MODE_FILE | 0444},
	{"version", PROC_VERSION, MODE_FILE | 0444},
	{"filesystems", PROC_FILESYSTEMS, MODE_FILE | 0444},
	{"cmdline", PROC_CMDLINE, MODE_FILE | 0444},
	{NULL, PROC_ROOT, 0},
};

static const struct proc_entry process_entries[] = {
	{"stat", PROC_PID_STAT, MODE_FILE | 0444},
	{"status", PROC_PID_STATUS, MODE_FILE | 0444},
	{"statm", PROC_PID_STATM, MODE_FILE | 0444},
	{"cmdline", PROC_PID_CMDLINE, MODE_FILE | 0444},
	{"comm", PROC_PID_COMM, MODE_FILE | 0444},
	{"maps", PROC_PID_MAPS, MODE_FILE | 0444},
	{"mounts", PROC_PID_MOUNTS, MODE_FILE | 0444},
	{"mountinfo", PROC_PID_MOUNTINFO, MODE_FILE | 0444},
	{"exe", PROC_EXE, MODE_LINK | 0777},
	{"cwd", PROC_CWD, MODE_LINK | 0777},
	{"root", PROC_ROOT_LINK, MODE_LINK | 0777},
	{"fd", PROC_DESCRIPTORS, MODE_FOLDER | 0500},
	{"task", PROC_TASKS, MODE_FOLDER | 0555},
	{NULL, PROC_ROOT, 0},
};

static const struct proc_entry sys_entries[] = {
	{"kernel", PROC_SYS_KERNEL, MODE_FOLDER | 0555},
	{NULL, PROC_ROOT, 0},
};

static const struct proc_entry kernel_entries[] = {
	{"hostname", PROC_HOSTNAME, MODE_FILE | 0444},
	{"ostype", PROC_OSTYPE, MODE_FILE | 0444},
	{"osrelease", PROC_OSRELEASE, MODE_FILE | 0444},
	{"pid_max", PROC_PID_MAX, MODE_FILE | 0444},
	{NULL, PROC_ROOT, 0},
};

static const struct node_ops proc_ops;
static struct proc_node root;

static struct proc_node *
proc_of(struct node *node)
{
	return container_of(node, struct proc_node, node);
}

static const struct proc_entry *
entries_of(enum proc_kind kind)
{
	switch (kind) {
	case PROC_ROOT:
		return root_entries;
	case PROC_PROCESS:
		return process_entries;
	case PROC_SYS:
		return sys_entries;
	case PROC_SYS_KERNEL:
		return kernel_entries;
	default:
		return NULL;
	}
}

static uint64_t
inode_of(enum proc_kind kind, uint32_t pid, uint32_t fd)
{
	return INODE_BASE + (uint64_t)kind + ((uint64_t)pid << 32) +
		((uint64_t)fd << 8);
}

/* A node of this kind, noted to go with the call. */
static status_t
proc_make(enum proc_kind kind, uint32_t mode, uint32_t pid, uint32_t fd,
	struct node **out)
{
	struct proc_node *node = calloc(1, sizeof(*node));
	struct process_tags tags;

	if (!node)
		return ERR_NOMEM;
	node_init(&node->node, &proc_ops, mode);
	if (pid && system_tags(pid, &tags) == 0) {
		node->node.uid = (uint32_t)(tags.credentials >> 32);
		node->node.gid = (uint32_t)tags.credentials;
	}
	node->node.inode = inode_of(kind, pid, fd);
	node->node.device = PROC_DEVICE;
	node->node.links = (mode & MODE_TYPE) == MODE_FOLDER ? 2 : 1;
	node->kind = kind;
	node->pid = pid;
	node->fd = fd;
	node_transient(&node->node);
	*out = &node->node;
	return 0;
}

/* A name that is a decimal number; false if it is not. */
static bool
number_parse(const char *name, size_t length, uint32_t *out)
{
	uint32_t value = 0;
	size_t i;

	if (length == 0 || length > 5 || (name[0] == '0' && length > 1))
		return false;
	for (i = 0; i < length; i++) {
		if (name[i] < '0' || name[i] > '9')
			return false;
		value = value * 10 + (uint32_t)(name[i] - '0');
	}
	*out = value;
	return true;
}

static status_t
lookup_number(struct proc_node *folder, uint32_t number, struct node **out)
{
	struct process_tags tags;
	struct session *session;

	if (folder->kind == PROC_ROOT) {
		if (number == 0 || system_tags(number, &tags) < 0)
			return ERR_NOENT;
		return proc_make(
			PROC_PROCESS, MODE_FOLDER | 0555, number, 0, out);
	}
	if (folder->kind == PROC_TASKS) {
		if (!snapshot_thread(snapshot_get(), folder->pid, number))
			return ERR_NOENT;
		return proc_make(PROC_PROCESS, MODE_FOLDER | 0555, folder->pid,
			number, out);
	}
	session = session_of_pid(folder->pid);
	if (folder->kind != PROC_DESCRIPTORS || !session ||
		!descriptors_find(session->descriptors, number))
		return ERR_NOENT;
	return proc_make(
		PROC_DESCRIPTOR, MODE_LINK | 0700, folder->pid, number, out);
}

static status_t
proc_lookup(
	struct node *node, const char *name, size_t length, struct node **out)
{
	struct proc_node *folder = proc_of(node);
	const struct proc_entry *entry = entries_of(folder->kind);
	uint32_t number;

	for (; entry && entry->name; entry++) {
		if (strlen(entry->name) == length &&
			memcmp(entry->name, name, length) == 0)
			return proc_make(
				entry->kind, entry->mode, folder->pid, 0, out);
	}
	if (number_parse(name, length, &number))
		return lookup_number(folder, number, out);
	return ERR_NOENT;
}

static struct node *
proc_parent(struct node *node)
{
	struct proc_node *proc = proc_of(node);
	struct node *out;

	switch (proc->kind) {
	case PROC_TASKS:
	case PROC_DESCRIPTORS:
		return proc_make(PROC_PROCESS, MODE_FOLDER | 0555, proc->pid, 0,
			       &out) < 0
			? NULL
			: out;
	case PROC_SYS_KERNEL:
		return proc_make(PROC_SYS, MODE_FOLDER | 0555, 0, 0, &out) < 0
			? NULL
			: out;
	default:
		return &root.node;
	}
}

static int
proc_name(struct node *node, char *out, size_t size)
{
	struct proc_node *proc = proc_of(node);

	switch (proc->kind) {
	case PROC_PROCESS:
		return snprintf(out, size, "%u", (unsigned)proc->pid);
	case PROC_DESCRIPTORS:
		return snprintf(out, size, "fd");
	case PROC_TASKS:
		return snprintf(out, size, "task");
	case PROC_SYS:
		return snprintf(out, size, "sys");
	default:
		return snprintf(out, size, "kernel");
	}
}

/*
 * Positions: 1 and 2 are the dots, then the entries of the table, then
 * numbers from NUMBERS on, so that processes that come and go while a
 * folder is read do not shift the others.
 */
enum { POSITION_TABLE = 2, POSITION_NUMBERS = 1000 };

static bool
list_number(struct node_visitor *visitor, enum proc_kind kind, uint32_t pid,
	uint32_t number, uint32_t mode)
{
	char name[16];
	int length = snprintf(name, sizeof(name), "%u", (unsigned)number);

	return visitor->take(visitor, name, (size_t)length,
		inode_of(kind, pid, number), mode,
		POSITION_NUMBERS + 1 + number);
}

/* The smallest process id >= from, or PID_LIMIT. */
static uint32_t
process_next(const struct ps_header *header, uint32_t from)
{
	uint32_t best = PID_LIMIT, i;

	for (i = 0; header && i < header->process_count; i++) {
		const struct ps_process *process = snapshot_at(header, i);

		if (process->pid >= from && process->pid < best)
			best = process->pid;
	}
	return best;
}

static status_t
list_tasks(
	struct proc_node *folder, uint32_t from, struct node_visitor *visitor)
{
	const struct ps_header *header = snapshot_get();
	const struct ps_thread *thread;
	uint32_t best, i;

	for (; header; from = best + 1) {
		best = PID_LIMIT;
		for (i = 0; i < header->thread_count; i++) {
			thread = snapshot_thread_at(header, i);
			if (thread->pid == folder->pid && thread->tid >= from &&
				thread->tid < best)
				best = thread->tid;
		}
		if (best == PID_LIMIT ||
			!list_number(visitor, PROC_PROCESS, folder->pid, best,
				MODE_FOLDER))
			break;
	}
	return 0;
}

static status_t
list_numbers(struct proc_node *folder, uint64_t position,
	struct node_visitor *visitor)
{
	uint32_t from = position > POSITION_NUMBERS
		? (uint32_t)(position - POSITION_NUMBERS)
		: 0;
	const struct ps_header *header;
	struct session *session;
	int fd;

	if (folder->kind == PROC_ROOT) {
		header = position <= POSITION_NUMBERS ? snapshot_scan()
						      : snapshot_get();
		while ((from = process_next(header, from)) < PID_LIMIT) {
			if (!list_number(visitor, PROC_PROCESS, 0, from,
				    MODE_FOLDER))
				return 0;
			from++;
		}
	}
	if (folder->kind == PROC_TASKS)
		return list_tasks(folder, from, visitor);
	session = session_of_pid(folder->pid);
	if (folder->kind != PROC_DESCRIPTORS || !session)
		return 0;
	while ((fd = descriptors_next(session->descriptors, from)) >= 0) {
		if (!list_number(visitor, PROC_DESCRIPTOR, folder->pid,
			    (uint32_t)fd, MODE_LINK))
			return 0;
		from = (uint32_t)fd + 1;
	}
	return 0;
}

static status_t
proc_list(struct node *node, uint64_t position, struct node_visitor *visitor)
{
	struct proc_node *folder = proc_of(node);
	const struct proc_entry *entry = entries_of(folder->kind);
	uint64_t at = POSITION_TABLE;

	if (position < 1 &&
		!visitor->take(visitor, ".", 1, node->inode, MODE_FOLDER, 1))
		return 0;
	if (position < 2 &&
		!visitor->take(
			visitor, "..", 2, root.node.inode, MODE_FOLDER, 2))
		return 0;
	for (; entry && entry->name; entry++) {
		if (++at <= position)
			continue;
		if (!visitor->take(visitor, entry->name, strlen(entry->name),
			    inode_of(entry->kind, folder->pid, 0), entry->mode,
			    at))
			return 0;
	}
	return list_numbers(folder, position, visitor);
}

/* The place that a link means, without a reference; false if there is none. */
static bool
link_place(struct proc_node *link, struct place *out, struct file **open)
{
	struct session *session = session_of_pid(link->pid);
	struct file *file;

	if (!session)
		return false;
	switch (link->kind) {
	case PROC_CWD:
		*out = session->folders->working;
		return true;
	case PROC_ROOT_LINK:
		*out = session->folders->root;
		return true;
	case PROC_EXE:
		*out = session->program;
		return out->node != NULL;
	case PROC_DESCRIPTOR:
		file = descriptors_find(session->descriptors, link->fd);
		if (!file)
			return false;
		*open = file;
		*out = file->place;
		return true;
	default:
		return false;
	}
}

/* What a process has open or mapped is for its user and root. */
static bool
may_look_into(const struct node *node, struct session *asking)
{
	const struct credentials *who = session_who(asking);

	return who->uid == 0 || who->uid == node->uid;
}

static status_t
proc_jump(struct node *node, struct session *asking, struct place *out,
	struct file **open)
{
	struct proc_node *link = proc_of(node);
	struct place place = {NULL, NULL};
	struct file *file = NULL;

	if (link->kind == PROC_SELF || link->kind == PROC_MOUNTS_LINK)
		return ERR_NOSYS;
	if (!may_look_into(node, asking))
		return ERR_ACCES;
	if (!link_place(link, &place, &file))
		return ERR_NOENT;
	if (place.node) {
		*out = place;
		return 0;
	}
	/* A pipe or its like: there is the link, and what it stands for. */
	out->node = node;
	*open = file;
	return 0;
}

static int
proc_target(struct node *node, struct session *asking, char *out, size_t size)
{
	struct proc_node *link = proc_of(node);
	struct place place = {NULL, NULL};
	struct file *file = NULL;

	if (link->kind == PROC_SELF)
		return snprintf(
			out, size, "%u", (unsigned)badge_pid(asking->badge));
	if (link->kind == PROC_MOUNTS_LINK)
		return snprintf(out, size, "self/mounts");
	if (!may_look_into(node, asking))
		return ERR_ACCES;
	if (!link_place(link, &place, &file))
		return ERR_NOENT;
	if (place.node && place.node->links == 0)
		return snprintf(out, size, "/ (deleted)");
	if (place.node)
		return place_path(place, asking->folders->root, out, size);
	if (!file)
		return ERR_NOENT;
	if (pipe_of(file))
		return snprintf(out, size, "pipe:[%u]",
			(unsigned)((uintptr_t)file->data >> 4));
	return snprintf(out, size, "%s",
		file->ops && file->ops->label ? file->ops->label
					      : "anon_inode:");
}

static int64_t
proc_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct text *text = file->data;
	status_t status;

	if (offset >= text->length)
		return 0;
	if (count > text->length - offset)
		count = text->length - offset;
	status = io_put(io, 0, text->bytes + offset, count);
	return status < 0 ? status : (int64_t)count;
}

/* What a text is charged as. */
static uint64_t
text_records(const struct text *text)
{
	return text->room / RECORD_BYTES;
}

static void
proc_release(struct file *file)
{
	struct text *text = file->data;

	quota_give(file->quota, QUOTA_RECORDS, text_records(text));
	free(text->bytes);
	free(text);
}

static const struct file_ops proc_file_ops = {
	.read = proc_read,
	.poll = file_poll_ready,
	.release = proc_release,
};

static status_t
proc_open(struct node *node, struct file *file, struct call *call)
{
	struct proc_node *proc = proc_of(node);
	struct text *text;
	status_t status;

	if ((file->flags & OPEN_ACCESS) != OPEN_READ ||
		(proc->kind == PROC_PID_MAPS &&
			!may_look_into(node, call->session)))
		return ERR_ACCES;
	text = calloc(1, sizeof(*text));
	if (!text)
		return ERR_NOMEM;
	status = proc_text(proc->kind, proc->pid, call->session, text);
	if (status == 0 &&
		(text->failed ||
			!quota_take(file->quota, QUOTA_RECORDS,
				text_records(text))))
		status = ERR_NOMEM;
	if (status < 0) {
		free(text->bytes);
		free(text);
		return status;
	}
	file->ops = &proc_file_ops;
	file->data = text;
	return 0;
}

static void
proc_statfs(struct node *node, struct linux_statfs *out)
{
	(void)node;
	memset(out, 0, sizeof(*out));
	out->type = PROC_MAGIC;
	out->block_size = 4096;
	out->fragment_size = 4096;
	out->name_length = NAME_BYTES;
}

static void
proc_destroy(struct node *node)
{
	free(proc_of(node));
}

static const struct node_ops proc_ops = {
	.lookup = proc_lookup,
	.parent = proc_parent,
	.name = proc_name,
	.list = proc_list,
	.target = proc_target,
	.jump = proc_jump,
	.open = proc_open,
	.statfs = proc_statfs,
	.destroy = proc_destroy,
};

struct node *
proc_root(void)
{
	if (root.node.ops)
		return &root.node;
	node_init(&root.node, &proc_ops, MODE_FOLDER | 0555);
	root.node.inode = inode_of(PROC_ROOT, 0, 0);
	root.node.device = PROC_DEVICE;
	root.node.links = 2;
	root.kind = PROC_ROOT;
	node_get(&root.node);
	return &root.node;
}
