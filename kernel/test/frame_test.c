/* SPDX-License-Identifier: MIT
 *
 * Contents of frames, and copies to and from user memory.
 */
#include "host.h"
#include "tests.h"
#include "usermem.h"
#include <string.h>

#define FRAME 20
#define BASE UINT64_C(0x10000)
#define RW (CAP_READ | CAP_WRITE)

/* A Frame of 16 pages; pages 0-7 mapped from BASE, 4 read-only, 6 absent. */
static int
setup(void **state)
{
	uint64_t table;

	host_setup(state);
	assert_int_equal(retype(OBJECT_FRAME, 16, 1, FRAME), 0);
	assert_int_equal(retype(OBJECT_PAGE_TABLE, 0, PT_LEVELS - 1, 30), 0);
	for (table = 30; table < 30 + PT_LEVELS - 1; table++)
		call(SLOT_VSPACE, VSPACE_MAP_TABLE, 2, BASE, table);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_MAP, 5, BASE, (uint64_t)FRAME,
				 0ul, 8ul, (uint64_t)RW),
		0);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_PROTECT, 3, BASE + 0x4000,
				 1ul, (uint64_t)CAP_READ),
		0);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_UNMAP, 2, BASE + 0x6000, 1ul), 0);
	return 0;
}

static unsigned char *
memory(void)
{
	return phys_to_virt(pfn_address(cap_page(&slot_of(FRAME)->cap)));
}

static struct vspace *
space(void)
{
	return cap_object(&slot_of(SLOT_VSPACE)->cap);
}

static void
slices_stay_inside(void **state)
{
	(void)state;
	assert_int_equal(call(FRAME, FRAME_SLICE, 5, 4ul, 4ul, 15ul,
				 (uint64_t)SLOT_CNODE, 40ul),
		0);
	assert_int_equal(call(40, FRAME_INFO, 0), 0);
	assert_int_equal(host_words[0], virt_to_phys(memory()).value + 0x4000);
	assert_int_equal(host_words[1], 4);
	assert_int_equal(host_words[2], 0);
	assert_int_equal(call(40, FRAME_SLICE, 5, 2ul, 3ul, 15ul,
				 (uint64_t)SLOT_CNODE, 41ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(40, FRAME_SLICE, 5, 2ul, UINT64_MAX, 15ul,
				 (uint64_t)SLOT_CNODE, 41ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(40, FRAME_SLICE, 5, 2ul, 0ul, 15ul,
				 (uint64_t)SLOT_CNODE, 41ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)FRAME), 0);
	assert_true(slot_is_empty(slot_of(40)));
	audit();
}

static void
clear_and_copy_whole_pages(void **state)
{
	(void)state;
	memset(memory(), 7, 16 << 12);
	host_preempt = 255;
	assert_int_equal(call(FRAME, FRAME_CLEAR, 2, 2ul, 9ul), 0);
	assert_int_equal(memory()[0x1fff], 7);
	assert_int_equal(memory()[0x2000], 0);
	assert_int_equal(memory()[0xafff], 0);
	assert_int_equal(memory()[0xb000], 7);
	assert_int_equal(
		call(FRAME, FRAME_COPY, 4, 3ul, (uint64_t)FRAME, 11ul, 5ul), 0);
	assert_int_equal(memory()[0x2fff], 0);
	assert_int_equal(memory()[0x3000], 7);
	assert_int_equal(memory()[0x7fff], 7);
	assert_int_equal(memory()[0x8000], 0);
	assert_int_equal(call(FRAME, FRAME_CLEAR, 2, 2ul, 15ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(FRAME, FRAME_COPY, 4, 3ul, (uint64_t)SLOT_DEVICE,
				 0ul, 1ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(SLOT_DEVICE, FRAME_CLEAR, 2, 0ul, 1ul),
		STATUS_INVALID_ARGUMENT);
}

static void
read_and_write_through_the_callers_map(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 0x5000; i++)
		memory()[0x8000 + i] = i * 13;
	host_preempt = 255;
	assert_int_equal(
		call(FRAME, FRAME_READ, 3, 0x8123ul, 0x2345ul, BASE + 0x777),
		0);
	assert_memory_equal(memory() + 0x777, memory() + 0x8123, 0x2345);
	assert_int_equal(memory()[0x777 + 0x2345], 0);
	/* Page 4 is read-only, page 6 is absent. */
	assert_int_equal(
		call(FRAME, FRAME_READ, 3, 0x8000ul, 8192ul, BASE + 0x3000),
		STATUS_FAULT);
	assert_int_equal(
		call(FRAME, FRAME_WRITE, 3, 0xc000ul, 4096ul, BASE + 0x4000),
		0);
	assert_int_equal(
		call(FRAME, FRAME_WRITE, 3, 0xc000ul, 1ul, BASE + 0x6000),
		STATUS_FAULT);
	assert_int_equal(
		call(FRAME, FRAME_WRITE, 3, 0xc000ul, 4ul, UINT64_MAX - 1),
		STATUS_FAULT);
	assert_int_equal(call(FRAME, FRAME_READ, 3, 0xffffull, 2ul, BASE),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(FRAME, FRAME_READ, 3, UINT64_MAX, 2ul, BASE),
		STATUS_INVALID_ARGUMENT);
	audit();
}

static void
words_are_compared_and_swapped(void **state)
{
	uint64_t word = UINT64_C(0x1122334455667788);

	(void)state;
	memcpy(memory() + 16, &word, 8);
	assert_int_equal(call(FRAME, FRAME_LOAD, 2, 16ul, 8ul), 0);
	assert_int_equal(host_words[0], word);
	assert_int_equal(call(FRAME, FRAME_LOAD, 2, 20ul, 4ul), 0);
	assert_int_equal(host_words[0], 0x11223344);
	assert_int_equal(
		call(FRAME, FRAME_SWAP, 4, 16ul, 4ul, 0x55667788ul, 9ul), 0);
	assert_int_equal(host_words[0], 0x55667788);
	assert_int_equal(call(FRAME, FRAME_SWAP, 4, 16ul, 8ul, 1ul, 2ul), 0);
	assert_int_equal(host_words[0], UINT64_C(0x1122334400000009));
	assert_int_equal(call(FRAME, FRAME_LOAD, 2, 16ul, 8ul), 0);
	assert_int_equal(host_words[0], UINT64_C(0x1122334400000009));
	assert_int_equal(
		call(FRAME, FRAME_LOAD, 2, 18ul, 4ul), STATUS_INVALID_ARGUMENT);
	assert_int_equal(
		call(FRAME, FRAME_LOAD, 2, 16ul, 2ul), STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(FRAME, FRAME_LOAD, 2, 0x10000ul, 8ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(SLOT_DEVICE, FRAME_LOAD, 2, 0ul, 8ul),
		STATUS_INVALID_ARGUMENT);
}

static void
copies_across_tell_side_and_offset(void **state)
{
	struct user_range to = {space(), uaddr_make(BASE + 0x10)};
	struct user_range from = {space(), uaddr_make(BASE + 0x2800)};
	uint64_t done;
	unsigned side, i;

	(void)state;
	for (i = 0; i < 0x8000; i++)
		memory()[i] = i * 31 >> 3;
	assert_int_equal(user_copy_across(to, from, 0x1900, &done, &side), 0);
	assert_int_equal(done, 0x1900);
	assert_memory_equal(memory() + 0x10, memory() + 0x2800, 0x1900);
	/* Into the read-only page. */
	to.address = uaddr_make(BASE + 0x3ff0);
	assert_int_equal(
		user_copy_across(to, from, 0x100, &done, &side), STATUS_FAULT);
	assert_int_equal(side, USER_FAULT_TARGET);
	assert_int_equal(done, 0x10);
	/* Out of the absent page. */
	to.address = uaddr_make(BASE);
	from.address = uaddr_make(BASE + 0x5f00);
	assert_int_equal(
		user_copy_across(to, from, 0x200, &done, &side), STATUS_FAULT);
	assert_int_equal(side, USER_FAULT_SOURCE);
	assert_int_equal(done, 0x100);
	from.space = NULL;
	assert_int_equal(
		user_copy_across(to, from, 1, &done, &side), STATUS_FAULT);
	assert_int_equal(done, 0);
}

static void
device_pages_are_no_user_memory(void **state)
{
	char buffer[8];
	uint64_t done;

	(void)state;
	assert_int_equal(call(SLOT_VSPACE, VSPACE_MAP, 5, BASE + 0x20000,
				 (uint64_t)SLOT_DEVICE, 0ul, 1ul, (uint64_t)RW),
		0);
	assert_int_equal(user_copy_in(space(), buffer,
				 uaddr_make(BASE + 0x20000), 8, &done),
		STATUS_FAULT);
}

int
frame_tests(void)
{
#define FRAME_TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		FRAME_TEST(slices_stay_inside),
		FRAME_TEST(clear_and_copy_whole_pages),
		FRAME_TEST(read_and_write_through_the_callers_map),
		FRAME_TEST(words_are_compared_and_swapped),
		FRAME_TEST(copies_across_tell_side_and_offset),
		FRAME_TEST(device_pages_are_no_user_memory),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
