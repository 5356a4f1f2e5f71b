/* SPDX-License-Identifier: MIT */
/* Pipes and FIFOs: order, limits, waiting, ends that close. */
#include "test.h"

enum { CAPACITY = 65536 };

static void
bytes_pass(void **state)
{
	char in[8];
	int64_t fd[2];

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, 0, fd), 0);
	assert_int_equal(do_write(1, fd[1], "hello", 5), 5);
	assert_int_equal(do_read(1, fd[0], in, 3), 3);
	assert_memory_equal(in, "hel", 3);
	assert_int_equal(do_read(1, fd[0], in, 8), 2);
	assert_memory_equal(in, "lo", 2);
	assert_int_equal(do_write(1, fd[0], "x", 1), ERR_BADF);
	assert_int_equal(do_read(1, fd[1], in, 1), ERR_BADF);
	assert_int_equal(do_seek(1, fd[0], 0, 0), ERR_SPIPE);
	assert_int_equal(do_close(1, fd[1]), 0);
	assert_int_equal(do_read(1, fd[0], in, 8), 0);
	assert_int_equal(do_close(1, fd[0]), 0);
}

static void
reader_waits(void **state)
{
	struct request reader;
	int64_t fd[2];
	char in[8] = "";

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, 0, fd), 0);
	reader = make_read(1, fd[0], in, 8);
	assert_false(request_send(&reader));
	assert_int_equal(do_write(1, fd[1], "abc", 3), 3);
	assert_true(reader.answered);
	assert_int_equal(reader.out[0], 3);
	assert_string_equal(in, "abc");
	reader = make_read(1, fd[0], in, 8);
	assert_false(request_send(&reader));
	request_cancel(&reader);
	assert_true(reader.answered);
	assert_int_equal(reader.status, ERR_INTR);
	reader = make_read(1, fd[0], in, 8);
	assert_false(request_send(&reader));
	assert_int_equal(do_close(1, fd[1]), 0);
	assert_true(reader.answered);
	assert_int_equal(reader.out[0], 0);
	assert_int_equal(do_close(1, fd[0]), 0);
}

static void
nonblocking_and_broken(void **state)
{
	static char big[CAPACITY];
	int64_t fd[2];
	char in[1];

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, OPEN_NONBLOCK, fd), 0);
	assert_int_equal(do_read(1, fd[0], in, 1), ERR_AGAIN);
	assert_int_equal(do_write(1, fd[1], big, CAPACITY), CAPACITY);
	assert_int_equal(do_write(1, fd[1], big, 1), ERR_AGAIN);
	assert_int_equal(do_read(1, fd[0], big, 100), 100);
	/* Up to 4096 bytes go whole or not at all, more go in part. */
	assert_int_equal(do_write(1, fd[1], big, 4096), ERR_AGAIN);
	assert_int_equal(do_write(1, fd[1], big, 5000), 100);
	assert_int_equal(do_close(1, fd[0]), 0);
	assert_int_equal(do_write(1, fd[1], big, 1), ERR_PIPE);
	assert_int_equal(do_close(1, fd[1]), 0);
}

/* A long write goes in pieces and tells how far it came. */
static void
long_write(void **state)
{
	static char out[3 * CAPACITY], in[3 * CAPACITY];
	struct request writer;
	int64_t fd[2], got = 0, step;
	size_t i;

	(void)state;
	world_start();
	for (i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 31 + i / 256);
	assert_int_equal(do_pipe(1, 0, fd), 0);
	writer = make_write(1, fd[1], out, sizeof(out));
	assert_false(request_send(&writer));
	while (got < (int64_t)sizeof(in)) {
		step = do_read(1, fd[0], in + got, 7777);
		assert_true(step > 0);
		got += step;
	}
	assert_memory_equal(in, out, sizeof(in));
	assert_true(writer.answered);
	assert_int_equal(writer.out[0], sizeof(out));
	writer = make_write(1, fd[1], out, sizeof(out));
	assert_false(request_send(&writer));
	request_cancel(&writer);
	assert_int_equal(writer.status, 0);
	assert_int_equal(writer.out[0], CAPACITY);
	assert_int_equal(do_close(1, fd[0]), 0);
	assert_int_equal(do_close(1, fd[1]), 0);
	assert_int_equal(world_pages(), 0);
}

/* A page that the client has not touched costs nothing but a repetition. */
static void
absent_buffer(void **state)
{
	struct request request;
	int64_t fd[2];
	char in[4];

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, 0, fd), 0);
	request = make_write(1, fd[1], "abcd", 4);
	request.absent = 1;
	assert_true(request_send(&request));
	assert_int_equal(request.status, STATUS_AGAIN);
	assert_true(request_send(&request));
	assert_int_equal(request.status, 0);
	request = make_read(1, fd[0], in, 4);
	request.absent = 1;
	assert_true(request_send(&request));
	assert_int_equal(request.status, STATUS_AGAIN);
	assert_int_equal(do_read(1, fd[0], in, 4), 4);
	assert_memory_equal(in, "abcd", 4);
	assert_int_equal(do_close(1, fd[0]), 0);
	assert_int_equal(do_close(1, fd[1]), 0);
}

static struct request
open_request(const char *path, uint32_t flags)
{
	return (struct request){
		.badge = client(1),
		.tag = 1,
		.label = GOPHER_OPEN,
		.words = {GOPHER_AT_CWD, flags, 0, 0, strlen(path)},
		.word_count = 5,
		.lease = {(void *)(uintptr_t)path},
		.lease_length = {strlen(path)},
		.lease_count = 1,
	};
}

static void
fifo_ends_meet(void **state)
{
	struct request reader = open_request("/tmp/fifo", OPEN_READ);
	struct request writer = open_request("/tmp/fifo", OPEN_WRITE);
	char in[4];

	(void)state;
	world_start();
	assert_int_equal(do_make(1, "/tmp/fifo", MODE_FIFO | 0600), 0);
	assert_int_equal(do_open(1, "/tmp/fifo", OPEN_WRITE | OPEN_NONBLOCK, 0),
		ERR_NXIO);
	assert_false(request_send(&reader));
	assert_true(request_send(&writer));
	assert_int_equal(writer.status, 0);
	assert_true(reader.answered);
	assert_int_equal(reader.status, 0);
	assert_int_equal(do_write(1, (int64_t)writer.out[0], "ab", 2), 2);
	assert_int_equal(do_read(1, (int64_t)reader.out[0], in, 4), 2);
	assert_int_equal(do_close(1, (int64_t)writer.out[0]), 0);
	assert_int_equal(do_read(1, (int64_t)reader.out[0], in, 4), 0);
	assert_int_equal(do_close(1, (int64_t)reader.out[0]), 0);
	/* An interrupted opening leaves nobody behind. */
	assert_false(request_send(&writer));
	request_cancel(&writer);
	assert_int_equal(writer.status, ERR_INTR);
	assert_int_equal(do_open(1, "/tmp/fifo", OPEN_WRITE | OPEN_NONBLOCK, 0),
		ERR_NXIO);
	assert_int_equal(do_unlink(1, "/tmp/fifo", 0), 0);
}

static void
sizes_change(void **state)
{
	static char out[20000], in[20000];
	int64_t fd[2];
	size_t i;

	(void)state;
	world_start();
	for (i = 0; i < sizeof(out); i++)
		out[i] = (char)(i / 3);
	assert_int_equal(do_pipe(1, OPEN_NONBLOCK, fd), 0);
	assert_int_equal(do_fcntl(1, fd[0], FCNTL_GETPIPE_SZ, 0), CAPACITY);
	assert_int_equal(do_write(1, fd[1], out, 9000), 9000);
	assert_int_equal(do_read(1, fd[0], in, 5000), 5000);
	assert_int_equal(do_fcntl(1, fd[0], FCNTL_SETPIPE_SZ, 4096), ERR_BUSY);
	assert_int_equal(do_fcntl(1, fd[0], FCNTL_SETPIPE_SZ, 30000), 32768);
	assert_int_equal(do_write(1, fd[1], out + 9000, 11000), 11000);
	assert_int_equal(do_read(1, fd[0], in + 5000, 20000 - 5000), 15000);
	assert_memory_equal(in, out, sizeof(in));
	assert_int_equal(do_close(1, fd[0]), 0);
	assert_int_equal(do_close(1, fd[1]), 0);
	assert_int_equal(world_pages(), 0);
}

int
pipe_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_pass),
		cmocka_unit_test(reader_waits),
		cmocka_unit_test(nonblocking_and_broken),
		cmocka_unit_test(long_write),
		cmocka_unit_test(absent_buffer),
		cmocka_unit_test(fifo_ends_meet),
		cmocka_unit_test(sizes_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
