/* SPDX-License-Identifier: MIT */
/* The world behind the unit tests: system.h over plain memory. */
#include "double.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <glenda/gopher.h>
#include <ring.h>

#include "../archive.h"
#include "../device.h"
#include "../dispatch.h"
#include "../node.h"
#include "../pages.h"
#include "../proc.h"
#include "../session.h"
#include "../system.h"
#include "../terminal.h"
#include "../tmpfs.h"

enum { SLOTS = 512, PIDS = 512, CHANNEL = 16384 };

static struct request *asked[SLOTS]; /* by reply slot */
static uint64_t next_slot = 1;
static struct process_tags tags[PIDS];
static uint64_t now = 1000;
static uint64_t alarm_at;
static _Alignas(64) char console_memory[CHANNEL];
static struct ring driver_in, driver_out;
static struct call *current;
static bool by_hand;
extern void *page_chunks[4096];
void *page_chunks[4096];
static size_t page_chunk_count;

/* system.h */

static status_t
lease_find(uint64_t reply, unsigned lease, uint64_t offset, size_t length,
	char **out)
{
	struct request *request = asked[reply];

	assert_non_null(request);
	if (request->absent > 0) {
		request->absent--;
		return STATUS_AGAIN;
	}
	if (lease >= request->lease_count ||
		offset + length > request->lease_length[lease])
		return ERR_FAULT;
	*out = (char *)request->lease[lease] + offset;
	return 0;
}

status_t
system_lease_read(uint64_t reply, unsigned lease, uint64_t offset, void *to,
	size_t length)
{
	char *from;
	status_t status = lease_find(reply, lease, offset, length, &from);

	if (status == 0)
		memcpy(to, from, length);
	return status;
}

status_t
system_lease_write(uint64_t reply, unsigned lease, uint64_t offset,
	const void *from, size_t length)
{
	char *to;
	status_t status = lease_find(reply, lease, offset, length, &to);

	if (status == 0)
		memcpy(to, from, length);
	return status;
}

bool
system_cancelled(uint64_t reply)
{
	return asked[reply]->cancelled;
}

uint64_t
system_reply_slot(void)
{
	return next_slot < SLOTS ? next_slot++ : 0;
}

void
system_answer(struct call *call)
{
	struct request *request = asked[call->reply];

	asked[call->reply] = NULL;
	if (!request)
		return;
	assert_false(request->answered);
	request->answered = true;
	request->status = call->status;
	request->out_count = call->out_count;
	request->out_cap = call->out_cap;
	memcpy(request->out, call->out, sizeof(call->out));
}

uint64_t
system_ticks(void)
{
	return now;
}

uint64_t
system_frequency(void)
{
	return 1000;
}

int64_t
system_realtime(void)
{
	return (int64_t)now * 1000000;
}

void
system_alarm(uint64_t deadline)
{
	alarm_at = deadline;
}

void
system_random(void *to, size_t length)
{
	static uint8_t value;

	while (length-- > 0)
		((uint8_t *)to)[length] = (uint8_t)(value += 37);
}

status_t
system_tags(uint32_t pid, struct process_tags *out)
{
	if (pid >= PIDS || tags[pid].pid != pid)
		return STATUS_NOT_FOUND;
	*out = tags[pid];
	return 0;
}

void *
system_pages(size_t count)
{
	/* Never given back, as in the real system; reachable, for LSan. */
	void *pages = aligned_alloc(4096, count * 4096);

	assert_in_range(page_chunk_count, 0, 4095);
	page_chunks[page_chunk_count++] = pages;
	memset(pages, 0xa5, count * 4096);
	return pages;
}

status_t
system_object_create(size_t size, uint64_t *object, void **address)
{
	static uint64_t serial = 1000;

	*address = calloc(1, size);
	*object = ++serial;
	return *address ? 0 : STATUS_NO_MEMORY;
}

status_t
system_object_resize(
	uint64_t object, size_t old_size, size_t size, void **address)
{
	char *fresh = calloc(1, size);

	(void)object;
	memcpy(fresh, *address, old_size < size ? old_size : size);
	free(*address);
	*address = fresh;
	return 0;
}

void
system_object_drop(uint64_t object, size_t size, void *address)
{
	(void)object;
	(void)size;
	free(address);
}

status_t
system_object_slice(uint64_t object, uint64_t offset, size_t size,
	uint32_t rights, uint64_t *out)
{
	(void)offset;
	(void)size;
	*out = object | (uint64_t)rights << 32;
	return 0;
}

void
system_slice_drop(uint64_t slice)
{
	(void)slice;
}

void
system_handle_drop(uint64_t handle)
{
	(void)handle;
}

status_t
system_figures(struct system_figures *out)
{
	memset(out, 0, sizeof(*out));
	out->total = 1 << 26;
	out->free = 1 << 25;
	return 0;
}

status_t
system_processes(void **out, size_t *size)
{
	(void)out;
	(void)size;
	return STATUS_NO_MEMORY;
}

int64_t
system_command_line(uint32_t pid, char *out, size_t size)
{
	(void)pid;
	(void)out;
	(void)size;
	return STATUS_NOT_FOUND;
}

int64_t
system_maps(uint32_t pid, uint32_t from, void *entries, size_t size)
{
	(void)pid;
	(void)from;
	(void)entries;
	(void)size;
	return STATUS_NOT_FOUND;
}

void
system_signal(uint64_t handle)
{
	(void)handle;
}

/* the world */

uint64_t
client(uint32_t pid)
{
	return (uint64_t)pid << 16 | pid;
}

void
client_tags(uint32_t pid, uint32_t parent, uint32_t group, uint32_t session,
	uint32_t uid)
{
	tags[pid] = (struct process_tags){
		.pid = pid,
		.parent = parent,
		.group = group,
		.session = session,
		.credentials = (uint64_t)uid << 32 | uid,
		.puid = client(pid),
	};
	session_forget_who(client(pid));
}

void
client_runs(uint32_t pid)
{
	tags[pid].execs = 1;
}

void
world_start(void)
{
	static bool once;
	struct node *root, *folder;
	struct namespace *namespace;
	struct place where;

	if (once)
		return;
	once = true;
	root = tmpfs_create(0755);
	namespace = namespace_create(root);
	pages_limit(8192);
	session_start(namespace);
	assert_int_equal(archive_folder(root, "tmp", 3, 01777, &folder), 0);
	folder->mode = MODE_FOLDER | 01777;
	assert_int_equal(archive_folder(root, "dev", 3, 0755, &folder), 0);
	assert_int_equal(device_populate(folder), 0);
	assert_int_equal(archive_folder(root, "proc", 4, 0555, &folder), 0);
	where = (struct place){namespace->mounts[0], folder};
	assert_int_equal(
		mount_add(namespace, MOUNT_PROC, proc_root(), where), 0);
	assert_int_equal(ring_create(console_memory, CHANNEL / 2), 0);
	assert_int_equal(
		ring_create(console_memory + CHANNEL / 2, CHANNEL / 2), 0);
	ring_attach(&driver_in, console_memory, CHANNEL / 2, true);
	ring_attach(
		&driver_out, console_memory + CHANNEL / 2, CHANNEL / 2, false);
	assert_int_equal(terminal_start(console_memory, 1, 24, 80), 0);
	client_tags(TUX, 1, TUX, TUX, 0);
	client_tags(1, 0, 1, 1, 0);
	assert_int_equal(do_simple(1, GOPHER_ATTACH, 0, 0, 0, 0), 0);
}

bool
world_turn(void)
{
	call_run_turn();
	return call_turns_left();
}

void
world_by_hand(bool on)
{
	by_hand = on;
}

bool
request_send(struct request *request)
{
	struct call *call = current ? current : call_create();
	int status;

	assert_non_null(call);
	current = NULL;
	call_reset(call);
	call->badge = request->badge;
	call->tag = request->tag;
	call->number = request->label;
	call->word_count = (uint16_t)request->word_count;
	call->lease_count = (uint16_t)request->lease_count;
	memcpy(call->words, request->words, sizeof(call->words));
	request->answered = false;
	asked[call->reply] = request;
	status = dispatch(call);
	node_collect();
	if (status == CALL_PARKED) {
		assert_true(call_keep(call));
		call_run_ready();
		while (!by_hand && world_turn())
			continue;
		return request->answered;
	}
	call_unpark(call);
	call->status = status;
	system_answer(call);
	current = call;
	call_run_ready();
	return true;
}

void
request_cancel(struct request *request)
{
	request->cancelled = true;
	call_cancel(request->badge, request->tag);
	call_run_ready();
}

void
world_tick(uint64_t ticks)
{
	now += ticks;
	if (alarm_at && alarm_at <= now)
		alarm_at = 0;
	timeout_run();
	call_run_ready();
}

bool
world_alarm(void)
{
	return alarm_at != 0;
}

uint64_t
world_pages(void)
{
	return pages_used();
}

void
console_type(const char *text)
{
	assert_int_equal(
		ring_write_some(&driver_in, text, strlen(text)), strlen(text));
	terminal_service();
	call_run_ready();
}

size_t
console_output(char *out, size_t size)
{
	ptrdiff_t count = ring_read(&driver_out, out, size - 1);

	assert_true(count >= 0);
	out[count] = '\0';
	terminal_service();
	call_run_ready();
	return (size_t)count;
}

/* short forms */

static void
lend(struct request *request, const void *bytes, size_t length)
{
	request->lease[request->lease_count] = (void *)(uintptr_t)bytes;
	request->lease_length[request->lease_count++] = length;
}

static void
lend_path(struct request *request, const char *path)
{
	request->words[request->word_count++] = strlen(path);
	lend(request, path, strlen(path));
}

static struct request
make(uint32_t pid, uint32_t label)
{
	return (struct request){
		.badge = client(pid), .tag = pid, .label = label};
}

static void
put(struct request *request, uint64_t word)
{
	request->words[request->word_count++] = word;
}

static int64_t
finish(struct request *request)
{
	assert_true(request_send(request));
	if (request->status < 0)
		return request->status;
	return request->out_count ? (int64_t)request->out[0] : 0;
}

int64_t
do_simple(uint32_t pid, uint32_t label, unsigned count, uint64_t a, uint64_t b,
	uint64_t c)
{
	struct request request = make(pid, label);

	request.word_count = count;
	request.words[0] = a;
	request.words[1] = b;
	request.words[2] = c;
	return finish(&request);
}

static int64_t
open_from(uint32_t pid, uint32_t fd, const char *path, uint32_t flags,
	uint32_t mode)
{
	struct request request = make(pid, GOPHER_OPEN);

	put(&request, fd);
	put(&request, flags);
	put(&request, mode);
	put(&request, 0);
	lend_path(&request, path);
	return finish(&request);
}

int64_t
do_open(uint32_t pid, const char *path, uint32_t flags, uint32_t mode)
{
	return open_from(pid, GOPHER_AT_CWD, path, flags, mode);
}

int64_t
do_openat(uint32_t pid, int fd, const char *path, uint32_t flags)
{
	return open_from(pid, (uint32_t)fd, path, flags, 0);
}

int64_t
do_close(uint32_t pid, int64_t fd)
{
	return do_simple(pid, GOPHER_CLOSE, 1, (uint32_t)fd, 0, 0);
}

static struct request
make_transfer(uint32_t pid, uint32_t label, int64_t fd, const void *bytes,
	size_t count, int64_t offset)
{
	struct request request = make(pid, label);

	put(&request, (uint32_t)fd);
	put(&request, (uint64_t)offset);
	put(&request, count);
	put(&request, count);
	lend(&request, bytes, count);
	return request;
}

struct request
make_read(uint32_t pid, int64_t fd, void *to, size_t count)
{
	return make_transfer(pid, GOPHER_READ, fd, to, count, -1);
}

struct request
make_write(uint32_t pid, int64_t fd, const void *from, size_t count)
{
	return make_transfer(pid, GOPHER_WRITE, fd, from, count, -1);
}

int64_t
do_read(uint32_t pid, int64_t fd, void *to, size_t count)
{
	return do_pread(pid, fd, to, count, -1);
}

int64_t
do_pread(uint32_t pid, int64_t fd, void *to, size_t count, int64_t offset)
{
	struct request request =
		make_transfer(pid, GOPHER_READ, fd, to, count, offset);

	return finish(&request);
}

int64_t
do_write(uint32_t pid, int64_t fd, const void *from, size_t count)
{
	return do_pwrite(pid, fd, from, count, -1);
}

int64_t
do_pwrite(uint32_t pid, int64_t fd, const void *from, size_t count,
	int64_t offset)
{
	struct request request =
		make_transfer(pid, GOPHER_WRITE, fd, from, count, offset);

	return finish(&request);
}

int64_t
do_seek(uint32_t pid, int64_t fd, int64_t offset, unsigned whence)
{
	return do_simple(
		pid, GOPHER_SEEK, 3, (uint32_t)fd, (uint64_t)offset, whence);
}

static int64_t
stat_from(uint32_t pid, uint32_t fd, const char *path, uint32_t flags,
	struct file_stat *out)
{
	struct request request = make(pid, GOPHER_STAT);

	put(&request, fd);
	put(&request, flags);
	lend_path(&request, path);
	put(&request, sizeof(*out));
	lend(&request, out, sizeof(*out));
	return finish(&request);
}

int64_t
do_stat(uint32_t pid, const char *path, uint32_t flags, struct file_stat *out)
{
	return stat_from(pid, GOPHER_AT_CWD, path, flags, out);
}

int64_t
do_fstat(uint32_t pid, int64_t fd, struct file_stat *out)
{
	return stat_from(pid, (uint32_t)fd, "", 0x1000, out);
}

int64_t
do_make(uint32_t pid, const char *path, uint32_t mode)
{
	struct request request = make(pid, GOPHER_MAKE);

	put(&request, GOPHER_AT_CWD);
	put(&request, mode);
	put(&request, 0);
	lend_path(&request, path);
	return finish(&request);
}

int64_t
do_unlink(uint32_t pid, const char *path, uint32_t flags)
{
	struct request request = make(pid, GOPHER_UNLINK);

	put(&request, GOPHER_AT_CWD);
	put(&request, flags);
	lend_path(&request, path);
	return finish(&request);
}

static int64_t
two_paths(uint32_t pid, uint32_t label, const char *from, const char *to,
	uint32_t flags)
{
	struct request request = make(pid, label);

	put(&request, GOPHER_AT_CWD);
	put(&request, GOPHER_AT_CWD);
	put(&request, flags);
	lend_path(&request, from);
	lend_path(&request, to);
	return finish(&request);
}

int64_t
do_rename(uint32_t pid, const char *from, const char *to, uint32_t flags)
{
	return two_paths(pid, GOPHER_RENAME, from, to, flags);
}

int64_t
do_link(uint32_t pid, const char *from, const char *to)
{
	return two_paths(pid, GOPHER_LINK, from, to, 0);
}

int64_t
do_symlink(uint32_t pid, const char *target, const char *path)
{
	struct request request = make(pid, GOPHER_SYMLINK);

	put(&request, GOPHER_AT_CWD);
	lend_path(&request, target);
	lend_path(&request, path);
	return finish(&request);
}

int64_t
do_readlink(uint32_t pid, const char *path, char *out, size_t size)
{
	struct request request = make(pid, GOPHER_READLINK);

	put(&request, GOPHER_AT_CWD);
	lend_path(&request, path);
	put(&request, size);
	lend(&request, out, size);
	return finish(&request);
}

int64_t
do_chdir(uint32_t pid, const char *path)
{
	struct request request = make(pid, GOPHER_CHDIR);

	put(&request, GOPHER_AT_CWD);
	lend_path(&request, path);
	return finish(&request);
}

int64_t
do_getcwd(uint32_t pid, char *out, size_t size)
{
	struct request request = make(pid, GOPHER_GETCWD);

	put(&request, size);
	lend(&request, out, size);
	return finish(&request);
}

int64_t
do_truncate(uint32_t pid, const char *path, uint64_t length)
{
	struct request request = make(pid, GOPHER_TRUNCATE);

	put(&request, GOPHER_AT_CWD);
	put(&request, length);
	lend_path(&request, path);
	return finish(&request);
}

int64_t
do_dup(uint32_t pid, int64_t fd, unsigned kind, unsigned number, uint32_t flags)
{
	struct request request = make(pid, GOPHER_DUP);

	put(&request, (uint32_t)fd);
	put(&request, kind);
	put(&request, number);
	put(&request, flags);
	return finish(&request);
}

int64_t
do_pipe(uint32_t pid, uint32_t flags, int64_t fds[2])
{
	struct request request = make(pid, GOPHER_PIPE);
	int64_t status;

	put(&request, flags);
	status = finish(&request);
	if (status < 0)
		return status;
	fds[0] = (int64_t)request.out[0];
	fds[1] = (int64_t)request.out[1];
	return 0;
}

int64_t
do_fcntl(uint32_t pid, int64_t fd, uint32_t command, uint64_t arg)
{
	struct request request = make(pid, GOPHER_FCNTL);

	put(&request, (uint32_t)fd);
	put(&request, command);
	put(&request, arg);
	put(&request, 0);
	return finish(&request);
}
