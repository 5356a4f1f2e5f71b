/* SPDX-License-Identifier: MIT */
/*
 * Both kinds are a 64-bit count that a read takes: events that writers added,
 * or expiries of a timer.
 */
#include "counter.h"

#include <stdlib.h>

#include "system.h"

enum { EVENTFD_SEMAPHORE = 1 };

/* Ticks; no clock comes so far. */
#define TIME_MOST (UINT64_MAX >> 2)

struct counter {
	uint64_t count;
	uint64_t next;	   /* of a timer: the last expiry that was armed */
	uint64_t interval; /* of a timer; 0: once */
	bool expired;	   /* of a timer: at `next`, nobody has read since */
	bool semaphore;
	struct timeout timeout;
	struct wait_queue changed;
};

/*
 * The periods of a timer that have passed since it expired, and its next
 * expiry.  Only a reader asks, so that a timer wakes Gopher no more often than
 * somebody reads it, however short its interval is.
 */
static void
counter_catch_up(struct counter *counter)
{
	uint64_t now = system_ticks(), passed;

	if (!counter->expired)
		return;
	counter->expired = false;
	if (!counter->interval)
		return;
	passed = now > counter->next ? (now - counter->next) / counter->interval
				     : 0;
	counter->count += passed;
	counter->next += (passed + 1) * counter->interval;
	(void)timeout_arm(&counter->timeout, counter->next);
}

static int64_t
counter_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct counter *counter = file->data;
	uint64_t value;
	status_t status;

	(void)offset;
	if (count < sizeof(value))
		return ERR_INVAL;
	counter_catch_up(counter);
	value = counter->semaphore ? 1 : counter->count;
	if (counter->count == 0) {
		io->wait = &counter->changed;
		return IO_WAIT;
	}
	status = io_put(io, 0, &value, sizeof(value));
	if (status < 0)
		return status;
	counter->count -= value;
	wait_wake(&counter->changed);
	return sizeof(value);
}

static int64_t
eventfd_write(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct counter *counter = file->data;
	uint64_t value;
	status_t status;

	(void)offset;
	if (count < sizeof(value))
		return ERR_INVAL;
	status = io_get(io, 0, &value, sizeof(value));
	if (status < 0)
		return status;
	if (value == UINT64_MAX)
		return ERR_INVAL;
	if (value > UINT64_MAX - 1 - counter->count) {
		io->wait = &counter->changed;
		return IO_WAIT;
	}
	counter->count += value;
	wait_wake(&counter->changed);
	return sizeof(value);
}

static unsigned
eventfd_poll(struct file *file, struct wait_queue **queue)
{
	struct counter *counter = file->data;
	unsigned bits = 0;

	*queue = &counter->changed;
	if (counter->count > 0)
		bits |= POLL_IN | POLL_RDNORM;
	if (counter->count < UINT64_MAX - 1)
		bits |= POLL_OUT | POLL_WRNORM;
	return bits;
}

static unsigned
timerfd_poll(struct file *file, struct wait_queue **queue)
{
	return eventfd_poll(file, queue) & (POLL_IN | POLL_RDNORM);
}

static void
counter_release(struct file *file)
{
	struct counter *counter = file->data;

	timeout_disarm(&counter->timeout);
	wait_wake(&counter->changed);
	free(counter);
}

static const struct file_ops eventfd_ops = {
	.read = counter_read,
	.write = eventfd_write,
	.poll = eventfd_poll,
	.release = counter_release,
	.label = "anon_inode:[eventfd]",
	.stream = true,
};

static const struct file_ops timerfd_ops = {
	.read = counter_read,
	.poll = timerfd_poll,
	.release = counter_release,
	.label = "anon_inode:[timerfd]",
	.stream = true,
};

static status_t
counter_create(struct quota *quota, const struct file_ops *ops, uint32_t flags,
	struct counter **counter, struct file **out)
{
	status_t status;

	*counter = calloc(1, sizeof(**counter));
	if (!*counter)
		return ERR_NOMEM;
	wait_init(&(*counter)->changed);
	status = file_create(
		quota, ops, OPEN_BOTH | (flags & OPEN_NONBLOCK), out);
	if (status < 0) {
		free(*counter);
		return status;
	}
	(*out)->data = *counter;
	return 0;
}

status_t
eventfd_create(struct quota *quota, uint64_t initial, uint32_t flags,
	struct file **out)
{
	struct counter *counter;
	status_t status;

	if (flags &
		~(uint32_t)(EVENTFD_SEMAPHORE | OPEN_NONBLOCK | OPEN_CLOEXEC))
		return ERR_INVAL;
	status = counter_create(quota, &eventfd_ops, flags, &counter, out);
	if (status < 0)
		return status;
	counter->count = initial;
	counter->semaphore = flags & EVENTFD_SEMAPHORE;
	return 0;
}

static void
timer_expire(struct timeout *timeout)
{
	struct counter *counter =
		container_of(timeout, struct counter, timeout);

	counter->count++;
	counter->expired = true;
	wait_wake(&counter->changed);
}

status_t
timerfd_create_file(
	struct quota *quota, uint32_t clock, uint32_t flags, struct file **out)
{
	struct counter *counter;
	status_t status;

	if (clock > 1 && clock != 7)
		return ERR_INVAL;
	if (flags & ~(uint32_t)(OPEN_NONBLOCK | OPEN_CLOEXEC))
		return ERR_INVAL;
	status = counter_create(quota, &timerfd_ops, flags, &counter, out);
	if (status == 0)
		counter->timeout.expire = timer_expire;
	return status;
}

status_t
timerfd_set(struct file *file, uint64_t first, uint64_t interval,
	uint64_t *old_left, uint64_t *old_interval)
{
	struct counter *counter = file->data;
	uint64_t now = system_ticks();

	/* Their sum must not wrap: the clock would never pass it. */
	if (file->ops != &timerfd_ops || first > TIME_MOST ||
		interval > TIME_MOST)
		return ERR_INVAL;
	counter_catch_up(counter);
	*old_interval = counter->interval;
	*old_left = 0;
	if (counter->timeout.deadline)
		*old_left = counter->timeout.deadline > now
			? counter->timeout.deadline - now
			: 1;
	counter->interval = interval;
	counter->count = 0;
	counter->expired = false;
	counter->next = first;
	timeout_disarm(&counter->timeout);
	return first ? timeout_arm(&counter->timeout, first) : 0;
}
