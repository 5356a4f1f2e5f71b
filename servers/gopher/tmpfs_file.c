/* SPDX-License-Identifier: MIT */
/* The bytes of regular files in tmpfs, whichever form they have. */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "pages.h"
#include "quota.h"
#include "system.h"
#include "tmpfs.h"

enum { SIZE_LIMIT_BITS = 40 };

static const uint64_t size_limit = 1ULL << SIZE_LIMIT_BITS;

static const struct file_ops regular_file_ops;
static uint64_t archive_object;
static uint64_t archive_size;
static const char *archive_bytes;

struct regular *
regular_of(struct node *node)
{
	return container_of(node, struct regular, node);
}

void
tmpfs_archive(uint64_t object, uint64_t size, const char *mapped)
{
	archive_object = object;
	archive_size = size;
	archive_bytes = mapped;
}

void
tmpfs_set_window(struct node *file, const char *bytes, uint64_t size)
{
	struct regular *regular = regular_of(file);

	regular->kind = REGULAR_WINDOW;
	regular->window = bytes;
	regular->window_offset = (uint64_t)(bytes - archive_bytes);
	regular->size = size;
}

static uint64_t
round_up(uint64_t size)
{
	return (size + PAGE_BYTES - 1) & ~(uint64_t)(PAGE_BYTES - 1);
}

static uint64_t
smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Charge an object's room to the file's quota and to the pool of pages. */
static bool
room_take(struct regular *regular, uint64_t count)
{
	if (!quota_take(regular->node.quota, QUOTA_FILE_PAGES, count))
		return false;
	if (pages_charge(count))
		return true;
	quota_give(regular->node.quota, QUOTA_FILE_PAGES, count);
	return false;
}

static void
room_give(struct regular *regular, uint64_t count)
{
	pages_uncharge(count);
	quota_give(regular->node.quota, QUOTA_FILE_PAGES, count);
}

/*
 * Charge a file that came with the system to whoever writes to it first: all
 * it holds by now, and its names.
 */
static status_t
regular_adopt(struct regular *regular, struct quota *quota)
{
	uint64_t nodes = regular->node.links ? regular->node.links : 1;
	uint64_t pages = regular->pages.held + regular->capacity / PAGE_BYTES;

	if (regular->node.quota)
		return 0;
	if (!quota_take(quota, QUOTA_NODES, nodes))
		return ERR_NOSPC;
	if (!quota_take(quota, QUOTA_FILE_PAGES, pages)) {
		quota_give(quota, QUOTA_NODES, nodes);
		return ERR_NOSPC;
	}
	if (regular->kind == REGULAR_OBJECT)
		quota_add(quota, QUOTA_OBJECTS, 1);
	node_charged(&regular->node, quota);
	return 0;
}

/*
 * The bytes at offset that lie next to each other in memory, up to `limit`;
 * NULL for a hole.
 */
static char *
run_find(struct regular *regular, uint64_t offset, uint64_t limit,
	uint64_t *length)
{
	uint64_t number = offset / PAGE_BYTES, within = offset % PAGE_BYTES;
	uint64_t end = round_up(offset + limit) / PAGE_BYTES;
	char *start;

	*length = limit;
	if (regular->kind == REGULAR_WINDOW)
		return (char *)(uintptr_t)(regular->window + offset);
	if (regular->kind == REGULAR_OBJECT)
		return regular->mapped + offset;
	start = page_tree_find(&regular->pages, number);
	if (!start) {
		number = page_tree_next(&regular->pages, number, end);
		*length = smaller(limit, number * PAGE_BYTES - offset);
		return NULL;
	}
	start += within;
	*length = smaller(limit, PAGE_BYTES - within);
	while (*length < limit &&
		page_tree_find(&regular->pages, ++number) == start + *length)
		*length = smaller(limit, *length + PAGE_BYTES);
	return start;
}

/* What clients hold of the object stays; new ones get another slice. */
static void
slices_drop(struct regular *regular)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (regular->slices[i])
			system_slice_drop(regular->slices[i]);
		regular->slices[i] = 0;
	}
}

/* From the archive into pages of its own, before the first write. */
static status_t
window_copy(struct regular *regular)
{
	const char *from = regular->window;
	uint64_t count = round_up(regular->size) / PAGE_BYTES, i, step;
	char *page;

	if (regular->kind != REGULAR_WINDOW)
		return 0;
	for (i = 0; i < count; i++) {
		page = page_tree_make(&regular->pages, i);
		if (!page) {
			page_tree_clear(&regular->pages, 0, UINT64_MAX);
			return ERR_NOSPC;
		}
		step = smaller(regular->size - i * PAGE_BYTES, PAGE_BYTES);
		memcpy(page, from + i * PAGE_BYTES, step);
	}
	regular->kind = REGULAR_PAGES;
	return 0;
}

static int64_t
regular_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct regular *regular = regular_of(file->place.node);
	uint64_t done = 0, length;
	status_t status;
	char *run;

	if (offset >= regular->size)
		return 0;
	count = smaller(count, regular->size - offset);
	while (done < count) {
		run = run_find(regular, offset + done, count - done, &length);
		status = run ? io_put(io, done, run, length)
			     : io_zero(io, done, length);
		if (status < 0)
			return status;
		done += length;
	}
	if (!(file->flags & OPEN_NOATIME))
		regular->node.accessed = system_realtime();
	return (int64_t)done;
}

static status_t
object_room(struct regular *regular, uint64_t size)
{
	uint64_t capacity = round_up(size ? size : 1), old = regular->capacity;
	void *address = regular->mapped;

	if (capacity <= old)
		return 0;
	/* Twice as much, if there is so much. */
	if (capacity < old * 2 && room_take(regular, old / PAGE_BYTES))
		capacity = old * 2;
	else if (!room_take(regular, (capacity - old) / PAGE_BYTES))
		return ERR_NOSPC;
	if (system_object_resize(regular->object, old, capacity, &address) <
		0) {
		room_give(regular, (capacity - old) / PAGE_BYTES);
		return ERR_NOSPC;
	}
	slices_drop(regular);
	regular->mapped = address;
	regular->capacity = capacity;
	return 0;
}

static int64_t
pages_write(
	struct regular *regular, struct io *io, uint64_t offset, size_t count)
{
	uint64_t done = 0, step, within;
	status_t status;
	char *page;

	while (done < count) {
		within = (offset + done) % PAGE_BYTES;
		step = smaller(PAGE_BYTES - within, count - done);
		page = page_tree_make(
			&regular->pages, (offset + done) / PAGE_BYTES);
		if (!page)
			return done ? (int64_t)done : ERR_NOSPC;
		status = io_get(io, done, page + within, step);
		if (status < 0)
			return status;
		done += step;
	}
	return (int64_t)done;
}

static int64_t
object_write(
	struct regular *regular, struct io *io, uint64_t offset, size_t count)
{
	status_t status = object_room(regular, offset + count);

	if (status < 0)
		return status;
	status = io_get(io, 0, regular->mapped + offset, count);
	return status < 0 ? status : (int64_t)count;
}

static int64_t
regular_write(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct regular *regular = regular_of(file->place.node);
	status_t status;
	int64_t done;

	if (offset > size_limit || count > size_limit - offset)
		return ERR_FBIG;
	if (count == 0)
		return 0;
	status = regular_adopt(regular, file->quota);
	if (status == 0)
		status = window_copy(regular);
	if (status < 0)
		return status;
	done = regular->kind == REGULAR_OBJECT
		? object_write(regular, io, offset, count)
		: pages_write(regular, io, offset, count);
	if (done <= 0)
		return done;
	if (offset + (uint64_t)done > regular->size)
		regular->size = offset + (uint64_t)done;
	node_touch(&regular->node);
	return done;
}

/* Zero [from, to) of a file, without changing its size. */
static void
range_clear(struct regular *regular, uint64_t from, uint64_t to)
{
	uint64_t length;
	char *run;

	while (from < to) {
		run = run_find(regular, from, to - from, &length);
		if (run)
			memset(run, 0, length);
		from += length;
	}
}

static status_t
object_shrink(struct regular *regular, uint64_t size)
{
	uint64_t capacity = round_up(size ? size : 1);
	void *address = regular->mapped;

	range_clear(regular, size, smaller(capacity, regular->capacity));
	if (capacity >= regular->capacity)
		return 0;
	if (system_object_resize(
		    regular->object, regular->capacity, capacity, &address) < 0)
		return ERR_NOMEM;
	room_give(regular, (regular->capacity - capacity) / PAGE_BYTES);
	slices_drop(regular);
	regular->mapped = address;
	regular->capacity = capacity;
	return 0;
}

static status_t
regular_truncate(struct node *node, uint64_t size)
{
	struct regular *regular = regular_of(node);
	status_t status = 0;

	if (size > size_limit)
		return ERR_FBIG;
	if (size == 0 && regular->kind == REGULAR_WINDOW)
		regular->kind = REGULAR_PAGES;
	else
		status = window_copy(regular);
	if (status < 0)
		return status;
	if (regular->kind == REGULAR_OBJECT) {
		status = size > regular->size ? object_room(regular, size)
					      : object_shrink(regular, size);
		if (status < 0)
			return status;
	} else if (size < regular->size) {
		page_tree_clear(&regular->pages, round_up(size) / PAGE_BYTES,
			UINT64_MAX);
		range_clear(
			regular, size, smaller(round_up(size), regular->size));
	}
	regular->size = size;
	node_touch(node);
	return 0;
}

enum allocate_mode {
	ALLOCATE_KEEP_SIZE = 1,
	ALLOCATE_PUNCH = 2,
};

/* Bytes [offset, end) become a hole, as far as whole pages are in it. */
static void
hole_punch(struct regular *regular, uint64_t offset, uint64_t end)
{
	if (end > regular->size)
		end = regular->size;
	if (offset >= end)
		return;
	range_clear(regular, offset, end);
	if (regular->kind == REGULAR_PAGES)
		page_tree_clear(&regular->pages, round_up(offset) / PAGE_BYTES,
			end / PAGE_BYTES);
}

/* Pages for [offset, end): all, or nothing if they cannot be there. */
static status_t
pages_provide(struct regular *regular, uint64_t offset, uint64_t end)
{
	uint64_t first = offset / PAGE_BYTES, last = round_up(end) / PAGE_BYTES;
	uint64_t there = regular->pages.count;

	if (pages_used() >= pages_total() ||
		last - first > pages_total() - pages_used() + there)
		return ERR_NOSPC;
	for (; first < last; first++) {
		if (!page_tree_make(&regular->pages, first))
			return ERR_NOSPC;
	}
	return 0;
}

static status_t
regular_allocate(
	struct node *node, uint32_t mode, uint64_t offset, uint64_t length)
{
	struct regular *regular = regular_of(node);
	uint64_t end = offset + length;
	status_t status;

	if (end > size_limit || end < offset)
		return ERR_FBIG;
	if (window_copy(regular) < 0)
		return ERR_NOSPC;
	if (mode & ALLOCATE_PUNCH) {
		hole_punch(regular, offset, end);
		return 0;
	}
	status = regular->kind == REGULAR_OBJECT
		? object_room(regular, end)
		: pages_provide(regular, offset, end);
	if (status < 0)
		return status;
	if (!(mode & ALLOCATE_KEEP_SIZE) && end > regular->size)
		regular->size = end;
	return 0;
}

/* Pages become a memory object, which clients can map. */
static status_t
regular_to_object(struct regular *regular)
{
	uint64_t capacity = round_up(regular->size ? regular->size : 1);
	uint64_t at, length, object, there = regular->pages.count;
	uint64_t more = capacity / PAGE_BYTES;
	struct quota *quota = regular->node.quota;
	void *address;
	status_t status;
	char *run;

	if (regular->kind == REGULAR_OBJECT)
		return 0;
	/* What is there is given back, and counts until then. */
	more -= there < more ? there : more;
	if (!quota_take(quota, QUOTA_OBJECTS, 1))
		return ERR_NOMEM;
	if (more > 0 && !room_take(regular, more)) {
		quota_give(quota, QUOTA_OBJECTS, 1);
		return ERR_NOMEM;
	}
	status = system_object_create(capacity, &object, &address);
	if (status < 0) {
		room_give(regular, more);
		quota_give(quota, QUOTA_OBJECTS, 1);
		return ERR_NOMEM;
	}
	for (at = 0; at < regular->size; at += length) {
		run = run_find(regular, at, regular->size - at, &length);
		if (run)
			memcpy((char *)address + at, run, length);
	}
	page_tree_clear(&regular->pages, 0, UINT64_MAX);
	(void)pages_charge(capacity / PAGE_BYTES - more);
	quota_add(quota, QUOTA_FILE_PAGES, capacity / PAGE_BYTES - more);
	regular->kind = REGULAR_OBJECT;
	regular->object = object;
	regular->mapped = address;
	regular->capacity = capacity;
	return 0;
}

/* Where the file begins in its object, and how long that part is. */
static uint64_t
object_window(const struct regular *regular, uint64_t *offset, uint64_t *size)
{
	uint64_t end;

	if (regular->kind == REGULAR_OBJECT) {
		*offset = 0;
		*size = regular->capacity;
		return regular->object;
	}
	*offset = regular->window_offset & ~(uint64_t)(PAGE_BYTES - 1);
	end = round_up(regular->window_offset + regular->size);
	*size = smaller(end, archive_size) - *offset;
	return archive_object;
}

static status_t
regular_object(
	struct node *node, uint32_t rights, uint64_t *out, uint64_t *offset)
{
	struct regular *regular = regular_of(node);
	bool writable = rights & OBJECT_WRITE;
	uint64_t *slice = &regular->slices[writable];
	uint64_t object, start, size;
	status_t status = 0;

	/* What does not begin on a page cannot be mapped where it lies. */
	if (regular->kind != REGULAR_WINDOW || writable ||
		regular->window_offset % PAGE_BYTES != 0) {
		if (regular->kind == REGULAR_WINDOW)
			slices_drop(regular);
		status = regular_to_object(regular);
	}
	if (status < 0)
		return status;
	object = object_window(regular, &start, &size);
	if (!*slice)
		status =
			system_object_slice(object, start, size, rights, slice);
	if (status < 0)
		return status;
	*offset = regular->kind == REGULAR_WINDOW
		? regular->window_offset - start
		: 0;
	*out = *slice;
	return 0;
}

static uint64_t
regular_seek(struct node *node, uint64_t offset, bool hole)
{
	struct regular *regular = regular_of(node);
	uint64_t length;
	bool there;

	for (; offset < regular->size; offset += length) {
		there = run_find(regular, offset, regular->size - offset,
				&length) != NULL;
		if (there != hole)
			return offset;
	}
	return regular->size;
}

static void
regular_measure(struct node *node, struct file_stat *stat)
{
	struct regular *regular = regular_of(node);
	uint64_t bytes = round_up(regular->size);

	stat->size = regular->size;
	if (regular->kind == REGULAR_PAGES)
		bytes = regular->pages.count * PAGE_BYTES;
	stat->blocks = bytes / 512;
}

static status_t
regular_open(struct node *node, struct file *file, struct call *call)
{
	(void)node;
	(void)call;
	file->ops = &regular_file_ops;
	return 0;
}

void
regular_destroy(struct node *node)
{
	struct regular *regular = regular_of(node);

	slices_drop(regular);
	if (regular->kind == REGULAR_OBJECT) {
		system_object_drop(
			regular->object, regular->capacity, regular->mapped);
		room_give(regular, regular->capacity / PAGE_BYTES);
		quota_give(node->quota, QUOTA_OBJECTS, 1);
	}
	page_tree_clear(&regular->pages, 0, UINT64_MAX);
	free(regular);
}

static const struct file_ops regular_file_ops = {
	.read = regular_read,
	.write = regular_write,
	.poll = file_poll_ready,
};

const struct node_ops regular_ops = {
	.parent = tmpfs_parent,
	.name = tmpfs_name,
	.open = regular_open,
	.truncate = regular_truncate,
	.allocate = regular_allocate,
	.seek = regular_seek,
	.object = regular_object,
	.measure = regular_measure,
	.statfs = tmpfs_statfs,
	.destroy = regular_destroy,
};
