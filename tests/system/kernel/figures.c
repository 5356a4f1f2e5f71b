/* SPDX-License-Identifier: MIT */
/*
 * What operations cost, in executed instructions: the counter is exact under
 * QEMU's -icount. Each figure is the mean of many rounds, the loop included.
 */
#include "arch.h"
#include "harness.h"

#define ROUNDS 1000

static cptr_t endpoint, reply;
static volatile uint64_t cost;
static unsigned words;

static void
echo_server(uint64_t argument)
{
	struct message m = {0};
	struct sender sender;

	(void)argument;
	syscall_receive(SYSCALL_RECV, endpoint, reply, &m, &sender);
	for (;;) {
		m.info = message_info(0, words, 0, 0);
		syscall_receive(
			SYSCALL_REPLY_RECV, endpoint, reply, &m, &sender);
	}
}

static void
echo_client(uint64_t argument)
{
	struct message m = {0};
	uint64_t start;

	(void)argument;
	for (unsigned i = 0; i < 10; i++) {
		m.info = message_info(1, words, 0, 0);
		syscall_call(endpoint, &m);
	}
	start = instructions();
	for (unsigned i = 0; i < ROUNDS; i++) {
		m.info = message_info(1, words, 0, 0);
		syscall_call(endpoint, &m);
	}
	cost = (instructions() - start) / ROUNDS;
}

static verdict_t
call_figure(const char *name, unsigned length, bool other_space)
{
	struct worker_setup server = {
		.entry = echo_server, .priority = PRIORITY_HIGH};
	struct worker_setup client = {.entry = echo_client};

	cost = 0;
	words = length;
	endpoint = make(OBJECT_ENDPOINT, 0);
	reply = slot_next();
	if (other_space)
		server.space = space_make();
	CHECK(worker_start(&server).tcb);
	CHECK(worker_start(&client).tcb);
	settle();
	settle();
	CHECK(cost > 0);
	figure(name, cost);
	return NULL;
}

static verdict_t
calls(void)
{
	return call_figure("ipc_call_reply", 4, true);
}

static verdict_t
calls_same_space(void)
{
	return call_figure("ipc_call_reply_same_space", 4, false);
}

static verdict_t
long_calls(void)
{
	return call_figure("ipc_call_reply_10_words", 10, true);
}

static verdict_t
signals(void)
{
	cptr_t notification = badged(make(OBJECT_NOTIFICATION, 0), 1);
	struct message m = {0};
	uint64_t start = instructions();

	for (unsigned i = 0; i < ROUNDS; i++)
		syscall_send(notification, &m);
	figure("notification_signal", (instructions() - start) / ROUNDS);
	return NULL;
}

static verdict_t
mappings(void)
{
	cptr_t frame = make(OBJECT_FRAME, 256);
	uint64_t done, level, start, total = 0, run = 0;

	OK(space_map(SELF_VSPACE, SCRATCH, frame, 0, 1, RIGHT_READ));
	OK(vspace_unmap(SELF_VSPACE, SCRATCH, 1));
	for (unsigned i = 0; i < 100; i++) {
		start = instructions();
		vspace_map(SELF_VSPACE, SCRATCH, frame, i, 1, RIGHT_READ, &done,
			&level);
		total += instructions() - start;
		vspace_unmap(SELF_VSPACE, SCRATCH, 1);
		start = instructions();
		vspace_map(SELF_VSPACE, SCRATCH, frame, 0, 256, RIGHT_READ,
			&done, &level);
		run += instructions() - start;
		vspace_unmap(SELF_VSPACE, SCRATCH, 256);
	}
	figure("map_one_page", total / 100);
	figure("map_per_page_in_run_of_256", run / 100 / 256);
	return NULL;
}

static verdict_t
retypes(void)
{
	uint64_t start, total = 0;
	cptr_t slot = slot_next();

	for (unsigned i = 0; i < 50; i++) {
		start = instructions();
		untyped_retype(
			untyped, OBJECT_FRAME, 1, 1, SELF_CNODE, slot, 0);
		total += instructions() - start;
		cnode_delete(SELF_CNODE, slot);
	}
	figure("retype_one_frame", total / 50);
	return NULL;
}

/* RESUME without having done anything brings the same fault again. */
static void
fault_client(uint64_t address)
{
	arch_probe(address);
}

static void
fault_server(uint64_t argument)
{
	struct message m = {0};
	struct sender sender;
	uint64_t start = 0;

	(void)argument;
	syscall_receive(SYSCALL_RECV, endpoint, reply, &m, &sender);
	for (unsigned i = 0; i < ROUNDS + 10; i++) {
		if (i == 10)
			start = instructions();
		m.info = message_info(FAULT_ANSWER_RESUME, 0, 0, 0);
		syscall_receive(
			SYSCALL_REPLY_RECV, endpoint, reply, &m, &sender);
	}
	cost = (instructions() - start) / ROUNDS;
}

static verdict_t
faults(void)
{
	struct worker_setup server = {
		.entry = fault_server, .priority = PRIORITY_HIGH};
	struct worker_setup client = {
		.entry = fault_client, .argument = SCRATCH};

	cost = 0;
	endpoint = make(OBJECT_ENDPOINT, 0);
	reply = slot_next();
	server.space = space_make();
	client.fault = endpoint;
	CHECK(worker_start(&server).tcb);
	CHECK(worker_start(&client).tcb);
	settle();
	settle();
	CHECK(cost > 0);
	figure("fault_round_trip", cost);
	return NULL;
}

static void
upcall_client(uint64_t argument)
{
	uint64_t start = instructions();

	(void)argument;
	for (unsigned i = 0; i < ROUNDS; i++)
		arch_syscall(0);
	cost = (instructions() - start) / ROUNDS;
	for (;;)
		;
}

static verdict_t
upcalls(void)
{
	struct worker_setup setup = {.entry = upcall_client, .hold = true};
	struct worker worker = worker_start(&setup);

	cost = 0;
	OK(tcb_set_redirect(worker.tcb, (vaddr_t)plain_shim_start,
		(vaddr_t)plain_shim_end, (vaddr_t)plain_shim_upcall,
		(vaddr_t)plain_shim_start));
	OK(tcb_resume(worker.tcb));
	settle();
	CHECK(cost > 0);
	figure("upcall_and_return", cost);
	return NULL;
}

static verdict_t
smallest_invocation(void)
{
	uint64_t start = instructions(), rights;
	uint32_t type;

	for (unsigned i = 0; i < ROUNDS; i++)
		cnode_inspect(SELF_CNODE, 1, &type, &rights);
	figure("invocation_inspect", (instructions() - start) / ROUNDS);
	start = instructions();
	for (unsigned i = 0; i < ROUNDS; i++)
		syscall_yield();
	figure("yield_alone", (instructions() - start) / ROUNDS);
	return NULL;
}

const struct test tests_figures[] = {
	{"figure_calls", calls},
	{"figure_calls_same_space", calls_same_space},
	{"figure_long_calls", long_calls},
	{"figure_signals", signals},
	{"figure_mappings", mappings},
	{"figure_retypes", retypes},
	{"figure_faults", faults},
	{"figure_upcalls", upcalls},
	{"figure_small_calls", smallest_invocation},
	{NULL, NULL},
};
