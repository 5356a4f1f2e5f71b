/* SPDX-License-Identifier: MIT */
/*
 * Random invocations from a thread that holds a little of everything (row K2),
 * and interrupts. The audit: the test goes on undisturbed, its own objects
 * are untouched, and revoking what the thread was given brings back every
 * byte (the harness checks that after each case).
 */
#include "arch.h"
#include "harness.h"

#include <string.h>

#define FUZZ_ROUNDS 200
#define FUZZ_SLOTS 32
#define FUZZ_THREADS 3

static volatile uint64_t calls_made;
/* Types of what the fuzzers' slots held at first. */
static uint8_t kinds[FUZZ_SLOTS];

static uint64_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static uint64_t
random_word(uint64_t *state)
{
	static const uint64_t interesting[] = {
		0,
		1,
		2,
		8,
		16,
		4096,
		0x200000,
		SCRATCH,
		SCRATCH + 0x1000,
		ARCH_USER_LAST + 0x1000,
		ARCH_USER_LAST,
		ARCH_KERNEL_MAP,
		ARCH_KERNEL_IMAGE,
		~UINT64_C(0),
		UINT64_C(1) << 63,
		UINT64_C(1) << 36,
		0xf00,
	};
	uint64_t kind = random_next(state) % 8;

	if (kind < 4)
		return random_next(state) % 40;
	if (kind < 6)
		return interesting[random_next(state) %
			(sizeof(interesting) / 8)];
	return random_next(state) >> random_next(state) % 64;
}

static uint64_t
random_number(uint64_t *state)
{
	uint64_t kind = random_next(state) % 32;

	return kind > 8 ? SYSCALL_CALL : kind % 5;
}

/* Words, capabilities and leases that travel beside the registers. */
static void
scribble(uint64_t *state)
{
	struct utcb *utcb = utcb_self();

	for (unsigned i = 8; i < 40; i++)
		utcb->words[i] = random_word(state);
	for (unsigned i = 0; i < 4; i++) {
		utcb->caps[i] = random_next(state) % FUZZ_SLOTS;
		utcb->receive[i] = random_next(state) % FUZZ_SLOTS;
		utcb->lease[i].address = random_word(state);
		utcb->lease[i].length =
			random_word(state) | random_next(state) << 61;
	}
}

static void
fuzzer(uint64_t seed)
{
	struct message m;
	struct sender sender;
	uint64_t state = seed | 1, slot, cap;

	for (;;) {
		for (unsigned i = 0; i < 8; i++)
			m.words[i] = random_word(&state);
		m.info = message_info((random_next(&state) % 16) << 16 |
				random_next(&state) % 14,
			random_next(&state) % 10, 0, 0);
		if (random_next(&state) % 8 == 0)
			m.info = random_next(&state) & 0xffffffffffff;
		cap = random_next(&state) % 24;
		if (random_next(&state) % 2)
			m.info = message_info((uint32_t)kinds[cap] << 16 |
					random_next(&state) % 14,
				random_next(&state) % 10,
				random_next(&state) % 3,
				random_next(&state) % 5);
		if (random_next(&state) % 16 == 0)
			cap = random_word(&state);
		if (random_next(&state) % 16 == 0)
			scribble(&state);
		slot = random_word(&state) | RECV_NONBLOCK;
		syscall_receive(random_number(&state), cap, slot, &m, &sender);
		calls_made++;
	}
}

/* Slots 1.. of the fuzzer's CNode, made from `child`. */
static verdict_t
equip(cptr_t child, cptr_t node, cptr_t space, const struct worker *workers,
	bool own)
{
	static const uint32_t types[] = {
		OBJECT_ENDPOINT,
		OBJECT_NOTIFICATION,
		OBJECT_TIMER,
		OBJECT_PAGE_TABLE,
		OBJECT_TCB,
		OBJECT_VSPACE,
	};
	uint64_t index = 5, rights;
	uint32_t type;

	/* With these, or an endpoint that nobody serves, it soon ends. */
	if (own) {
		OK(cnode_copy(node, 1, node, RIGHT_ALL));
		OK(cnode_copy(node, 2, space, RIGHT_ALL));
		OK(cnode_copy(node, 3, workers[0].tcb, RIGHT_ALL));
	}
	OK(untyped_retype(child, OBJECT_UNTYPED, 32, 1, node, 4, 0));
	for (unsigned i = own ? 0 : 1; i < sizeof(types) / sizeof(types[0]);
		i++)
		OK(untyped_retype(child, types[i], 0, 1, node, index++, 0));
	OK(untyped_retype(child, OBJECT_CNODE, 3, 1, node, index++, 0));
	OK(untyped_retype(child, OBJECT_FRAME, 4, 2, node, index, 0));
	index += 2;
	for (unsigned i = 1; own && i < FUZZ_THREADS; i++)
		OK(cnode_copy(node, index++, workers[i].tcb, RIGHT_ALL));
	for (unsigned i = 1; i < FUZZ_SLOTS; i++) {
		OK(cnode_inspect(node, i, &type, &rights));
		kinds[i] = (uint8_t)type;
	}
	return NULL;
}

static verdict_t
fuzz_round(uint64_t seed)
{
	struct worker_setup setup = {.entry = fuzzer, .hold = true};
	cptr_t child = make(OBJECT_UNTYPED, 128), node = slot_next();
	cptr_t all = untyped;
	struct worker workers[FUZZ_THREADS];
	verdict_t verdict;

	/* Everything of this round comes from the child. */
	untyped = child;
	OK(untyped_retype(child, OBJECT_CNODE, 5, 1, SELF_CNODE, node, 0));
	setup.space = space_make();
	CHECK(setup.space);
	for (unsigned i = 0; i < FUZZ_THREADS; i++) {
		setup.argument = seed * (2 * i + 1);
		workers[i] = worker_start(&setup);
		CHECK(workers[i].tcb);
		OK(tcb_stop(workers[i].tcb));
	}
	verdict = equip(child, node, setup.space, workers, seed % 4 == 0);
	if (verdict)
		return verdict;
	for (unsigned i = 0; i < FUZZ_THREADS; i++) {
		OK(worker_confine(&workers[i], node, setup.space));
		OK(tcb_set_schedule(workers[i].tcb, 0, PRIORITY_LOW, 50, 1));
		OK(tcb_resume(workers[i].tcb));
	}
	untyped = all;
	settle();
	OK(cnode_revoke(SELF_CNODE, child));
	return NULL;
}

static verdict_t
random_invocations(void)
{
	verdict_t verdict;
	cptr_t free_slot = slot_next();

	calls_made = 0;
	for (uint64_t round = 0; round < FUZZ_ROUNDS; round++) {
		harness_rewind(free_slot);
		verdict =
			fuzz_round(UINT64_C(0x9e3779b97f4a7c15) * (round + 1));
		if (verdict)
			return verdict;
		OK(cnode_revoke(SELF_CNODE, untyped));
	}
	print("log: %llu random calls\n", (unsigned long long)calls_made);
	CHECK(calls_made > FUZZ_ROUNDS * 10);
	return NULL;
}

#define UART_INTERRUPTS 1 /* register: which are on */
#define UART_WHEN_EMPTY 2

static verdict_t
interrupts(void)
{
	cptr_t irq = slot_next(), again = slot_next();
	cptr_t notification = badged(make(OBJECT_NOTIFICATION, 0), 0x20);
	struct message m = {0};
	struct sender sender;

	OK(irq_control_get(
		BOOT_SLOT_IRQ_CONTROL, ARCH_UART_LINE, SELF_CNODE, irq));
	EQUAL(irq_control_get(
		      BOOT_SLOT_IRQ_CONTROL, ARCH_UART_LINE, SELF_CNODE, again),
		STATUS_EXISTS);
	EQUAL(irq_control_get(BOOT_SLOT_IRQ_CONTROL, 0, SELF_CNODE, again),
		STATUS_INVALID_ARGUMENT);
	EQUAL(irq_control_get(BOOT_SLOT_IRQ_CONTROL, 5000, SELF_CNODE, again),
		STATUS_INVALID_ARGUMENT);
	CHECK(arch_uart_open());
	OK(interrupt_bind(irq, notification));
	arch_uart_set(UART_INTERRUPTS, UART_WHEN_EMPTY);
	for (unsigned i = 0; i < 3; i++) {
		EQUAL(syscall_receive(
			      SYSCALL_RECV, notification, 0, &m, &sender),
			RECV_NOTIFICATION);
		EQUAL(m.words[0], 0x20);
		/* Masked until the ack. */
		settle();
		EQUAL(syscall_receive(SYSCALL_RECV, notification, RECV_NONBLOCK,
			      &m, &sender),
			STATUS_AGAIN);
		/* Reading the cause took it back: ask for another. */
		arch_uart_set(UART_INTERRUPTS, 0);
		arch_uart_set(UART_INTERRUPTS, UART_WHEN_EMPTY);
		OK(interrupt_ack(irq));
	}
	arch_uart_set(UART_INTERRUPTS, 0);
	OK(interrupt_bind(irq, 0));
	OK(cnode_delete(SELF_CNODE, irq));
	OK(irq_control_get(
		BOOT_SLOT_IRQ_CONTROL, ARCH_UART_LINE, SELF_CNODE, again));
	OK(cnode_delete(SELF_CNODE, again));
	arch_uart_close();
	return NULL;
}

const struct test tests_fuzz[] = {
	{"interrupts", interrupts},
	{"random_invocations", random_invocations},
	{NULL, NULL},
};
