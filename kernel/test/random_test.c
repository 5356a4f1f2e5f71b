/* SPDX-License-Identifier: MIT
 *
 * Random invocations with arguments that are mostly sensible and sometimes
 * wild, interrupted at random, with the audit after every few (row K2). The
 * seed is printed and taken from GLENDA_SEED.
 */
#include "host.h"
#include "tests.h"
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 60
#define STEPS 2000
#define AUDIT_EVERY 100
#define SLOTS 160
/* A Frame that has room for two large pages wherever it begins. */
#define LARGE_FRAME 7
#define LARGE_FRAME_PAGES 1536

static const uint32_t labels[] = {
	UNTYPED_RETYPE,
	UNTYPED_RETYPE,
	UNTYPED_RETYPE,
	UNTYPED_RETYPE,
	UNTYPED_INFO,
	CNODE_COPY,
	CNODE_COPY,
	CNODE_MINT,
	CNODE_MINT,
	CNODE_MOVE,
	CNODE_DELETE,
	CNODE_REVOKE,
	CNODE_INSPECT,
	FRAME_SLICE,
	FRAME_SLICE,
	FRAME_CLEAR,
	FRAME_COPY,
	FRAME_READ,
	FRAME_WRITE,
	FRAME_LOAD,
	FRAME_SWAP,
	FRAME_INFO,
	VSPACE_MAP,
	VSPACE_MAP,
	VSPACE_MAP,
	VSPACE_UNMAP,
	VSPACE_PROTECT,
	VSPACE_MAP_TABLE,
	VSPACE_MAP_TABLE,
	VSPACE_SHARE,
	VSPACE_SHARE,
	VSPACE_RESET,
	VSPACE_TRANSLATE,
	VSPACE_MAP_LIST,
	VSPACE_MAP_LIST,
};

static unsigned done_by_label[sizeof(labels) / sizeof(labels[0])];
static unsigned large_done;

static uint64_t
wild(void)
{
	switch (host_random(4)) {
	case 0:
		return UINT64_MAX - host_random(4);
	case 1:
		return UINT64_C(1) << host_random(64);
	case 2:
		return host_random(UINT64_MAX);
	default:
		return host_random(1 << 20);
	}
}

static uint64_t
random_slot(void)
{
	return 1 + host_random(SLOTS);
}

/* An address near one of a few places, so that things meet. */
static uint64_t
random_address(void)
{
	static const uint64_t bases[] = {0, UINT64_C(1) << 21,
		UINT64_C(1) << 30, (UINT64_C(1) << 38) - (1 << 21)};

	return bases[host_random(2) ? 0 : host_random(4)] +
		(host_random(host_random(4) ? 24 : 512) << 12);
}

static uint64_t
random_type(void)
{
	static const uint64_t types[] = {OBJECT_UNTYPED, OBJECT_CNODE,
		OBJECT_FRAME, OBJECT_FRAME, OBJECT_PAGE_TABLE,
		OBJECT_PAGE_TABLE, OBJECT_VSPACE, OBJECT_TCB, OBJECT_ENDPOINT};

	return types[host_random(sizeof(types) / sizeof(types[0]))];
}

/* A slot that holds `type`, if a few tries find one. */
static uint64_t
slot_with(unsigned type)
{
	unsigned tries;
	uint64_t slot = 0;

	for (tries = 0; tries < 100; tries++) {
		slot = random_slot();
		if (cap_type(&slot_of(slot)->cap) == type)
			break;
	}
	return slot;
}

/* Mostly a free slot. */
static uint64_t
destination(void)
{
	return slot_with(host_random(8) ? CAP_NONE : OBJECT_FRAME);
}

/* Word `i` of a message of the label. */
static uint64_t
argument(uint32_t label, unsigned i)
{
	if (host_random(40) == 0)
		return wild();
	switch (label << 4 | i) {
	case UNTYPED_RETYPE << 4 | 0:
		return random_type();
	case UNTYPED_RETYPE << 4 | 2:
		return 1 + host_random(3);
	case CNODE_COPY << 4 | 0:
	case CNODE_MINT << 4 | 0:
	case CNODE_MOVE << 4 | 0:
	case UNTYPED_RETYPE << 4 | 4:
	case FRAME_SLICE << 4 | 4:
		return destination();
	case UNTYPED_RETYPE << 4 | 3:
	case FRAME_SLICE << 4 | 3:
		return SLOT_CNODE;
	case VSPACE_MAP << 4 | 0:
	case VSPACE_UNMAP << 4 | 0:
	case VSPACE_PROTECT << 4 | 0:
	case VSPACE_MAP_TABLE << 4 | 0:
	case VSPACE_TRANSLATE << 4 | 0:
	case VSPACE_SHARE << 4 | 1:
		return random_address();
	case VSPACE_MAP << 4 | 1:
	case VSPACE_MAP_LIST << 4 | 0:
	case FRAME_COPY << 4 | 1:
		return slot_with(OBJECT_FRAME);
	case VSPACE_SHARE << 4 | 0:
		return slot_with(OBJECT_VSPACE);
	case VSPACE_MAP_TABLE << 4 | 1:
		return slot_with(OBJECT_PAGE_TABLE);
	case VSPACE_SHARE << 4 | 2:
	case VSPACE_UNMAP << 4 | 1:
	case VSPACE_PROTECT << 4 | 1:
		return host_random(1200);
	case VSPACE_MAP_LIST << 4 | 1:
		return host_random(4);
	case VSPACE_MAP_LIST << 4 | 2:
		return host_random(2) << 5;
	case VSPACE_SHARE << 4 | 3:
		return host_random(2);
	case VSPACE_MAP << 4 | 4:
		return host_random(8) | host_random(2) << 5;
	case FRAME_READ << 4 | 2:
	case FRAME_WRITE << 4 | 2:
		return random_address() + host_random(4096);
	case FRAME_READ << 4 | 1:
	case FRAME_WRITE << 4 | 1:
		return host_random(9000);
	case FRAME_LOAD << 4 | 1:
	case FRAME_SWAP << 4 | 1:
		return 4 << host_random(2);
	case UNTYPED_RETYPE << 4 | 1:
	case FRAME_CLEAR << 4 | 0:
	case FRAME_CLEAR << 4 | 1:
	case FRAME_COPY << 4 | 0:
	case FRAME_COPY << 4 | 2:
	case FRAME_COPY << 4 | 3:
	case FRAME_SLICE << 4 | 0:
	case FRAME_SLICE << 4 | 1:
	case VSPACE_MAP << 4 | 2:
	case VSPACE_MAP << 4 | 3:
		return host_random(12);
	default:
		return host_random(SLOTS);
	}
}

/* What only takes away is rarer than what makes. */
static bool
is_passed_over(uint32_t label)
{
	switch (label) {
	case VSPACE_RESET:
	case VSPACE_UNMAP:
	case CNODE_DELETE:
	case CNODE_REVOKE:
		return host_random(4);
	default:
		return false;
	}
}

/* The slots that the audit starts from, and the CNode, stay. */
static bool
is_kept(uint32_t label, const uint64_t *words)
{
	uint64_t slot = label == CNODE_MOVE ? words[1] : words[0];

	if (label != CNODE_MOVE && label != CNODE_DELETE)
		return false;
	return slot % ROOT_SIZE <= SLOT_DEVICE;
}

/* A slot that boot filled, where there is one of the type. */
static uint64_t
first_slot(unsigned type)
{
	switch (type) {
	case OBJECT_CNODE:
		return SLOT_CNODE;
	case OBJECT_UNTYPED:
		return SLOT_UNTYPED;
	case OBJECT_VSPACE:
		return SLOT_VSPACE;
	default:
		return slot_with(type);
	}
}

/* Arguments of VSpace.map that make large pages. */
static void
large_arguments(void)
{
	const struct cap *frame = &slot_of(LARGE_FRAME)->cap;

	host_words[0] &= ~((LARGE_PAGES << PAGE_SHIFT) - 1);
	host_words[1] = LARGE_FRAME;
	host_words[2] =
		-cap_page(frame) % LARGE_PAGES + host_random(2) * LARGE_PAGES;
	host_words[3] = (host_random(4) ? 1 : 2) * LARGE_PAGES;
	host_words[4] |= MAP_LARGE;
}

static void
random_call(void)
{
	unsigned which = host_random(sizeof(labels) / sizeof(labels[0])), i;
	uint32_t label = labels[which];
	unsigned type = label >> 16;
	const struct method *method =
		&object_classes[type]->methods[METHOD(label)];
	unsigned length = method->words;
	uint64_t slot = host_random(3) ? first_slot(type) : slot_with(type);
	bool large;

	if (host_random(50) == 0)
		slot = wild();
	for (i = 0; i < 8; i++)
		host_words[i] = argument(label, i);
	for (i = 8; i < 40; i++)
		host_words[i] = i & 1 ? host_random(8)
				      : random_address() + host_random(8);
	if (label == VSPACE_MAP && host_random(3) == 0)
		large_arguments();
	if (method->open)
		length = 8 + host_random(33);
	if (host_random(100) == 0)
		length = host_random(41);
	if (is_kept(label, host_words) || is_passed_over(label))
		return;
	/* Everything back, but rarely. */
	if (label == CNODE_REVOKE && host_words[0] <= SLOT_DEVICE &&
		host_random(10))
		return;
	large = label == VSPACE_MAP && host_words[4] & MAP_LARGE;
	if (call_words(slot, label, length) != STATUS_OK)
		return;
	done_by_label[which]++;
	large_done += large;
}

static void
touch_some(void)
{
	struct slot *slot = slot_of(slot_with(OBJECT_VSPACE));

	if (cap_type(&slot->cap) == OBJECT_VSPACE)
		host_touch(
			cap_object(&slot->cap), uaddr_make(random_address()));
}

/* Tables for the lowest addresses, so that copies to user memory succeed now
 * and then, and a Frame for large pages. */
static void
first_objects(void)
{
	assert_int_equal(retype(OBJECT_PAGE_TABLE, 0, 2, 5), 0);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_MAP_TABLE, 2, 0ul, 5ul), 0);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_MAP_TABLE, 2, 0ul, 6ul), 0);
	assert_int_equal(
		retype(OBJECT_FRAME, LARGE_FRAME_PAGES, 1, LARGE_FRAME), 0);
}

static void
random_round(uint64_t seed)
{
	unsigned step;

	host_reset();
	first_objects();
	host_seed(seed);
	host_preempt = host_random(256);
	for (step = 0; step < STEPS; step++) {
		random_call();
		touch_some();
		if (step % AUDIT_EVERY == AUDIT_EVERY - 1) {
			while (object_reap() == STATUS_RESTART)
				;
			audit();
		}
	}
	assert_int_equal(
		call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)SLOT_UNTYPED), 0);
	audit();
	assert_int_equal(call(SLOT_UNTYPED, UNTYPED_INFO, 0), 0);
	assert_int_equal(host_words[1], host_words[2]);
}

static void
random_invocations_keep_every_invariant(void **state)
{
	const char *text = getenv("GLENDA_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : 20250101;
	unsigned round, i;

	(void)state;
	printf("seed %lu\n", seed);
	for (round = 0; round < ROUNDS; round++)
		random_round(seed + round);
	assert_true(large_done > 0);
	/* A label that never succeeds would test nothing. */
	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (!done_by_label[i])
			fail_msg("label %x never succeeded", labels[i]);
}

int
random_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(random_invocations_keep_every_invariant),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
