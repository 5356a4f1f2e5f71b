/* SPDX-License-Identifier: MIT */
/*
 * Sessions are found through two levels of tables by the process id in the
 * badge; the whole badge must match, since ids are used again.
 */
#include "session.h"

#include <stdlib.h>

#include "call.h"
#include "file.h"
#include "list.h"
#include "quota.h"
#include "system.h"
#include "terminal.h"

enum {
	TABLE_SIZE = 256,
	UMASK_FIRST = 022,
	/* Children that have not run yet: as many as there may be processes. */
	SNAPSHOT_LIMIT = 4096,
};

/* A session in waiting. */
struct snapshot {
	struct list link;
	uint64_t token;
	uint64_t maker;
	struct session *session;
};

static struct session **tables[TABLE_SIZE];
static struct list snapshots = LIST_INIT(snapshots);
static unsigned snapshot_count;
static struct namespace *first_namespace;

void
session_start(struct namespace *namespace)
{
	first_namespace = namespace;
}

static struct session **
session_slot(uint64_t badge, bool make)
{
	uint32_t pid = badge_pid(badge);
	struct session ***table = &tables[pid / TABLE_SIZE];

	if (!*table && make)
		*table = calloc(TABLE_SIZE, sizeof(struct session *));
	return *table ? &(*table)[pid % TABLE_SIZE] : NULL;
}

struct session *
session_find(uint64_t badge)
{
	struct session **table = tables[badge_pid(badge) / TABLE_SIZE];
	struct session *session;

	if (!table)
		return NULL;
	session = table[badge_pid(badge) % TABLE_SIZE];
	return session && session->badge == badge ? session : NULL;
}

struct session *
session_of_pid(uint32_t pid)
{
	struct session **table;

	if (pid >= TABLE_SIZE * TABLE_SIZE)
		return NULL;
	table = tables[pid / TABLE_SIZE];
	return table ? table[pid % TABLE_SIZE] : NULL;
}

static struct folders *
folders_create(struct place root, struct place working, uint32_t mask)
{
	struct folders *folders = calloc(1, sizeof(*folders));

	if (!folders)
		return NULL;
	folders->references = 1;
	folders->umask = mask;
	folders->root = root;
	folders->working = working;
	place_get(&folders->root);
	place_get(&folders->working);
	return folders;
}

static void
folders_put(struct folders *folders)
{
	if (--folders->references > 0)
		return;
	place_put(&folders->root);
	place_put(&folders->working);
	free(folders);
}

void
session_note(struct place *slot, const struct place *place)
{
	static const struct place none;

	if (place->node)
		place_get(place);
	if (slot->node)
		place_put(slot);
	*slot = place->node ? *place : none;
}

/* Whatever parts the session has. */
static void
session_free(struct session *session)
{
	static const struct place none;

	session_note(&session->program, &none);
	if (session->descriptors)
		descriptors_put(session->descriptors);
	if (session->folders)
		folders_put(session->folders);
	if (session->namespace)
		namespace_put(session->namespace);
	if (session->who.groups)
		groups_put(session->who.groups);
	if (session->quota) {
		quota_give(session->quota, QUOTA_SESSIONS, 1);
		quota_put(session->quota);
	}
	free(session);
}

/* Take a place in the table; whoever is there already is dead. */
static status_t
session_enter(struct session *session, uint64_t badge)
{
	struct session **slot = session_slot(badge, true);

	if (!slot)
		return ERR_NOMEM;
	if (*slot) {
		call_drop((*slot)->badge);
		session_death((*slot)->badge);
	}
	session->badge = badge;
	*slot = session;
	return 0;
}

static status_t
session_fill_first(struct session *session)
{
	struct place top = {
		first_namespace->mounts[0], first_namespace->mounts[0]->root};

	session->quota = quota_create();
	if (!session->quota)
		return ERR_NOMEM;
	quota_add(session->quota, QUOTA_SESSIONS, 1);
	session->namespace = first_namespace;
	namespace_get(first_namespace);
	session->descriptors = descriptors_create();
	session->folders = folders_create(top, top, UMASK_FIRST);
	if (!session->descriptors || !session->folders)
		return ERR_NOMEM;
	return 0;
}

status_t
session_attach(uint64_t badge)
{
	struct session *session;
	status_t status;

	if (session_find(badge))
		return STATUS_EXISTS;
	session = calloc(1, sizeof(*session));
	if (!session)
		return ERR_NOMEM;
	status = session_fill_first(session);
	if (status == 0)
		status = session_enter(session, badge);
	if (status < 0)
		session_free(session);
	return status;
}

static status_t
session_fill_copy(
	struct session *copy, const struct session *from, unsigned flags)
{
	copy->quota = from->quota;
	quota_get(copy->quota);
	quota_add(copy->quota, QUOTA_SESSIONS, 1);
	copy->who = from->who;
	if (copy->who.groups)
		copy->who.groups->references++;
	copy->who_known = from->who_known;
	copy->size_bound = from->size_bound;
	session_note(&copy->program, &from->program);
	if (flags & SNAPSHOT_FILES) {
		copy->descriptors = from->descriptors;
		descriptors_get(copy->descriptors);
	} else {
		copy->descriptors = descriptors_copy(from->descriptors);
	}
	if (flags & SNAPSHOT_FOLDERS) {
		copy->folders = from->folders;
		copy->folders->references++;
	} else {
		copy->folders = folders_create(from->folders->root,
			from->folders->working, from->folders->umask);
	}
	if (flags & SNAPSHOT_NAMESPACE) {
		copy->namespace = namespace_copy(from->namespace);
	} else {
		copy->namespace = from->namespace;
		namespace_get(copy->namespace);
	}
	if (!copy->descriptors || !copy->folders || !copy->namespace)
		return ERR_NOMEM;
	return 0;
}

static void
snapshot_free(struct snapshot *snapshot)
{
	list_remove(&snapshot->link);
	snapshot_count--;
	if (snapshot->session)
		session_free(snapshot->session);
	free(snapshot);
}

/* The oldest snapshot whose maker is gone: its child went unnoticed. */
static void
snapshot_reclaim(void)
{
	struct snapshot *snapshot;
	struct list *at;

	for (at = snapshots.next; at != &snapshots; at = at->next) {
		snapshot = container_of(at, struct snapshot, link);
		if (!session_find(snapshot->maker)) {
			snapshot_free(snapshot);
			return;
		}
	}
}

status_t
session_snapshot(struct session *session, unsigned flags, uint64_t *token)
{
	struct snapshot *snapshot;
	status_t status;

	if (snapshot_count >= SNAPSHOT_LIMIT)
		snapshot_reclaim();
	if (snapshot_count >= SNAPSHOT_LIMIT ||
		!quota_take(session->quota, QUOTA_SESSIONS, 1))
		return ERR_AGAIN;
	/* The copy is charged for itself. */
	quota_give(session->quota, QUOTA_SESSIONS, 1);
	snapshot = calloc(1, sizeof(*snapshot));
	if (!snapshot)
		return ERR_NOMEM;
	snapshot_count++;
	list_append(&snapshots, &snapshot->link);
	snapshot->session = calloc(1, sizeof(*snapshot->session));
	status = snapshot->session
		? session_fill_copy(snapshot->session, session, flags)
		: ERR_NOMEM;
	if (status < 0) {
		snapshot_free(snapshot);
		return status;
	}
	snapshot->maker = session->badge;
	system_random(&snapshot->token, sizeof(snapshot->token));
	*token = snapshot->token;
	return 0;
}

static struct snapshot *
snapshot_find(uint64_t token)
{
	struct list *at;
	struct snapshot *snapshot;

	for (at = snapshots.prev; at != &snapshots; at = at->prev) {
		snapshot = container_of(at, struct snapshot, link);
		if (snapshot->token == token)
			return snapshot;
	}
	return NULL;
}

status_t
session_claim(uint64_t badge, uint64_t token)
{
	struct snapshot *snapshot = snapshot_find(token);
	status_t status;

	if (!snapshot)
		return STATUS_NOT_FOUND;
	if (snapshot->maker == badge) {
		snapshot_free(snapshot);
		return 0;
	}
	if (session_find(badge))
		return STATUS_EXISTS;
	status = session_enter(snapshot->session, badge);
	if (status < 0)
		return status;
	snapshot->session = NULL;
	snapshot_free(snapshot);
	return 0;
}

/*
 * A process died that had no session: it may be a child that never claimed
 * its snapshot.  Its parent's oldest one is as good as any, for they differ
 * only in what the parent opened meanwhile.
 */
static void
snapshot_orphan(uint64_t badge)
{
	struct process_tags tags;
	struct snapshot *snapshot;
	struct list *at;

	if (list_empty(&snapshots) || system_tags(badge_pid(badge), &tags) < 0)
		return;
	for (at = snapshots.next; at != &snapshots; at = at->next) {
		snapshot = container_of(at, struct snapshot, link);
		if (badge_pid(snapshot->maker) == tags.parent) {
			snapshot_free(snapshot);
			return;
		}
	}
}

void
session_death(uint64_t badge)
{
	struct session **slot = session_slot(badge, false);
	struct session *session = session_find(badge);

	/* Before what they point to. */
	call_drop(badge);
	if (!session) {
		snapshot_orphan(badge);
		return;
	}
	*slot = NULL;
	session_free(session);
}

void
session_sweep(void)
{
	struct process_tags tags;
	struct session *session;
	uint32_t pid;

	for (pid = 0; pid < TABLE_SIZE * TABLE_SIZE; pid++) {
		session = session_of_pid(pid);
		if (session &&
			(system_tags(pid, &tags) < 0 ||
				tags.puid != session->badge)) {
			session_death(session->badge);
			terminal_death(pid);
		}
	}
}

status_t
session_unshare_files(struct session *session)
{
	struct descriptors *own;

	if (session->descriptors->references == 1)
		return 0;
	own = descriptors_copy(session->descriptors);
	if (!own)
		return ERR_NOMEM;
	descriptors_put(session->descriptors);
	session->descriptors = own;
	return 0;
}

/* From now on, what the session takes is charged to this user. */
static void
session_charge(struct session *session, uint32_t user)
{
	struct quota *quota;

	if (session->quota->user == user)
		return;
	quota = quota_of_user(session->quota, user);
	if (!quota)
		return;
	quota_add(quota, QUOTA_SESSIONS, 1);
	quota_give(session->quota, QUOTA_SESSIONS, 1);
	quota_put(session->quota);
	session->quota = quota;
}

const struct credentials *
session_who(struct session *session)
{
	struct process_tags tags;

	if (session->who_known)
		return &session->who;
	/* Nobody, until Factotum says otherwise. */
	session->who.uid = UINT32_MAX;
	session->who.gid = UINT32_MAX;
	if (system_tags(badge_pid(session->badge), &tags) == 0) {
		session->who.uid = (uint32_t)(tags.credentials >> 32);
		session->who.gid = (uint32_t)tags.credentials;
		session->who_known = true;
		session_charge(session, session->who.uid);
	}
	return &session->who;
}

void
session_forget_who(uint64_t badge)
{
	struct session *session = session_find(badge);

	if (session)
		session->who_known = false;
}
