/* SPDX-License-Identifier: MIT
 *
 * Page tables and address spaces (rows A1, A3, A4).
 */
#include "host.h"
#include "page_info.h"
#include "tests.h"
#include "untyped.h"

#define FRAME 20
#define TABLES 100
#define OTHER 21
#define BASE UINT64_C(0x40000000)
#define RW (CAP_READ | CAP_WRITE)

static unsigned next_table;

/* Hang tables until the page at `address` has all. */
static void
make_tables(cptr_t space, uint64_t address)
{
	status_t status = STATUS_OK;

	while (status == STATUS_OK) {
		uint64_t slot = TABLES + next_table;

		if (slot_is_empty(slot_of(slot)))
			assert_int_equal(
				retype(OBJECT_PAGE_TABLE, 0, 1, slot), 0);
		status = call(space, VSPACE_MAP_TABLE, 2, address, slot);
		if (status == STATUS_OK)
			next_table++;
	}
	assert_int_equal(status, STATUS_ALREADY_MAPPED);
}

static int
setup(void **state)
{
	host_setup(state);
	next_table = 0;
	assert_int_equal(retype(OBJECT_FRAME, 1200, 1, FRAME), 0);
	assert_int_equal(retype(OBJECT_VSPACE, 0, 1, OTHER), 0);
	return 0;
}

static status_t
map(cptr_t space, uint64_t address, uint64_t page, uint64_t count,
	uint64_t rights)
{
	return call(space, VSPACE_MAP, 5, address, (uint64_t)FRAME, page, count,
		rights);
}

static struct vspace *
space_of(cptr_t cptr)
{
	return cap_object(&slot_of(cptr)->cap);
}

/* The compiler refuses one for another, and an integer for any. */
static void
addresses_are_types_of_their_own(void **state)
{
#define DIFFERENT(a, b) assert_false(__builtin_types_compatible_p(a, b))
	(void)state;
	DIFFERENT(paddr_t, uaddr_t);
	DIFFERENT(paddr_t, vaddr_t);
	DIFFERENT(vaddr_t, uaddr_t);
	DIFFERENT(paddr_t, uint64_t);
	DIFFERENT(uaddr_t, uint64_t);
	DIFFERENT(vaddr_t, uint64_t);
}

static void
addresses_have_page_and_offset(void **state)
{
	paddr_t physical = paddr_make(UINT64_C(0x1f8abcd123));
	uaddr_t user = uaddr_make(UINT64_C(0x3f9abcdef5));

	(void)state;
	assert_int_equal(paddr_page(physical), UINT64_C(0x1f8abcd));
	assert_int_equal(paddr_offset(physical), 0x123);
	assert_int_equal(uaddr_page(user), UINT64_C(0x3f9abcd));
	assert_int_equal(uaddr_offset(user), 0xef5);
}

static void
addresses_convert_to_integers_and_back(void **state)
{
	static const uint64_t values[] = {0, 1, 0xfff, 0x1000,
		UINT64_C(0x1f8abcd123), UINT64_C(0xffffffff80000000),
		UINT64_MAX};
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint64_t page = values[i] & ~PAGE_MASK;

		assert_true(paddr_make(values[i]).value == values[i]);
		assert_true(uaddr_make(values[i]).value == values[i]);
		assert_true(vaddr_make(values[i]).value == values[i]);
		assert_true(
			pfn_address(paddr_page(paddr_make(values[i]))).value ==
			page);
		assert_true(
			vpn_address(uaddr_page(uaddr_make(values[i]))).value ==
			page);
	}
}

static void
page_numbers_split_into_levels(void **state)
{
	vpn_t page = UINT64_C(0x3f9abcd);
	unsigned level, i;

	(void)state;
	assert_int_equal(pt_index(page, 2), 0x3f9abcd >> 18);
	assert_int_equal(pt_index(page, 1), (0x3f9abcd >> 9) & 511);
	assert_int_equal(pt_index(page, 0), 0x3f9abcd & 511);
	for (level = 0; level < PT_LEVELS; level++) {
		assert_int_equal(
			pt_index(pt_span(level) * 0x1a5, level), 0x1a5);
		for (i = 0; i < level; i++)
			assert_int_equal(
				pt_index(pt_span(level) * 0x1a5, i), 0);
	}
	assert_true(pt_user_range(0, USER_END >> 12));
	assert_false(pt_user_range(1, USER_END >> 12));
	assert_false(pt_user_range(UINT64_MAX, 2));
}

static void
entries_keep_page_and_rights(void **state)
{
	unsigned rights, limit;

	(void)state;
	for (rights = 0; rights < 8; rights++) {
		for (limit = 0; limit < 8; limit++) {
			pte_t leaf = pte_leaf(0x12345, rights, limit);

			assert_true(pte_is_valid(leaf) && pte_is_leaf(leaf));
			assert_int_equal(pte_page(leaf), 0x12345);
			/* Some processors let code be read, too. */
			assert_true(pte_rights(leaf) ==
					(rights | (rights & 2) >> 1) ||
				(rights & CAP_EXECUTE &&
					pte_rights(leaf) ==
						(rights | CAP_READ)));
			assert_int_equal(pte_limit(leaf), limit | CAP_READ);
			leaf = pte_next(pte_with_rights(leaf, CAP_READ));
			assert_int_equal(pte_page(leaf), 0x12346);
			assert_int_equal(pte_rights(leaf), CAP_READ);
			assert_int_equal(pte_limit(leaf), limit | CAP_READ);
		}
	}
	assert_false(pte_is_valid((pte_t){0}));
	assert_false(pte_is_leaf(pte_table(7)));
	assert_int_equal(pte_page(pte_table(7)), 7);
}

/* The user half maps nothing; the kernel's half is the kernel's root, entry
 * by entry, so that every table below it is the same one (row Y4). */
static void
a_new_space_is_empty_and_shares_the_kernels_half(void **state)
{
	uint64_t before = untyped_used(&slot_of(SLOT_UNTYPED)->cap);
	const pte_t *root, *kernel;
	unsigned i;

	(void)state;
	assert_int_equal(retype(OBJECT_VSPACE, 0, 1, 30), 0);
	/* One page, nothing below it was copied. */
	assert_true(untyped_used(&slot_of(SLOT_UNTYPED)->cap) - before <=
		2 * PAGE_SIZE);
	root = vspace_root(space_of(30));
	kernel = vspace_root(space_of(SLOT_VSPACE));
	for (i = 0; i < PT_ROOT_USER; i++)
		assert_false(pte_is_valid(root[i]));
	for (i = PT_ROOT_USER; i < PT_ENTRIES; i++)
		if (i < PT_ROOT_SPARE || i >= PT_ROOT_SPARE + 8)
			assert_true(root[i].value == host_kernel_root[i].value);
	assert_true(root[PT_ENTRIES - 1].value == kernel[PT_ENTRIES - 1].value);
	assert_true(pte_is_table(root[PT_ENTRIES - 1]));
	assert_int_equal(
		call(30, VSPACE_TRANSLATE, 1, BASE), STATUS_NOT_MAPPED);
	audit();
}

static void
missing_tables_are_named_by_level(void **state)
{
	unsigned level;

	(void)state;
	assert_int_equal(
		retype(OBJECT_PAGE_TABLE, 0, PT_LEVELS - 1, TABLES), 0);
	for (level = PT_LEVELS - 1; level-- > 0;) {
		uint64_t table = TABLES + level;

		assert_int_equal(
			map(SLOT_VSPACE, BASE, 0, 1, RW), STATUS_NO_TABLE);
		assert_int_equal(host_words[0], 0);
		assert_int_equal(host_words[1], level);
		assert_int_equal(
			call(SLOT_VSPACE, VSPACE_MAP_TABLE, 2, BASE, table), 0);
		assert_int_equal(host_words[0], level);
		assert_int_equal(
			call(SLOT_VSPACE, VSPACE_MAP_TABLE, 2, BASE, table),
			STATUS_BUSY);
	}
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 1, RW), 0);
	assert_int_equal(host_words[0], 1);
	audit();
}

static void
map_then_translate(void **state)
{
	uint64_t base;
	unsigned i;

	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	make_tables(SLOT_VSPACE, BASE + (512 << 12));
	base = pfn_address(cap_page(&slot_of(FRAME)->cap)).value;
	host_preempt = 255;
	assert_int_equal(map(SLOT_VSPACE, BASE + (100 << 12), 50, 700, RW), 0);
	assert_int_equal(host_words[0], 700);
	for (i = 0; i < 700; i++) {
		assert_int_equal(call(SLOT_VSPACE, VSPACE_TRANSLATE, 1,
					 BASE + ((100ul + i) << 12) + i),
			0);
		assert_int_equal(host_words[0], base + ((50ul + i) << 12) + i);
		assert_int_equal(host_words[1], RW);
	}
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE + (99ul << 12)),
		STATUS_NOT_MAPPED);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE + (800ul << 12)),
		STATUS_NOT_MAPPED);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, UINT64_MAX),
		STATUS_NOT_MAPPED);
	audit();
}

static void
a_run_stops_at_the_missing_table_and_goes_on(void **state)
{
	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	host_preempt = 255;
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 1100, RW), STATUS_NO_TABLE);
	assert_int_equal(host_words[0], 512);
	assert_int_equal(host_words[1], 0);
	make_tables(SLOT_VSPACE, BASE + (512 << 12));
	make_tables(SLOT_VSPACE, BASE + (1024 << 12));
	assert_int_equal(map(SLOT_VSPACE, BASE + (512 << 12), 512, 588, RW), 0);
	assert_int_equal(host_words[0], 588);
	audit();
}

static void
occupied_addresses_need_replace(void **state)
{
	struct vspace *space = space_of(SLOT_VSPACE);
	unsigned flushes;

	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	assert_int_equal(map(SLOT_VSPACE, BASE + (4 << 12), 0, 1, RW), 0);
	assert_int_equal(host_flushes, 0);
	host_touch(space, uaddr_make(BASE + (4 << 12)));
	assert_int_equal(
		map(SLOT_VSPACE, BASE, 1, 10, RW), STATUS_ALREADY_MAPPED);
	assert_int_equal(host_words[0], 4);
	flushes = host_flushes;
	assert_int_equal(map(SLOT_VSPACE, BASE, 1, 10, RW | MAP_REPLACE), 0);
	assert_true(host_flushes > flushes);
	audit();
}

static void
rights_come_from_the_frame(void **state)
{
	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	assert_int_equal(
		call(FRAME, FRAME_SLICE, 5, 0ul, 10ul, (uint64_t)CAP_READ,
			(uint64_t)SLOT_CNODE, 30ul),
		0);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_MAP, 5, BASE, 30ul, 0ul, 1ul,
				 (uint64_t)CAP_WRITE),
		STATUS_NO_RIGHT);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_MAP, 5, BASE, 30ul, 0ul, 2ul,
				 (uint64_t)CAP_READ),
		0);
	/* What must not be read is not mapped at all, lest protect show it. */
	assert_int_equal(call(FRAME, FRAME_SLICE, 5, 0ul, 10ul,
				 (uint64_t)(CAP_WRITE | CAP_EXECUTE),
				 (uint64_t)SLOT_CNODE, 31ul),
		0);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_MAP, 5, BASE, 31ul, 0ul, 1ul,
				 (uint64_t)CAP_EXECUTE),
		STATUS_NO_RIGHT);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_MAP, 5, BASE, 31ul, 0ul, 1ul, 0ul),
		STATUS_NO_RIGHT);
	/* Neither protect nor share makes more of it. */
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_PROTECT, 3, BASE, 2ul, (uint64_t)RW),
		STATUS_NO_RIGHT);
	make_tables(OTHER, BASE);
	assert_int_equal(call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				 BASE, 2ul, 0ul),
		0);
	assert_int_equal(
		call(OTHER, VSPACE_PROTECT, 3, BASE, 2ul, (uint64_t)RW),
		STATUS_NO_RIGHT);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_MAP, 5, BASE, 30ul, 9ul, 2ul,
				 (uint64_t)CAP_READ),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(
		map(SLOT_VSPACE, BASE + 8, 0, 1, RW), STATUS_INVALID_ARGUMENT);
	assert_int_equal(
		map(SLOT_VSPACE, USER_END, 0, 1, RW), STATUS_INVALID_ARGUMENT);
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 1, RW | 128),
		STATUS_INVALID_ARGUMENT);
	audit();
}

static void
protect_takes_and_gives_back(void **state)
{
	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 20, RW), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE));
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_PROTECT, 3, BASE, 300ul, 0ul), 0);
	audit();
	assert_int_equal(call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE), 0);
	assert_int_equal(host_words[1], 0);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_PROTECT, 3, BASE, 300ul, (uint64_t)RW),
		0);
	assert_true(vspace_fault_is_stale(
		space_of(SLOT_VSPACE), uaddr_make(BASE), CAP_WRITE));
	assert_false(vspace_fault_is_stale(
		space_of(SLOT_VSPACE), uaddr_make(BASE), CAP_EXECUTE));
	audit();
}

static void
code_is_synced_when_it_comes_and_goes(void **state)
{
	unsigned before = host_icache_syncs;

	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 2, RW), 0);
	assert_int_equal(host_icache_syncs, before);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_PROTECT, 3, BASE, 2ul,
				 (uint64_t)(CAP_READ | CAP_EXECUTE)),
		0);
	assert_int_equal(host_icache_syncs, before + 1);
	assert_int_equal(map(SLOT_VSPACE, BASE + 0x2000, 0, 2, CAP_EXECUTE), 0);
	assert_int_equal(host_icache_syncs, before + 2);
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)FRAME), 0);
	assert_int_equal(host_icache_syncs, before + 3);
}

static void
unmap_passes_over_holes(void **state)
{
	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	make_tables(SLOT_VSPACE, BASE + (3ul << 30));
	assert_int_equal(map(SLOT_VSPACE, BASE + (5 << 12), 0, 3, RW), 0);
	assert_int_equal(map(SLOT_VSPACE, BASE + (3ul << 30), 0, 3, RW), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + (6 << 12)));
	host_preempt = 255;
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_UNMAP, 2, 0ul, USER_END >> 12), 0);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE + (3ul << 30)),
		STATUS_NOT_MAPPED);
	audit();
}

static void
share_with_cow_takes_write_from_both(void **state)
{
	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	make_tables(SLOT_VSPACE, BASE + (512 << 12));
	make_tables(OTHER, BASE);
	assert_int_equal(map(SLOT_VSPACE, BASE + (10 << 12), 0, 600, RW), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + (20 << 12)));
	host_preempt = 128;
	assert_int_equal(call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				 BASE, 1024ul, 1ul),
		STATUS_NO_TABLE);
	assert_int_equal(host_words[0], 512);
	audit();
	make_tables(OTHER, BASE + (512 << 12));
	assert_int_equal(call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				 BASE + (512 << 12), 512ul, 1ul),
		0);
	assert_int_equal(host_words[0], 512);
	assert_int_equal(
		call(OTHER, VSPACE_TRANSLATE, 1, BASE + (609 << 12)), 0);
	assert_int_equal(host_words[1], CAP_READ);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE + (10 << 12)), 0);
	assert_int_equal(host_words[1], CAP_READ);
	assert_int_equal(
		call(OTHER, VSPACE_SHARE, 4, (uint64_t)OTHER, BASE, 1ul, 1ul),
		STATUS_INVALID_ARGUMENT);
	audit();
}

static void
list_maps_single_pages(void **state)
{
	unsigned i;

	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	host_words[0] = FRAME;
	host_words[1] = 16;
	host_words[2] = 0;
	for (i = 0; i < 16; i++) {
		host_words[8 + 2 * i] = BASE + (i * 7u << 12) + RW;
		host_words[9 + 2 * i] = 100 - i;
	}
	assert_int_equal(call_words(SLOT_VSPACE, VSPACE_MAP_LIST, 40), 0);
	assert_int_equal(host_words[0], 16);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE + (105 << 12)), 0);
	assert_int_equal(
		host_words[0] >> 12, cap_page(&slot_of(FRAME)->cap) + 85);
	host_words[0] = FRAME;
	host_words[1] = 1;
	host_words[2] = 0;
	assert_int_equal(call_words(SLOT_VSPACE, VSPACE_MAP_LIST, 10),
		STATUS_ALREADY_MAPPED);
	host_words[0] = FRAME;
	host_words[1] = 2;
	assert_int_equal(call_words(SLOT_VSPACE, VSPACE_MAP_LIST, 11),
		STATUS_INVALID_ARGUMENT);
	audit();
}

static void
reset_frees_tables_for_use_elsewhere(void **state)
{
	unsigned i;

	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	make_tables(SLOT_VSPACE, BASE + (40ul << 30));
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 512, RW), 0);
	assert_int_equal(map(SLOT_VSPACE, BASE + (40ul << 30), 0, 1, RW), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE));
	host_preempt = 255;
	assert_int_equal(call(SLOT_VSPACE, VSPACE_RESET, 0), 0);
	audit();
	for (i = 0; i < next_table; i++) {
		const uint64_t *words = cap_object(&slot_of(TABLES + i)->cap);
		unsigned word;

		for (word = 0; word < 512; word++)
			assert_int_equal(words[word], 0);
	}
	for (i = 0; i < PT_LEVELS - 1; i++)
		assert_int_equal(call(OTHER, VSPACE_MAP_TABLE, 2, BASE,
					 (uint64_t)TABLES + i),
			0);
	assert_int_equal(map(OTHER, BASE, 0, 512, RW), 0);
	audit();
}

static void
deleted_tables_take_their_mappings_along(void **state)
{
	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	make_tables(SLOT_VSPACE, BASE + (512 << 12));
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 600, RW), 0);
	host_touch(space_of(SLOT_VSPACE), uaddr_make(BASE + (555 << 12)));
	/* The last is its neighbour's equal, the first is above both. */
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1,
				 (uint64_t)TABLES + PT_LEVELS - 1),
		0);
	audit();
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE + (555 << 12)),
		STATUS_NOT_MAPPED);
	host_preempt = 255;
	assert_int_equal(
		call(SLOT_CNODE, CNODE_DELETE, 1, (uint64_t)TABLES), 0);
	audit();
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 1, RW), STATUS_NO_TABLE);
	assert_int_equal(host_words[1], PT_LEVELS - 2);
	assert_int_equal(
		call(OTHER, VSPACE_MAP_TABLE, 2, BASE, (uint64_t)TABLES + 1),
		0);
	audit();
}

static void
revoke_unmaps_everywhere(void **state)
{
	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	make_tables(OTHER, BASE);
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 100, RW), 0);
	assert_int_equal(call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				 BASE, 100ul, 0ul),
		0);
	host_touch(space_of(OTHER), uaddr_make(BASE + (7 << 12)));
	host_preempt = 255;
	assert_int_equal(call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)FRAME), 0);
	assert_int_equal(call(OTHER, VSPACE_TRANSLATE, 1, BASE + (7 << 12)),
		STATUS_NOT_MAPPED);
	audit();
	/* A deleted Frame may stay mapped; its Untyped gets it back. */
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 100, RW), 0);
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, (uint64_t)FRAME), 0);
	audit();
	assert_int_equal(
		call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)SLOT_UNTYPED), 0);
	audit();
	assert_int_equal(call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE),
		STATUS_NOT_MAPPED);
}

static void
device_pages_are_revoked_without_counts(void **state)
{
	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	assert_int_equal(
		call(SLOT_VSPACE, VSPACE_MAP, 5, BASE, (uint64_t)SLOT_DEVICE,
			0ul, 16ul, (uint64_t)(RW | MAP_UNCACHED)),
		0);
	assert_int_equal(
		call(SLOT_CNODE, CNODE_REVOKE, 1, (uint64_t)SLOT_DEVICE), 0);
	assert_int_equal(call(SLOT_VSPACE, VSPACE_TRANSLATE, 1, BASE),
		STATUS_NOT_MAPPED);
	audit();
}

/* Two sweeps that take turns: each finishes the other's first, and nothing
 * that is being swept comes back by sharing. */
static void
sweeps_take_turns_and_end(void **state)
{
	pfn_t first = cap_page(&slot_of(FRAME)->cap);
	status_t one = STATUS_RESTART, two = STATUS_RESTART;
	unsigned turns = 0;

	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	make_tables(OTHER, BASE);
	make_tables(OTHER, BASE + (9ul << 30));
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 200, RW), 0);
	assert_int_equal(map(OTHER, BASE + (9ul << 30), 0, 200, RW), 0);
	/* A pin that no walk takes away. */
	page_get(first + 5);
	host_preempt = 256;
	while (one == STATUS_RESTART || two == STATUS_RESTART) {
		if (one == STATUS_RESTART)
			one = vspace_unmap_everywhere(first, 100);
		if (turns == 1)
			call(OTHER, VSPACE_SHARE, 4, (uint64_t)SLOT_VSPACE,
				BASE, 200ul, 0ul);
		if (two == STATUS_RESTART)
			two = vspace_unmap_everywhere(first + 50, 150);
		assert_true(++turns < 4000 * PT_LEVELS);
	}
	page_put(first + 5);
	assert_true(turns > 2);
	assert_int_equal(
		call(OTHER, VSPACE_TRANSLATE, 1, BASE), STATUS_NOT_MAPPED);
	assert_int_equal(call(OTHER, VSPACE_TRANSLATE, 1,
				 BASE + (9ul << 30) + (199 << 12)),
		STATUS_NOT_MAPPED);
	audit();
}

static void
last_capability_of_a_space_empties_it(void **state)
{
	(void)state;
	make_tables(OTHER, BASE);
	assert_int_equal(map(OTHER, BASE, 0, 100, RW), 0);
	host_preempt = 255;
	assert_int_equal(call(SLOT_CNODE, CNODE_DELETE, 1, (uint64_t)OTHER), 0);
	audit();
	make_tables(SLOT_VSPACE, BASE);
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 100, RW), 0);
	audit();
}

/* More spaces than there are ASIDs, a few alive at a time. */
static void
asids_are_reused_only_after_a_flush(void **state)
{
	unsigned i;

	(void)state;
	make_tables(SLOT_VSPACE, BASE);
	assert_int_equal(map(SLOT_VSPACE, BASE, 0, 1, RW), 0);
	assert_int_equal(retype(OBJECT_UNTYPED, 64, 1, 40), 0);
	for (i = 0; i < 3000; i++) {
		assert_int_equal(
			call(40, UNTYPED_RETYPE, 6, (uint64_t)OBJECT_VSPACE,
				0ul, 1ul, (uint64_t)SLOT_CNODE, 41ul, 0ul),
			0);
		assert_int_not_equal(space_of(41)->asid, 0);
		assert_int_not_equal(
			space_of(41)->asid, space_of(SLOT_VSPACE)->asid);
		if (i % 60 == 59)
			assert_int_equal(
				call(SLOT_CNODE, CNODE_REVOKE, 1, 40ul), 0);
		else
			assert_int_equal(
				call(SLOT_CNODE, CNODE_DELETE, 1, 41ul), 0);
	}
	assert_true(host_flushes >= 2);
	audit();
}

int
vspace_tests(void)
{
#define SPACE_TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		SPACE_TEST(addresses_are_types_of_their_own),
		SPACE_TEST(addresses_have_page_and_offset),
		SPACE_TEST(addresses_convert_to_integers_and_back),
		SPACE_TEST(page_numbers_split_into_levels),
		SPACE_TEST(entries_keep_page_and_rights),
		SPACE_TEST(a_new_space_is_empty_and_shares_the_kernels_half),
		SPACE_TEST(missing_tables_are_named_by_level),
		SPACE_TEST(map_then_translate),
		SPACE_TEST(a_run_stops_at_the_missing_table_and_goes_on),
		SPACE_TEST(occupied_addresses_need_replace),
		SPACE_TEST(rights_come_from_the_frame),
		SPACE_TEST(protect_takes_and_gives_back),
		SPACE_TEST(code_is_synced_when_it_comes_and_goes),
		SPACE_TEST(unmap_passes_over_holes),
		SPACE_TEST(share_with_cow_takes_write_from_both),
		SPACE_TEST(list_maps_single_pages),
		SPACE_TEST(reset_frees_tables_for_use_elsewhere),
		SPACE_TEST(deleted_tables_take_their_mappings_along),
		SPACE_TEST(revoke_unmaps_everywhere),
		SPACE_TEST(device_pages_are_revoked_without_counts),
		SPACE_TEST(sweeps_take_turns_and_end),
		SPACE_TEST(last_capability_of_a_space_empties_it),
		SPACE_TEST(asids_are_reused_only_after_a_flush),
	};

	return cmocka_run_group_tests_name("vspace", tests, NULL, NULL);
}
