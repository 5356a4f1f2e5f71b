/* SPDX-License-Identifier: MIT */
/*
 * Generated stubs against generated dispatch, in one program: what a client
 * passes must arrive unchanged, and no malformed message may reach an
 * operation. The "kernel" between them is syscall_call below.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <glenda/probe_client.h>
#include <glenda/probe_server.h>

#define SERVER 77
#define SLOT 40

struct utcb test_utcb;

static struct {
	unsigned calls;		/* operations that ran */
	struct request request; /* the last one */
	struct probe_types_args types;
	struct probe_buffers_args buffers;
	struct probe_caps_args caps;
	struct probe_put_args put;
	status_t answer;
	unsigned again; /* AGAIN so many times first */
} seen;

static struct {
	unsigned calls;
	vaddr_t address;
	uint64_t length;
	bool write;
	status_t answer;
} populated;

static status_t
on_types(void *context, struct request *request,
	const struct probe_types_args *args,
	struct probe_types_results *results)
{
	assert_ptr_equal(context, &seen);
	assert_int_equal(request->badge, 5);
	seen.calls++;
	seen.types = *args;
	results->a = args->a + 1;
	results->d = args->d;
	results->g = true;
	return seen.answer;
}

static status_t
on_buffers(void *context, struct request *request,
	const struct probe_buffers_args *args,
	struct probe_buffers_results *results)
{
	(void)context;
	(void)request;
	seen.calls++;
	seen.buffers = *args;
	if (seen.again) {
		seen.again--;
		return STATUS_AGAIN;
	}
	results->total = args->source_len + args->target_len;
	return seen.answer;
}

static status_t
on_caps(void *context, struct request *request,
	const struct probe_caps_args *args, struct probe_caps_results *results)
{
	(void)context;
	(void)request;
	seen.calls++;
	seen.caps = *args;
	results->ticket = (struct sent_cap){123, true};
	return seen.answer;
}

static status_t
on_put(void *context, struct request *request,
	const struct probe_put_args *args, struct probe_put_results *results)
{
	(void)context;
	(void)request;
	seen.calls++;
	seen.put = *args;
	results->done = args->count;
	return seen.answer;
}

static status_t
on_get(void *context, struct request *request,
	const struct probe_get_args *args, struct probe_get_results *results)
{
	(void)context;
	(void)request;
	seen.calls++;
	results->done = args->count;
	for (size_t i = 0; i < sizeof(results->bytes); i++)
		results->bytes[i] = (uint8_t)(i + 1);
	return seen.answer;
}

static const struct probe_ops ops = {
	.types = on_types,
	.buffers = on_buffers,
	.caps = on_caps,
	.put = on_put,
	.get = on_get,
};

static const struct server_protocol protocol = {
	PROBE_PROTOCOL,
	probe_dispatch,
	&ops,
	&seen,
};

static struct server server = {
	.protocols = &protocol,
	.protocol_count = 1,
};

/* What the kernel and the server loop do between client and dispatch. */
static status_t
deliver(struct message *message)
{
	struct request *request = &seen.request;
	status_t status;

	*request = (struct request){
		.server = &server,
		.badge = 5,
		.message = *message,
	};
	for (unsigned i = 0; i < message_caps(message->info); i++)
		request->caps[i] = (struct received_cap){
			.present = true,
			.slot = test_utcb.caps[i],
		};
	status = request_dispatch(&server, request);
	message->info = message_info(
		(uint32_t)status, request->answer.word_count, 0, 0);
	memcpy(message->words, request->answer.words, sizeof(message->words));
	return STATUS_OK;
}

static status_t
populate(struct message *message)
{
	assert_int_equal(message_label(message->info), 0x01000000 | 25);
	populated.calls++;
	populated.address = message->words[0];
	populated.length = message->words[1];
	populated.write = message->words[2];
	message->info = message_info((uint32_t)populated.answer, 0, 0, 0);
	return STATUS_OK;
}

status_t
syscall_call(cptr_t cap, struct message *message)
{
	if (cap == CAP_FACTOTUM)
		return populate(message);
	if (cap != SERVER)
		return STATUS_INVALID_CAP;
	return deliver(message);
}

static int
prepare(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	memset(&populated, 0, sizeof(populated));
	memset(&test_utcb, 0, sizeof(test_utcb));
	return 0;
}

static void
test_types_arrive(void **state)
{
	uint64_t a;
	int32_t d;
	bool g;

	(void)state;
	assert_int_equal(probe_types(SERVER, UINT64_MAX - 1, INT64_MIN,
				 UINT32_MAX, INT32_MIN, UINT16_MAX, UINT8_MAX,
				 true, STATUS_IO, &a, &d, &g),
		STATUS_OK);
	assert_int_equal(seen.calls, 1);
	assert_true(seen.types.a == UINT64_MAX - 1);
	assert_true(seen.types.b == INT64_MIN);
	assert_int_equal(seen.types.c, UINT32_MAX);
	assert_int_equal(seen.types.d, INT32_MIN);
	assert_int_equal(seen.types.e, UINT16_MAX);
	assert_int_equal(seen.types.f, UINT8_MAX);
	assert_true(seen.types.g);
	assert_int_equal(seen.types.h, STATUS_IO);
	assert_true(a == UINT64_MAX && g);
	assert_int_equal(d, INT32_MIN);
	assert_true(seen.request.message.info & INFO_CANCELLABLE);
}

static void
test_error_leaves_results(void **state)
{
	uint64_t a = 17;

	(void)state;
	seen.answer = -(PROBE_ERRNO_BASE + 2);
	assert_int_equal(
		probe_types(SERVER, 1, 2, 3, 4, 5, 6, true, 0, &a, NULL, NULL),
		-4098);
	assert_int_equal(a, 17);
	assert_int_equal(seen.request.answer.word_count, 0);
	assert_int_equal(
		probe_types(9, 1, 2, 3, 4, 5, 6, true, 0, &a, NULL, NULL),
		STATUS_INVALID_CAP);
}

static status_t
send_raw(uint32_t label, unsigned words, unsigned caps, unsigned leases,
	struct message *message)
{
	message->info = message_info(label, words, caps, leases);
	deliver(message);
	return (status_t)message_label(message->info);
}

/* Each word of `types` just beyond its range, one at a time. */
static void
test_ranges_are_enforced(void **state)
{
	static const struct {
		unsigned word;
		uint64_t value;
	} bad[] = {
		{2, UINT64_C(1) << 32},
		{2, UINT64_MAX},
		{3, UINT64_C(1) << 31},
		{3, (uint64_t)INT32_MIN - 1},
		{4, UINT64_C(1) << 16},
		{5, UINT64_C(1) << 8},
		{6, 2},
		{6, UINT64_MAX},
		{7, UINT64_C(1) << 31},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct message message = {0};

		message.words[bad[i].word] = bad[i].value;
		assert_int_equal(send_raw(PROBE_TYPES, 8, 0, 0, &message),
			STATUS_INVALID_ARGUMENT);
	}
	assert_int_equal(seen.calls, 0);
}

/* Every label, length, number of capabilities and leases there can be. */
static void
test_only_exact_shapes_pass(void **state)
{
	static const struct {
		uint32_t label;
		unsigned words, inline_words, caps_min, caps_max;
		unsigned leases_min, leases_max;
	} shape[] = {
		{PROBE_TYPES, 8, 8, 0, 0, 0, 0},
		{PROBE_BUFFERS, 4, 4, 0, 0, 1, 3},
		{PROBE_CAPS, 0, 0, 1, 2, 0, 0},
		{PROBE_PUT, 3, 8, 0, 0, 0, 1},
		{PROBE_GET, 1, 1, 0, 0, 0, 0},
	};

	(void)state;
	for (size_t s = 0; s < sizeof(shape) / sizeof(shape[0]); s++)
		for (unsigned n = 0; n < 64 * 8 * 8; n++) {
			unsigned words = n & 63;
			unsigned caps = n >> 6 & 7;
			unsigned leases = n >> 9 & 7;
			struct message message = {0};
			bool fits = (words == shape[s].words ||
					    words == shape[s].inline_words) &&
				caps >= shape[s].caps_min &&
				caps <= shape[s].caps_max &&
				leases >= shape[s].leases_min &&
				leases <= shape[s].leases_max;

			if (caps > MAX_CAPS)
				continue;
			seen.calls = 0;
			assert_int_equal(send_raw(shape[s].label, words, caps,
						 leases, &message),
				fits ? STATUS_OK : STATUS_INVALID_METHOD);
			assert_int_equal(seen.calls, fits);
		}
}

static void
test_unknown_labels(void **state)
{
	struct message message = {0};

	(void)state;
	assert_int_equal(
		send_raw(0x7e000000, 0, 0, 0, &message), STATUS_INVALID_METHOD);
	assert_int_equal(
		send_raw(0x7e00ffff, 0, 0, 0, &message), STATUS_INVALID_METHOD);
	assert_int_equal(send_raw(0x7e010001, 8, 0, 0, &message),
		STATUS_INVALID_PROTOCOL);
	assert_int_equal(send_raw(0xffffffff, 0, 0, 0, &message),
		STATUS_INVALID_PROTOCOL);
	assert_int_equal(seen.calls, 0);
	assert_int_equal(probe_missing(SERVER), STATUS_UNSUPPORTED);
}

static void
test_buffers_are_lent(void **state)
{
	char source[100], target[64];
	size_t total;

	(void)state;
	assert_int_equal(probe_buffers(SERVER, 3, source, sizeof(source),
				 target, sizeof(target), NULL, 0, 0, &total),
		STATUS_OK);
	assert_int_equal(total, 164);
	assert_int_equal(message_leases(seen.request.message.info), 2);
	assert_true(test_utcb.lease[0].address == (uintptr_t)source);
	assert_true(test_utcb.lease[0].length == (100 | LEASE_READ));
	assert_true(test_utcb.lease[1].length == (64 | LEASE_WRITE));
	assert_int_equal(probe_buffers(SERVER, 3, source, 0, NULL, 0, target, 2,
				 LEASE_VECTOR, NULL),
		STATUS_OK);
	assert_int_equal(message_leases(seen.request.message.info), 3);
	assert_true(test_utcb.lease[2].length ==
		(2 | LEASE_READ | LEASE_WRITE | LEASE_VECTOR));
	assert_int_equal(seen.buffers.both_len, 2);
}

static void
test_buffers_have_limits(void **state)
{
	struct message message = {.words = {0, 4097, 0, 0}};

	(void)state;
	assert_int_equal(send_raw(PROBE_BUFFERS, 4, 0, 1, &message),
		STATUS_INVALID_ARGUMENT);
	/* a length for a buffer that was not lent */
	message = (struct message){.words = {0, 4096, 1, 0}};
	assert_int_equal(send_raw(PROBE_BUFFERS, 4, 0, 1, &message),
		STATUS_INVALID_ARGUMENT);
	message = (struct message){.words = {0, UINT64_MAX, 0, 0}};
	assert_int_equal(send_raw(PROBE_BUFFERS, 4, 0, 3, &message),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(seen.calls, 0);
}

static void
test_again_populates_and_repeats(void **state)
{
	char source[10], target[20];
	size_t total = 0;

	(void)state;
	seen.again = 3;
	assert_int_equal(probe_buffers(SERVER, 9, source, 10, target, 20, NULL,
				 0, 0, &total),
		STATUS_OK);
	assert_int_equal(total, 30);
	assert_int_equal(seen.calls, 4);
	assert_int_equal(seen.buffers.flags, 9);
	assert_int_equal(populated.calls, 6);
	assert_true(populated.address == (uintptr_t)target);
	assert_int_equal(populated.length, 20);
	assert_true(populated.write);
}

static void
test_again_ends(void **state)
{
	char source[10];

	(void)state;
	seen.again = 1;
	populated.answer = STATUS_FAULT;
	assert_int_equal(
		probe_buffers(SERVER, 9, source, 10, NULL, 0, NULL, 0, 0, NULL),
		STATUS_FAULT);
	assert_int_equal(seen.calls, 1);
	seen.again = UINT32_MAX;
	populated.answer = STATUS_OK;
	assert_int_equal(
		probe_buffers(SERVER, 9, source, 10, NULL, 0, NULL, 0, 0, NULL),
		STATUS_AGAIN);
}

static void
test_vectors_are_populated(void **state)
{
	static char buffer[8];
	uint64_t pairs[2][2] = {{(uintptr_t)buffer, 8}, {0, 0}};

	(void)state;
	seen.again = 1;
	assert_int_equal(probe_buffers(SERVER, 0, NULL, 0, NULL, 0, pairs, 2,
				 LEASE_VECTOR, NULL),
		STATUS_OK);
	/* the array itself, then the one buffer that is not empty */
	assert_int_equal(populated.calls, 2);
	assert_true(populated.address == (uintptr_t)buffer);
	assert_true(populated.write);
}

static void
test_caps_travel(void **state)
{
	(void)state;
	assert_int_equal(probe_caps(SERVER, 33, 0, SLOT), STATUS_OK);
	assert_int_equal(message_caps(seen.request.message.info), 1);
	assert_true(seen.caps.first.present && !seen.caps.second.present);
	assert_int_equal(seen.caps.first.slot, 33);
	assert_int_equal(seen.request.answer.cap_count, 1);
	assert_int_equal(seen.request.answer.caps[0].slot, 123);
	assert_true(seen.request.answer.caps[0].temporary);
	assert_int_equal(test_utcb.receive[0], 0);
	assert_int_equal(probe_caps(SERVER, 33, 34, SLOT), STATUS_OK);
	assert_true(seen.caps.second.present);
	assert_int_equal(seen.caps.second.slot, 34);
}

static void
test_inline_bytes(void **state)
{
	char text[32] = "thirty-two bytes of text, inline", back[32] = "";
	struct message message = {.words = {1, 33}};
	size_t done;

	(void)state;
	assert_int_equal(probe_put(SERVER, 4, 32, NULL, 0, text, &done), 0);
	assert_int_equal(done, 32);
	assert_true(seen.put.has_bytes);
	assert_memory_equal(seen.put.bytes, text, 32);
	assert_int_equal(probe_put(SERVER, 4, 5, text, 5, NULL, &done), 0);
	assert_false(seen.put.has_bytes);
	assert_int_equal(seen.put.data_len, 5);
	assert_int_equal(send_raw(PROBE_PUT, 8, 0, 0, &message),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(probe_get(SERVER, 3, back, &done), STATUS_OK);
	assert_int_equal(done, 3);
	assert_memory_equal(back, "\1\2\3\0", 4);
	/* a server that lies about the number must not overrun the buffer */
	assert_int_equal(probe_get(SERVER, SIZE_MAX, back, &done), STATUS_OK);
	assert_int_equal(back[31], 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_types_arrive, prepare),
		cmocka_unit_test_setup(test_error_leaves_results, prepare),
		cmocka_unit_test_setup(test_ranges_are_enforced, prepare),
		cmocka_unit_test_setup(test_only_exact_shapes_pass, prepare),
		cmocka_unit_test_setup(test_unknown_labels, prepare),
		cmocka_unit_test_setup(test_buffers_are_lent, prepare),
		cmocka_unit_test_setup(test_buffers_have_limits, prepare),
		cmocka_unit_test_setup(
			test_again_populates_and_repeats, prepare),
		cmocka_unit_test_setup(test_again_ends, prepare),
		cmocka_unit_test_setup(test_vectors_are_populated, prepare),
		cmocka_unit_test_setup(test_caps_travel, prepare),
		cmocka_unit_test_setup(test_inline_bytes, prepare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
