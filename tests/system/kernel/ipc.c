/* SPDX-License-Identifier: MIT */
/*
 * Messages: words in registers and UTCB, badges and tags, capabilities,
 * replies, notifications, timers.
 */
#include "harness.h"

#define SERVER_SUM 1  /* answer the sum of the words */
#define SERVER_ECHO 2 /* answer the words themselves */
#define SERVER_DROP 4 /* delete the Reply */
#define SERVER_CAPS 5 /* report what capabilities came */
#define SERVER_GIVE 6 /* answer with a capability */

static cptr_t endpoint;
static cptr_t reply_slot, received_slot, given;
static struct sender last_sender;

static uint64_t
sum(const struct message *m)
{
	unsigned length = message_length(m->info);
	uint64_t total = 0;

	for (unsigned i = 0; i < length; i++)
		total += i < 8 ? m->words[i] : utcb_self()->words[i];
	return total;
}

static void
answer_caps(struct message *m)
{
	uint32_t type = 0;
	uint64_t rights = 0;

	cnode_inspect(SELF_CNODE, received_slot, &type, &rights);
	m->words[0] = message_caps(m->info);
	m->words[1] = utcb_self()->unwrapped;
	m->words[2] = utcb_self()->badges[0];
	m->words[3] = type;
	m->info = message_info(0, 4, 0, 0);
}

static void
server(uint64_t argument)
{
	struct message m = {0};
	uint64_t number = SYSCALL_RECV;
	cptr_t slot = reply_slot;

	(void)argument;
	utcb_self()->receive[0] = received_slot;
	for (;;) {
		syscall_receive(number, endpoint, slot, &m, &last_sender);
		number = SYSCALL_REPLY_RECV;
		switch (message_label(m.info)) {
		case SERVER_SUM:
			m.words[0] = sum(&m);
			m.info = message_info(0, 1, 0, 0);
			break;
		case SERVER_ECHO:
			m.info = message_info(7, message_length(m.info), 0, 0);
			break;
		case SERVER_DROP:
			cnode_delete(SELF_CNODE, slot);
			break;
		case SERVER_CAPS:
			answer_caps(&m);
			break;
		case SERVER_GIVE:
			utcb_self()->caps[0] = given;
			m.info = message_info(0, 0, 1, 0);
			break;
		}
	}
}

static struct worker
server_start(cptr_t space)
{
	struct worker_setup setup = {
		.entry = server, .space = space, .priority = PRIORITY_HIGH};

	endpoint = make(OBJECT_ENDPOINT, 0);
	reply_slot = slot_next();
	received_slot = slot_next();
	return worker_start(&setup);
}

static verdict_t
words_in_registers(void)
{
	struct message m = {message_info(SERVER_SUM, 8, 0, 0),
		{1, 2, 4, 8, 16, 32, 64, 128}};

	CHECK(server_start(0).tcb);
	OK(syscall_call(endpoint, &m));
	EQUAL(m.words[0], 255);
	EQUAL(m.info, message_info(0, 1, 0, 0));
	return NULL;
}

static verdict_t
words_in_the_utcb(void)
{
	struct message m = {
		message_info(SERVER_SUM, 40, 0, 0), {0, 1, 2, 3, 4, 5, 6, 7}};
	struct utcb *utcb = utcb_self();

	CHECK(server_start(space_make()).tcb);
	for (unsigned i = 8; i < 40; i++)
		utcb->words[i] = i;
	OK(syscall_call(endpoint, &m));
	EQUAL(m.words[0], 780);
	for (unsigned length = 0; length <= 40; length++) {
		m.info = message_info(SERVER_ECHO, length, 0, 0);
		for (unsigned i = 0; i < 8; i++)
			m.words[i] = 100 + i;
		for (unsigned i = 8; i < 40; i++)
			utcb->words[i] = 100 + i;
		OK(syscall_call(endpoint, &m));
		EQUAL(message_length(m.info), length);
		EQUAL(message_label(m.info), 7);
		for (unsigned i = 0; i < length; i++)
			EQUAL(i < 8 ? m.words[i] : utcb->words[i], 100 + i);
	}
	return NULL;
}

static verdict_t
messages_refused(void)
{
	struct message m = {message_info(SERVER_SUM, 41, 0, 0), {0}};
	cptr_t receive_only = slot_next(), no_grant = slot_next();

	CHECK(server_start(0).tcb);
	EQUAL(syscall_call(endpoint, &m), STATUS_INVALID_ARGUMENT);
	m.info = message_info(SERVER_SUM, 0, 5, 0);
	EQUAL(syscall_call(endpoint, &m), STATUS_INVALID_ARGUMENT);
	m.info = message_info(SERVER_SUM, 0, 0, 5);
	EQUAL(syscall_call(endpoint, &m), STATUS_INVALID_ARGUMENT);
	OK(cnode_copy(SELF_CNODE, receive_only, endpoint, RIGHT_READ));
	m.info = message_info(SERVER_SUM, 0, 0, 0);
	EQUAL(syscall_call(receive_only, &m), STATUS_NO_RIGHT);
	utcb_self()->caps[0] = 900;
	m.info = message_info(SERVER_SUM, 0, 1, 0);
	EQUAL(syscall_call(endpoint, &m), STATUS_INVALID_CAP);
	OK(cnode_copy(SELF_CNODE, no_grant, endpoint, RIGHT_WRITE));
	utcb_self()->caps[0] = endpoint;
	m.info = message_info(SERVER_SUM, 0, 1, 0);
	EQUAL(syscall_call(no_grant, &m), STATUS_NO_RIGHT);
	return NULL;
}

static uint64_t client_result, client_word;

static void
client(uint64_t cap)
{
	struct message m = {message_info(SERVER_SUM, 2, 0, 0), {40, 2}};

	client_result = (uint64_t)syscall_call(cap, &m);
	client_word = m.words[0];
}

static verdict_t
badge_and_tag_arrive(void)
{
	struct worker_setup setup = {.entry = client, .tag = 0x7a6};
	cptr_t cap;

	CHECK(server_start(0).tcb);
	cap = badged(endpoint, 0xbad6e);
	setup.argument = cap;
	CHECK(worker_start(&setup).tcb);
	settle();
	EQUAL(client_result, 0);
	EQUAL(client_word, 42);
	EQUAL(last_sender.badge, 0xbad6e);
	EQUAL(last_sender.tag, 0x7a6);
	return NULL;
}

static verdict_t
dropped_replies_are_told(void)
{
	struct message m = {message_info(SERVER_DROP, 0, 0, 0), {0}};
	struct worker worker = server_start(0);

	EQUAL(syscall_call(endpoint, &m), STATUS_PEER_DIED);
	/* The server still serves. */
	m.info = message_info(SERVER_SUM, 1, 0, 0);
	m.words[0] = 5;
	OK(syscall_call(endpoint, &m));
	EQUAL(m.words[0], 5);
	OK(cnode_delete(SELF_CNODE, worker.tcb));
	return NULL;
}

static verdict_t
answers_by_send(void)
{
	struct worker_setup setup = {.entry = client};
	struct message m = {0};
	struct sender sender;
	cptr_t own = make(OBJECT_ENDPOINT, 0);
	cptr_t slot = slot_next(), elsewhere = slot_next();
	struct worker worker;

	client_result = 99;
	setup.argument = badged(own, 3);
	worker = worker_start(&setup);
	OK(syscall_receive(SYSCALL_RECV, own, slot, &m, &sender));
	EQUAL(sender.badge, 3);
	EQUAL(m.words[0] + m.words[1], 42);
	EQUAL(worker_state(&worker), 3);
	/* A Reply can be moved, not copied. */
	EQUAL(cnode_copy(SELF_CNODE, elsewhere, slot, RIGHT_ALL),
		STATUS_INVALID_CAP);
	OK(cnode_move(SELF_CNODE, elsewhere, slot));
	EQUAL(syscall_send(slot, &m), STATUS_INVALID_CAP);
	m.info = message_info(0, 1, 0, 0);
	m.words[0] = 77;
	OK(syscall_send(elsewhere, &m));
	EQUAL(syscall_send(elsewhere, &m), STATUS_INVALID_CAP);
	settle();
	EQUAL(client_result, 0);
	EQUAL(client_word, 77);
	return NULL;
}

static verdict_t
receive_without_blocking(void)
{
	struct message m = {0};
	struct sender sender;
	cptr_t own = make(OBJECT_ENDPOINT, 0);
	cptr_t notification = badged(make(OBJECT_NOTIFICATION, 0), 6);

	EQUAL(syscall_receive(SYSCALL_RECV, own, slot_next() | RECV_NONBLOCK,
		      &m, &sender),
		STATUS_AGAIN);
	EQUAL(syscall_receive(
		      SYSCALL_RECV, notification, RECV_NONBLOCK, &m, &sender),
		STATUS_AGAIN);
	EQUAL(syscall_receive(
		      SYSCALL_RECV, own, 1 | RECV_NONBLOCK, &m, &sender),
		STATUS_SLOT_OCCUPIED);
	EQUAL(syscall_receive(SYSCALL_RECV, own, 0, &m, &sender),
		STATUS_INVALID_CAP);
	EQUAL(syscall_receive(SYSCALL_RECV, SELF_TCB, slot_next(), &m, &sender),
		STATUS_INVALID_CAP);
	return NULL;
}

static verdict_t
capabilities_travel(void)
{
	struct message m = {message_info(SERVER_CAPS, 0, 1, 0), {0}};
	cptr_t notification = make(OBJECT_NOTIFICATION, 0);

	CHECK(server_start(space_make()).tcb);
	utcb_self()->caps[0] = notification;
	OK(syscall_call(endpoint, &m));
	EQUAL(m.words[0], 1);
	EQUAL(m.words[1], 0);
	EQUAL(m.words[3], OBJECT_NOTIFICATION);
	/* One that names the endpoint itself is unwrapped. */
	OK(cnode_delete(SELF_CNODE, received_slot));
	utcb_self()->caps[0] = badged(endpoint, 0x123);
	m.info = message_info(SERVER_CAPS, 0, 1, 0);
	OK(syscall_call(endpoint, &m));
	EQUAL(m.words[1], 1);
	EQUAL(m.words[2], 0x123);
	EQUAL(m.words[3], OBJECT_NONE);
	return NULL;
}

static verdict_t
capabilities_come_with_answers(void)
{
	struct message m = {message_info(SERVER_GIVE, 0, 0, 0), {0}};
	cptr_t slot = slot_next();
	uint32_t type;
	uint64_t rights;

	given = make(OBJECT_TIMER, 0);
	CHECK(server_start(0).tcb);
	utcb_self()->receive[0] = slot;
	OK(syscall_call(endpoint, &m));
	utcb_self()->receive[0] = 0;
	OK(cnode_inspect(SELF_CNODE, slot, &type, &rights));
	EQUAL(type, OBJECT_TIMER);
	return NULL;
}

static verdict_t
death_of_an_endpoint(void)
{
	struct worker_setup setup = {.entry = client};
	cptr_t child = make(OBJECT_UNTYPED, 4), own = slot_next();
	struct worker worker;

	OK(untyped_retype(child, OBJECT_ENDPOINT, 0, 1, SELF_CNODE, own, 0));
	setup.argument = own;
	client_result = 1;
	worker = worker_start(&setup);
	settle();
	EQUAL(worker_state(&worker), 3);
	OK(cnode_revoke(SELF_CNODE, child));
	settle();
	EQUAL(client_result, STATUS_PEER_DIED);
	return NULL;
}

static verdict_t
notifications(void)
{
	cptr_t notification = make(OBJECT_NOTIFICATION, 0);
	cptr_t one = badged(notification, 1), eight = badged(notification, 8);
	struct message m = {0};
	struct sender sender;
	cptr_t readonly = slot_next();

	OK(syscall_send(one, &m));
	OK(syscall_send(eight, &m));
	OK(syscall_send(eight, &m));
	EQUAL(syscall_receive(SYSCALL_RECV, notification, 0, &m, &sender),
		RECV_NOTIFICATION);
	EQUAL(m.words[0], 9);
	EQUAL(syscall_receive(
		      SYSCALL_RECV, notification, RECV_NONBLOCK, &m, &sender),
		STATUS_AGAIN);
	OK(cnode_copy(SELF_CNODE, readonly, notification, RIGHT_READ));
	EQUAL(syscall_send(readonly, &m), STATUS_NO_RIGHT);
	return NULL;
}

static verdict_t
bound_notifications(void)
{
	cptr_t notification = make(OBJECT_NOTIFICATION, 0);
	cptr_t own = make(OBJECT_ENDPOINT, 0), slot = slot_next();
	cptr_t four = badged(notification, 4);
	cptr_t timer = make(OBJECT_TIMER, 0);
	struct message m = {0};
	struct sender sender;

	OK(tcb_bind(SELF_TCB, notification));
	OK(syscall_send(four, &m));
	EQUAL(syscall_receive(SYSCALL_RECV, own, slot, &m, &sender),
		RECV_NOTIFICATION);
	EQUAL(m.words[0], 4);
	/* And while already waiting. */
	OK(timer_set(timer, clock_ticks() + ticks_us(500), four));
	EQUAL(syscall_receive(SYSCALL_RECV, own, slot, &m, &sender),
		RECV_NOTIFICATION);
	EQUAL(m.words[0], 4);
	OK(tcb_bind(SELF_TCB, 0));
	OK(syscall_send(four, &m));
	EQUAL(syscall_receive(
		      SYSCALL_RECV, own, slot | RECV_NONBLOCK, &m, &sender),
		STATUS_AGAIN);
	return NULL;
}

static cptr_t late_endpoint, late_slot;
static volatile uint64_t late_bits;

static void
receives_late_bits(uint64_t argument)
{
	struct message m = {0};
	struct sender sender;

	(void)argument;
	if (syscall_receive(SYSCALL_RECV, late_endpoint, late_slot, &m,
		    &sender) == RECV_NOTIFICATION)
		late_bits = m.words[0];
}

/* Bits that are set already end a receive in progress, too. */
static verdict_t
binding_looks_at_the_bits(void)
{
	struct worker_setup setup = {.entry = receives_late_bits};
	cptr_t notification = make(OBJECT_NOTIFICATION, 0);
	struct message m = {0};
	struct worker worker;

	late_bits = 0;
	late_endpoint = make(OBJECT_ENDPOINT, 0);
	late_slot = slot_next();
	worker = worker_start(&setup);
	settle();
	OK(syscall_send(badged(notification, 2), &m));
	OK(tcb_bind(worker.tcb, notification));
	settle();
	EQUAL(late_bits, 2);
	return NULL;
}

static verdict_t
timers_fire_in_order(void)
{
	cptr_t notification = make(OBJECT_NOTIFICATION, 0);
	cptr_t caps[6], timers[6];
	struct message m = {0};
	struct sender sender;
	static const unsigned order[6] = {3, 0, 5, 1, 4, 2};
	uint64_t start = clock_ticks() + ticks_us(200);

	for (unsigned i = 0; i < 6; i++) {
		caps[i] = badged(notification, UINT64_C(1) << i);
		timers[i] = make(OBJECT_TIMER, 0);
	}
	for (unsigned i = 0; i < 6; i++)
		OK(timer_set(timers[order[i]], start + ticks_us(300) * order[i],
			caps[order[i]]));
	OK(timer_cancel(timers[4]));
	for (unsigned i = 0; i < 6; i++) {
		if (i == 4)
			continue;
		EQUAL(syscall_receive(
			      SYSCALL_RECV, notification, 0, &m, &sender),
			RECV_NOTIFICATION);
		EQUAL(m.words[0], 1 << i);
		CHECK(clock_ticks() >= start + ticks_us(300) * i);
		CHECK(clock_ticks() <
			start + ticks_us(300) * i + ticks_us(200));
	}
	OK(timer_set(timers[0], 1, caps[0]));
	EQUAL(syscall_receive(
		      SYSCALL_RECV, notification, RECV_NONBLOCK, &m, &sender),
		RECV_NOTIFICATION);
	return NULL;
}

const struct test tests_ipc[] = {
	{"words_in_registers", words_in_registers},
	{"words_in_the_utcb", words_in_the_utcb},
	{"messages_refused", messages_refused},
	{"badge_and_tag_arrive", badge_and_tag_arrive},
	{"dropped_replies_are_told", dropped_replies_are_told},
	{"answers_by_send", answers_by_send},
	{"receive_without_blocking", receive_without_blocking},
	{"capabilities_travel", capabilities_travel},
	{"capabilities_come_with_answers", capabilities_come_with_answers},
	{"death_of_an_endpoint", death_of_an_endpoint},
	{"notifications", notifications},
	{"bound_notifications", bound_notifications},
	{"binding_looks_at_the_bits", binding_looks_at_the_bits},
	{"timers_fire_in_order", timers_fire_in_order},
	{NULL, NULL},
};
