/* SPDX-License-Identifier: MIT */
/*
 * Ways into the kernel and back (rows A8, A12, Y2, Y7): nothing of a thread is
 * lost or mixed up on them, and nothing that it holds can hurt the kernel.
 */
#include "arch.h"
#include "harness.h"

#define REGISTERS_MAX 32
#define SHORT_US 300

static struct worker
checker(void (*entry)(void), uint64_t pattern)
{
	struct worker_setup setup = {.entry = 0, .hold = true};
	struct worker worker = worker_start(&setup);
	uint64_t registers[REGISTERS_MAX];

	for (unsigned i = 0; i < arch_registers; i++)
		registers[i] = arch_pattern(i, pattern);
	registers[0] = (uint64_t)entry;
	if (tcb_set_schedule(worker.tcb, 0, PRIORITY_LOW, SHORT_US, 1) ||
		tcb_write_registers(worker.tcb, registers, arch_registers) ||
		tcb_resume(worker.tcb))
		worker.tcb = 0;
	return worker;
}

static verdict_t
every_register_is_restored_and_saved(void)
{
	uint64_t pattern = UINT64_C(0x8000123456789000), got[REGISTERS_MAX];
	struct worker worker;

	arch_rounds = arch_broken = 0;
	worker = checker(arch_check, pattern);
	CHECK(worker.tcb);
	settle();
	CHECK(arch_rounds > 0);
	EQUAL(arch_broken, 0);
	OK(tcb_suspend(worker.tcb));
	OK(tcb_read_registers(worker.tcb, got, arch_registers));
	for (unsigned i = 0; i < arch_registers; i++)
		if (arch_is_kept(i))
			EQUAL(got[i], arch_pattern(i, pattern));
	return NULL;
}

/* By the clock, by their own wish, and by a higher one that wakes. */
static verdict_t
registers_survive_every_switch(void)
{
	uint64_t rounds;

	arch_rounds = arch_broken = 0;
	for (uint64_t i = 1; i <= 4; i++)
		CHECK(checker(i % 2 ? arch_check : arch_check_yielding,
			i * UINT64_C(0x1111111111111111))
				.tcb);
	for (unsigned i = 0; i < 10; i++) {
		rounds = arch_rounds;
		settle();
		EQUAL(arch_broken, 0);
		CHECK(arch_rounds > rounds);
	}
	return NULL;
}

#define OWN_WORDS 64
#define OWN_WORKERS 3

static volatile uint64_t own_rounds[OWN_WORKERS], own_broken;

static void
looks_at_its_stack(uint64_t index)
{
	volatile uint64_t words[OWN_WORDS];
	unsigned i;

	for (i = 0; i < OWN_WORDS; i++)
		words[i] = index * 1000 + i;
	for (;;) {
		for (i = 0; i < OWN_WORDS; i++)
			if (words[i] != index * 1000 + i)
				own_broken = 1;
		if (utcb_self()->user[1] != own_rounds[index] >> 32)
			own_broken = 2;
		own_rounds[index]++;
	}
}

static verdict_t
each_resumes_on_its_own_stack(void)
{
	struct worker_setup setup = {.entry = looks_at_its_stack};
	struct worker workers[OWN_WORKERS];

	own_broken = 0;
	for (unsigned i = 0; i < OWN_WORKERS; i++) {
		setup.argument = i;
		setup.hold = true;
		workers[i] = worker_start(&setup);
		CHECK(workers[i].tcb);
		own_rounds[i] = (uint64_t)workers[i].tcb << 32;
		OK(tcb_set_schedule(
			workers[i].tcb, 0, PRIORITY_LOW, SHORT_US, 1));
		OK(tcb_resume(workers[i].tcb));
	}
	for (unsigned i = 0; i < 10; i++)
		settle();
	EQUAL(own_broken, 0);
	for (unsigned i = 0; i < OWN_WORKERS; i++)
		CHECK((uint32_t)own_rounds[i] > 10);
	return NULL;
}

static volatile uint64_t space_broken, space_rounds[2];

static void
looks_at_its_space(uint64_t index)
{
	for (;;) {
		if (*(volatile uint64_t *)NOWHERE != 500 + index)
			space_broken = 1;
		space_rounds[index]++;
	}
}

/* Different pages at one address. */
static verdict_t
each_runs_in_its_own_space(void)
{
	struct worker_setup setup = {.entry = looks_at_its_space, .hold = true};

	space_broken = 0;
	for (uint64_t i = 0; i < 2; i++) {
		cptr_t frame = make(OBJECT_FRAME, 1);
		uint64_t value = 500 + i;
		struct worker worker;

		space_rounds[i] = 0;
		setup.space = space_make();
		CHECK(setup.space);
		OK(frame_write(frame, 0, sizeof(value), (vaddr_t)&value));
		OK(space_map(setup.space, NOWHERE, frame, 0, 1, RIGHT_READ));
		setup.argument = i;
		worker = worker_start(&setup);
		CHECK(worker.tcb);
		OK(tcb_set_schedule(worker.tcb, 0, PRIORITY_LOW, SHORT_US, 1));
		OK(tcb_resume(worker.tcb));
	}
	for (unsigned i = 0; i < 5; i++)
		settle();
	EQUAL(space_broken, 0);
	CHECK(space_rounds[0] > 0 && space_rounds[1] > 0);
	return NULL;
}

static const uint64_t bad_stacks[] = {0, 1, 8, ARCH_USER_LAST,
	UINT64_C(0x8000000000000000), ARCH_KERNEL_MAP, ARCH_KERNEL_IMAGE,
	UINT64_MAX - 7};
#define BAD_STACKS (sizeof(bad_stacks) / sizeof(bad_stacks[0]))

/* System call, fault and clock with a stack pointer that leads nowhere, or
 * into the kernel. */
static verdict_t
stacks_of_users_do_not_matter(void)
{
	struct worker_setup setup = {.tag = 0x51};
	struct message fault = {0};
	struct sender sender;
	cptr_t endpoint = make(OBJECT_ENDPOINT, 0), reply = slot_next();

	setup.fault = endpoint;
	for (unsigned i = 0; i < BAD_STACKS; i++) {
		struct worker worker;

		setup.entry = arch_fault_on_stack;
		setup.argument = bad_stacks[i];
		CHECK(worker_start(&setup).tcb);
		OK(syscall_receive(
			SYSCALL_RECV, endpoint, reply, &fault, &sender));
		EQUAL(message_label(fault.info), FAULT_PAGE);
		EQUAL(fault.words[0], ARCH_HOLE);
		EQUAL(fault.words[4], bad_stacks[i]);
		OK(cnode_delete(SELF_CNODE, reply));
		arch_rounds = 0;
		setup.entry = arch_spin_on_stack;
		worker = worker_start(&setup);
		settle();
		CHECK(arch_rounds > 0);
		OK(tcb_stop(worker.tcb));
	}
	return NULL;
}

static verdict_t
users_have_no_privilege(void)
{
	struct worker_setup setup = {0};
	struct message fault = {0};
	struct sender sender;
	cptr_t endpoint = make(OBJECT_ENDPOINT, 0), reply = slot_next();

	setup.fault = endpoint;
	for (size_t i = 0; i < arch_privileged_count; i++) {
		setup.entry = arch_privileged[i].run;
		CHECK(worker_start(&setup).tcb);
		OK(syscall_receive(
			SYSCALL_RECV, endpoint, reply, &fault, &sender));
		EQUAL(message_label(fault.info), ARCH_PRIVILEGED_FAULT);
		OK(cnode_delete(SELF_CNODE, reply));
	}
	return NULL;
}

const struct test tests_traps[] = {
	{"every_register_is_restored_and_saved",
		every_register_is_restored_and_saved},
	{"registers_survive_every_switch", registers_survive_every_switch},
	{"each_resumes_on_its_own_stack", each_resumes_on_its_own_stack},
	{"each_runs_in_its_own_space", each_runs_in_its_own_space},
	{"stacks_of_users_do_not_matter", stacks_of_users_do_not_matter},
	{"users_have_no_privilege", users_have_no_privilege},
	{NULL, NULL},
};
