/* SPDX-License-Identifier: MIT */
/*
 * Leases: a caller lends buffers, the server copies through the Reply.
 */
#include "harness.h"

#include <string.h>

#define PATTERN(i) ((uint8_t)((i)*7 + 3))

static cptr_t endpoint, reply;
static volatile int64_t call_result;
static struct lease leases[4];
static unsigned lease_count;
static uint8_t lent[40000], own[40000];

static void
lender(uint64_t argument)
{
	struct message m = {message_info(1, 0, 0, lease_count), {0}};

	(void)argument;
	memcpy(utcb_self()->lease, leases, sizeof(leases));
	call_result = syscall_call(endpoint, &m);
}

/* Receive the Call of a lender in another address space. */
static verdict_t
lend(cptr_t space)
{
	struct worker_setup setup = {.entry = lender, .space = space};
	struct message m = {0};
	struct sender sender;

	endpoint = make(OBJECT_ENDPOINT, 0);
	reply = slot_next();
	CHECK(worker_start(&setup).tcb);
	OK(syscall_receive(SYSCALL_RECV, endpoint, reply, &m, &sender));
	EQUAL(message_leases(m.info), lease_count);
	return NULL;
}

static void
fill(uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bytes[i] = PATTERN(i);
}

static verdict_t
plain_leases(void)
{
	uint64_t side, offset;
	size_t lengths[4];
	bool cancelled;
	verdict_t verdict;

	lease_count = 2;
	leases[0] = (struct lease){(uint64_t)lent, 39000 | LEASE_READ};
	leases[1] = (struct lease){(uint64_t)lent, 300 | LEASE_WRITE};
	fill(lent, sizeof(lent));
	verdict = lend(space_make());
	if (verdict)
		return verdict;
	OK(reply_info(reply, &cancelled, &lengths[0], &lengths[1], &lengths[2],
		&lengths[3]));
	CHECK(!cancelled);
	EQUAL(lengths[0], 39000);
	EQUAL(lengths[1], 300);
	EQUAL(lengths[2], 0);
	memset(own, 0, sizeof(own));
	OK(reply_read(reply, 0, 0, (vaddr_t)own, 39000, &side, &offset));
	EQUAL(memcmp(own, lent, 39000), 0);
	OK(reply_read(reply, 0, 38999, (vaddr_t)own, 1, &side, &offset));
	EQUAL(own[0], PATTERN(38999));
	EQUAL(reply_read(reply, 0, 38999, (vaddr_t)own, 2, &side, &offset),
		STATUS_INVALID_ARGUMENT);
	EQUAL(reply_read(
		      reply, 0, ~UINT64_C(0), (vaddr_t)own, 2, &side, &offset),
		STATUS_INVALID_ARGUMENT);
	EQUAL(reply_read(reply, 2, 0, (vaddr_t)own, 1, &side, &offset),
		STATUS_INVALID_ARGUMENT);
	EQUAL(reply_read(reply, 1, 0, (vaddr_t)own, 1, &side, &offset),
		STATUS_NO_RIGHT);
	EQUAL(reply_write(reply, 0, 0, (vaddr_t)own, 1, &side, &offset),
		STATUS_NO_RIGHT);
	memset(own, 0x5a, 300);
	OK(reply_write(reply, 1, 0, (vaddr_t)own, 300, &side, &offset));
	EQUAL(lent[299], 0x5a);
	EQUAL(lent[300], PATTERN(300));
	OK(reply_read(reply, 0, 0, (vaddr_t)own, 0, &side, &offset));
	return NULL;
}

static verdict_t
vector_leases(void)
{
	static struct lease pairs[5];
	uint64_t side, offset;
	size_t lengths[4];
	bool cancelled;
	verdict_t verdict;

	fill(lent, sizeof(lent));
	pairs[0] = (struct lease){(uint64_t)lent, 10};
	pairs[1] = (struct lease){(uint64_t)lent + 500, 0};
	pairs[2] = (struct lease){(uint64_t)lent + 1000, 5000};
	pairs[3] = (struct lease){(uint64_t)lent + 20, 3};
	lease_count = 1;
	leases[0] = (struct lease){
		(uint64_t)pairs, 4 | LEASE_READ | LEASE_WRITE | LEASE_VECTOR};
	verdict = lend(space_make());
	if (verdict)
		return verdict;
	OK(reply_info(reply, &cancelled, &lengths[0], &lengths[1], &lengths[2],
		&lengths[3]));
	EQUAL(lengths[0], 5013);
	OK(reply_read(reply, 0, 0, (vaddr_t)own, 5013, &side, &offset));
	EQUAL(memcmp(own, lent, 10), 0);
	EQUAL(memcmp(own + 10, lent + 1000, 5000), 0);
	EQUAL(memcmp(own + 5010, lent + 20, 3), 0);
	OK(reply_read(reply, 0, 5009, (vaddr_t)own, 3, &side, &offset));
	EQUAL(own[0], lent[5999]);
	EQUAL(own[1], lent[20]);
	memset(own, 0x11, 20);
	OK(reply_write(reply, 0, 8, (vaddr_t)own, 4, &side, &offset));
	EQUAL(lent[7], PATTERN(7));
	EQUAL(lent[8], 0x11);
	EQUAL(lent[9], 0x11);
	EQUAL(lent[10], PATTERN(10));
	EQUAL(lent[1001], 0x11);
	EQUAL(lent[1002], PATTERN(1002));
	EQUAL(reply_read(reply, 0, 5013, (vaddr_t)own, 1, &side, &offset),
		STATUS_INVALID_ARGUMENT);
	return NULL;
}

static verdict_t
faults_say_whose_and_where(void)
{
	cptr_t frame = make(OBJECT_FRAME, 4);
	cptr_t space = space_make();
	uint64_t side, offset;
	verdict_t verdict;

	/* Two pages present, one read-only, then a hole. */
	OK(space_map(space, SCRATCH, frame, 0, 2, RIGHT_READ | RIGHT_WRITE));
	OK(space_map(space, SCRATCH + 0x2000, frame, 2, 1, RIGHT_READ));
	OK(space_map(SELF_VSPACE, SCRATCH + 0x10000, frame, 3, 1,
		RIGHT_READ | RIGHT_WRITE));
	lease_count = 1;
	leases[0] =
		(struct lease){SCRATCH + 16, 0x4000 | LEASE_READ | LEASE_WRITE};
	verdict = lend(space);
	if (verdict)
		return verdict;
	EQUAL(reply_read(reply, 0, 0, (vaddr_t)own, 0x4000, &side, &offset),
		STATUS_FAULT);
	EQUAL(side, 0);
	EQUAL(offset, 0x3000 - 16);
	EQUAL(reply_write(reply, 0, 8, (vaddr_t)own, 0x3000, &side, &offset),
		STATUS_FAULT);
	EQUAL(side, 0);
	EQUAL(offset, 0x2000 - 16);
	EQUAL(reply_read(reply, 0, 0, SCRATCH + 0x10fff, 100, &side, &offset),
		STATUS_FAULT);
	EQUAL(side, 1);
	EQUAL(offset, 1);
	EQUAL(reply_write(reply, 0, 0, UINT64_C(0xffffffff80200000), 8, &side,
		      &offset),
		STATUS_FAULT);
	EQUAL(side, 1);
	EQUAL(offset, 0);
	return NULL;
}

static verdict_t
malformed_leases(void)
{
	uint64_t side, offset;
	verdict_t verdict;

	lease_count = 4;
	leases[0] = (struct lease){
		(uint64_t)lent, 1025 | LEASE_READ | LEASE_VECTOR};
	leases[1] =
		(struct lease){UINT64_C(0xffffffc080000000), 4096 | LEASE_READ};
	leases[2] =
		(struct lease){~UINT64_C(7), LEASE_LENGTH_MASK | LEASE_READ};
	leases[3] = (struct lease){NOWHERE, 3 | LEASE_READ | LEASE_VECTOR};
	verdict = lend(0);
	if (verdict)
		return verdict;
	EQUAL(reply_read(reply, 0, 0, (vaddr_t)own, 1, &side, &offset),
		STATUS_INVALID_ARGUMENT);
	EQUAL(reply_read(reply, 1, 0, (vaddr_t)own, 8, &side, &offset),
		STATUS_FAULT);
	EQUAL(side, 0);
	EQUAL(reply_read(reply, 2, 0, (vaddr_t)own, 64, &side, &offset),
		STATUS_FAULT);
	EQUAL(reply_read(reply, 3, 0, (vaddr_t)own, 1, &side, &offset),
		STATUS_FAULT);
	EQUAL(side, 0);
	return NULL;
}

/* Of a few attempts at reading `length` bytes of the first lease. */
static uint64_t
least_cost(size_t length)
{
	uint64_t side, offset, least = UINT64_MAX;

	for (unsigned i = 0; i < 8; i++) {
		uint64_t cost = instructions();

		if (reply_read(
			    reply, 0, 0, (vaddr_t)own, length, &side, &offset))
			return UINT64_MAX;
		cost = instructions() - cost;
		least = cost < least ? cost : least;
	}
	return least;
}

/* Many small pieces cost what they are, and lengths that add up to more than
 * a word are not taken for less. */
static verdict_t
extreme_vectors(void)
{
	static struct lease pairs[1024], huge[2];
	uint64_t side, offset;
	size_t lengths[4];
	bool cancelled;
	verdict_t verdict;

	fill(lent, sizeof(lent));
	for (unsigned i = 0; i < 1024; i++)
		pairs[i] = (struct lease){(uint64_t)lent + 2 * i, 1};
	huge[0] = (struct lease){(uint64_t)lent, UINT64_C(1) << 63};
	huge[1] = (struct lease){(uint64_t)lent, (UINT64_C(1) << 63) + 8};
	lease_count = 2;
	leases[0] = (struct lease){
		(uint64_t)pairs, 1024 | LEASE_READ | LEASE_VECTOR};
	leases[1] =
		(struct lease){(uint64_t)huge, 2 | LEASE_READ | LEASE_VECTOR};
	verdict = lend(space_make());
	if (verdict)
		return verdict;
	OK(reply_info(reply, &cancelled, &lengths[0], &lengths[1], &lengths[2],
		&lengths[3]));
	EQUAL(lengths[0], 1024);
	EQUAL(lengths[1], UINT64_MAX);
	/* 16 times as many; walked anew for each it would be 256 times. */
	CHECK(least_cost(1024) < 64 * least_cost(64));
	for (unsigned i = 0; i < 1024; i++)
		EQUAL(own[i], PATTERN(2 * i));
	OK(reply_read(reply, 1, 8, (vaddr_t)own, 8, &side, &offset));
	EQUAL(own[0], PATTERN(8));
	return NULL;
}

const struct test tests_lease[] = {
	{"plain_leases", plain_leases},
	{"vector_leases", vector_leases},
	{"faults_say_whose_and_where", faults_say_whose_and_where},
	{"malformed_leases", malformed_leases},
	{"extreme_vectors", extreme_vectors},
	{NULL, NULL},
};
