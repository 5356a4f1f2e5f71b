/* SPDX-License-Identifier: MIT */
/*
 * Records of processes. The children of a fork come without a word: a process
 * is learned when it first sends a message or is first meant by one. Who it is
 * stands in words that Factotum copied at the fork, so neither what its maker
 * does later nor who its parent is now makes a difference.
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

/* The words: real, effective, saved (user above, group below), the rest. */
#define NICE_BIAS 64
#define NICE_SHIFT 16
#define POLICY_SHIFT 8

static uint64_t
pair(uint32_t user, uint32_t group)
{
	return (uint64_t)user << 32 | group;
}

status_t
process_publish(const struct process *p)
{
	const uint64_t words[SYSTEM_WORDS] = {
		pair(p->user.real, p->group_id.real),
		pair(p->user.effective, p->group_id.effective),
		pair(p->user.saved, p->group_id.saved),
		(uint64_t)(p->nice + NICE_BIAS) << NICE_SHIFT |
			p->policy << POLICY_SHIFT | p->priority,
	};

	return system_set_identity(
		p->pid, p->puid, pair(p->user.file, p->group_id.file), words);
}

static void
from_words(struct process *p, uint64_t tag, const uint64_t *words)
{
	p->user = (struct identity){(uint32_t)(words[0] >> 32),
		(uint32_t)(words[1] >> 32), (uint32_t)(words[2] >> 32),
		(uint32_t)(tag >> 32)};
	p->group_id = (struct identity){(uint32_t)words[0], (uint32_t)words[1],
		(uint32_t)words[2], (uint32_t)tag};
	p->nice = (int32_t)(words[3] >> NICE_SHIFT & 0xff) - NICE_BIAS;
	p->policy = words[3] >> POLICY_SHIFT & 0xff;
	p->priority = words[3] & 0xff;
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
	struct process **place = place_of(from->pid);
	uint64_t words[SYSTEM_WORDS] = {0};

	if (!process)
		return NULL;
	process->puid = from->puid;
	process->pid = from->pid;
	process->parent = from->parent;
	process->group = from->group;
	process->session = from->session;
	/* The last word is 0 only where none were written: no Linux process. */
	if (system_get_words(from->pid, words) == STATUS_OK && words[3])
		from_words(process, from->credentials, words);
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
