/* SPDX-License-Identifier: MIT */
/*
 * What Tux knows of a process, and its rules. A record belongs to one puid;
 * group, session and the file identity stand as tags in Factotum, too, and
 * only Tux writes them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glenda/types.h>

/* An errno of Linux as a status. */
#define TUX_ERRNO(number) (-(4096 + (number)))

enum tux_errno {
	ERR_PERM = TUX_ERRNO(1),
	ERR_SRCH = TUX_ERRNO(3),
	ERR_NOMEM = TUX_ERRNO(12),
	ERR_ACCES = TUX_ERRNO(13),
	ERR_INVAL = TUX_ERRNO(22),
};

#define LEAVE UINT32_MAX /* an identity that is not to change */
#define SIGNAL_MAX 64
#define SIGNAL_CONT 18
#define GROUPS_MAX 65536

struct identity {
	uint32_t real;
	uint32_t effective;
	uint32_t saved;
	uint32_t file; /* what Gopher checks against */
};

struct process {
	struct process *next; /* same bucket of the table */
	uint64_t puid;
	uint32_t pid;
	uint32_t parent; /* when it was learned */
	uint32_t group;
	uint32_t session; /* 0: not a Linux process */
	struct identity user;
	struct identity group_id;
	int32_t nice;
	uint32_t policy; /* of Linux */
	uint32_t priority;
};

/* ---- table.c ---- */

/* The process that sent a message; NULL when it is gone already. */
struct process *process_caller(uint64_t puid);

/* A living or dead process with this pid; NULL: there is none. */
struct process *process_look(uint32_t pid);

/* Have Factotum keep who the process is now, for it and its children. */
status_t process_publish(const struct process *process);

/* A process ended. */
void process_forget(uint64_t puid);

/* How many records there are. */
unsigned process_count(void);

/* ---- identity.c ---- */

enum identity_change {
	CHANGE_ONE,   /* setuid */
	CHANGE_TWO,   /* setreuid */
	CHANGE_THREE, /* setresuid */
	CHANGE_FILE,  /* setfsuid */
};

static inline bool
process_is_root(const struct process *process)
{
	return process->user.effective == 0;
}

/*
 * Change an identity as Linux does; `wanted` has real, effective, saved, or
 * in `real` the only one. ERR_PERM, ERR_INVAL; then nothing has changed.
 */
status_t identity_change(struct identity *identity, enum identity_change kind,
	const struct identity *wanted, bool root);

/*
 * Replace the supplementary groups, or get them in ascending order: `count`
 * is how many there are, and those that find `room` are in `ids`. Gopher keeps
 * them, who checks against them.
 */
status_t groups_set(
	const struct process *process, const uint32_t *ids, uint32_t count);
status_t groups_get(const struct process *process, uint32_t *ids, uint32_t room,
	uint32_t *count);

/* ---- group.c ---- */

/* The first Linux process: leads a session and a group of its own. */
status_t group_attach(struct process *process, uint32_t uid, uint32_t gid);

status_t group_set(struct process *caller, int32_t pid, int32_t group);
status_t group_get(struct process *caller, int32_t pid, int32_t *group);
status_t session_make(struct process *caller, int32_t *session);
status_t session_get(struct process *caller, int32_t pid, int32_t *session);

/* ---- post.c ---- */

struct message_signal {
	uint32_t number; /* 0: only ask */
	uint64_t info;	 /* si_code, and the sender's pid << 32 */
	uint64_t value;
};

/* kill(2) and tgkill(2); `group` 0 for tkill. */
status_t post_kill(struct process *sender, int32_t pid,
	const struct message_signal *signal);
status_t post_thread(struct process *sender, int32_t group, int32_t tid,
	const struct message_signal *signal);

/* ---- nice.c ---- */

enum nice_which {
	NICE_PROCESS = 0,
	NICE_GROUP = 1,
	NICE_USER = 2,
};

status_t nice_set(
	struct process *caller, uint32_t which, int32_t who, int32_t nice);
/* 20 - nice of the one that is best off. */
status_t nice_get(
	struct process *caller, uint32_t which, int32_t who, int32_t *value);
status_t policy_set(struct process *caller, int32_t tid, uint32_t policy,
	uint32_t priority);
status_t policy_get(struct process *caller, int32_t tid, uint32_t *policy,
	uint32_t *priority);
status_t affinity(struct process *caller, int32_t tid, bool set, uint64_t mask,
	uint64_t *now);
