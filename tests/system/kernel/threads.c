/* SPDX-License-Identifier: MIT */
/*
 * Threads: states, registers, suspension, floating point, what is refused.
 */
#include "arch.h"
#include "harness.h"

static volatile uint64_t counter;

static void
count_once(uint64_t argument)
{
	counter += argument;
}

static void
count_forever(uint64_t argument)
{
	for (;;)
		counter += argument;
}

static verdict_t
life_of_a_thread(void)
{
	struct worker_setup setup = {
		.entry = count_once, .argument = 5, .hold = true};
	struct worker worker = worker_start(&setup);

	counter = 0;
	CHECK(worker.tcb);
	EQUAL(worker_state(&worker), 0);
	OK(tcb_resume(worker.tcb));
	EQUAL(worker_state(&worker), 1);
	settle();
	EQUAL(counter, 5);
	EQUAL(worker_state(&worker), 0);
	return NULL;
}

static verdict_t
suspend_and_resume(void)
{
	struct worker_setup setup = {.entry = count_forever, .argument = 1};
	struct worker worker = worker_start(&setup);
	uint64_t seen;

	counter = 0;
	settle();
	CHECK(counter > 0);
	OK(tcb_suspend(worker.tcb));
	EQUAL(worker_state(&worker), 4);
	seen = counter;
	settle();
	EQUAL(counter, seen);
	OK(tcb_resume(worker.tcb));
	settle();
	CHECK(counter > seen);
	OK(tcb_stop(worker.tcb));
	EQUAL(worker_state(&worker), 0);
	seen = counter;
	settle();
	EQUAL(counter, seen);
	return NULL;
}

static verdict_t
registers_read_and_written(void)
{
	struct worker_setup setup = {.entry = count_forever, .argument = 1};
	struct worker worker = worker_start(&setup);
	uint64_t registers[32], pc;

	counter = 0;
	settle();
	OK(tcb_suspend(worker.tcb));
	OK(tcb_read_registers(worker.tcb, registers, arch_registers));
	pc = registers[0];
	CHECK(pc >= boot->image_address);
	EQUAL(registers[arch_utcb], (uint64_t)worker.utcb);
	registers[0] = (uint64_t)count_once;
	registers[arch_argument] = 1000000;
	counter = 0;
	OK(tcb_write_registers(worker.tcb, registers, arch_registers));
	OK(tcb_resume(worker.tcb));
	settle();
	EQUAL(counter, 1000000);
	return NULL;
}

static verdict_t
configure_refuses(void)
{
	cptr_t tcb = make(OBJECT_TCB, 0), frame = make(OBJECT_FRAME, 1);
	struct worker_setup setup = {.entry = count_forever};
	struct worker worker;

	EQUAL(tcb_resume(tcb), STATUS_NOT_READY);
	EQUAL(tcb_configure(tcb, SELF_VSPACE, SELF_VSPACE, 0, 0, 0, 0, 0),
		STATUS_INVALID_CAP);
	EQUAL(tcb_configure(tcb, SELF_CNODE, SELF_CNODE, 0, 0, 0, 0, 0),
		STATUS_INVALID_CAP);
	EQUAL(tcb_configure(
		      tcb, SELF_CNODE, SELF_VSPACE, frame, 4096, SCRATCH, 0, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(tcb_configure(
		      tcb, SELF_CNODE, SELF_VSPACE, frame, 8, SCRATCH, 0, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(tcb_configure(tcb, SELF_CNODE, SELF_VSPACE, frame, 1024,
		      ARCH_KERNEL_IMAGE, 0, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(tcb_configure(tcb, SELF_CNODE, SELF_VSPACE, 0, 0, 0, frame, 0),
		STATUS_INVALID_CAP);
	EQUAL(tcb_set_redirect(tcb, 0x1000, 0x2000, 0x1000, 0x1000),
		STATUS_NOT_READY);
	EQUAL(tcb_set_schedule(tcb, 3, 1, 1000, 1), STATUS_INVALID_ARGUMENT);
	EQUAL(tcb_set_schedule(tcb, 0, 255, 1000, 1), STATUS_INVALID_ARGUMENT);
	EQUAL(tcb_set_schedule(tcb, 0, 1, 0, 1), STATUS_INVALID_ARGUMENT);
	EQUAL(tcb_set_schedule(tcb, 0, 1, 1000, 0), STATUS_INVALID_ARGUMENT);
	worker = worker_start(&setup);
	EQUAL(tcb_configure(worker.tcb, SELF_CNODE, SELF_VSPACE, 0, 0, 0, 0, 0),
		STATUS_BUSY);
	return NULL;
}

static volatile uint64_t schedule_result;

static void
raise_self(uint64_t tcb)
{
	schedule_result =
		(uint64_t)tcb_set_schedule(tcb, 0, PRIORITY_HIGH, 1000, 1);
}

static verdict_t
nobody_rises_above_himself(void)
{
	struct worker_setup setup = {.entry = raise_self};
	cptr_t tcb = make(OBJECT_TCB, 0);

	setup.argument = tcb;
	schedule_result = 1;
	CHECK(worker_start(&setup).tcb);
	settle();
	EQUAL(schedule_result, STATUS_FORBIDDEN);
	return NULL;
}

volatile uint64_t fp_rounds, fp_broken;

static verdict_t
floating_point_survives_switches(void)
{
	struct worker_setup setup = {.entry = fp_worker};
	struct worker workers[3];

	fp_rounds = 0;
	fp_broken = 0;
	for (unsigned i = 0; i < 3; i++) {
		setup.argument = 0x1000 * (i + 1) + i;
		workers[i] = worker_start(&setup);
		OK(tcb_set_schedule(workers[i].tcb, 0, PRIORITY_LOW, 300, 1));
	}
	for (unsigned i = 0; i < 5; i++)
		settle();
	EQUAL(fp_broken, 0);
	CHECK(fp_rounds > 3);
	return NULL;
}

static volatile uint64_t forked;
static cptr_t fork_endpoint;

static void
forker(uint64_t argument)
{
	struct message m = {0};
	volatile uint64_t local = argument;

	syscall_call(fork_endpoint, &m);
	forked += local * 100 + m.words[0];
	for (;;)
		syscall_call(fork_endpoint, &m);
}

static verdict_t
contexts_are_copied(void)
{
	struct worker_setup setup = {.entry = forker, .argument = 7};
	struct worker parent, child;
	struct message m = {0};
	struct sender sender;
	cptr_t slot = slot_next();

	forked = 0;
	fork_endpoint = make(OBJECT_ENDPOINT, 0);
	parent = worker_start(&setup);
	OK(syscall_receive(SYSCALL_RECV, fork_endpoint, slot, &m, &sender));
	setup.hold = true;
	child = worker_start(&setup);
	EQUAL(tcb_copy_context(parent.tcb, child.tcb, 0), STATUS_BUSY);
	OK(tcb_copy_context(child.tcb, parent.tcb, 3));
	OK(tcb_resume(child.tcb));
	settle();
	EQUAL(forked, 703);
	m.info = message_info(0, 1, 0, 0);
	m.words[0] = 9;
	OK(syscall_send(slot, &m));
	settle();
	EQUAL(forked, 703 + 709);
	return NULL;
}

static verdict_t
death_of_a_thread(void)
{
	struct worker_setup setup = {.entry = forker};
	struct worker worker;
	struct message m = {0};
	struct sender sender;
	cptr_t slot = slot_next();
	uint32_t type;
	uint64_t rights;

	fork_endpoint = make(OBJECT_ENDPOINT, 0);
	worker = worker_start(&setup);
	OK(syscall_receive(SYSCALL_RECV, fork_endpoint, slot, &m, &sender));
	OK(cnode_delete(SELF_CNODE, worker.tcb));
	OK(cnode_inspect(SELF_CNODE, slot, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	return NULL;
}

static verdict_t
loss_of_the_address_space(void)
{
	cptr_t child = make(OBJECT_UNTYPED, 8);
	struct worker_setup setup = {.entry = count_forever, .argument = 1};
	cptr_t space = space_make();
	cptr_t inner = slot_next();
	struct worker worker;

	CHECK(space);
	OK(untyped_retype(child, OBJECT_VSPACE, 0, 1, SELF_CNODE, inner, 0));
	setup.space = inner;
	setup.hold = true;
	worker = worker_start(&setup);
	OK(tcb_resume(worker.tcb));
	OK(cnode_revoke(SELF_CNODE, child));
	EQUAL(worker_state(&worker), 0);
	EQUAL(tcb_resume(worker.tcb), STATUS_NOT_READY);
	settle();
	return NULL;
}

static verdict_t
accounting(void)
{
	struct worker_setup setup = {.entry = count_forever};
	struct worker worker = worker_start(&setup);
	uint64_t state, user, system, voluntary, involuntary, faults, times;
	unsigned i;

	for (i = 0; i < 4; i++)
		settle();
	OK(tcb_info(worker.tcb, &state, &user, &system, &voluntary,
		&involuntary, &faults, &times));
	CHECK(user > ticks_us(8000));
	CHECK(user < ticks_us(14000));
	CHECK(system < user / 4);
	CHECK(involuntary >= 4);
	CHECK(times >= 4);
	EQUAL(faults, 0);
	return NULL;
}

const struct test tests_threads[] = {
	{"life_of_a_thread", life_of_a_thread},
	{"suspend_and_resume", suspend_and_resume},
	{"registers_read_and_written", registers_read_and_written},
	{"configure_refuses", configure_refuses},
	{"nobody_rises_above_himself", nobody_rises_above_himself},
	{"floating_point_survives_switches", floating_point_survives_switches},
	{"contexts_are_copied", contexts_are_copied},
	{"death_of_a_thread", death_of_a_thread},
	{"loss_of_the_address_space", loss_of_the_address_space},
	{"accounting", accounting},
	{NULL, NULL},
};
