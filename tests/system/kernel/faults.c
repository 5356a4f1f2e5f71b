/* SPDX-License-Identifier: MIT */
/*
 * Faults arrive as Calls, and each answer has its effect. The test itself is
 * the handler.
 */
#include "arch.h"
#include "harness.h"

static cptr_t endpoint, reply;
static struct worker worker;
static struct message fault;
static volatile uint64_t progress;

static void
touch(uint64_t address)
{
	progress = 1;
	*(volatile uint64_t *)address = 77;
	progress = 2;
}

static void
fetch(uint64_t address)
{
	((void (*)(void))address)();
}

static void
illegal(uint64_t argument)
{
	(void)argument;
	arch_illegal();
	progress = 2;
}

static void
breakpoint(uint64_t argument)
{
	(void)argument;
	arch_breakpoint();
	progress = 2;
}

static void
bad_syscall(uint64_t argument)
{
	arch_syscall(argument);
	progress = 2;
}

static verdict_t
fault_of(void (*entry)(uint64_t), uint64_t argument)
{
	struct worker_setup setup = {.entry = entry, .argument = argument};
	struct sender sender;

	progress = 0;
	endpoint = make(OBJECT_ENDPOINT, 0);
	reply = slot_next();
	setup.fault = badged(endpoint, 0xfa);
	setup.tag = 0x99;
	worker = worker_start(&setup);
	CHECK(worker.tcb);
	OK(syscall_receive(SYSCALL_RECV, endpoint, reply, &fault, &sender));
	EQUAL(sender.badge, 0xfa);
	EQUAL(sender.tag, 0x99);
	return NULL;
}

static status_t
answer(uint32_t label, uint64_t word)
{
	struct message m = {message_info(label, 1, 0, 0), {word}};

	return syscall_send(reply, &m);
}

#define FAULT_OF(entry, argument)                               \
	do {                                                    \
		verdict_t verdict_ = fault_of(entry, argument); \
		if (verdict_)                                   \
			return verdict_;                        \
	} while (0)

static verdict_t
page_faults_resume(void)
{
	cptr_t frame = make(OBJECT_FRAME, 1);

	FAULT_OF(touch, SCRATCH + 0x128);
	EQUAL(message_label(fault.info), FAULT_PAGE);
	EQUAL(message_length(fault.info), 5);
	EQUAL(fault.words[0], SCRATCH + 0x128);
	EQUAL(fault.words[2], RIGHT_WRITE);
	EQUAL(fault.words[3], ARCH_STORE_CAUSE);
	CHECK(fault.words[1] >= boot->image_address);
	CHECK(fault.words[4] != 0);
	EQUAL(progress, 1);
	OK(space_map(
		SELF_VSPACE, SCRATCH, frame, 0, 1, RIGHT_READ | RIGHT_WRITE));
	OK(answer(FAULT_ANSWER_RESUME, 0));
	settle();
	EQUAL(progress, 2);
	EQUAL(*(volatile uint64_t *)(SCRATCH + 0x128), 77);
	return NULL;
}

static verdict_t
protection_faults(void)
{
	cptr_t frame = make(OBJECT_FRAME, 1);

	OK(space_map(SELF_VSPACE, SCRATCH, frame, 0, 1, RIGHT_READ));
	FAULT_OF(touch, SCRATCH);
	EQUAL(message_label(fault.info), FAULT_PAGE);
	EQUAL(fault.words[2], RIGHT_WRITE);
	OK(vspace_protect(SELF_VSPACE, SCRATCH, 1, RIGHT_READ | RIGHT_WRITE));
	OK(answer(FAULT_ANSWER_RESUME, 0));
	settle();
	EQUAL(progress, 2);
	FAULT_OF(fetch, SCRATCH);
	EQUAL(message_label(fault.info), FAULT_PAGE);
	EQUAL(fault.words[2], RIGHT_EXECUTE);
	EQUAL(fault.words[1], SCRATCH);
	FAULT_OF(touch, ARCH_KERNEL_IMAGE);
	EQUAL(message_label(fault.info), FAULT_PAGE);
	FAULT_OF(touch, UINT64_C(0x8000000000000000));
	EQUAL(message_label(fault.info), FAULT_PAGE);
	return NULL;
}

static void
landing(void)
{
	progress = 3;
	for (;;)
		syscall_yield();
}

static verdict_t
resume_elsewhere(void)
{
	FAULT_OF(touch, SCRATCH);
	OK(answer(FAULT_ANSWER_RESUME_AT, (uint64_t)landing));
	settle();
	EQUAL(progress, 3);
	EQUAL(worker.utcb->fault_pc, fault.words[1]);
	EQUAL(worker.utcb->fault_address, SCRATCH);
	EQUAL(worker.utcb->fault_cause, ARCH_STORE_CAUSE);
	return NULL;
}

static verdict_t
suspend_after_a_fault(void)
{
	FAULT_OF(touch, SCRATCH);
	OK(answer(FAULT_ANSWER_SUSPEND, 0));
	settle();
	EQUAL(worker_state(&worker), 4);
	EQUAL(progress, 1);
	/* A dropped fault suspends, too. */
	FAULT_OF(touch, SCRATCH);
	OK(cnode_delete(SELF_CNODE, reply));
	EQUAL(worker_state(&worker), 4);
	/* And an answer that is none. */
	FAULT_OF(touch, SCRATCH);
	OK(answer(1234, 0));
	EQUAL(worker_state(&worker), 4);
	return NULL;
}

static verdict_t
other_kinds(void)
{
	FAULT_OF(illegal, 0);
	EQUAL(message_label(fault.info), FAULT_ILLEGAL);
	OK(answer(FAULT_ANSWER_RESUME_AT, fault.words[1] + ARCH_ILLEGAL_BYTES));
	settle();
	EQUAL(progress, 2);
	FAULT_OF(breakpoint, 0);
	EQUAL(message_label(fault.info), FAULT_BREAKPOINT);
	OK(answer(FAULT_ANSWER_RESUME_AT,
		fault.words[1] + ARCH_BREAKPOINT_BYTES));
	settle();
	EQUAL(progress, 2);
	FAULT_OF(bad_syscall, 99);
	EQUAL(message_label(fault.info), FAULT_SYSCALL);
	EQUAL(fault.words[0], 99);
	OK(answer(FAULT_ANSWER_RESUME, 0));
	settle();
	EQUAL(progress, 2);
	return NULL;
}

static verdict_t
nobody_handles_it(void)
{
	struct worker_setup setup = {.entry = touch, .argument = SCRATCH};

	/* A space of its own: it would be 9Ball's fault in this one. */
	setup.space = space_make();
	CHECK(setup.space);
	worker = worker_start(&setup);
	settle();
	EQUAL(worker_state(&worker), 4);
	return NULL;
}

static verdict_t
stopped_in_a_fault(void)
{
	uint32_t type;
	uint64_t rights;

	FAULT_OF(touch, SCRATCH);
	OK(tcb_stop(worker.tcb));
	EQUAL(worker_state(&worker), 0);
	OK(cnode_inspect(SELF_CNODE, reply, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	return NULL;
}

const struct test tests_faults[] = {
	{"page_faults_resume", page_faults_resume},
	{"protection_faults", protection_faults},
	{"resume_elsewhere", resume_elsewhere},
	{"suspend_after_a_fault", suspend_after_a_fault},
	{"other_kinds", other_kinds},
	{"nobody_handles_it", nobody_handles_it},
	{"stopped_in_a_fault", stopped_in_a_fault},
	{NULL, NULL},
};
