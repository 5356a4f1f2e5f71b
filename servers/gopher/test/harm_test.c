/* SPDX-License-Identifier: MIT */
/* What one client does, dies of or asks for must not harm the others. */
#include "test.h"

#include "../session.h"

static void
fork_as(uint32_t parent, uint32_t child)
{
	int64_t token = do_simple(parent, GOPHER_SNAPSHOT, 1, 0, 0, 0);

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

int
harm_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openers_of_a_fifo_die),
		cmocka_unit_test(both_ends_of_a_pipe_die),
		cmocka_unit_test(lost_cancels_are_found),
		cmocka_unit_test(unread_timers_are_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
