/* SPDX-License-Identifier: MIT
 *
 * The derivation tree and the life of objects.
 */
#include "host.h"
#include "tests.h"

#define EP SLOT_FREE

static void
copy_is_sibling_and_reduced_copy_is_child(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP), 0);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_COPY, 3, 20ul, (uint64_t)EP, 15ul), 0);
	assert_int_equal(call(SLOT_CNODE, CNODE_COPY, 3, 21ul, (uint64_t)EP,
				 (uint64_t)CAP_WRITE),
		0);
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)EP), 0);
	assert_false(slot_is_empty(slot_of(20)));
	assert_true(slot_is_empty(slot_of(21)));
	audit();
}

static void
copy_never_adds_rights(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP), 0);
	call(SLOT_CNODE, CNODE_COPY, 3, 20ul, (uint64_t)EP,
		(uint64_t)CAP_WRITE);
	assert_int_equal(call(SLOT_CNODE, CNODE_COPY, 3, 21ul, 20ul, 255ul), 0);
	assert_int_equal(call(SLOT_CNODE, CNODE_INSPECT, 1, 21ul), 0);
	assert_int_equal(host_words[0], OBJECT_ENDPOINT);
	assert_int_equal(host_words[1], CAP_WRITE);
	audit();
}

static void
mint_sets_a_badge_once(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP), 0);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_MINT, 4, 20ul, (uint64_t)EP, 15ul, 77ul),
		0);
	assert_int_equal(cap_badge(&slot_of(20)->cap), 77);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_MINT, 4, 21ul, 20ul, 15ul, 78ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(SLOT_CNODE, CNODE_MINT, 4, 21ul,
				 (uint64_t)SLOT_VSPACE, 15ul, 78ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_MINT, 4, 21ul, 20ul, 15ul, 0ul), 0);
	assert_int_equal(cap_badge(&slot_of(21)->cap), 77);
	audit();
}

static void
delete_hands_children_to_the_parent(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP), 0);
	call(SLOT_CNODE, CNODE_MINT, 4, 20ul, (uint64_t)EP, 15ul, 1ul);
	call(SLOT_CNODE, CNODE_MINT, 4, 21ul, (uint64_t)EP, 15ul, 2ul);
	call(SLOT_CNODE, CNODE_MINT, 4, 22ul, 20ul, 7ul, 0ul);
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, 20ul), 0);
	audit();
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, (uint64_t)EP), 0);
	audit();
	assert_false(slot_is_empty(slot_of(21)));
	assert_false(slot_is_empty(slot_of(22)));
	assert_int_equal(host_destroyed[OBJECT_ENDPOINT], 0);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)SLOT_UNTYPED), 0);
	assert_true(slot_is_empty(slot_of(21)));
	assert_int_equal(host_destroyed[OBJECT_ENDPOINT], 1);
	audit();
}

static void
last_capability_destroys_once(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 3, EP), 0);
	call(SLOT_CNODE, CNODE_COPY, 3, 20ul, (uint64_t)EP, 15ul);
	call(SLOT_CNODE, CNODE_DELETE, 1, (uint64_t)EP);
	assert_int_equal(host_destroyed[OBJECT_ENDPOINT], 0);
	call(SLOT_CNODE, CNODE_DELETE, 1, 20ul);
	assert_int_equal(host_destroyed[OBJECT_ENDPOINT], 1);
	call(SLOT_CNODE, CNODE_DELETE, 1, 20ul);
	assert_int_equal(host_destroyed[OBJECT_ENDPOINT], 1);
	audit();
}

static void
move_keeps_the_place_in_the_tree(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP), 0);
	call(SLOT_CNODE, CNODE_MINT, 4, 20ul, (uint64_t)EP, 15ul, 1ul);
	call(SLOT_CNODE, CNODE_MINT, 4, 21ul, 20ul, 3ul, 0ul);
	assert_int_equal(call(SLOT_CNODE, CNODE_MOVE, 2, 30ul, 20ul), 0);
	audit();
	assert_int_equal(call(SLOT_CNODE, CNODE_MOVE, 2, 30ul, 21ul),
		STATUS_SLOT_OCCUPIED);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_MOVE, 2, 31ul, (uint64_t)EP), 0);
	audit();
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, 30ul), 0);
	assert_true(slot_is_empty(slot_of(21)));
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, 31ul), 0);
	assert_true(slot_is_empty(slot_of(30)));
	audit();
}

static void
untyped_and_tables_are_never_copied(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_PAGE_TABLE, 0, 1, 20), 0);
	assert_int_equal(call(SLOT_CNODE, CNODE_COPY, 3, 21ul, 20ul, 15ul),
		STATUS_INVALID_CAP);
	assert_int_equal(call(SLOT_CNODE, CNODE_COPY, 3, 21ul,
				 (uint64_t)SLOT_UNTYPED, 15ul),
		STATUS_INVALID_CAP);
	assert_int_equal(call(SLOT_CNODE, CNODE_MINT, 4, 21ul,
				 (uint64_t)SLOT_UNTYPED, 15ul, 0ul),
		STATUS_INVALID_CAP);
	audit();
}

/* Ten thousand capabilities in one chain are revoked in steps, each of which
 * leaves a proper tree. */
static void
revoke_of_a_long_chain_is_resumable(void **state)
{
	unsigned i;

	(void)state;
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP), 0);
	for (i = 0; i < 4000; i++)
		assert_int_equal(
			call(SLOT_CNODE, CNODE_MINT, 4, (uint64_t)(EP + i + 1),
				(uint64_t)(EP + i), 15ul, 0ul),
			0);
	host_preempt = 255;
	assert_int_equal(slot_revoke(slot_of(EP)), STATUS_RESTART);
	audit();
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)EP), 0);
	for (i = 0; i < 4000; i++)
		assert_true(slot_is_empty(slot_of(EP + i + 1)));
	audit();
}

static void
nested_cnodes_die_without_recursion(void **state)
{
	unsigned i, depth = 500;

	(void)state;
	/* Each CNode holds the only capability of the next. */
	assert_int_equal(retype(OBJECT_CNODE, 2, depth, EP), 0);
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP + depth), 0);
	for (i = depth; i > 0; i--)
		assert_int_equal(call(EP + i - 1, CNODE_MOVE, 2, 1ul,
					 (uint64_t)(EP + i)),
			0);
	audit();
	host_preempt = 200;
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, (uint64_t)EP), 0);
	assert_int_equal(host_destroyed[OBJECT_ENDPOINT], 1);
	audit();
}

static void
cnode_that_holds_itself_goes_with_its_untyped(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_CNODE, 4, 1, EP), 0);
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP + 1), 0);
	assert_int_equal(call(EP, CNODE_MOVE, 2, 5ul, (uint64_t)(EP + 1)), 0);
	assert_int_equal(call(EP, CNODE_COPY, 3, 1ul, (uint64_t)EP, 15ul), 0);
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, (uint64_t)EP), 0);
	assert_int_equal(host_destroyed[OBJECT_ENDPOINT], 0);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)SLOT_UNTYPED), 0);
	assert_int_equal(host_destroyed[OBJECT_ENDPOINT], 1);
	audit();
}

static void
threads_hear_of_lost_slots(void **state)
{
	struct slot *slot;

	(void)state;
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, EP), 0);
	slot = slot_of(40);
	assert_int_equal(slot_copy(slot, slot_of(EP), CAP_ALL), 0);
	slot_set_in_thread(slot);
	/* The mark does not travel, and is no right that a copy lacks. */
	assert_int_equal(slot_copy(slot_of(41), slot, CAP_ALL), 0);
	assert_int_equal(cap_rights(&slot_of(41)->cap), CAP_ALL);
	assert_false(slot_has_children(slot));
	assert_int_equal(
		call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)SLOT_UNTYPED), 0);
	assert_int_equal(host_slots_lost, 1);
	assert_true(slot_is_empty(slot));
}

static void
reply_follows_its_slot(void **state)
{
	struct cap reply;

	(void)state;
	assert_int_equal(retype(OBJECT_TCB, 0, 1, EP), 0);
	reply = cap_make(
		OBJECT_REPLY, CAP_ALL, 0, cap_reference(&slot_of(EP)->cap));
	slot_set(slot_of(50), reply);
	assert_int_equal(call(SLOT_CNODE, CNODE_COPY, 3, 51ul, 50ul, 15ul),
		STATUS_INVALID_CAP);
	assert_int_equal(call(SLOT_CNODE, CNODE_MOVE, 2, 51ul, 50ul), 0);
	assert_ptr_equal(host_reply_slot, slot_of(51));
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, 51ul), 0);
	assert_null(host_reply_slot);
	assert_int_equal(host_replies_moved, 2);
	audit();
}

int
slot_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(copy_is_sibling_and_reduced_copy_is_child),
		TEST(copy_never_adds_rights),
		TEST(mint_sets_a_badge_once),
		TEST(delete_hands_children_to_the_parent),
		TEST(last_capability_destroys_once),
		TEST(move_keeps_the_place_in_the_tree),
		TEST(untyped_and_tables_are_never_copied),
		TEST(revoke_of_a_long_chain_is_resumable),
		TEST(nested_cnodes_die_without_recursion),
		TEST(cnode_that_holds_itself_goes_with_its_untyped),
		TEST(threads_hear_of_lost_slots),
		TEST(reply_follows_its_slot),
	};

	return cmocka_run_group_tests_name("slot", tests, NULL, NULL);
}
