/* SPDX-License-Identifier: MIT */
/*
 * epoll: an open file that remembers which others to watch.  Each item
 * stays on the queue of what it watches; a change marks the item (for edge
 * triggering) and wakes whoever waits on the instance.
 */
#pragma once

#include "file.h"

status_t epoll_create_file(struct quota *quota, struct file **out);

/* operation 1 add, 2 delete, 3 modify. */
status_t epoll_change(struct file *epoll, uint32_t operation, uint32_t fd,
	struct file *target, uint32_t events, uint64_t data);

/* epoll_wait: parks the call until something is ready. */
int epoll_collect(struct file *epoll, struct call *call, uint64_t deadline,
	uint64_t bytes);

/* An open file goes: items that watch it go with it. */
void epoll_forget(struct file *file);

/* Whether this is an epoll instance. */
bool epoll_is(const struct file *file);
