/* SPDX-License-Identifier: MIT */
/*
 * Scheduling: equal threads get equal time, higher ones go first, FIFO and
 * batch threads have no slice.
 */
#include "harness.h"

static volatile uint64_t counts[4];
static volatile uint64_t order[8], order_length;

static void
spin(uint64_t index)
{
	for (;;)
		counts[index]++;
}

static void
note(uint64_t index)
{
	order[order_length++] = index;
}

static void
wait_us(uint64_t us)
{
	cptr_t notification = badged(make(OBJECT_NOTIFICATION, 0), 1);
	cptr_t timer = make(OBJECT_TIMER, 0);
	struct message m = {0};
	struct sender sender;

	timer_set(timer, clock_ticks() + ticks_us(us), notification);
	syscall_receive(SYSCALL_RECV, notification, 0, &m, &sender);
}

static verdict_t
equal_time(uint32_t threads, uint64_t slice_us)
{
	struct worker_setup setup = {.entry = spin};
	struct worker workers[4];
	uint64_t least, most;

	for (unsigned i = 0; i < threads; i++) {
		counts[i] = 0;
		setup.argument = i;
		workers[i] = worker_start(&setup);
		OK(tcb_set_schedule(
			workers[i].tcb, 0, PRIORITY_LOW, slice_us, 1));
	}
	wait_us(2000000);
	least = most = counts[0];
	for (unsigned i = 1; i < threads; i++) {
		least = counts[i] < least ? counts[i] : least;
		most = counts[i] > most ? counts[i] : most;
	}
	CHECK(least > 0);
	CHECK((most - least) * 20 < most);
	return NULL;
}

static verdict_t
equal_threads_get_equal_time(void)
{
	return equal_time(3, 10000);
}

static verdict_t
short_slices_too(void)
{
	return equal_time(4, 500);
}

static verdict_t
higher_goes_first(void)
{
	struct worker_setup setup = {.entry = note};
	static const uint32_t priorities[4] = {90, 120, 100, 110};

	order_length = 0;
	for (unsigned i = 0; i < 4; i++) {
		setup.argument = i;
		setup.priority = priorities[i];
		CHECK(worker_start(&setup).tcb);
	}
	settle();
	EQUAL(order_length, 4);
	EQUAL(order[0], 1);
	EQUAL(order[1], 3);
	EQUAL(order[2], 2);
	EQUAL(order[3], 0);
	return NULL;
}

static verdict_t
no_slice(uint32_t policy)
{
	struct worker_setup setup = {.entry = spin, .hold = true};
	struct worker workers[2];

	counts[0] = counts[1] = 0;
	for (unsigned i = 0; i < 2; i++) {
		setup.argument = i;
		workers[i] = worker_start(&setup);
		OK(tcb_set_schedule(
			workers[i].tcb, policy, PRIORITY_LOW, 1000, 1));
	}
	OK(tcb_resume(workers[0].tcb));
	OK(tcb_resume(workers[1].tcb));
	wait_us(50000);
	CHECK(counts[0] > 0);
	EQUAL(counts[1], 0);
	/* It gives way when it is stopped, and to a higher one. */
	OK(tcb_suspend(workers[0].tcb));
	wait_us(5000);
	CHECK(counts[1] > 0);
	return NULL;
}

static verdict_t
fifo_has_no_slice(void)
{
	return no_slice(1);
}

static verdict_t
batch_has_no_slice(void)
{
	return no_slice(2);
}

static void
yielder(uint64_t index)
{
	for (unsigned i = 0; i < 4; i++) {
		note(index);
		syscall_yield();
	}
}

static verdict_t
yield_goes_round(void)
{
	struct worker_setup setup = {.entry = yielder};

	order_length = 0;
	setup.argument = 0;
	CHECK(worker_start(&setup).tcb);
	setup.argument = 1;
	CHECK(worker_start(&setup).tcb);
	settle();
	EQUAL(order_length, 8);
	for (unsigned i = 0; i < 8; i++)
		EQUAL(order[i], i % 2);
	return NULL;
}

/* Who runs after whom, two bits a turn, a one above the first. Each spinner
 * adds itself when it finds another one's turn there, by one atomic step. */
static uint64_t turns;

static void
note_turns(uint64_t index)
{
	for (;;) {
		uint64_t old = __atomic_load_n(&turns, __ATOMIC_RELAXED);

		if (old >> 16 == 0 && (old == 1 || (old & 3) != index))
			__atomic_compare_exchange_n(&turns, &old,
				old << 2 | index, false, __ATOMIC_RELAXED,
				__ATOMIC_RELAXED);
	}
}

static verdict_t
slices_end_in_fifo_order(void)
{
	struct worker_setup setup = {.entry = note_turns};

	turns = 1;
	for (unsigned i = 0; i < 3; i++) {
		setup.argument = i;
		CHECK(worker_start(&setup).tcb);
	}
	wait_us(200000);
	/* One, then 0, 1, 2, 0, 1, 2, 0, 1. */
	EQUAL(turns, 0x11861);
	return NULL;
}

/* The one that waits for its slice is ready, and each slice is counted. */
static verdict_t
turns_are_counted(void)
{
	struct worker_setup setup = {.entry = spin};
	struct worker workers[2];
	uint64_t state, other, involuntary[2], times[2];

	for (unsigned i = 0; i < 2; i++) {
		setup.argument = i;
		workers[i] = worker_start(&setup);
	}
	wait_us(205000);
	for (unsigned i = 0; i < 2; i++) {
		OK(tcb_info(workers[i].tcb, &state, &other, &other, &other,
			&involuntary[i], &other, &times[i]));
		EQUAL(state, 1);
	}
	/* 20 slices and a half of 10 ms; some end when the test itself ran. */
	CHECK(times[0] + times[1] >= 20 && times[0] + times[1] <= 24);
	CHECK(times[0] - times[1] + 2 <= 4);
	CHECK(involuntary[0] >= 9 && involuntary[1] >= 9);
	return NULL;
}

static void
ends_itself(uint64_t index)
{
	note(index);
	tcb_stop(utcb_self()->user[1]);
	note(index + 4);
	spin(index);
}

/* Who exits never runs again; the next one does, at once. */
static verdict_t
after_an_exit_the_next_one_runs(void)
{
	struct worker_setup setup = {.entry = ends_itself};
	struct worker one, two;
	uint64_t start;

	order_length = 0;
	counts[0] = counts[1] = 0;
	one = worker_start(&setup);
	setup.argument = 1;
	two = worker_start(&setup);
	start = clock_ticks();
	settle();
	CHECK(clock_ticks() - start < ticks_us(10000));
	EQUAL(order_length, 2);
	EQUAL(order[0], 0);
	EQUAL(order[1], 1);
	EQUAL(worker_state(&one), 0);
	EQUAL(worker_state(&two), 0);
	EQUAL(counts[0] + counts[1], 0);
	return NULL;
}

/* Neither who is stopped in the queue nor who is deleted while its slice was
 * interrupted. */
static verdict_t
the_dead_do_not_run(void)
{
	struct worker_setup setup = {.entry = spin};
	struct worker workers[3];
	uint64_t seen[2];

	for (unsigned i = 0; i < 3; i++) {
		counts[i] = 0;
		setup.argument = i;
		workers[i] = worker_start(&setup);
		OK(tcb_set_schedule(workers[i].tcb, 0, PRIORITY_LOW, 500, 1));
	}
	wait_us(5200);
	OK(tcb_stop(workers[0].tcb));
	OK(cnode_delete(SELF_CNODE, workers[1].tcb));
	seen[0] = counts[0];
	seen[1] = counts[1];
	CHECK(seen[0] > 0 && seen[1] > 0);
	wait_us(20000);
	EQUAL(counts[0], seen[0]);
	EQUAL(counts[1], seen[1]);
	seen[0] = counts[2];
	wait_us(5000);
	CHECK(counts[2] > seen[0]);
	return NULL;
}

static cptr_t endpoint;

static void
calling(uint64_t index)
{
	struct message m = {0};

	for (;;) {
		m.info = message_info(1, 0, 0, 0);
		syscall_call(endpoint, &m);
		counts[index]++;
	}
}

static void
serving(uint64_t slot)
{
	struct message m = {0};
	struct sender sender;

	syscall_receive(SYSCALL_RECV, endpoint, slot, &m, &sender);
	for (;;) {
		m.info = 0;
		syscall_receive(
			SYSCALL_REPLY_RECV, endpoint, slot, &m, &sender);
	}
}

/* Whoever has a server work for it pays for that with its own slice. */
static verdict_t
callers_share_fairly(void)
{
	struct worker_setup setup = {
		.entry = serving, .priority = PRIORITY_HIGH};
	struct worker one, two;
	uint64_t state, user[2], system[2], other;

	endpoint = make(OBJECT_ENDPOINT, 0);
	setup.argument = slot_next();
	CHECK(worker_start(&setup).tcb);
	setup.priority = PRIORITY_LOW;
	setup.entry = calling;
	setup.argument = 0;
	one = worker_start(&setup);
	setup.entry = spin;
	setup.argument = 1;
	two = worker_start(&setup);
	wait_us(1000000);
	OK(tcb_info(one.tcb, &state, &user[0], &system[0], &other, &other,
		&other, &other));
	OK(tcb_info(two.tcb, &state, &user[1], &system[1], &other, &other,
		&other, &other));
	user[0] += system[0];
	user[1] += system[1];
	CHECK(user[0] < user[1] + user[1] / 10);
	CHECK(user[1] < user[0] + user[0] / 10);
	return NULL;
}

/* What a server does with its client, and who must not starve by it. */
static struct worker client, other;
static cptr_t reply;

static void
calls_then_spins(uint64_t index)
{
	struct message m = {0};

	syscall_call(endpoint, &m);
	spin(index);
}

static void
receive_call(void)
{
	struct message m = {0};
	struct sender sender;

	syscall_receive(SYSCALL_RECV, endpoint, reply, &m, &sender);
}

/* A server, its client that goes on as spinner 0, and spinner 1, all equal;
 * the last is held if the server is to start it. Whether spinner 1 came to
 * run. */
static verdict_t
equals_of_a_served_thread(void (*server)(uint64_t), bool hold, uint32_t policy)
{
	struct worker_setup setup = {.entry = server};

	counts[0] = counts[1] = 0;
	endpoint = make(OBJECT_ENDPOINT, 0);
	reply = slot_next();
	CHECK(worker_start(&setup).tcb);
	settle();
	setup.entry = calls_then_spins;
	setup.hold = true;
	client = worker_start(&setup);
	OK(tcb_set_schedule(client.tcb, policy, PRIORITY_LOW, 10000, 1));
	setup.entry = spin;
	setup.argument = 1;
	other = worker_start(&setup);
	OK(tcb_resume(client.tcb));
	if (!hold)
		OK(tcb_resume(other.tcb));
	wait_us(200000);
	CHECK(counts[1] > 0);
	return NULL;
}

static void
keeps_the_call(uint64_t index)
{
	receive_call();
	spin(index + 2);
}

static verdict_t
server_that_works_on_has_a_slice(void)
{
	return equals_of_a_served_thread(keeps_the_call, false, 0);
}

static void
ends_the_client(uint64_t index)
{
	receive_call();
	cnode_delete(SELF_CNODE, client.tcb);
	spin(index + 2);
}

static verdict_t
slice_outlives_its_owner(void)
{
	return equals_of_a_served_thread(ends_the_client, false, 0);
}

static void
answers_and_outlasts(uint64_t index)
{
	struct message m = {0};
	uint64_t start;

	(void)index;
	receive_call();
	syscall_send(reply, &m);
	tcb_resume(other.tcb);
	start = clock_ticks();
	while (clock_ticks() - start < ticks_us(30000))
		;
	receive_call();
}

static verdict_t
slice_ends_while_its_owner_is_ready(void)
{
	return equals_of_a_served_thread(answers_and_outlasts, true, 0);
}

static void
makes_it_round_robin(uint64_t index)
{
	struct message m = {0};
	struct sender sender;

	(void)index;
	receive_call();
	tcb_set_schedule(client.tcb, 0, PRIORITY_LOW, 10000, 1);
	tcb_resume(other.tcb);
	syscall_receive(SYSCALL_REPLY_RECV, endpoint, reply, &m, &sender);
}

static verdict_t
fifo_made_round_robin_has_a_slice(void)
{
	return equals_of_a_served_thread(makes_it_round_robin, true, 1);
}

const struct test tests_sched[] = {
	{"equal_threads_get_equal_time", equal_threads_get_equal_time},
	{"short_slices_too", short_slices_too},
	{"higher_goes_first", higher_goes_first},
	{"fifo_has_no_slice", fifo_has_no_slice},
	{"batch_has_no_slice", batch_has_no_slice},
	{"yield_goes_round", yield_goes_round},
	{"slices_end_in_fifo_order", slices_end_in_fifo_order},
	{"turns_are_counted", turns_are_counted},
	{"after_an_exit_the_next_one_runs", after_an_exit_the_next_one_runs},
	{"the_dead_do_not_run", the_dead_do_not_run},
	{"callers_share_fairly", callers_share_fairly},
	{"server_that_works_on_has_a_slice", server_that_works_on_has_a_slice},
	{"slice_outlives_its_owner", slice_outlives_its_owner},
	{"slice_ends_while_its_owner_is_ready",
		slice_ends_while_its_owner_is_ready},
	{"fifo_made_round_robin_has_a_slice",
		fifo_made_round_robin_has_a_slice},
	{NULL, NULL},
};
