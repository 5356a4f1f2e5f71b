/* SPDX-License-Identifier: MIT */
/*
 * epoll: items of an instance, each on the queue of the file it watches
 * (epoll.h). An item lives on three lists and leaves all of them at once.
 */
#include "epoll.h"

#include <stdlib.h>

#include "quota.h"
#include "system.h"

enum epoll_bit {
	EPOLL_ET = 1u << 31,
	EPOLL_ONESHOT = 1u << 30,
	EPOLL_EXCLUSIVE = 1u << 28,
	EPOLL_ALWAYS = POLL_ERR | POLL_HUP,
	EPOLL_STATES = 0xffff,
};

enum {
	OPERATION_ADD = 1,
	OPERATION_DELETE = 2,
	OPERATION_MODIFY = 3,
	BATCH = 64,
};

/* generic layout: padded, unlike that of x86_64 */
struct epoll_record {
	uint32_t events;
	uint32_t pad;
	uint64_t data;
};

struct instance {
	struct list items;
	struct wait_queue changed;
};

struct item {
	struct list link;     /* in the instance */
	struct list watch;    /* in the watched file */
	struct waiter waiter; /* on the watched object's queue */
	struct instance *instance;
	struct file *target;
	uint32_t fd;
	uint32_t events;
	uint64_t data;
	bool touched; /* something changed since it was told */
};

static const struct file_ops epoll_ops;

bool
epoll_is(const struct file *file)
{
	return file->ops == &epoll_ops;
}

static void
item_wake(struct waiter *waiter)
{
	struct item *item = container_of(waiter, struct item, waiter);

	item->touched = true;
	wait_wake(&item->instance->changed);
}

static void
item_free(struct item *item)
{
	list_remove(&item->link);
	list_remove(&item->watch);
	list_remove(&item->waiter.link);
	quota_give(item->waiter.quota, QUOTA_RECORDS, 1);
	quota_put(item->waiter.quota);
	free(item);
}

static unsigned
file_state(struct file *file, struct wait_queue **queue)
{
	*queue = NULL;
	return file->ops->poll ? file->ops->poll(file, queue)
			       : file_poll_ready(file, queue);
}

/* What of an item is to be told now. */
static unsigned
item_state(struct item *item)
{
	struct wait_queue *queue;
	unsigned bits = file_state(item->target, &queue);

	if ((item->events & EPOLL_ET) && !item->touched)
		return 0;
	return bits & ((item->events & EPOLL_STATES) | EPOLL_ALWAYS);
}

static bool
item_armed(const struct item *item)
{
	return (item->events & EPOLL_STATES) != 0 ||
		!(item->events & EPOLL_ONESHOT);
}

static unsigned
epoll_poll(struct file *file, struct wait_queue **queue)
{
	struct instance *instance = file->data;
	struct list *at;

	*queue = &instance->changed;
	for (at = instance->items.next; at != &instance->items; at = at->next) {
		struct item *item = container_of(at, struct item, link);

		if (item_armed(item) && item_state(item))
			return POLL_IN | POLL_RDNORM;
	}
	return 0;
}

static void
epoll_release(struct file *file)
{
	struct instance *instance = file->data;

	wait_wake(&instance->changed);
	while (!list_empty(&instance->items))
		item_free(container_of(
			list_take(&instance->items), struct item, link));
	free(instance);
}

static const struct file_ops epoll_ops = {
	.poll = epoll_poll,
	.release = epoll_release,
	.label = "anon_inode:[eventpoll]",
	.stream = true,
};

status_t
epoll_create_file(struct quota *quota, struct file **out)
{
	struct instance *instance = calloc(1, sizeof(*instance));
	status_t status;

	if (!instance)
		return ERR_NOMEM;
	list_init(&instance->items);
	wait_init(&instance->changed);
	status = file_create(quota, &epoll_ops, OPEN_BOTH, out);
	if (status < 0) {
		free(instance);
		return status;
	}
	(*out)->data = instance;
	return 0;
}

static struct item *
item_find(struct instance *instance, uint32_t fd, const struct file *target)
{
	struct list *at;
	struct item *item;

	for (at = instance->items.next; at != &instance->items; at = at->next) {
		item = container_of(at, struct item, link);
		if (item->fd == fd && item->target == target)
			return item;
	}
	return NULL;
}

static status_t
item_add(struct file *epoll, uint32_t fd, struct file *target, uint32_t events,
	uint64_t data)
{
	struct wait_queue *queue;
	struct instance *instance = epoll->data;
	struct item *item;

	if (!quota_take(epoll->quota, QUOTA_RECORDS, 1))
		return ERR_NOMEM;
	item = calloc(1, sizeof(*item));
	if (!item) {
		quota_give(epoll->quota, QUOTA_RECORDS, 1);
		return ERR_NOMEM;
	}
	item->waiter.quota = epoll->quota;
	quota_get(epoll->quota);
	item->instance = instance;
	item->target = target;
	item->fd = fd;
	item->events = events;
	item->data = data;
	item->touched = true;
	item->waiter.wake = item_wake;
	list_init(&item->waiter.link);
	list_append(&instance->items, &item->link);
	list_append(&target->watchers, &item->watch);
	(void)file_state(target, &queue);
	if (queue)
		list_append(&queue->waiters, &item->waiter.link);
	return 0;
}

status_t
epoll_change(struct file *epoll, uint32_t operation, uint32_t fd,
	struct file *target, uint32_t events, uint64_t data)
{
	struct instance *instance = epoll->data;
	struct item *item = item_find(instance, fd, target);
	status_t status = 0;

	if (operation < OPERATION_ADD || operation > OPERATION_MODIFY ||
		target == epoll)
		return ERR_INVAL;
	/* Regular files and folders are always ready: not for epoll. */
	if (target->ops->poll == file_poll_ready || !target->ops->poll ||
		epoll_is(target))
		return epoll_is(target) ? ERR_LOOP : ERR_PERM;
	if (operation == OPERATION_ADD) {
		if (item)
			return ERR_EXIST;
		status = item_add(epoll, fd, target, events, data);
	} else if (!item) {
		return ERR_NOENT;
	} else if (operation == OPERATION_DELETE) {
		item_free(item);
	} else {
		item->events = events;
		item->data = data;
		item->touched = true;
	}
	if (status == 0)
		wait_wake(&instance->changed);
	return status;
}

static unsigned
records_fill(
	struct instance *instance, struct epoll_record *records, unsigned limit)
{
	struct list *at, *next, *end = instance->items.prev;
	unsigned count = 0, bits;
	struct item *item;
	bool last;

	at = instance->items.next;
	for (last = list_empty(&instance->items); !last && count < limit;
		at = next) {
		next = at->next;
		last = at == end;
		item = container_of(at, struct item, link);
		bits = item_armed(item) ? item_state(item) : 0;
		if (bits == 0)
			continue;
		records[count++] = (struct epoll_record){
			.events = bits, .data = item->data};
		item->touched = false;
		if (item->events & EPOLL_ONESHOT)
			item->events &= ~(uint32_t)EPOLL_STATES;
		/* Others come first next time. */
		list_remove(&item->link);
		list_append(&instance->items, &item->link);
	}
	return count;
}

int
epoll_collect(struct file *epoll, struct call *call, uint64_t deadline,
	uint64_t bytes)
{
	struct instance *instance = epoll->data;
	struct epoll_record records[BATCH];
	struct io io = {.call = call};
	uint64_t limit = bytes / sizeof(records[0]);
	unsigned count;
	status_t status;

	if (limit == 0)
		return ERR_INVAL;
	if (limit > BATCH)
		limit = BATCH;
	/* The buffer must be there before edges are taken. */
	status = io_zero(&io, 0, sizeof(records[0]));
	if (status < 0)
		return status;
	count = records_fill(instance, records, (unsigned)limit);
	status = io_put(&io, 0, records, count * sizeof(records[0]));
	if (status < 0)
		return status;
	call->out[0] = count;
	call->out_count = 1;
	if (count > 0 || deadline == 1 || call->timed_out ||
		(deadline && deadline <= system_ticks()))
		return 0;
	if (deadline && call_deadline(call, deadline) < 0)
		return ERR_NOMEM;
	return call_park(call, &instance->changed);
}

void
epoll_forget(struct file *file)
{
	while (!list_empty(&file->watchers))
		item_free(container_of(
			list_take(&file->watchers), struct item, watch));
}
