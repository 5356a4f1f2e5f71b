/* SPDX-License-Identifier: MIT */
/*
 * System-call redirection, interruption and cancelling. The window is a small
 * shim below; the "program" that it serves lies outside of it.
 */
#include "harness.h"

/* What the assembly leaves behind. */
volatile uint64_t shim_entries, shim_number, shim_signals, shim_mode;
volatile uint64_t shim_signal_pc, shim_call_status, program_rounds;
volatile uint64_t program_bad;
cptr_t shim_endpoint;

extern char shim_start[], shim_end[], shim_upcall[], shim_signal[],
	shim_return[];
void program(uint64_t argument);
void program_busy(uint64_t argument);

/*
 * shim_upcall: t0 is the UTCB. Counts, notes the program's a7, answers a0 =
 * a1 + 1. With shim_mode 1 it first makes a cancellable Call.
 */
__asm__(".globl shim_start, shim_end, shim_upcall, shim_signal, shim_return\n"
	".balign 4\n"
	"shim_start:\n"
	"shim_upcall:\n"
	"	sd	s0, 0x340(t0)\n"
	"	sd	s1, 0x348(t0)\n"
	"	mv	s0, t0\n"
	"	la	s1, shim_number\n"
	"	sd	a7, (s1)\n"
	"	la	s1, shim_entries\n"
	"	ld	a0, (s1)\n"
	"	addi	a0, a0, 1\n"
	"	sd	a0, (s1)\n"
	"	la	s1, shim_mode\n"
	"	ld	s1, (s1)\n"
	"	beqz	s1, 1f\n"
	"	sd	a1, 0x350(s0)\n"
	"	.irp n, 6, 7, 12, 13, 14, 15, 16\n"
	"	sd	x\\n, 0x360 + 8 * \\n (s0)\n"
	"	.endr\n"
	"	li	a7, 0\n"
	"	la	a0, shim_endpoint\n"
	"	ld	a0, (a0)\n"
	"	li	a1, 0x1000\n" /* cancellable, nothing in it */
	"	ecall\n"
	"	la	s1, shim_call_status\n"
	"	sd	a0, (s1)\n"
	"	ld	a1, 0x350(s0)\n"
	/* A Call leaves nothing in the message registers to rely on. */
	"	.irp n, 6, 7, 12, 13, 14, 15, 16\n"
	"	ld	x\\n, 0x360 + 8 * \\n (s0)\n"
	"	.endr\n"
	"1:	addi	a0, a1, 1\n"
	"	ld	s1, 0x348(s0)\n"
	"	mv	t0, s0\n"
	"	ld	s0, 0x340(t0)\n"
	"shim_return:\n"
	"	li	a7, 5\n"
	"	ecall\n"
	"	unimp\n"
	/* Count, then go back to where the context says. */
	"shim_signal:\n"
	"	sd	s0, 0x340(t0)\n"
	"	sd	s1, 0x348(t0)\n"
	"	la	s0, shim_signals\n"
	"	ld	s1, (s0)\n"
	"	addi	s1, s1, 1\n"
	"	sd	s1, (s0)\n"
	"	ld	s1, 0x220(t0)\n"
	"	la	s0, shim_signal_pc\n"
	"	sd	s1, (s0)\n"
	"	sd	s1, 0x1f0(t0)\n" /* pc */
	"	ld	s1, 0x230(t0)\n"
	"	sd	s1, 0x1f8(t0)\n" /* sp */
	"	ld	s1, 0x248(t0)\n"
	"	sd	s1, 0x200(t0)\n" /* t0 */
	"	ld	s1, 0x2a8(t0)\n"
	"	sd	s1, 0x1a8(t0)\n" /* a7 */
	"	ld	s0, 0x340(t0)\n"
	"	ld	s1, 0x348(t0)\n"
	"	j	shim_return\n"
	"shim_end:\n");

/* Calls, and checks that nothing but a0 changed. a0: rounds. */
__asm__(".globl program, program_busy\n"
	".balign 4\n"
	"program:\n"
	"	mv	s11, a0\n"
	"1:	li	a7, 0x1234\n"
	"	mv	a1, s11\n"
	"	.irp n, 5, 6, 7, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26\n"
	"	li	x\\n, 0x500 + \\n\n"
	"	.endr\n"
	"	.irp n, 12, 13, 14, 15, 16, 28, 29, 30, 31\n"
	"	li	x\\n, 0x500 + \\n\n"
	"	.endr\n"
	"	li	a0, 0\n"
	"	mv	tp, sp\n"
	"	ecall\n"
	"	bne	tp, sp, 9f\n"
	"	addi	a1, a1, 1\n"
	"	bne	a0, a1, 9f\n"
	"	li	a0, 0x1234\n"
	"	bne	a0, a7, 9f\n"
	"	.irp n, 5, 6, 7, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26\n"
	"	li	a0, 0x500 + \\n\n"
	"	bne	a0, x\\n, 9f\n"
	"	.endr\n"
	"	.irp n, 12, 13, 14, 15, 16, 28, 29, 30, 31\n"
	"	li	a0, 0x500 + \\n\n"
	"	bne	a0, x\\n, 9f\n"
	"	.endr\n"
	"	la	a0, program_rounds\n"
	"	ld	a1, (a0)\n"
	"	addi	a1, a1, 1\n"
	"	sd	a1, (a0)\n"
	"	addi	s11, s11, -1\n"
	"	bnez	s11, 1b\n"
	"8:	j	8b\n"
	"9:	la	a1, program_bad\n"
	"	li	a0, 1\n"
	"	sd	a0, (a1)\n"
	"	j	9b\n"
	"program_busy:\n"
	"	la	a1, program_rounds\n"
	"	li	a7, 0x777\n"
	"	li	t0, 0x555\n"
	"	li	s2, 0x444\n"
	"1:	ld	a0, (a1)\n"
	"	addi	a0, a0, 1\n"
	"	sd	a0, (a1)\n"
	"	li	a0, 0x777\n"
	"	bne	a0, a7, 9b\n"
	"	li	a0, 0x555\n"
	"	bne	a0, t0, 9b\n"
	"	li	a0, 0x444\n"
	"	bne	a0, s2, 9b\n"
	"	j	1b\n");

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
	OK(tcb_read_registers(worker.tcb, registers, 32));
	registers[0] = (uint64_t)shim_upcall;
	registers[5] = registers[4];
	worker.utcb->save_pc = (uint64_t)program;
	worker.utcb->save_sp = registers[2];
	OK(tcb_write_registers(worker.tcb, registers, 32));
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
	OK(tcb_read_registers(worker.tcb, registers, 32));
	registers[0] = NOWHERE;
	registers[20] = 0xabc;
	OK(tcb_write_registers(worker.tcb, registers, 32));
	OK(tcb_resume(worker.tcb));
	OK(syscall_receive(SYSCALL_RECV, endpoint, reply, &m, &sender));
	EQUAL(m.words[1], NOWHERE);
	m.info = message_info(FAULT_ANSWER_SIGNAL, 0, 0, 0);
	/* It goes back to where it faulted. */
	OK(syscall_receive(SYSCALL_REPLY_RECV, endpoint, reply, &m, &sender));
	EQUAL(m.words[1], NOWHERE);
	EQUAL(shim_signals, 1);
	EQUAL(worker.utcb->context[0], NOWHERE);
	EQUAL(worker.utcb->context[20], 0xabc);
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
