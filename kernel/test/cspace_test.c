/* SPDX-License-Identifier: MIT
 *
 * Capability addresses, and what invoke() refuses.
 */
#include "host.h"
#include "tests.h"

static void
address_names_a_slot_of_the_root(void **state)
{
	struct cnode *root = cap_object(&slot_of(SLOT_CNODE)->cap);
	const struct cap *cap = &slot_of(SLOT_CNODE)->cap;

	(void)state;
	assert_ptr_equal(cspace_lookup(cap, 5), cnode_slot(root, 5));
	assert_ptr_equal(cspace_lookup(cap, ROOT_SIZE - 1),
		cnode_slot(root, ROOT_SIZE - 1));
	assert_null(cspace_lookup(cap, 0));
	assert_null(cspace_lookup(cap, UINT64_MAX));
	assert_null(cspace_lookup(&slot_of(SLOT_UNTYPED)->cap, 5));
	assert_null(cspace_lookup(&(struct cap){0}, 5));
}

/* rest - 1 is looked up in the CNode of the slot. */
static void
address_walks_down_four_levels(void **state)
{
	const struct cap *cap = &slot_of(SLOT_CNODE)->cap;
	uint64_t address, rest = 3;
	unsigned depth, i;

	(void)state;
	assert_int_equal(retype(OBJECT_CNODE, 4, 4, 100), 0);
	for (i = 3; i > 0; i--)
		assert_int_equal(call(100 + i - 1, CNODE_MOVE, 2, 9ul,
					 (uint64_t)(100 + i)),
			0);
	for (depth = 1; depth <= 4; depth++) {
		struct slot *slot;

		address = rest;
		for (i = 0; i + 1 < depth; i++)
			address = (address + 1) << 4 | 9;
		address = (address + 1) << ROOT_BITS | 100;
		slot = cspace_lookup(cap, address);
		if (depth == 4)
			assert_null(slot);
		else
			assert_true(slot && slot_is_empty(slot));
	}
	/* Index 0 is no slot at any level. */
	assert_null(cspace_lookup(cap, UINT64_C(1) << ROOT_BITS | 100));
	/* What is no CNode leads nowhere. */
	assert_null(
		cspace_lookup(cap, UINT64_C(4) << ROOT_BITS | SLOT_UNTYPED));
}

static void
index_zero_and_past_the_end_are_refused(void **state)
{
	(void)state;
	assert_int_equal(
		retype(OBJECT_ENDPOINT, 0, 1, 0), STATUS_INVALID_ARGUMENT);
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, ROOT_SIZE),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 2, ROOT_SIZE - 1),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 2, UINT64_MAX),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, 0ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, UINT64_MAX),
		STATUS_INVALID_ARGUMENT);
	audit();
}

static void
wrong_label_length_and_right_are_refused(void **state)
{
	(void)state;
	assert_int_equal(call(200, CNODE_INSPECT, 1, 1ul), STATUS_INVALID_CAP);
	assert_int_equal(
		call(SLOT_CNODE, UNTYPED_INFO, 0), STATUS_INVALID_METHOD);
	assert_int_equal(call(SLOT_CNODE, CNODE_INSPECT & ~0xffffu, 0),
		STATUS_INVALID_METHOD);
	assert_int_equal(call(SLOT_CNODE, CNODE_INSPECT | 0xff, 1, 1ul),
		STATUS_INVALID_METHOD);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_INSPECT, 0), STATUS_INVALID_METHOD);
	assert_int_equal(call(SLOT_CNODE, CNODE_INSPECT, 2, 1ul, 1ul),
		STATUS_INVALID_METHOD);
	assert_int_equal(call(SLOT_CNODE, CNODE_COPY, 3, 20ul,
				 (uint64_t)SLOT_CNODE, (uint64_t)CAP_READ),
		0);
	assert_int_equal(call(20, CNODE_DELETE, 1, 30ul), 0);
	assert_int_equal(call(20, CNODE_REVOKE, 1, 30ul), STATUS_NO_RIGHT);
	assert_int_equal(call(20, CNODE_MOVE, 2, 30ul, 20ul), STATUS_NO_RIGHT);
	assert_int_equal(call(20, CNODE_INSPECT, 1, 1ul), 0);
	assert_int_equal(
		call(SLOT_UNTYPED, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_ENDPOINT,
			0ul, 1ul, 20ul, 30ul, 0ul),
		STATUS_NO_RIGHT);
	audit();
}

/* An invocation finishes what is dying first, which may empty the very slot
 * that it was made on. */
static void
what_dies_meanwhile_is_not_invoked(void **state)
{
	struct invocation in = {.label = VSPACE_TRANSLATE, .length = 1};
	struct cap root = slot_of(SLOT_CNODE)->cap;

	(void)state;
	assert_int_equal(retype(OBJECT_CNODE, 3, 1, 50), 0);
	in.cspace = &root;
	in.slot = cnode_slot(cap_object(&slot_of(50)->cap), 1);
	assert_int_equal(call(50, CNODE_COPY, 3, 1ul, (uint64_t)SLOT_VSPACE,
				 (uint64_t)CAP_ALL),
		0);
	assert_int_equal(slot_delete(slot_of(50)), 0);
	assert_true(object_any_dying());
	assert_int_equal(invoke(&in), STATUS_INVALID_CAP);
	audit();
}

int
cspace_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(address_names_a_slot_of_the_root),
		TEST(address_walks_down_four_levels),
		TEST(index_zero_and_past_the_end_are_refused),
		TEST(wrong_label_length_and_right_are_refused),
		TEST(what_dies_meanwhile_is_not_invoked),
	};

	return cmocka_run_group_tests_name("cspace", tests, NULL, NULL);
}
