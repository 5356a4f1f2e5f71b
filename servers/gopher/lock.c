/* SPDX-License-Identifier: MIT */
/*
 * Advisory locks: a list per node, in no order.  A new range cuts those of
 * the same owner that it meets, so that owners never overlap themselves.
 */
#include "lock.h"

#include <stdlib.h>

#include "quota.h"
#include "session.h"

enum lock_kind { LOCK_RANGE, LOCK_WHOLE };

enum {
	TYPE_READ = 0,
	TYPE_WRITE = 1,
	TYPE_UNLOCK = 2,
	FLOCK_SHARED = 1,
	FLOCK_EXCLUSIVE = 2,
	FLOCK_NOWAIT = 4,
	FLOCK_UNLOCK = 8,
};

struct lock {
	struct lock *next;
	struct quota *quota; /* charged with it; one reference */
	const void *owner;   /* session's table, or open file */
	enum lock_kind kind;
	bool exclusive;
	uint32_t pid;
	uint64_t start;
	uint64_t end; /* last byte */
};

struct lock_set {
	struct lock *locks;
	struct wait_queue changed;
};

static struct lock *
lock_create(struct quota *quota)
{
	struct lock *lock;

	if (!quota_take(quota, QUOTA_RECORDS, 1))
		return NULL;
	lock = malloc(sizeof(*lock));
	if (!lock) {
		quota_give(quota, QUOTA_RECORDS, 1);
		return NULL;
	}
	lock->quota = quota;
	quota_get(quota);
	return lock;
}

static void
lock_free(struct lock *lock)
{
	if (!lock)
		return;
	quota_give(lock->quota, QUOTA_RECORDS, 1);
	quota_put(lock->quota);
	free(lock);
}

/* Everything but who is charged. */
static void
lock_fill(struct lock *lock, const struct lock *from)
{
	struct quota *quota = lock->quota;

	*lock = *from;
	lock->quota = quota;
}

void
lock_set_destroy(struct lock_set *set)
{
	struct lock *lock;

	if (!set)
		return;
	wait_wake(&set->changed);
	while ((lock = set->locks)) {
		set->locks = lock->next;
		lock_free(lock);
	}
	free(set);
}

static struct lock_set *
set_of(struct file *file)
{
	struct node *node = file->place.node;

	if (!node)
		return NULL;
	if (!node->locks) {
		node->locks = calloc(1, sizeof(*node->locks));
		if (node->locks)
			wait_init(&node->locks->changed);
	}
	return node->locks;
}

static struct lock *
conflict_find(const struct lock_set *set, const struct lock *wanted)
{
	struct lock *lock;

	for (lock = set->locks; lock; lock = lock->next) {
		if (lock->kind == wanted->kind &&
			lock->owner != wanted->owner &&
			lock->start <= wanted->end &&
			lock->end >= wanted->start &&
			(lock->exclusive || wanted->exclusive))
			return lock;
	}
	return NULL;
}

/*
 * Cut [start, end] out of the owner's locks.  `spare` serves the one lock
 * that may have to be split; true when it was used.
 */
static bool
cut(struct lock_set *set, const struct lock *range, struct lock *spare)
{
	struct lock **slot = &set->locks, *lock;
	bool used = false;

	while ((lock = *slot)) {
		if (lock->kind != range->kind || lock->owner != range->owner ||
			lock->end < range->start || lock->start > range->end) {
			slot = &lock->next;
		} else if (lock->start >= range->start &&
			lock->end <= range->end) {
			*slot = lock->next;
			lock_free(lock);
		} else if (lock->start < range->start &&
			lock->end > range->end) {
			lock_fill(spare, lock);
			spare->start = range->end + 1;
			lock->end = range->start - 1;
			spare->next = lock->next;
			lock->next = spare;
			used = true;
			slot = &spare->next;
		} else {
			if (lock->start < range->start)
				lock->end = range->start - 1;
			else
				lock->start = range->end + 1;
			slot = &lock->next;
		}
	}
	return used;
}

static status_t
lock_set_range(struct lock_set *set, const struct call *call,
	const struct lock *wanted, bool unlock)
{
	/* Giving up everything splits nothing. */
	bool all = unlock && wanted->start == 0 && wanted->end >= INT64_MAX;
	struct quota *quota = call->session->quota;
	struct lock *fresh = unlock ? NULL : lock_create(quota);
	struct lock *spare = all ? NULL : lock_create(quota);

	if ((!fresh && !unlock) || (!spare && !all)) {
		lock_free(fresh);
		lock_free(spare);
		return ERR_NOLCK;
	}
	if (!cut(set, wanted, spare))
		lock_free(spare);
	if (fresh) {
		lock_fill(fresh, wanted);
		fresh->next = set->locks;
		set->locks = fresh;
	}
	wait_wake(&set->changed);
	return 0;
}

int
lock_flock(struct file *file, struct call *call, uint32_t operation)
{
	struct lock_set *set = set_of(file);
	struct lock wanted = {
		.owner = file,
		.kind = LOCK_WHOLE,
		.end = UINT64_MAX,
		.pid = badge_pid(call->badge),
		.exclusive = (operation & ~FLOCK_NOWAIT) == FLOCK_EXCLUSIVE,
	};

	switch (operation & ~(uint32_t)FLOCK_NOWAIT) {
	case FLOCK_SHARED:
	case FLOCK_EXCLUSIVE:
	case FLOCK_UNLOCK:
		break;
	default:
		return ERR_INVAL;
	}
	if (!set)
		return file->place.node ? ERR_NOMEM : ERR_BADF;
	if (operation & FLOCK_UNLOCK)
		return lock_set_range(set, call, &wanted, true);
	if (conflict_find(set, &wanted))
		return operation & FLOCK_NOWAIT
			? ERR_AGAIN
			: call_park(call, &set->changed);
	file->locks = true;
	return lock_set_range(set, call, &wanted, false);
}

static status_t
range_read(struct file *file, const struct linux_flock *from, struct lock *out)
{
	struct file_stat stat;
	int64_t start = from->start;

	if (from->whence == 1) {
		start += (int64_t)file->position;
	} else if (from->whence == 2) {
		node_stat(file->place.node, &stat);
		start += (int64_t)stat.size;
	} else if (from->whence != 0) {
		return ERR_INVAL;
	}
	if (from->length < 0) {
		out->end = (uint64_t)start - 1;
		start += from->length;
	} else {
		out->end = from->length == 0
			? INT64_MAX
			: (uint64_t)(start + from->length - 1);
	}
	if (start < 0)
		return ERR_INVAL;
	out->start = (uint64_t)start;
	return 0;
}

static int
range_get(struct lock_set *set, const struct lock *wanted,
	struct linux_flock *flock, struct io *io)
{
	const struct lock *other = conflict_find(set, wanted);

	if (!other) {
		flock->type = TYPE_UNLOCK;
	} else {
		flock->type = other->exclusive ? TYPE_WRITE : TYPE_READ;
		flock->whence = 0;
		flock->start = (int64_t)other->start;
		flock->length = other->end >= INT64_MAX
			? 0
			: (int64_t)(other->end - other->start + 1);
		flock->pid = (int32_t)other->pid;
	}
	return io_put(io, 0, flock, sizeof(*flock));
}

int
lock_range(struct file *file, struct call *call, uint32_t command)
{
	struct lock_set *set = set_of(file);
	bool by_file = command >= FCNTL_OFD_GETLK;
	struct io io = {.call = call};
	struct linux_flock flock;
	struct lock wanted = {.kind = LOCK_RANGE};
	status_t status;

	if (!set)
		return file->place.node ? ERR_NOMEM : ERR_BADF;
	status = io_get(&io, 0, &flock, sizeof(flock));
	if (status == 0)
		status = range_read(file, &flock, &wanted);
	if (status < 0)
		return status;
	if (flock.type < TYPE_READ || flock.type > TYPE_UNLOCK)
		return ERR_INVAL;
	wanted.owner =
		by_file ? (void *)file : (void *)call->session->descriptors;
	wanted.exclusive = flock.type == TYPE_WRITE;
	wanted.pid = by_file ? UINT32_MAX : badge_pid(call->badge);
	if (command == FCNTL_GETLK || command == FCNTL_OFD_GETLK)
		return range_get(set, &wanted, &flock, &io);
	if (flock.type == TYPE_UNLOCK)
		return lock_set_range(set, call, &wanted, true);
	if (wanted.exclusive ? !file_writable(file) : !file_readable(file))
		return ERR_BADF;
	if (conflict_find(set, &wanted))
		return command == FCNTL_SETLKW || command == FCNTL_OFD_SETLKW
			? call_park(call, &set->changed)
			: ERR_AGAIN;
	file->locks = true;
	return lock_set_range(set, call, &wanted, false);
}

static void
drop_owner(struct file *file, const void *owner, enum lock_kind kind)
{
	struct lock all = {.owner = owner, .kind = kind, .end = UINT64_MAX};
	struct node *node = file->place.node;

	if (!node || !node->locks || !node->locks->locks)
		return;
	cut(node->locks, &all, NULL);
	wait_wake(&node->locks->changed);
}

void
lock_release_table(struct file *file, const struct descriptors *table)
{
	drop_owner(file, table, LOCK_RANGE);
}

void
lock_release_file(struct file *file)
{
	drop_owner(file, file, LOCK_WHOLE);
	drop_owner(file, file, LOCK_RANGE);
}
