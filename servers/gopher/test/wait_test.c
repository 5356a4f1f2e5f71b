/* SPDX-License-Identifier: MIT */
/* poll, epoll, counters, timers and locks. */
#include "test.h"

static struct request
make_poll(struct linux_pollfd *fds, size_t count, uint64_t deadline)
{
	return (struct request){
		.badge = client(1),
		.tag = 1,
		.label = GOPHER_POLL,
		.words = {deadline, count * sizeof(*fds)},
		.word_count = 2,
		.lease = {fds},
		.lease_length = {count * sizeof(*fds)},
		.lease_count = 1,
	};
}

static void
poll_tells_what_changes(void **state)
{
	struct linux_pollfd fds[3];
	struct request poll;
	int64_t pipe[2];

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, 0, pipe), 0);
	fds[0] = (struct linux_pollfd){(int32_t)pipe[0], POLL_IN, 0};
	fds[1] = (struct linux_pollfd){-1, POLL_IN, 7};
	fds[2] = (struct linux_pollfd){900, POLL_IN, 0};
	poll = make_poll(fds, 2, 1);
	assert_true(request_send(&poll));
	assert_int_equal(poll.out[0], 0);
	poll = make_poll(fds, 3, 0);
	assert_true(request_send(&poll));
	assert_int_equal(poll.out[0], 1);
	assert_int_equal(fds[2].revents, POLL_NVAL);
	assert_int_equal(fds[1].revents, 0);
	poll = make_poll(fds, 2, 0);
	assert_false(request_send(&poll));
	assert_int_equal(do_write(1, pipe[1], "x", 1), 1);
	assert_true(poll.answered);
	assert_int_equal(fds[0].revents, POLL_IN);
	assert_int_equal(do_close(1, pipe[1]), 0);
	poll = make_poll(fds, 1, 0);
	assert_true(request_send(&poll));
	assert_int_equal(fds[0].revents, POLL_IN | POLL_HUP);
	assert_int_equal(do_close(1, pipe[0]), 0);
}

static void
poll_ends_at_its_deadline(void **state)
{
	struct linux_pollfd fd;
	struct request poll;
	int64_t pipe[2];

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, 0, pipe), 0);
	fd = (struct linux_pollfd){(int32_t)pipe[0], POLL_IN, 0};
	world_tick(1);
	poll = make_poll(&fd, 1, 5000);
	assert_false(request_send(&poll));
	world_tick(100);
	assert_false(poll.answered);
	world_tick(5000);
	assert_true(poll.answered);
	assert_int_equal(poll.out[0], 0);
	poll = make_poll(&fd, 1, 0);
	assert_false(request_send(&poll));
	request_cancel(&poll);
	assert_int_equal(poll.status, ERR_INTR);
	assert_int_equal(do_close(1, pipe[0]), 0);
	assert_int_equal(do_close(1, pipe[1]), 0);
}

struct epoll_record {
	uint32_t events;
	uint32_t pad;
	uint64_t data;
};

static struct request
make_wait(int64_t epoll, struct epoll_record *out, size_t count,
	uint64_t deadline)
{
	return (struct request){
		.badge = client(1),
		.tag = 1,
		.label = GOPHER_EPOLL_WAIT,
		.words = {(uint64_t)epoll, deadline, count * sizeof(*out)},
		.word_count = 3,
		.lease = {out},
		.lease_length = {count * sizeof(*out)},
		.lease_count = 1,
	};
}

static int64_t
epoll_change(int64_t epoll, unsigned operation, int64_t fd, uint32_t events,
	uint64_t data)
{
	struct request request = {
		.badge = client(1),
		.tag = 1,
		.label = GOPHER_EPOLL_CONTROL,
		.words = {(uint64_t)epoll, operation, (uint64_t)fd, events,
			data},
		.word_count = 5,
	};

	assert_true(request_send(&request));
	return request.status;
}

static void
epoll_levels_and_edges(void **state)
{
	struct epoll_record out[4];
	struct request wait;
	int64_t pipe[2], epoll, file;

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, 0, pipe), 0);
	epoll = do_simple(1, GOPHER_EPOLL_CREATE, 1, 0, 0, 0);
	file = do_open(1, "/tmp/plain", OPEN_CREATE, 0600);
	assert_int_equal(epoll_change(epoll, 1, file, POLL_IN, 0), ERR_PERM);
	assert_int_equal(epoll_change(epoll, 1, pipe[0], POLL_IN, 42), 0);
	assert_int_equal(
		epoll_change(epoll, 1, pipe[0], POLL_IN, 42), ERR_EXIST);
	wait = make_wait(epoll, out, 4, 0);
	assert_false(request_send(&wait));
	assert_int_equal(do_write(1, pipe[1], "x", 1), 1);
	assert_true(wait.answered);
	assert_int_equal(wait.out[0], 1);
	assert_int_equal(out[0].data, 42);
	/* Level: told again. */
	wait = make_wait(epoll, out, 4, 1);
	assert_true(request_send(&wait));
	assert_int_equal(wait.out[0], 1);
	/* Edge: told once for each change. */
	assert_int_equal(
		epoll_change(epoll, 3, pipe[0], POLL_IN | 1u << 31, 43), 0);
	assert_true(request_send(&wait));
	assert_int_equal(wait.out[0], 1);
	assert_true(request_send(&wait));
	assert_int_equal(wait.out[0], 0);
	assert_int_equal(do_write(1, pipe[1], "y", 1), 1);
	assert_true(request_send(&wait));
	assert_int_equal(wait.out[0], 1);
	/* A closed file leaves by itself. */
	assert_int_equal(do_close(1, pipe[0]), 0);
	assert_true(request_send(&wait));
	assert_int_equal(wait.out[0], 0);
	assert_int_equal(do_close(1, pipe[1]), 0);
	assert_int_equal(do_close(1, epoll), 0);
	assert_int_equal(do_close(1, file), 0);
	assert_int_equal(do_unlink(1, "/tmp/plain", 0), 0);
}

static void
counters_count(void **state)
{
	uint64_t value = 5;
	struct request reader;
	int64_t fd;

	(void)state;
	world_start();
	fd = do_simple(1, GOPHER_EVENTFD, 2, 0, 0, 0);
	assert_true(fd >= 0);
	reader = make_read(1, fd, &value, 8);
	assert_false(request_send(&reader));
	value = 5;
	assert_int_equal(do_write(1, fd, &value, 8), 8);
	assert_true(reader.answered);
	assert_int_equal(value, 5);
	assert_int_equal(do_read(1, fd, &value, 4), ERR_INVAL);
	assert_int_equal(do_close(1, fd), 0);
}

static void
timers_expire(void **state)
{
	uint64_t value = 0;
	struct request reader;
	int64_t fd;

	(void)state;
	world_start();
	fd = do_simple(1, GOPHER_TIMERFD_CREATE, 2, 1, 0, 0);
	assert_true(fd >= 0);
	assert_int_equal(
		do_simple(1, GOPHER_TIMERFD_SET, 3, (uint64_t)fd, 100000, 100),
		0);
	reader = make_read(1, fd, &value, 8);
	assert_false(request_send(&reader));
	world_tick(100000);
	assert_true(reader.answered);
	assert_true(value >= 1);
	world_tick(250);
	assert_int_equal(do_read(1, fd, &value, 8), 8);
	assert_in_range(value, 2, 3);
	assert_int_equal(do_close(1, fd), 0);
	world_tick(1000);
}

static struct request
make_lock(uint32_t pid, int64_t fd, struct linux_flock *lock, uint32_t how)
{
	return (struct request){
		.badge = client(pid),
		.tag = pid,
		.label = GOPHER_FCNTL,
		.words = {(uint64_t)fd, how, 0, sizeof(*lock)},
		.word_count = 4,
		.lease = {lock},
		.lease_length = {sizeof(*lock)},
		.lease_count = 1,
	};
}

static void
locks_exclude(void **state)
{
	struct linux_flock mine = {1, 0, 0, 10, 0};
	struct linux_flock other = {1, 0, 5, 10, 0};
	struct request request, waiter;
	int64_t a, b;

	(void)state;
	world_start();
	client_tags(50, 1, 50, 50, 0);
	assert_int_equal(do_simple(50, GOPHER_ATTACH, 0, 0, 0, 0), 0);
	a = do_open(1, "/tmp/locked", OPEN_CREATE | OPEN_BOTH, 0600);
	b = do_open(50, "/tmp/locked", OPEN_BOTH, 0);
	request = make_lock(1, a, &mine, FCNTL_SETLK);
	assert_true(request_send(&request));
	assert_int_equal(request.status, 0);
	request = make_lock(50, b, &other, FCNTL_SETLK);
	assert_true(request_send(&request));
	assert_int_equal(request.status, ERR_AGAIN);
	waiter = make_lock(50, b, &other, FCNTL_SETLKW);
	assert_false(request_send(&waiter));
	/* Giving up the part that is wanted is enough. */
	mine = (struct linux_flock){2, 0, 5, 0, 0};
	request = make_lock(1, a, &mine, FCNTL_SETLK);
	assert_true(request_send(&request));
	assert_true(waiter.answered);
	assert_int_equal(waiter.status, 0);
	mine = (struct linux_flock){1, 0, 7, 1, 0};
	request = make_lock(1, a, &mine, FCNTL_GETLK);
	assert_true(request_send(&request));
	assert_int_equal(mine.pid, 50);
	assert_int_equal(mine.start, 5);
	assert_int_equal(do_close(50, b), 0);
	mine = (struct linux_flock){1, 0, 7, 1, 0};
	request = make_lock(1, a, &mine, FCNTL_GETLK);
	assert_true(request_send(&request));
	assert_int_equal(mine.type, 2);
	assert_int_equal(do_close(1, a), 0);
	assert_int_equal(do_unlink(1, "/tmp/locked", 0), 0);
}

int
wait_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(poll_tells_what_changes),
		cmocka_unit_test(poll_ends_at_its_deadline),
		cmocka_unit_test(epoll_levels_and_edges),
		cmocka_unit_test(counters_count),
		cmocka_unit_test(timers_expire),
		cmocka_unit_test(locks_exclude),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
