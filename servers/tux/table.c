/* SPDX-License-Identifier: MIT */
/*
 * Records of processes. The children of a fork come without a word: a process
 * is learned when it first sends a message or is first meant by one. Its tags
 * were inherited at the fork; what the tags cannot say comes from its parent,
 * as long as the tags show that the parent has not changed since.
 */
#include <stdlib.h>

#include "system.h"
#include "tux.h"

#define BUCKETS 256

static struct process *buckets[BUCKETS];
static unsigned count;

static struct process **
place_of(uint32_t pid)
{
	struct process **place = &buckets[pid % BUCKETS];

	while (*place && (*place)->pid != pid)
		place = &(*place)->next;
	return place;
}

static void
drop(struct process **place)
{
	struct process *process = *place;

	*place = process->next;
	free(process);
	count--;
}

static uint64_t
tag_of(const struct process *process)
{
	return (uint64_t)process->user.file << 32 | process->group_id.file;
}

static void
inherit(struct process *child, const struct process *parent)
{
	child->user = parent->user;
	child->group_id = parent->group_id;
	child->nice = parent->nice;
	child->policy = parent->policy;
	child->priority = parent->priority;
}

static void
from_tag(struct process *process, uint64_t tag)
{
	uint32_t uid = (uint32_t)(tag >> 32);
	uint32_t gid = (uint32_t)tag;

	process->user = (struct identity){uid, uid, uid, uid};
	process->group_id = (struct identity){gid, gid, gid, gid};
}

static struct process *
learn(const struct system_process *from)
{
	struct process *process = calloc(1, sizeof(*process));
	struct process *parent = *place_of(from->parent);
	struct process **place = place_of(from->pid);

	if (!process)
		return NULL;
	process->puid = from->puid;
	process->pid = from->pid;
	process->parent = from->parent;
	process->group = from->group;
	process->session = from->session;
	if (from->session && parent && parent->session &&
		tag_of(parent) == from->credentials)
		inherit(process, parent);
	else
		from_tag(process, from->credentials);
	process->next = *place;
	*place = process;
	count++;
	return process;
}

struct process *
process_look(uint32_t pid)
{
	struct process **place = place_of(pid);
	struct system_process now;

	if (system_look(pid, &now) < 0) {
		if (*place)
			drop(place);
		return NULL;
	}
	if (*place && (*place)->puid != now.puid)
		drop(place);
	if (*place) {
		(*place)->parent = now.parent;
		return *place;
	}
	return learn(&now);
}

struct process *
process_caller(uint64_t puid)
{
	struct process *process = *place_of((uint32_t)(puid & 0xffff));

	if (process && process->puid == puid)
		return process;
	process = process_look((uint32_t)(puid & 0xffff));
	return process && process->puid == puid ? process : NULL;
}

void
process_forget(uint64_t puid)
{
	struct process **place = place_of((uint32_t)(puid & 0xffff));

	if (*place && (*place)->puid == puid)
		drop(place);
}

unsigned
process_count(void)
{
	return count;
}
