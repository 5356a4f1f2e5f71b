/* SPDX-License-Identifier: MIT */
/* Lifetime of open files. */
#include "file.h"

#include <stdlib.h>
#include <string.h>

#include "epoll.h"
#include "lock.h"
#include "mount.h"
#include "quota.h"

/* A few records are kept, so that open and close need no heap. */
enum { SPARE_LIMIT = 16 };

static struct file *spare[SPARE_LIMIT];
static unsigned spare_count;

status_t
file_create(struct quota *quota, const struct file_ops *ops, uint32_t flags,
	struct file **out)
{
	struct file *file;

	if (!quota_take(quota, QUOTA_FILES, 1))
		return ERR_NFILE;
	file = spare_count > 0 ? spare[--spare_count] : malloc(sizeof(*file));
	if (!file) {
		quota_give(quota, QUOTA_FILES, 1);
		return ERR_NOMEM;
	}
	memset(file, 0, sizeof(*file));
	file->ops = ops;
	file->references = 1;
	file->flags = flags & ~(uint32_t)OPEN_CLOEXEC;
	list_init(&file->watchers);
	quota_get(quota);
	file->quota = quota;
	*out = file;
	return 0;
}

void
file_put(struct file *file)
{
	if (--file->references > 0)
		return;
	if (!list_empty(&file->watchers))
		epoll_forget(file);
	if (file->locks)
		lock_release_file(file);
	if (file->ops && file->ops->release)
		file->ops->release(file);
	if (file->place.node) {
		node_put(file->place.node);
		mount_put(file->place.mount);
	}
	quota_give(file->quota, QUOTA_FILES, 1);
	quota_put(file->quota);
	if (spare_count < SPARE_LIMIT)
		spare[spare_count++] = file;
	else
		free(file);
}

unsigned
file_poll_ready(struct file *file, struct wait_queue **queue)
{
	unsigned bits = 0;

	*queue = NULL;
	if (file_readable(file))
		bits |= POLL_IN | POLL_RDNORM;
	if (file_writable(file))
		bits |= POLL_OUT | POLL_WRNORM;
	return bits;
}
