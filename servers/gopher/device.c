/* SPDX-License-Identifier: MIT */
/* The simple devices, and the folder that names all of them. */
#include "device.h"

#include <string.h>

#include "system.h"
#include "terminal.h"
#include "tmpfs.h"

static int64_t
null_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	(void)file;
	(void)io;
	(void)offset;
	(void)count;
	return 0;
}

static int64_t
null_write(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	(void)file;
	(void)io;
	(void)offset;
	return (int64_t)count;
}

static int64_t
zero_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	status_t status = io_zero(io, 0, count);

	(void)file;
	(void)offset;
	return status < 0 ? status : (int64_t)count;
}

static int64_t
full_write(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	(void)file;
	(void)io;
	(void)offset;
	return count ? ERR_NOSPC : 0;
}

static int64_t
random_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	char bytes[256];
	size_t done = 0, step;
	status_t status;

	(void)file;
	(void)offset;
	while (done < count) {
		step = count - done < sizeof(bytes) ? count - done
						    : sizeof(bytes);
		system_random(bytes, step);
		status = io_put(io, done, bytes, step);
		if (status < 0)
			return status;
		done += step;
	}
	return (int64_t)done;
}

static const struct file_ops null_ops = {
	.read = null_read,
	.write = null_write,
	.even = true,
	.poll = file_poll_ready,
};

static const struct file_ops zero_ops = {
	.read = zero_read,
	.write = null_write,
	.even = true,
	.poll = file_poll_ready,
};

static const struct file_ops full_ops = {
	.read = zero_read,
	.write = full_write,
	.even = true,
	.poll = file_poll_ready,
};

static const struct file_ops random_ops = {
	.read = random_read,
	.write = null_write,
	.even = true,
	.poll = file_poll_ready,
};

status_t
device_open(uint64_t number, struct file *file, struct call *call)
{
	switch (number) {
	case DEVICE_NULL:
		file->ops = &null_ops;
		return 0;
	case DEVICE_ZERO:
		file->ops = &zero_ops;
		return 0;
	case DEVICE_FULL:
		file->ops = &full_ops;
		return 0;
	case DEVICE_RANDOM:
	case DEVICE_URANDOM:
		file->ops = &random_ops;
		return 0;
	case DEVICE_TTY:
		return terminal_open_controlling(file, call);
	case DEVICE_CONSOLE:
		return terminal_open(file, call);
	case DEVICE_STREAM0:
		return stream_open(STREAM_STANDARD, file);
	case DEVICE_STREAM1:
		return stream_open(STREAM_ERROR, file);
	default:
		return ERR_NXIO;
	}
}

static status_t
populate_link(struct node *folder, const char *name, const char *target)
{
	struct node *node;
	status_t status;

	status =
		tmpfs_make(folder, name, strlen(name), MODE_LINK | 0777, &node);
	if (status < 0)
		return status;
	return node->ops->set_target(node, target, strlen(target));
}

status_t
device_populate(struct node *folder)
{
	static const struct {
		const char *name;
		uint64_t number;
		uint32_t mode;
	} nodes[] = {
		{"null", DEVICE_NULL, 0666},
		{"zero", DEVICE_ZERO, 0666},
		{"full", DEVICE_FULL, 0666},
		{"random", DEVICE_RANDOM, 0666},
		{"urandom", DEVICE_URANDOM, 0666},
		{"tty", DEVICE_TTY, 0666},
		{"console", DEVICE_CONSOLE, 0620},
		{"stream0", DEVICE_STREAM0, 0600},
		{"stream1", DEVICE_STREAM1, 0600},
	};
	static const char *const links[][2] = {
		{"fd", "/proc/self/fd"},
		{"stdin", "/proc/self/fd/0"},
		{"stdout", "/proc/self/fd/1"},
		{"stderr", "/proc/self/fd/2"},
	};
	struct node *node;
	status_t status = 0;
	size_t i;

	for (i = 0; status == 0 && i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		status =
			tmpfs_make(folder, nodes[i].name, strlen(nodes[i].name),
				MODE_CHARACTER | nodes[i].mode, &node);
		if (status == 0)
			node->special = nodes[i].number;
	}
	for (i = 0; status == 0 && i < sizeof(links) / sizeof(links[0]); i++)
		status = populate_link(folder, links[i][0], links[i][1]);
	return status;
}
