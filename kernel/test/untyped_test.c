/* SPDX-License-Identifier: MIT
 *
 * Untyped memory: retype, its limits, and getting everything back.
 */
#include "host.h"
#include "tests.h"
#include "untyped.h"
#include <string.h>

static uint64_t
free_bytes(cptr_t untyped)
{
	assert_int_equal(call(untyped, UNTYPED_INFO, 0), 0);
	return host_words[2];
}

static void
every_type_can_be_made(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_UNTYPED, 16, 2, 20), 0);
	assert_int_equal(retype(OBJECT_CNODE, 6, 2, 22), 0);
	assert_int_equal(retype(OBJECT_FRAME, 3, 2, 24), 0);
	assert_int_equal(retype(OBJECT_PAGE_TABLE, 0, 2, 26), 0);
	assert_int_equal(retype(OBJECT_VSPACE, 0, 2, 28), 0);
	assert_int_equal(retype(OBJECT_TCB, 0, 2, 30), 0);
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 2, 32), 0);
	assert_int_equal(retype(OBJECT_NOTIFICATION, 0, 2, 34), 0);
	assert_int_equal(retype(OBJECT_TIMER, 0, 2, 36), 0);
	audit();
}

static void
bad_types_and_sizes_are_refused(void **state)
{
	const uint64_t none[] = {0, OBJECT_REPLY, OBJECT_IRQ_CONTROL,
		OBJECT_INTERRUPT, OBJECT_CONSOLE, OBJECT_POWER, 15, 16,
		UINT64_MAX};
	uint64_t before = free_bytes(SLOT_UNTYPED);
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(
			call(SLOT_UNTYPED, UNTYPED_RETYPE, 6, none[i], 0ul, 1ul,
				(uint64_t)SLOT_CNODE, 20ul, 0ul),
			STATUS_INVALID_ARGUMENT);
	assert_int_equal(
		retype(OBJECT_FRAME, 0, 1, 20), STATUS_INVALID_ARGUMENT);
	assert_int_equal(retype(OBJECT_FRAME, UINT64_MAX, 1, 20),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(retype(OBJECT_FRAME, CAP_PAGES_MAX, 1024, 20),
		STATUS_NO_MEMORY);
	assert_int_equal(
		retype(OBJECT_CNODE, 0, 1, 20), STATUS_INVALID_ARGUMENT);
	assert_int_equal(retype(OBJECT_CNODE, CNODE_BITS_MAX + 1, 1, 20),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(
		retype(OBJECT_ENDPOINT, 0, 0, 20), STATUS_INVALID_ARGUMENT);
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, RETYPE_MAX + 1, 20),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(retype(OBJECT_ENDPOINT, 0, 1, SLOT_VSPACE),
		STATUS_SLOT_OCCUPIED);
	assert_int_equal(free_bytes(SLOT_UNTYPED), before);
	audit();
}

static void
memory_runs_out_exactly(void **state)
{
	(void)state;
	assert_int_equal(retype(OBJECT_UNTYPED, 4, 1, 20), 0);
	assert_int_equal(call(20, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_FRAME,
				 1ul, 5ul, (uint64_t)SLOT_CNODE, 30ul, 0ul),
		STATUS_NO_MEMORY);
	assert_int_equal(call(20, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_FRAME,
				 1ul, 4ul, (uint64_t)SLOT_CNODE, 30ul, 0ul),
		0);
	assert_int_equal(free_bytes(20), 0);
	assert_int_equal(call(20, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_ENDPOINT,
				 0ul, 1ul, (uint64_t)SLOT_CNODE, 40ul, 0ul),
		STATUS_NO_MEMORY);
	audit();
}

static void
new_memory_is_clear_unless_raw(void **state)
{
	unsigned char *page;
	unsigned i;

	(void)state;
	memset(host_ram + HOST_RAM_SIZE / 2, 0xa5, HOST_RAM_SIZE / 2);
	memset(host_ram + (4 << 20), 0xa5, 4 << 20);
	assert_int_equal(retype(OBJECT_UNTYPED, 1024, 1, 19), 0);
	host_preempt = 128;
	assert_int_equal(retype(OBJECT_FRAME, 100, 2, 20), 0);
	page = phys_to_virt(pfn_address(cap_page(&slot_of(20)->cap)));
	assert_true(page >= host_ram + (4 << 20));
	for (i = 0; i < 200 * PAGE_SIZE; i++)
		assert_int_equal(page[i], 0);
	assert_int_equal(page[i], 0xa5);
	assert_int_equal(
		call(SLOT_UNTYPED, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_FRAME,
			3ul, 1ul, (uint64_t)SLOT_CNODE, 22ul, 1ul),
		0);
	page = phys_to_virt(pfn_address(cap_page(&slot_of(22)->cap)));
	assert_int_equal(page[0], 0xa5);
	assert_int_equal(page[3 * PAGE_SIZE - 1], 0xa5);
	audit();
}

static void
revoke_gives_all_memory_back(void **state)
{
	uint64_t before = free_bytes(SLOT_UNTYPED);
	unsigned round;

	(void)state;
	for (round = 0; round < 20; round++) {
		host_preempt = round * 12;
		assert_int_equal(retype(OBJECT_UNTYPED, 100, 1, 20), 0);
		assert_int_equal(
			call(20, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_CNODE, 5ul,
				3ul, (uint64_t)SLOT_CNODE, 30ul, 0ul),
			0);
		assert_int_equal(
			call(20, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_VSPACE,
				0ul, 3ul, (uint64_t)30, 1ul, 0ul),
			0);
		assert_int_equal(
			call(20, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_FRAME, 2ul,
				10ul, (uint64_t)31, 1ul, 0ul),
			0);
		assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1,
					 (uint64_t)SLOT_UNTYPED),
			0);
		assert_int_equal(free_bytes(SLOT_UNTYPED), before);
		assert_true(slot_is_empty(slot_of(20)));
		audit();
	}
}

/* A child Untyped that was deleted while it had children leaves them to its
 * parent, whose memory it is. */
static void
memory_of_a_deleted_untyped_returns_to_its_parent(void **state)
{
	uint64_t before = free_bytes(SLOT_UNTYPED);

	(void)state;
	assert_int_equal(retype(OBJECT_UNTYPED, 16, 1, 20), 0);
	assert_int_equal(call(20, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_FRAME,
				 1ul, 4ul, (uint64_t)SLOT_CNODE, 30ul, 0ul),
		0);
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, 20ul), 0);
	audit();
	assert_int_equal(
		call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)SLOT_UNTYPED), 0);
	assert_true(slot_is_empty(slot_of(30)));
	assert_int_equal(free_bytes(SLOT_UNTYPED), before);
	audit();
}

int
untyped_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_type_can_be_made),
		TEST(bad_types_and_sizes_are_refused),
		TEST(memory_runs_out_exactly),
		TEST(new_memory_is_clear_unless_raw),
		TEST(revoke_gives_all_memory_back),
		TEST(memory_of_a_deleted_untyped_returns_to_its_parent),
	};

	return cmocka_run_group_tests_name("untyped", tests, NULL, NULL);
}
