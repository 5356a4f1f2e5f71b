/* SPDX-License-Identifier: MIT */
/* The terminal as programs see it: waiting, job control, events. */
#include "test.h"

static int64_t terminal;

static void
start(void)
{
	char sink[4096];

	world_start();
	if (terminal == 0) {
		terminal = do_open(1, "/dev/console", OPEN_BOTH, 0);
		assert_true(terminal >= 0);
	}
	while (console_output(sink, sizeof(sink)) > 0)
		;
}

static void
lines_wake_readers_in_order(void **state)
{
	struct request first, second;
	char a[16] = "", b[16] = "", out[64];

	(void)state;
	start();
	first = make_read(1, terminal, a, sizeof(a) - 1);
	second = make_read(1, terminal, b, sizeof(b) - 1);
	assert_false(request_send(&first));
	assert_false(request_send(&second));
	console_type("on");
	assert_false(first.answered);
	console_type("e\rtwo\r");
	assert_true(first.answered && second.answered);
	assert_string_equal(a, "one\n");
	assert_string_equal(b, "two\n");
	console_output(out, sizeof(out));
	assert_string_equal(out, "one\r\ntwo\r\n");
}

static int64_t
event(uint32_t *signal, uint32_t *id)
{
	struct request request = {
		.badge = client(TUX), .tag = TUX, .label = GOPHER_TTY_FETCH};

	assert_true(request_send(&request));
	*signal = (uint32_t)request.out[1];
	*id = (uint32_t)request.out[2];
	return (int64_t)request.out[0];
}

static void
signals_go_to_the_foreground(void **state)
{
	uint32_t signal, id;
	int32_t group = 20;
	struct request set = {
		.badge = client(1),
		.tag = 1,
		.label = GOPHER_IOCTL,
		.words = {0, IOCTL_TIOCSPGRP, 0, 4},
		.word_count = 4,
		.lease = {&group},
		.lease_length = {4},
		.lease_count = 1,
	};

	(void)state;
	start();
	set.words[0] = (uint64_t)terminal;
	/* A group that is not there, and one of another session. */
	assert_true(request_send(&set));
	assert_int_equal(set.status, ERR_SRCH);
	client_tags(20, 1, 20, 20, 0);
	assert_true(request_send(&set));
	assert_int_equal(set.status, ERR_PERM);
	client_tags(20, 1, 20, 1, 0);
	assert_true(request_send(&set));
	assert_int_equal(set.status, 0);
	console_type("\003");
	assert_int_equal(event(&signal, &id), GOPHER_EVENT_SIGNAL);
	assert_int_equal(signal, SIGNAL_INT);
	assert_int_equal(id, 20);
	assert_int_equal(event(&signal, &id), GOPHER_EVENT_NONE);
	/* From the background only who cannot be stopped. */
	assert_true(request_send(&set));
	assert_int_equal(set.status, ERR_STOP_OUTPUT);
	set.words[2] = GOPHER_TTY_UNSTOPPABLE;
	assert_true(request_send(&set));
	assert_int_equal(set.status, 0);
	/* Processes may not take what is Tux's. */
	set.label = GOPHER_TTY_FETCH;
	set.word_count = 0;
	set.lease_count = 0;
	assert_true(request_send(&set));
	assert_int_equal(set.status, STATUS_FORBIDDEN);
}

static void
background_reads_stop(void **state)
{
	struct request request;
	char in[4];

	(void)state;
	start();
	/* The foreground is group 20 now, the reader in group 1. */
	request = make_read(1, terminal, in, 4);
	assert_true(request_send(&request));
	assert_int_equal(request.status, ERR_STOP_INPUT);
	client_tags(1, 0, 20, 1, 0);
	request = make_read(1, terminal, in, 4);
	assert_false(request_send(&request));
	request_cancel(&request);
	assert_int_equal(request.status, ERR_INTR);
	client_tags(1, 0, 1, 1, 0);
}

static void
output_waits_for_the_driver(void **state)
{
	static char out[20000], in[30000];
	struct request writer;
	size_t got = 0, i;

	(void)state;
	start();
	for (i = 0; i < sizeof(out); i++)
		out[i] = (char)('a' + i % 26);
	writer = make_write(1, terminal, out, sizeof(out));
	assert_false(request_send(&writer));
	while (got < sizeof(out)) {
		i = console_output(in + got, 3000);
		assert_true(i > 0);
		got += i;
	}
	assert_true(writer.answered);
	assert_int_equal(writer.out[0], sizeof(out));
	assert_memory_equal(in, out, sizeof(out));
}

int
terminal_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_wake_readers_in_order),
		cmocka_unit_test(signals_go_to_the_foreground),
		cmocka_unit_test(background_reads_stop),
		cmocka_unit_test(output_waits_for_the_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
