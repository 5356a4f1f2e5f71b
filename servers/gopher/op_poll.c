/* SPDX-License-Identifier: MIT */
/* Messages that wait for descriptors, and descriptors made to be waited for. */
#include <stdlib.h>

#include "counter.h"
#include "epoll.h"
#include "op.h"
#include "system.h"

enum { POLL_LIMIT = DESCRIPTOR_LIMIT, POLL_NOW = 1 };

static struct linux_pollfd poll_fds[POLL_LIMIT];

/* What holds for one entry; its queue, NULL when it never changes. */
static unsigned
poll_one(struct call *call, const struct linux_pollfd *entry,
	struct wait_queue **queue)
{
	struct file *file;
	unsigned bits;

	*queue = NULL;
	if (entry->fd < 0)
		return 0;
	file = op_file(call, (uint64_t)entry->fd);
	if (!file || (file->flags & OPEN_PATH))
		return POLL_NVAL;
	bits = file->ops && file->ops->poll ? file->ops->poll(file, queue)
					    : file_poll_ready(file, queue);
	return bits & ((unsigned)entry->events | POLL_ERR | POLL_HUP);
}

static unsigned
poll_scan(struct call *call, size_t count)
{
	struct wait_queue *queue;
	unsigned ready = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		poll_fds[i].revents =
			(int16_t)poll_one(call, &poll_fds[i], &queue);
		ready += poll_fds[i].revents != 0;
	}
	return ready;
}

static int
poll_park(struct call *call, size_t count, uint64_t deadline)
{
	struct wait_queue *queue;
	status_t status = 0;
	size_t i;

	for (i = 0; status == 0 && i < count; i++) {
		(void)poll_one(call, &poll_fds[i], &queue);
		if (queue)
			status = call_wait(call, queue);
	}
	if (status == 0 && deadline)
		status = call_deadline(call, deadline);
	return status < 0 ? status : CALL_PARKED;
}

int
op_poll(struct call *call)
{
	uint64_t deadline = call->words[0];
	size_t bytes = call->lease_count ? call->words[1] : 0;
	size_t count = bytes / sizeof(poll_fds[0]);
	struct io io = {.call = call};
	unsigned ready;
	status_t status = 0;

	if (count > POLL_LIMIT)
		return ERR_INVAL;
	if (count > 0)
		status = io_get(&io, 0, poll_fds, bytes);
	if (status < 0)
		return status;
	ready = poll_scan(call, count);
	if (ready == 0 && deadline != POLL_NOW && !call->timed_out &&
		(deadline == 0 || deadline > system_ticks()))
		return poll_park(call, count, deadline);
	if (count > 0)
		status = io_put(&io, 0, poll_fds, bytes);
	if (status < 0)
		return status;
	return op_result(call, ready);
}

int
op_eventfd(struct call *call)
{
	uint32_t flags = (uint32_t)call->words[1];
	struct file *file;
	status_t status = eventfd_create(
		call->session->quota, call->words[0], flags, &file);

	return status < 0 ? status : op_install(call, file, flags);
}

int
op_epoll_create(struct call *call)
{
	uint32_t flags = (uint32_t)call->words[0];
	struct file *file;
	status_t status;

	if (flags & ~(uint32_t)OPEN_CLOEXEC)
		return ERR_INVAL;
	status = epoll_create_file(call->session->quota, &file);
	return status < 0 ? status : op_install(call, file, flags);
}

int
op_epoll_control(struct call *call)
{
	struct file *epoll = op_file(call, call->words[0]);
	struct file *target = op_file(call, call->words[2]);

	if (!epoll || !target)
		return ERR_BADF;
	if (!epoll_is(epoll))
		return ERR_INVAL;
	if (!target->ops)
		return ERR_PERM;
	return epoll_change(epoll, (uint32_t)call->words[1],
		(uint32_t)call->words[2], target, (uint32_t)call->words[3],
		call->words[4]);
}

int
op_epoll_wait(struct call *call)
{
	struct file *epoll = op_file(call, call->words[0]);

	if (!epoll)
		return ERR_BADF;
	if (!epoll_is(epoll))
		return ERR_INVAL;
	return epoll_collect(epoll, call, call->words[1], call->words[2]);
}

int
op_timerfd_create(struct call *call)
{
	uint32_t flags = (uint32_t)call->words[1];
	struct file *file;
	status_t status;

	status = timerfd_create_file(
		call->session->quota, (uint32_t)call->words[0], flags, &file);
	return status < 0 ? status : op_install(call, file, flags);
}

int
op_timerfd_set(struct call *call)
{
	struct file *file = op_file(call, call->words[0]);

	if (!file || !file->ops)
		return file ? ERR_INVAL : ERR_BADF;
	call->out_count = 2;
	return timerfd_set(file, call->words[1], call->words[2], &call->out[0],
		&call->out[1]);
}
