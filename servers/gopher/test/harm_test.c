/* SPDX-License-Identifier: MIT */
/* What one client does, dies of or asks for must not harm the others. */
#include "test.h"

#include "../quota.h"
#include "../session.h"

static void
fork_as(uint32_t parent, uint32_t child)
{
	int64_t token = do_simple(parent, GOPHER_SNAPSHOT, 1, 0, 0, 0);

	client_runs(parent);
	client_tags(child, parent, child, child, 0);
	assert_int_equal(
		do_simple(child, GOPHER_CLAIM, 1, (uint64_t)token, 0, 0), 0);
}

static struct request
make_open(uint32_t pid, char *path, uint32_t flags)
{
	return (struct request){
		.badge = client(pid),
		.tag = pid,
		.label = GOPHER_OPEN,
		.words = {(uint32_t)-100, flags, 0, 0, strlen(path)},
		.word_count = 5,
		.lease = {path},
		.lease_length = {strlen(path)},
		.lease_count = 1,
	};
}

static struct request
make_lock(uint32_t pid, int64_t fd, struct linux_flock *lock)
{
	return (struct request){
		.badge = client(pid),
		.tag = pid,
		.label = GOPHER_FCNTL,
		.words = {(uint64_t)fd, FCNTL_SETLK, 0, sizeof(*lock)},
		.word_count = 4,
		.lease = {lock},
		.lease_length = {sizeof(*lock)},
		.lease_count = 1,
	};
}

/* Each open end that goes with its process wakes the next in the queue. */
static void
openers_of_a_fifo_die(void **state)
{
	char path[] = "/tmp/fifo";
	struct request first, second;
	struct file_stat stat;

	(void)state;
	world_start();
	assert_int_equal(do_make(1, path, MODE_FIFO | 0600), 0);
	fork_as(1, 20);
	fork_as(1, 21);
	first = make_open(20, path, OPEN_READ);
	second = make_open(21, path, OPEN_READ);
	assert_false(request_send(&first));
	assert_false(request_send(&second));
	session_death(client(20));
	assert_true(first.answered);
	assert_false(second.answered);
	session_death(client(21));
	assert_true(second.answered);
	assert_int_equal(do_stat(1, path, 0, &stat), 0);
	assert_int_equal(do_unlink(1, path, 0), 0);
}

/* The first death wakes the second's call, which must not run any more. */
static void
both_ends_of_a_pipe_die(void **state)
{
	struct request reader;
	int64_t pipe[2];
	char in[8];

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, 0, pipe), 0);
	fork_as(1, 20);
	fork_as(1, 21);
	assert_int_equal(do_close(1, pipe[0]), 0);
	assert_int_equal(do_close(1, pipe[1]), 0);
	assert_int_equal(do_close(20, pipe[0]), 0);
	assert_int_equal(do_close(21, pipe[1]), 0);
	reader = make_read(21, pipe[0], in, sizeof(in));
	assert_false(request_send(&reader));
	session_death(client(20));
	assert_false(reader.answered);
	session_death(client(21));
	assert_true(reader.answered);
	world_tick(1);
}

/* Notices were lost: who was told to give up is found without them. */
static void
lost_cancels_are_found(void **state)
{
	struct request reader;
	int64_t pipe[2];
	char in[8];

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, 0, pipe), 0);
	reader = make_read(1, pipe[0], in, sizeof(in));
	assert_false(request_send(&reader));
	call_cancel_all();
	world_tick(1);
	assert_false(reader.answered);
	reader.cancelled = true;
	call_cancel_all();
	world_tick(1);
	assert_true(reader.answered);
	assert_int_equal(reader.status, ERR_INTR);
	assert_int_equal(do_close(1, pipe[0]), 0);
	assert_int_equal(do_close(1, pipe[1]), 0);
}

/* A timer that nobody reads asks for no alarm after its first expiry. */
static void
unread_timers_are_quiet(void **state)
{
	uint64_t value = 0;
	int64_t fd;

	(void)state;
	world_start();
	fd = do_simple(1, GOPHER_TIMERFD_CREATE, 2, 1, 0, 0);
	assert_true(fd >= 0);
	assert_int_equal(
		do_simple(1, GOPHER_TIMERFD_SET, 3, (uint64_t)fd, 1, 1), 0);
	world_tick(1);
	assert_false(world_alarm());
	world_tick(100);
	assert_false(world_alarm());
	assert_int_equal(do_read(1, fd, &value, 8), 8);
	assert_true(value > 100);
	assert_true(world_alarm());
	world_tick(7);
	assert_false(world_alarm());
	assert_int_equal(do_read(1, fd, &value, 8), 8);
	assert_int_equal(value, 7);
	assert_int_equal(do_close(1, fd), 0);
}

/* One byte at the end of the longest file costs a path to it, no more. */
static void
sparse_files_cost_what_they_hold(void **state)
{
	const int64_t far = (INT64_C(1) << 40) - 1;
	uint64_t before = world_pages();
	struct file_stat stat;
	char in = 0;
	int64_t fd;

	(void)state;
	world_start();
	fd = do_open(1, "/tmp/far", OPEN_CREATE | OPEN_BOTH, 0600);
	assert_int_equal(do_pwrite(1, fd, "x", 1, far), 1);
	assert_in_range(world_pages() - before, 1, 8);
	assert_int_equal(do_fstat(1, fd, &stat), 0);
	assert_int_equal(stat.size, far + 1);
	assert_int_equal(stat.blocks, 8);
	assert_int_equal(do_seek(1, fd, 0, 3), far / 4096 * 4096);
	assert_int_equal(do_pread(1, fd, &in, 1, far), 1);
	assert_int_equal(in, 'x');
	assert_int_equal(do_pwrite(1, fd, "y", 1, 0), 1);
	assert_int_equal(do_seek(1, fd, 0, 4), 4096);
	/* It is too large to be mapped: no memory could hold it. */
	assert_int_equal(
		do_simple(1, GOPHER_OBJECT, 2, (uint64_t)fd, 0, 0), ERR_NOMEM);
	assert_int_equal(do_truncate(1, "/tmp/far", 1), 0);
	assert_in_range(world_pages() - before, 1, 8);
	assert_int_equal(do_truncate(1, "/tmp/far", 0), 0);
	assert_int_equal(world_pages(), before);
	assert_int_equal(do_close(1, fd), 0);
	assert_int_equal(do_unlink(1, "/tmp/far", 0), 0);
}

enum { LONG_BYTES = 3 << 20 };

/* While one moves a lot, others are served; it comes out whole. */
static void
long_transfers_go_in_turns(void **state)
{
	static char out[LONG_BYTES], in[LONG_BYTES];
	struct request writer, second, reader;
	struct file_stat stat;
	unsigned turns = 1;
	int64_t fd, other;

	(void)state;
	world_start();
	memset(out, 'a', sizeof(out));
	fork_as(1, 20);
	fd = do_open(
		1, "/tmp/long", OPEN_CREATE | OPEN_BOTH | OPEN_APPEND, 0600);
	other = do_open(20, "/tmp/long", OPEN_BOTH | OPEN_APPEND, 0);
	world_by_hand(true);
	writer = make_write(1, fd, out, sizeof(out));
	assert_false(request_send(&writer));
	assert_int_equal(do_stat(20, "/tmp", 0, &stat), 0);
	/* Appended is in one piece. */
	second = make_write(20, other, "bbbb", 4);
	assert_false(request_send(&second));
	while (world_turn())
		turns++;
	assert_in_range(turns, 2, 4);
	assert_int_equal(writer.out[0], sizeof(out));
	assert_true(second.answered);
	assert_int_equal(second.out[0], 4);
	assert_int_equal(do_pread(1, fd, in, 8, LONG_BYTES - 4), 8);
	assert_memory_equal(in, "aaaabbbb", 8);
	/* The position moves once. */
	assert_int_equal(do_seek(1, fd, 0, 0), 0);
	reader = make_read(1, fd, in, sizeof(in));
	assert_false(request_send(&reader));
	while (world_turn())
		continue;
	assert_int_equal(reader.out[0], sizeof(in));
	assert_memory_equal(in, out, sizeof(in));
	assert_int_equal(do_seek(1, fd, 0, 1), LONG_BYTES);
	/* Who dies between two turns keeps nobody out. */
	writer = make_write(20, other, out, sizeof(out));
	assert_false(request_send(&writer));
	second = make_write(1, fd, "c", 1);
	assert_false(request_send(&second));
	session_death(client(20));
	assert_true(writer.answered);
	(void)world_turn();
	assert_true(second.answered);
	assert_int_equal(second.out[0], 1);
	world_by_hand(false);
	assert_int_equal(do_close(1, fd), 0);
	assert_int_equal(do_unlink(1, "/tmp/long", 0), 0);
}

/* A page that comes late in an append does not make it come twice. */
static void
repeated_appends_come_once(void **state)
{
	static char out[LONG_BYTES];
	struct request writer;
	struct file_stat stat;
	int64_t fd;

	(void)state;
	world_start();
	fd = do_open(
		1, "/tmp/again", OPEN_CREATE | OPEN_WRITE | OPEN_APPEND, 0600);
	world_by_hand(true);
	writer = make_write(1, fd, out, sizeof(out));
	assert_false(request_send(&writer));
	writer.absent = 1;
	(void)world_turn();
	assert_true(writer.answered);
	assert_int_equal(writer.status, STATUS_AGAIN);
	world_by_hand(false);
	assert_int_equal(
		do_write(1, fd, out, sizeof(out)), (int64_t)sizeof(out));
	assert_int_equal(do_fstat(1, fd, &stat), 0);
	assert_int_equal(stat.size, sizeof(out));
	assert_int_equal(do_close(1, fd), 0);
	assert_int_equal(do_unlink(1, "/tmp/again", 0), 0);
}

/*
 * Who forks and leaves out the claim has no session, and gets none, nor
 * anything else that is for services.
 */
static void
sessionless_children_get_nothing(void **state)
{
	struct file_stat stat;

	(void)state;
	world_start();
	fork_as(1, 20);
	client_tags(30, 20, 30, 30, 1000);
	client_runs(30);
	assert_int_equal(
		do_simple(30, GOPHER_ATTACH, 0, 0, 0, 0), STATUS_FORBIDDEN);
	assert_int_equal(
		do_simple(30, GOPHER_TTY_FETCH, 0, 0, 0, 0), STATUS_FORBIDDEN);
	assert_int_equal(
		do_simple(30, GOPHER_TTY_WATCH, 0, 0, 0, 0), STATUS_FORBIDDEN);
	assert_int_equal(
		do_simple(30, GOPHER_SYNC_CREDENTIALS, 1, client(20), 0, 0),
		STATUS_FORBIDDEN);
	assert_int_equal(do_simple(30, GOPHER_SET_GROUPS, 2, client(20), 0, 0),
		STATUS_FORBIDDEN);
	assert_int_equal(do_simple(30, GOPHER_GET_GROUPS, 2, client(20), 0, 0),
		STATUS_FORBIDDEN);
	assert_int_equal(
		do_simple(30, GOPHER_ADD_TTY, 2, 1, 1, 0), STATUS_FORBIDDEN);
	assert_int_equal(do_stat(30, "/", 0, &stat), STATUS_NOT_READY);
	session_death(client(20));
}

/* A user who takes all locks, and how they come back. */
static void
users_have_their_share(void **state)
{
	struct linux_flock lock = {1, 0, 0, 1, 0};
	struct request request;
	struct quota *quota;
	uint64_t most;
	int64_t fd;

	(void)state;
	world_start();
	fork_as(1, 20);
	client_tags(20, 1, 20, 20, 1000);
	quota_limit(QUOTA_RECORDS, 400);
	fd = do_open(20, "/tmp/sharefile", OPEN_CREATE | OPEN_BOTH, 0600);
	quota = session_find(client(20))->quota;
	most = quota_share(QUOTA_RECORDS, quota->user);
	do {
		request = make_lock(20, fd, &lock);
		assert_true(request_send(&request));
		lock.start += 2;
	} while (request.status == 0 && lock.start < 2000);
	assert_int_equal(request.status, ERR_NOLCK);
	assert_in_range(quota->used[QUOTA_RECORDS], most - 2, most);
	/* To give all up takes nothing. */
	lock = (struct linux_flock){2, 0, 0, 0, 0};
	request = make_lock(20, fd, &lock);
	assert_true(request_send(&request));
	assert_int_equal(request.status, 0);
	assert_int_equal(quota->used[QUOTA_RECORDS], 0);
	assert_int_equal(do_close(20, fd), 0);
	assert_int_equal(do_unlink(20, "/tmp/sharefile", 0), 0);
	session_death(client(20));
	quota_limit(QUOTA_RECORDS, 65536);
}

int
harm_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openers_of_a_fifo_die),
		cmocka_unit_test(both_ends_of_a_pipe_die),
		cmocka_unit_test(lost_cancels_are_found),
		cmocka_unit_test(unread_timers_are_quiet),
		cmocka_unit_test(users_have_their_share),
		cmocka_unit_test(sessionless_children_get_nothing),
		cmocka_unit_test(sparse_files_cost_what_they_hold),
		cmocka_unit_test(long_transfers_go_in_turns),
		cmocka_unit_test(repeated_appends_come_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
