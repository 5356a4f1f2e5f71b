/* SPDX-License-Identifier: MIT */
/*
 * The server loop against a kernel that is played here: it keeps which slots
 * are full, hands out the requests of a script, and fails the test when the
 * loop breaks an invariant (a receive with a full slot, an answer that does
 * not come, a slot that leaks).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <glenda/kernel_calls.h>
#include <glenda/probe_server.h>
#include <glenda/slots.h>

#define ENDPOINT 20
#define TICKET 200
#define SLOTS 256
#define EVENTS 8

struct utcb test_utcb;

/* What receive brings next; `status` below 0 ends the loop. */
struct event {
	status_t status;
	uint32_t label;
	unsigned words, caps;
	uint64_t first_word;
	unsigned unwrapped; /* bits */
};

static struct {
	bool full[SLOTS];
	struct event script[EVENTS];
	unsigned next;
	unsigned answers;
	status_t answer[EVENTS];
	unsigned answer_caps;
	bool send_fails;
	unsigned nonblocking;
	unsigned calls;
	cptr_t parked;
	cptr_t taken;
	bool take;
	uint64_t bits;
	unsigned work_left;
} now;

static void
answered(cptr_t slot, const struct message *message)
{
	assert_true(now.full[slot]);
	now.full[slot] = false;
	assert_true(now.answers < EVENTS);
	now.answer[now.answers++] = (status_t)message_label(message->info);
	now.answer_caps += message_caps(message->info);
}

status_t
syscall_send(cptr_t cap, const struct message *message)
{
	if (now.send_fails && message_caps(message->info))
		return STATUS_INVALID_CAP;
	answered(cap, message);
	return STATUS_OK;
}

/* cnode_delete is the only method that the loop may invoke here. */
status_t
syscall_call(cptr_t cap, struct message *message)
{
	assert_int_equal(cap, CAP_CNODE);
	assert_int_equal(message_label(message->info), CNODE_DELETE);
	assert_in_range(message->words[0], CAP_FIRST_FREE, SLOTS - 1);
	now.full[message->words[0]] = false;
	return STATUS_OK;
}

static void
bring_caps(const struct event *event)
{
	test_utcb.unwrapped = event->unwrapped;
	for (unsigned i = 0; i < event->caps; i++) {
		cptr_t slot = test_utcb.receive[i];

		test_utcb.badges[i] = 1000 + i;
		assert_in_range(slot, CAP_FIRST_FREE, SLOTS - 1);
		assert_false(now.full[slot]);
		if (!(event->unwrapped >> i & 1))
			now.full[slot] = true;
	}
}

status_t
syscall_receive(uint64_t number, cptr_t cap, uint64_t slot,
	struct message *message, struct sender *sender)
{
	const struct event *event = &now.script[now.next++];
	cptr_t reply = slot & ~RECV_NONBLOCK;

	assert_int_equal(cap, ENDPOINT);
	now.nonblocking += (slot & RECV_NONBLOCK) != 0;
	if (number == SYSCALL_REPLY_RECV)
		answered(reply, message);
	assert_false(now.full[reply]);
	for (unsigned i = 0; i < MAX_CAPS; i++)
		assert_false(now.full[test_utcb.receive[i]]);
	if (event->status != RECV_MESSAGE) {
		message->words[0] = event->first_word;
		return event->status;
	}
	now.full[reply] = true;
	bring_caps(event);
	message->info =
		message_info(event->label, event->words, event->caps, 0);
	memset(message->words, 0, sizeof(message->words));
	message->words[0] = event->first_word;
	*sender = (struct sender){42, 43};
	return RECV_MESSAGE;
}

static status_t
on_get(void *context, struct request *request,
	const struct probe_get_args *args, struct probe_get_results *results)
{
	(void)context;
	now.calls++;
	results->done = args->count;
	if (args->count < 7)
		return STATUS_OK;
	now.parked = request_park(request);
	if (args->count == 8) {
		now.parked = CAP_NONE;
		return STATUS_BUSY;
	}
	return now.parked ? SERVER_PARKED : STATUS_LIMIT;
}

static status_t
on_caps(void *context, struct request *request,
	const struct probe_caps_args *args, struct probe_caps_results *results)
{
	(void)context;
	now.calls++;
	if (args->first.unwrapped)
		assert_int_equal(args->first.badge, 1000);
	if (now.take)
		now.taken = request_take_cap(request, 0);
	results->ticket = (struct sent_cap){TICKET, true};
	return STATUS_OK;
}

/* A handler that says parked without having parked. */
static status_t
on_missing(void *context, struct request *request)
{
	(void)context;
	(void)request;
	return SERVER_PARKED;
}

static void
on_notified(void *context, uint64_t bits)
{
	struct server *server = context;

	now.bits |= bits;
	if (now.parked) {
		struct probe_get_results results = {.done = 7};

		probe_get_answer(server, now.parked, STATUS_OK, &results);
		now.parked = CAP_NONE;
	}
}

static bool
on_work(void *context)
{
	(void)context;
	return now.work_left && now.work_left--;
}

static const struct probe_ops ops = {
	.get = on_get,
	.caps = on_caps,
	.missing = on_missing,
};

static const struct server_protocol protocol = {
	PROBE_PROTOCOL,
	probe_dispatch,
	&ops,
	NULL,
};

/* Slots that slot_take has left, which all come back. */
static unsigned
slots_left(void)
{
	cptr_t slots[SLOTS];
	unsigned count = 0;

	while (count < SLOTS && (slots[count] = slot_take()) != CAP_NONE)
		count++;
	for (unsigned i = 0; i < count; i++)
		slot_give(slots[i]);
	return count;
}

/* Run the script; the loop itself keeps five slots, which are given back. */
static void
run(const struct event *script, unsigned count)
{
	struct server server = {
		.endpoint = ENDPOINT,
		.protocols = &protocol,
		.protocol_count = 1,
		.notified = on_notified,
		.work = on_work,
	};
	unsigned left = slots_left();

	server.context = &server;
	memcpy(now.script, script, count * sizeof(*script));
	now.script[count].status = STATUS_INVALID_CAP;
	now.script[count + 1].status = STATUS_INVALID_CAP;
	assert_int_equal(server_run(&server), STATUS_INVALID_CAP);
	slot_give(server.reply);
	for (unsigned i = 0; i < MAX_CAPS; i++)
		slot_give(server.receive[i]);
	if (now.taken)
		slot_give(now.taken);
	if (now.parked)
		slot_give(now.parked);
	assert_int_equal(slots_left(), left);
	for (unsigned i = 0; i < MAX_CAPS; i++)
		assert_int_equal(test_utcb.receive[i], 0);
}

static int
prepare(void **state)
{
	(void)state;
	memset(&now, 0, sizeof(now));
	memset(&test_utcb, 0, sizeof(test_utcb));
	return 0;
}

static void
test_answers_in_order(void **state)
{
	static const struct event script[] = {
		{.label = PROBE_GET, .words = 1, .first_word = 1},
		{.label = PROBE_GET, .words = 2},
		{.label = 0x00010001},
		{.label = PROBE_TYPES, .words = 8},
	};

	(void)state;
	run(script, 4);
	assert_int_equal(now.calls, 1);
	assert_int_equal(now.answers, 4);
	assert_int_equal(now.answer[0], STATUS_OK);
	assert_int_equal(now.answer[1], STATUS_INVALID_METHOD);
	assert_int_equal(now.answer[2], STATUS_INVALID_PROTOCOL);
	assert_int_equal(now.answer[3], STATUS_UNSUPPORTED);
}

static void
test_parked_is_answered_later(void **state)
{
	static const struct event script[] = {
		{.label = PROBE_GET, .words = 1, .first_word = 7},
		{.label = PROBE_GET, .words = 1, .first_word = 1},
		{.status = RECV_NOTIFICATION, .first_word = 4},
	};

	(void)state;
	run(script, 3);
	assert_int_equal(now.answers, 2);
	assert_int_equal(now.bits, 4);
	assert_int_equal(now.parked, 0);
}

/* A handler may park and then change its mind. */
static void
test_parking_is_undone(void **state)
{
	static const struct event script[] = {
		{.label = PROBE_GET, .words = 1, .first_word = 8},
		{.label = PROBE_GET, .words = 1, .first_word = 1},
	};

	(void)state;
	run(script, 2);
	assert_int_equal(now.answers, 2);
	assert_int_equal(now.answer[0], STATUS_BUSY);
}

static void
test_parking_needs_a_slot(void **state)
{
	static const struct event script[] = {
		{.label = PROBE_GET, .words = 1, .first_word = 7},
		{.label = PROBE_MISSING},
	};
	cptr_t held[SLOTS];
	unsigned count = 0, left = slots_left();

	(void)state;
	for (; count < left - 5; count++)
		held[count] = slot_take();
	run(script, 2);
	while (count)
		slot_give(held[--count]);
	assert_int_equal(now.answer[0], STATUS_LIMIT);
	assert_int_equal(now.answer[1], STATUS_LIMIT);
	assert_int_equal(now.parked, 0);
}

static void
test_caps_are_cleared_or_taken(void **state)
{
	static const struct event script[] = {
		{.label = PROBE_CAPS, .caps = 2},
		{.label = PROBE_CAPS, .caps = 1, .unwrapped = 1},
		{.label = PROBE_CAPS, .caps = 4},
		{.label = PROBE_CAPS, .caps = 1},
	};

	(void)state;
	now.take = true;
	run(script, 1);
	assert_true(now.full[now.taken]);
	prepare(NULL);
	run(script, 4);
	assert_int_equal(now.calls, 3);
	assert_int_equal(now.answer[2], STATUS_INVALID_METHOD);
	for (unsigned i = 0; i < SLOTS; i++)
		assert_false(now.full[i]);
}

static void
test_answer_caps_travel_or_fail(void **state)
{
	static const struct event script[] = {
		{.label = PROBE_CAPS, .caps = 1},
	};

	(void)state;
	now.full[TICKET] = true;
	run(script, 1);
	assert_int_equal(now.answer[0], STATUS_OK);
	assert_int_equal(now.answer_caps, 1);
	assert_false(now.full[TICKET]);
	prepare(NULL);
	now.send_fails = true;
	now.full[TICKET] = true;
	run(script, 1);
	assert_int_equal(now.answers, 1);
	assert_int_equal(now.answer[0], STATUS_IO);
	assert_false(now.full[TICKET]);
}

static void
test_work_goes_on_between_requests(void **state)
{
	static const struct event script[] = {
		{.label = PROBE_GET, .words = 1, .first_word = 1},
		{.status = STATUS_AGAIN},
		{.status = STATUS_AGAIN},
		{.label = PROBE_GET, .words = 1, .first_word = 1},
	};

	(void)state;
	now.work_left = 3;
	run(script, 4);
	assert_int_equal(now.answers, 2);
	assert_int_equal(now.nonblocking, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_answers_in_order, prepare),
		cmocka_unit_test_setup(test_parked_is_answered_later, prepare),
		cmocka_unit_test_setup(test_parking_is_undone, prepare),
		cmocka_unit_test_setup(test_parking_needs_a_slot, prepare),
		cmocka_unit_test_setup(test_caps_are_cleared_or_taken, prepare),
		cmocka_unit_test_setup(
			test_answer_caps_travel_or_fail, prepare),
		cmocka_unit_test_setup(
			test_work_goes_on_between_requests, prepare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
