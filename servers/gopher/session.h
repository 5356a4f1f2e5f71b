/* SPDX-License-Identifier: MIT */
/*
 * Sessions: what Gopher knows of a process, found by the badge of its
 * messages (the puid).  Descriptors, folders (working, root, umask) and
 * namespace are counted separately, for clone() shares them separately.
 *
 *   attach            -> first session of a tree, with a quota of its own
 *   snapshot, claim   -> the child's session; an unclaimed snapshot goes
 *                        with the death of its parent or of its child
 *   DEATH notice      -> gone
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "descriptor.h"
#include "mount.h"

struct quota;

/* Supplementary groups in ascending order; shared, never changed. */
struct groups {
	struct quota *quota; /* charged with the count; one reference */
	uint32_t references;
	uint32_t count;
	uint32_t ids[];
};

struct credentials {
	uint32_t uid;
	uint32_t gid;
	struct groups *groups; /* NULL: none */
};

struct folders {
	uint32_t references;
	uint32_t umask;
	struct place root;
	struct place working;
};

struct session {
	uint64_t badge;
	struct descriptors *descriptors;
	struct folders *folders;
	struct namespace *namespace;
	struct quota *quota; /* its user's, in its tree */
	uint32_t parked;     /* calls; they go before it does */
	struct credentials who;
	bool who_known;
	struct place program; /* what runs, for /proc/PID/exe */
	uint64_t size_bound;  /* 1 + the most that files may hold; 0: any */
};

enum snapshot_flag {
	SNAPSHOT_FILES = 1,
	SNAPSHOT_FOLDERS = 2,
	SNAPSHOT_NAMESPACE = 4,
};

/* The process id within a badge. */
static inline uint32_t
badge_pid(uint64_t badge)
{
	return (uint32_t)(badge & 0xffff);
}

/* The namespace that first sessions see; once, at start. */
void session_start(struct namespace *namespace);

/* NULL when the badge has none. */
struct session *session_find(uint64_t badge);

/* The first session of a process; STATUS_EXISTS, ERR_NOMEM. */
status_t session_attach(uint64_t badge);

/* Copy for a fork; the token names it. */
status_t session_snapshot(
	struct session *session, unsigned flags, uint64_t *token);
/*
 * Make the snapshot the session of `badge`.  Claimed by its own maker it is
 * dropped instead: the fork failed.
 */
status_t session_claim(uint64_t badge, uint64_t token);

/* A process is gone: its calls, its session, its snapshots. */
void session_death(uint64_t badge);

/* Remember a place in a session; the old one is let go. */
void session_note(struct place *slot, const struct place *place);

/* Give the session a descriptor table of its own (exec). */
status_t session_unshare_files(struct session *session);

/* Identity for permission checks, from Factotum when not known yet. */
const struct credentials *session_who(struct session *session);
void session_forget_who(uint64_t badge);

/*
 * Room for a session's supplementary groups, charged to its quota, or NULL.
 * The caller fills `ids`; session_set_groups sorts and takes them over (NULL:
 * none).
 */
struct groups *groups_create(struct session *session, uint32_t count);
void groups_put(struct groups *groups);
void session_set_groups(struct session *session, struct groups *groups);

/* Whether the group is theirs, the first or a supplementary one. */
bool credentials_have(const struct credentials *who, uint32_t gid);

/* The session of the living process with this id, or NULL. */
struct session *session_of_pid(uint32_t pid);

/* Notices were lost: look which sessions are of the dead. */
void session_sweep(void);
