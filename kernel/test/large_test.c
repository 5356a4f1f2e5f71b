/* SPDX-License-Identifier: MIT
 *
 * Large pages: entries of level 1 that map memory.
 */
#include "host.h"
#include "page_info.h"
#include "tests.h"
#include "usermem.h"
#include <string.h>

#define FRAME 20
#define OTHER 21
#define TABLE 22
#define BASE UINT64_C(0x40000000)
#define LARGE_SIZE (LARGE_PAGES << PAGE_SHIFT)
#define RW (CAP_READ | CAP_WRITE)

static uint64_t first; /* page of the Frame where large pages can begin */
static uint64_t next_table;

/* Hang tables until the one of `level` for the address is there. */
static void
make_tables(cptr_t space, uint64_t address, uint64_t level)
{
	do {
		assert_int_equal(
			retype(OBJECT_PAGE_TABLE, 0, 1, next_table), 0);
		assert_int_equal(
			call(space, VSPACE_MAP_TABLE, 2, address, next_table++),
			0);
	} while (host_words[0] != level);
}

static int
setup(void **state)
{
	host_setup(state);
	next_table = TABLE;
	assert_int_equal(retype(OBJECT_FRAME, 2048, 1, FRAME), 0);
	assert_int_equal(retype(OBJECT_VSPACE, 0, 1, OTHER), 0);
	first = -cap_page(&slot_of(FRAME)->cap) % LARGE_PAGES;
	make_tables(SLOT_VSPACE, BASE, 1);
	return 0;
}

static status_t
map(uint64_t address, uint64_t page, uint64_t count, uint64_t rights)
{
	return call(SLOT_VSPACE, VSPACE_MAP, 5, address, (uint64_t)FRAME, page,
		count, rights);
}

static status_t
map_large(uint64_t address, uint64_t rights)
{
	return map(address, first, LARGE_PAGES, rights | MAP_LARGE);
}

static status_t
translate(cptr_t space, uint64_t address)
{
	return call(space, VSPACE_TRANSLATE, 1, address);
}

static struct vspace *
space_of(cptr_t cptr)
{
	return cap_object(&slot_of(cptr)->cap);
}

static void
whole_and_aligned_or_not_at_all(void **state)
{
	uint64_t large = RW | MAP_LARGE;

	(void)state;
	assert_int_equal(map(BASE + 4096, first, LARGE_PAGES, large),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(map(BASE, first + 1, LARGE_PAGES, large),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(map(BASE, first, LARGE_PAGES + 1, large),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(map(BASE, first, 1, large), STATUS_INVALID_ARGUMENT);
	assert_int_equal(map(BASE, first, 8 * LARGE_PAGES, large),
		STATUS_INVALID_ARGUMENT);
	audit();
}

static void
two_show_what_the_run_holds(void **state)
{
	uint64_t base =
		pfn_address(cap_page(&slot_of(FRAME)->cap) + first).value;

	(void)state;
	host_preempt = 255;
	assert_int_equal(map(BASE, first, 2 * LARGE_PAGES, RW | MAP_LARGE), 0);
	assert_int_equal(host_words[0], 2 * LARGE_PAGES);
	assert_int_equal(translate(SLOT_VSPACE, BASE + LARGE_SIZE + 0x5678), 0);
	assert_int_equal(host_words[0], base + LARGE_SIZE + 0x5678);
	assert_int_equal(host_words[1], RW);
	assert_int_equal(translate(SLOT_VSPACE, BASE + 2 * LARGE_SIZE),
		STATUS_NOT_MAPPED);
	audit();
}

static void
missing_tables_are_those_above(void **state)
{
	uint64_t far = BASE + (UINT64_C(7) << 30);

	(void)state;
	assert_int_equal(map_large(far, RW), STATUS_NO_TABLE);
	assert_int_equal(host_words[0], 0);
	assert_int_equal(host_words[1], 1);
	make_tables(SLOT_VSPACE, far, 1);
	assert_int_equal(map_large(far, RW), 0);
	/* No room for a table below it now. */
	assert_int_equal(retype(OBJECT_PAGE_TABLE, 0, 1, 60), 0);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_MAP_TABLE, 2, far + 4096, 60ul),
		STATUS_ALREADY_MAPPED);
	audit();
}

static void
only_large_replaces_large(void **state)
{
	(void)state;
	assert_int_equal(map_large(BASE, CAP_READ), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + 0x3000));
	assert_int_equal(map_large(BASE, RW), STATUS_ALREADY_MAPPED);
	assert_int_equal(map(BASE + 4096, 0, 1, RW), STATUS_ALREADY_MAPPED);
	assert_int_equal(map(BASE + 4096, 0, 1, RW | MAP_REPLACE),
		STATUS_ALREADY_MAPPED);
	assert_int_equal(map(BASE + 4096, 0, 20, RW | MAP_REPLACE),
		STATUS_ALREADY_MAPPED);
	assert_int_equal(map(BASE, first + LARGE_PAGES, LARGE_PAGES,
				 RW | MAP_LARGE | MAP_REPLACE),
		0);
	audit();
	make_tables(SLOT_VSPACE, BASE + LARGE_SIZE, 0);
	assert_int_equal(map_large(BASE + LARGE_SIZE, RW | MAP_REPLACE),
		STATUS_ALREADY_MAPPED);
	audit();
}

static void
parts_are_refused_wholes_change(void **state)
{
	(void)state;
	assert_int_equal(map_large(BASE, RW), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + 0x3000));
	assert_int_equal(call(SLOT_VSPACE, VSPACE_PROTECT, 3, BASE, 511ul,
				 (uint64_t)CAP_READ),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_UNMAP, 2, BASE + 4096, 511ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(translate(SLOT_VSPACE, BASE + 4096), 0);
	assert_int_equal(host_words[1], RW);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_PROTECT, 3, BASE - LARGE_SIZE,
				 4 * LARGE_PAGES, (uint64_t)CAP_READ),
		0);
	audit();
	assert_int_equal(translate(SLOT_VSPACE, BASE + 4096), 0);
	assert_int_equal(host_words[1], CAP_READ);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + 0x3000));
	assert_int_equal(call(SLOT_VSPACE, VSPACE_UNMAP, 2, BASE - LARGE_SIZE,
				 2 * LARGE_PAGES),
		0);
	assert_int_equal(translate(SLOT_VSPACE, BASE), STATUS_NOT_MAPPED);
	audit();
}

static void
sharing_takes_the_whole(void **state)
{
	(void)state;
	assert_int_equal(map_large(BASE, RW), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + 0x3000));
	assert_int_equal(call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				 BASE, LARGE_PAGES, 1ul),
		STATUS_NO_TABLE);
	assert_int_equal(host_words[1], PT_LEVELS - 2);
	make_tables(OTHER, BASE, 1);
	assert_int_equal(call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				 BASE, LARGE_PAGES - 1, 1ul),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				 BASE, 2 * LARGE_PAGES, 1ul),
		0);
	assert_int_equal(host_words[0], 2 * LARGE_PAGES);
	audit();
	assert_int_equal(translate(OTHER, BASE + 0x3000), 0);
	assert_int_equal(host_words[1], CAP_READ);
	assert_int_equal(translate(SLOT_VSPACE, BASE + 0x3000), 0);
	assert_int_equal(host_words[1], CAP_READ);
	assert_int_equal(call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				 BASE, LARGE_PAGES, 1ul),
		STATUS_ALREADY_MAPPED);
	audit();
}

static void
revoking_a_part_unmaps_the_whole(void **state)
{
	(void)state;
	assert_int_equal(map_large(BASE, RW), 0);
	assert_int_equal(map(BASE + LARGE_SIZE, first, LARGE_PAGES,
				 CAP_READ | MAP_LARGE),
		0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + 0x3000));
	assert_int_equal(
		call(FRAME, FRAME_SLICE, 5, first + 100, 1ul,
			(uint64_t)CAP_READ, (uint64_t)SLOT_CNODE, 60ul),
		0);
	host_preempt = 255;
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, 60ul), 0);
	assert_int_equal(translate(SLOT_VSPACE, BASE), STATUS_NOT_MAPPED);
	assert_int_equal(
		translate(SLOT_VSPACE, BASE + LARGE_SIZE), STATUS_NOT_MAPPED);
	audit();
}

static void
spaces_and_tables_end_with_them(void **state)
{
	(void)state;
	host_preempt = 255;
	assert_int_equal(map(BASE, first, 2 * LARGE_PAGES, RW | MAP_LARGE), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + 0x3000));
	assert_int_equal(call(SLOT_VSPACE, VSPACE_RESET, 0), 0);
	audit();
	make_tables(SLOT_VSPACE, BASE, 1);
	assert_int_equal(map_large(BASE, RW), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + 0x3000));
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, next_table - 1), 0);
	audit();
	assert_int_equal(translate(SLOT_VSPACE, BASE), STATUS_NOT_MAPPED);
	make_tables(OTHER, BASE, 1);
	assert_int_equal(
		call(OTHER, VSPACE_MAP, 5, BASE, (uint64_t)FRAME, first,
			LARGE_PAGES, (uint64_t)(RW | MAP_LARGE)),
		0);
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, (uint64_t)OTHER), 0);
	audit();
}

/* Copies to and from user memory go through the part that is meant. */
static void
the_kernel_reaches_every_part(void **state)
{
	char out[] = "across a border of pages", in[sizeof(out)];
	uint64_t address = BASE + 300 * PAGE_SIZE - 7, done;
	const char *memory;

	(void)state;
	assert_int_equal(map_large(BASE, RW), 0);
	assert_int_equal(user_copy_out(space_of(SLOT_VSPACE),
				 uaddr_make(address), out, sizeof(out), &done),
		0);
	memory = phys_to_virt(
		pfn_address(cap_page(&slot_of(FRAME)->cap) + first));
	assert_memory_equal(memory + 300 * PAGE_SIZE - 7, out, sizeof(out));
	assert_int_equal(user_copy_in(space_of(SLOT_VSPACE), in,
				 uaddr_make(address), sizeof(in), &done),
		0);
	assert_memory_equal(in, out, sizeof(out));
	assert_int_equal(
		user_copy_in(space_of(SLOT_VSPACE), in,
			uaddr_make(BASE + LARGE_SIZE - 4), sizeof(in), &done),
		STATUS_FAULT);
	assert_int_equal(done, 4);
}

int
large_tests(void)
{
#define LARGE_TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		LARGE_TEST(whole_and_aligned_or_not_at_all),
		LARGE_TEST(two_show_what_the_run_holds),
		LARGE_TEST(missing_tables_are_those_above),
		LARGE_TEST(only_large_replaces_large),
		LARGE_TEST(parts_are_refused_wholes_change),
		LARGE_TEST(sharing_takes_the_whole),
		LARGE_TEST(revoking_a_part_unmaps_the_whole),
		LARGE_TEST(spaces_and_tables_end_with_them),
		LARGE_TEST(the_kernel_reaches_every_part),
	};

	return cmocka_run_group_tests_name("large pages", tests, NULL, NULL);
}
