/* SPDX-License-Identifier: MIT */
/*
 * System-call redirection, interruption and cancelling. The window is a small
 * shim below; the "program" that it serves lies outside of it.
 */
#include "arch.h"
#include "harness.h"

/* What the assembly leaves behind. */
volatile uint64_t shim_entries, shim_number, shim_signals, shim_mode;
volatile uint64_t shim_signal_pc, shim_call_status, program_rounds;
volatile uint64_t program_bad;
cptr_t shim_endpoint;

static struct worker
program_start(void (*entry)(uint64_t), uint64_t rounds, cptr_t space)
{
	struct worker_setup setup = {.entry = entry,
		.argument = rounds,
		.space = space,
		.hold = true};
	struct worker worker = worker_start(&setup);

	shim_entries = shim_number = shim_signals = shim_mode = 0;
	program_rounds = program_bad = shim_call_status = shim_signal_pc = 0;
	if (tcb_set_redirect(worker.tcb, (vaddr_t)shim_start, (vaddr_t)shim_end,
		    (vaddr_t)shim_upcall, (vaddr_t)shim_signal))
		worker.tcb = 0;
	return worker;
}

static verdict_t
calls_are_redirected(void)
{
	struct worker worker = program_start(program, 50, space_make());

	CHECK(worker.tcb);
	OK(tcb_resume(worker.tcb));
	settle();
	EQUAL(program_bad, 0);
	EQUAL(program_rounds, 50);
	EQUAL(shim_entries, 50);
	EQUAL(shim_number, 0x1234);
	return NULL;
}

static verdict_t
interruption_outside(void)
{
	struct worker worker = program_start(program_busy, 0, 0);
	uint64_t state, seen;

	OK(tcb_resume(worker.tcb));
	for (unsigned i = 1; i <= 5; i++) {
		settle();
		OK(tcb_interrupt(worker.tcb, &state));
		EQUAL(state, 0);
		seen = program_rounds;
		settle();
		EQUAL(shim_signals, i);
		EQUAL(program_bad, 0);
		CHECK(program_rounds > seen);
		CHECK(shim_signal_pc < (uint64_t)shim_start ||
			shim_signal_pc >= (uint64_t)shim_end);
	}
	return NULL;
}

static verdict_t
interruption_inside(void)
{
	struct worker worker = program_start(program, 3, 0);
	struct message m = {0};
	struct sender sender;
	cptr_t reply = slot_next();
	uint64_t state;
	size_t length;
	bool cancelled;

	shim_endpoint = make(OBJECT_ENDPOINT, 0);
	shim_mode = 1;
	/* Received: marked, and the server decides. */
	OK(tcb_resume(worker.tcb));
	OK(syscall_receive(SYSCALL_RECV, shim_endpoint, reply, &m, &sender));
	OK(reply_info(reply, &cancelled, &length, &length, &length, &length));
	CHECK(!cancelled);
	OK(tcb_interrupt(worker.tcb, &state));
	EQUAL(state, 2);
	OK(reply_info(reply, &cancelled, &length, &length, &length, &length));
	CHECK(cancelled);
	EQUAL(shim_signals, 0);
	m.info = 0;
	OK(syscall_send(reply, &m));
	/* The sticky bit comes out at UPCALL_RETURN. */
	settle();
	EQUAL(shim_call_status, 0);
	EQUAL(shim_signals, 1);
	EQUAL(program_rounds, 1);
	EQUAL(program_bad, 0);
	/* Queued: dequeued. It is in its second Call now. */
	EQUAL(worker_state(&worker), 3);
	shim_mode = 0;
	OK(tcb_interrupt(worker.tcb, &state));
	EQUAL(state, 1);
	settle();
	EQUAL(shim_call_status, STATUS_CANCELLED);
	EQUAL(shim_signals, 2);
	EQUAL(program_rounds, 3);
	EQUAL(program_bad, 0);
	return NULL;
}

static void
caller(uint64_t flags)
{
	struct message m = {flags, {0}};

	shim_call_status = 1;
	shim_call_status = (uint64_t)(int64_t)syscall_call(shim_endpoint, &m);
}

static verdict_t
what_cannot_be_cancelled(void)
{
	struct worker_setup setup = {.entry = caller};
	struct worker worker;
	cptr_t notification = make(OBJECT_NOTIFICATION, 0);
	uint64_t state;

	(void)notification;
	shim_endpoint = make(OBJECT_ENDPOINT, 0);
	worker = worker_start(&setup);
	settle();
	OK(tcb_interrupt(worker.tcb, &state));
	EQUAL(state, 3);
	settle();
	EQUAL(shim_call_status, 1);
	/* The same with the flag, without redirection. */
	setup.argument = INFO_CANCELLABLE;
	worker = worker_start(&setup);
	settle();
	OK(tcb_interrupt(worker.tcb, &state));
	EQUAL(state, 1);
	settle();
	EQUAL(shim_call_status, STATUS_CANCELLED);
	return NULL;
}

static verdict_t
sticky_refuses_the_next_call(void)
{
	struct worker worker = program_start(program, 1, 0);
	struct message m = {0};
	struct sender sender;
	cptr_t reply = slot_next();
	uint64_t state, registers[32];

	/* Stopped inside the window, before the Call. */
	shim_endpoint = make(OBJECT_ENDPOINT, 0);
	OK(tcb_read_registers(worker.tcb, registers, arch_registers));
	arch_enter_shim(registers, worker.utcb, (uint64_t)shim_upcall,
		(uint64_t)program);
	OK(tcb_write_registers(worker.tcb, registers, arch_registers));
	shim_mode = 1;
	OK(tcb_resume(worker.tcb));
	OK(tcb_interrupt(worker.tcb, &state));
	EQUAL(state, 0);
	EQUAL(syscall_receive(SYSCALL_RECV, shim_endpoint,
		      reply | RECV_NONBLOCK, &m, &sender),
		STATUS_AGAIN);
	settle();
	EQUAL(shim_call_status, STATUS_CANCELLED);
	EQUAL(shim_signals, 1);
	return NULL;
}

static verdict_t
signals_as_answers_to_faults(void)
{
	struct worker_setup setup = {.entry = program_busy, .hold = true};
	struct worker worker;
	struct message m = {0};
	struct sender sender;
	cptr_t endpoint = make(OBJECT_ENDPOINT, 0), reply = slot_next();
	uint64_t registers[32];

	shim_signals = 0;
	setup.fault = endpoint;
	worker = worker_start(&setup);
	OK(tcb_set_redirect(worker.tcb, (vaddr_t)shim_start, (vaddr_t)shim_end,
		(vaddr_t)shim_upcall, (vaddr_t)shim_signal));
	OK(tcb_read_registers(worker.tcb, registers, arch_registers));
	registers[0] = NOWHERE;
	registers[arch_spare] = 0xabc;
	OK(tcb_write_registers(worker.tcb, registers, arch_registers));
	OK(tcb_resume(worker.tcb));
	OK(syscall_receive(SYSCALL_RECV, endpoint, reply, &m, &sender));
	EQUAL(m.words[1], NOWHERE);
	m.info = message_info(FAULT_ANSWER_SIGNAL, 0, 0, 0);
	/* It goes back to where it faulted. */
	OK(syscall_receive(SYSCALL_REPLY_RECV, endpoint, reply, &m, &sender));
	EQUAL(m.words[1], NOWHERE);
	EQUAL(shim_signals, 1);
	EQUAL(worker.utcb->context[0], NOWHERE);
	EQUAL(worker.utcb->context[arch_spare], 0xabc);
	return NULL;
}

const struct test tests_redirect[] = {
	{"calls_are_redirected", calls_are_redirected},
	{"interruption_outside", interruption_outside},
	{"interruption_inside", interruption_inside},
	{"what_cannot_be_cancelled", what_cannot_be_cancelled},
	{"sticky_refuses_the_next_call", sticky_refuses_the_next_call},
	{"signals_as_answers_to_faults", signals_as_answers_to_faults},
	{NULL, NULL},
};
