/* SPDX-License-Identifier: MIT */
/*
 * Frames and address spaces: contents, mapping, protection, sharing.
 */
#include "arch.h"
#include "harness.h"

#include <string.h>

static volatile uint64_t *
word(vaddr_t address)
{
	return (volatile uint64_t *)address;
}

static verdict_t
map_and_unmap(void)
{
	cptr_t frame = make(OBJECT_FRAME, 4);
	uint64_t done, level, rights;
	paddr_t physical, base;
	uint64_t count;
	bool device;

	OK(space_map(
		SELF_VSPACE, SCRATCH, frame, 0, 4, RIGHT_READ | RIGHT_WRITE));
	*word(SCRATCH + 0x3008) = 42;
	EQUAL(*word(SCRATCH + 0x3008), 42);
	OK(frame_info(frame, &base, &count, &device));
	EQUAL(count, 4);
	CHECK(!device);
	OK(vspace_translate(SELF_VSPACE, SCRATCH + 0x1010, &physical, &rights));
	EQUAL(physical, base + 0x1010);
	EQUAL(rights & 7, RIGHT_READ | RIGHT_WRITE);
	EQUAL(vspace_map(SELF_VSPACE, SCRATCH, frame, 0, 1, RIGHT_READ, &done,
		      &level),
		STATUS_ALREADY_MAPPED);
	OK(vspace_map(SELF_VSPACE, SCRATCH, frame, 3, 1,
		RIGHT_READ | VSPACE_FLAG_REPLACE, &done, &level));
	EQUAL(*word(SCRATCH + 8), 42);
	OK(vspace_unmap(SELF_VSPACE, SCRATCH, 16));
	EQUAL(vspace_translate(SELF_VSPACE, SCRATCH, &physical, &rights),
		STATUS_NOT_MAPPED);
	return NULL;
}

static verdict_t
map_refuses(void)
{
	cptr_t frame = make(OBJECT_FRAME, 2), readonly = slot_next();
	uint64_t done, level;

	EQUAL(vspace_map(SELF_VSPACE, NOWHERE, frame, 0, 1, RIGHT_READ, &done,
		      &level),
		STATUS_NO_TABLE);
	EQUAL(done, 0);
	CHECK(level == 0 || level == 1 || level == 2);
	EQUAL(vspace_map(SELF_VSPACE, NOWHERE + 1, frame, 0, 1, RIGHT_READ,
		      &done, &level),
		STATUS_INVALID_ARGUMENT);
	EQUAL(vspace_map(SELF_VSPACE, NOWHERE, frame, 1, 2, RIGHT_READ, &done,
		      &level),
		STATUS_INVALID_ARGUMENT);
	EQUAL(vspace_map(SELF_VSPACE, ARCH_KERNEL_MAP, frame, 0, 1, RIGHT_READ,
		      &done, &level),
		STATUS_INVALID_ARGUMENT);
	EQUAL(vspace_map(SELF_VSPACE, ARCH_USER_LAST, frame, 0, 2, RIGHT_READ,
		      &done, &level),
		STATUS_INVALID_ARGUMENT);
	OK(cnode_copy(SELF_CNODE, readonly, frame, RIGHT_READ));
	EQUAL(vspace_map(SELF_VSPACE, SCRATCH, readonly, 0, 1,
		      RIGHT_READ | RIGHT_WRITE, &done, &level),
		STATUS_NO_RIGHT);
	EQUAL(vspace_map(SELF_VSPACE, SCRATCH, untyped, 0, 1, RIGHT_READ, &done,
		      &level),
		STATUS_INVALID_CAP);
	return NULL;
}

static verdict_t
frame_contents(void)
{
	cptr_t frame = make(OBJECT_FRAME, 2), other = make(OBJECT_FRAME, 2);
	char out[100], in[100];
	uint64_t value, old;

	memset(out, 'x', sizeof(out));
	OK(frame_write(frame, 4050, sizeof(out), (vaddr_t)out));
	OK(frame_read(frame, 4050, sizeof(in), (vaddr_t)in));
	EQUAL(memcmp(in, out, sizeof(in)), 0);
	OK(frame_copy(other, 1, frame, 0, 1));
	OK(frame_load(other, 4096 + 4088, 8, &value));
	EQUAL(value, UINT64_C(0x7878787878787878));
	OK(frame_load(other, 4096 + 4092, 4, &value));
	EQUAL(value, 0x78787878);
	OK(frame_clear(other, 1, 1));
	OK(frame_load(other, 4096 + 4088, 8, &value));
	EQUAL(value, 0);
	OK(frame_swap(other, 16, 8, 0, 5, &old));
	EQUAL(old, 0);
	OK(frame_swap(other, 16, 8, 0, 6, &old));
	EQUAL(old, 5);
	OK(frame_swap(other, 16, 4, 5, 7, &old));
	EQUAL(old, 5);
	OK(frame_load(other, 16, 8, &value));
	EQUAL(value, 7);
	return NULL;
}

static verdict_t
frame_refuses(void)
{
	cptr_t frame = make(OBJECT_FRAME, 2), readonly = slot_next();
	uint64_t value;
	char byte;

	EQUAL(frame_load(frame, 4, 8, &value), STATUS_INVALID_ARGUMENT);
	EQUAL(frame_load(frame, 8192, 8, &value), STATUS_INVALID_ARGUMENT);
	EQUAL(frame_load(frame, 0, 2, &value), STATUS_INVALID_ARGUMENT);
	EQUAL(frame_read(frame, 8191, 2, (vaddr_t)&byte),
		STATUS_INVALID_ARGUMENT);
	EQUAL(frame_read(frame, ~UINT64_C(0), 2, (vaddr_t)&byte),
		STATUS_INVALID_ARGUMENT);
	EQUAL(frame_read(frame, 0, 1, NOWHERE), STATUS_FAULT);
	EQUAL(frame_write(frame, 0, 1, UINT64_C(0xffffffff80200000)),
		STATUS_FAULT);
	OK(cnode_copy(SELF_CNODE, readonly, frame, RIGHT_READ));
	EQUAL(frame_clear(readonly, 0, 1), STATUS_NO_RIGHT);
	EQUAL(frame_write(readonly, 0, 1, (vaddr_t)&byte), STATUS_NO_RIGHT);
	EQUAL(frame_clear(frame, 1, 2), STATUS_INVALID_ARGUMENT);
	return NULL;
}

static verdict_t
retyped_frames_are_clear_unless_raw(void)
{
	cptr_t child = make(OBJECT_UNTYPED, 4), frame = slot_next();
	uint64_t value;

	OK(untyped_retype(child, OBJECT_FRAME, 1, 1, SELF_CNODE, frame, 0));
	value = 99;
	OK(frame_write(frame, 0, 8, (vaddr_t)&value));
	OK(cnode_revoke(SELF_CNODE, child));
	OK(untyped_retype(child, OBJECT_FRAME, 1, 1, SELF_CNODE, frame,
		UNTYPED_FLAG_RAW));
	OK(frame_load(frame, 0, 8, &value));
	EQUAL(value, 99);
	OK(cnode_revoke(SELF_CNODE, child));
	OK(untyped_retype(child, OBJECT_FRAME, 1, 1, SELF_CNODE, frame, 0));
	OK(frame_load(frame, 0, 8, &value));
	EQUAL(value, 0);
	return NULL;
}

static verdict_t
revoke_unmaps(void)
{
	cptr_t child = make(OBJECT_UNTYPED, 4), frame = slot_next();
	uint64_t rights;
	paddr_t physical;

	OK(untyped_retype(child, OBJECT_FRAME, 2, 1, SELF_CNODE, frame, 0));
	OK(space_map(SELF_VSPACE, SCRATCH, frame, 0, 2, RIGHT_READ));
	OK(cnode_delete(SELF_CNODE, frame));
	OK(vspace_translate(SELF_VSPACE, SCRATCH, &physical, &rights));
	OK(cnode_revoke(SELF_CNODE, child));
	EQUAL(vspace_translate(SELF_VSPACE, SCRATCH, &physical, &rights),
		STATUS_NOT_MAPPED);
	return NULL;
}

static verdict_t
protect_and_share(void)
{
	cptr_t frame = make(OBJECT_FRAME, 3), space = space_make();
	cptr_t table = make(OBJECT_PAGE_TABLE, 0);
	uint64_t done, level, rights;
	paddr_t physical, here;

	CHECK(space && table);
	OK(space_map(
		SELF_VSPACE, SCRATCH, frame, 0, 3, RIGHT_READ | RIGHT_WRITE));
	OK(vspace_protect(SELF_VSPACE, SCRATCH, 1, RIGHT_READ));
	OK(vspace_translate(SELF_VSPACE, SCRATCH, &here, &rights));
	EQUAL(rights & 7, RIGHT_READ);
	EQUAL(vspace_share(space, SELF_VSPACE, SCRATCH, 3, VSPACE_FLAG_COW,
		      &done, &level),
		STATUS_NO_TABLE);
	OK(vspace_map_table(space, SCRATCH, table, &level));
	OK(vspace_share(space, SELF_VSPACE, SCRATCH, 3, VSPACE_FLAG_COW, &done,
		&level));
	EQUAL(done, 3);
	OK(vspace_translate(space, SCRATCH, &physical, &rights));
	EQUAL(physical, here);
	OK(vspace_translate(SELF_VSPACE, SCRATCH + 0x1000, &physical, &rights));
	EQUAL(rights & 7, RIGHT_READ);
	OK(vspace_translate(space, SCRATCH + 0x1000, &physical, &rights));
	EQUAL(rights & 7, RIGHT_READ);
	OK(vspace_reset(space));
	EQUAL(vspace_translate(space, SCRATCH, &physical, &rights),
		STATUS_NOT_MAPPED);
	return NULL;
}

static verdict_t
tables_hang_once(void)
{
	cptr_t space = make(OBJECT_VSPACE, 0);
	cptr_t table = make(OBJECT_PAGE_TABLE, 0);
	uint64_t level;

	OK(vspace_map_table(space, SCRATCH, table, &level));
	EQUAL(level, ARCH_TABLE_LEVELS - 1);
	CHECK(vspace_map_table(space, SCRATCH, table, &level) != STATUS_OK);
	for (uint64_t below = ARCH_TABLE_LEVELS - 1; below; below--) {
		OK(vspace_map_table(
			space, SCRATCH, make(OBJECT_PAGE_TABLE, 0), &level));
		EQUAL(level, below - 1);
	}
	EQUAL(vspace_map_table(
		      space, SCRATCH, make(OBJECT_PAGE_TABLE, 0), &level),
		STATUS_ALREADY_MAPPED);
	OK(vspace_reset(space));
	OK(vspace_map_table(space, SCRATCH, table, &level));
	return NULL;
}

static verdict_t
lists_of_pages(void)
{
	cptr_t frame = make(OBJECT_FRAME, 8);
	uint64_t entries[6], done, level, rights;
	paddr_t physical, base;
	uint64_t count;
	bool device;

	OK(space_map(SELF_VSPACE, SCRATCH, frame, 0, 1, RIGHT_READ));
	OK(frame_info(frame, &base, &count, &device));
	for (uint64_t i = 0; i < 3; i++) {
		entries[2 * i] = (SCRATCH + 0x10000 * (i + 1)) | RIGHT_READ;
		entries[2 * i + 1] = 7 - i;
	}
	OK(vspace_map_list(
		SELF_VSPACE, frame, 3, 0, entries, 6, &done, &level));
	EQUAL(done, 3);
	for (uint64_t i = 0; i < 3; i++) {
		OK(vspace_translate(SELF_VSPACE, SCRATCH + 0x10000 * (i + 1),
			&physical, &rights));
		EQUAL(physical, base + ((7 - i) << 12));
	}
	return NULL;
}

#define LARGE_PAGES 512
#define LARGE_SIZE UINT64_C(0x200000)
/* Two large pages' worth of addresses with a table of the middle level. */
#define LARGE_SPACE UINT64_C(0x28000000)

static verdict_t
large_pages(void)
{
	cptr_t frame = make(OBJECT_FRAME, 3 * LARGE_PAGES - 1);
	uint64_t flags = RIGHT_READ | RIGHT_WRITE | VSPACE_FLAG_LARGE;
	uint64_t count, page, done, level;
	char in[8];
	paddr_t base;
	bool device;

	CHECK(frame);
	OK(frame_info(frame, &base, &count, &device));
	page = -(base >> 12) % LARGE_PAGES;
	EQUAL(vspace_map(SELF_VSPACE, LARGE_SPACE, frame, page + 1, LARGE_PAGES,
		      flags, &done, &level),
		STATUS_INVALID_ARGUMENT);
	OK(space_map(
		SELF_VSPACE, LARGE_SPACE, frame, page, 2 * LARGE_PAGES, flags));
	*word(LARGE_SPACE + LARGE_SIZE + 0x3008) = 42;
	EQUAL(*word(LARGE_SPACE + LARGE_SIZE + 0x3008), 42);
	OK(frame_read(frame, ((page + LARGE_PAGES) << 12) + 0x3008, 8,
		LARGE_SPACE + 0x5ffc));
	memcpy(in, (const char *)LARGE_SPACE + 0x5ffc, sizeof(in));
	EQUAL(in[0], 42);
	EQUAL(vspace_unmap(SELF_VSPACE, LARGE_SPACE, 1),
		STATUS_INVALID_ARGUMENT);
	OK(vspace_protect(
		SELF_VSPACE, LARGE_SPACE, 2 * LARGE_PAGES, RIGHT_READ));
	EQUAL(frame_read(frame, 0, 1, LARGE_SPACE), STATUS_FAULT);
	OK(vspace_unmap(SELF_VSPACE, LARGE_SPACE, LARGE_PAGES));
	EQUAL(frame_write(frame, 0, 1, LARGE_SPACE), STATUS_FAULT);
	OK(frame_write(frame, 0, 8, LARGE_SPACE + LARGE_SIZE + 0x3008));
	OK(cnode_revoke(SELF_CNODE, frame));
	EQUAL(frame_write(frame, 0, 1, LARGE_SPACE + LARGE_SIZE), STATUS_FAULT);
	return NULL;
}

const struct test tests_memory[] = {
	{"map_and_unmap", map_and_unmap},
	{"map_refuses", map_refuses},
	{"frame_contents", frame_contents},
	{"frame_refuses", frame_refuses},
	{"retyped_frames_are_clear_unless_raw",
		retyped_frames_are_clear_unless_raw},
	{"revoke_unmaps", revoke_unmaps},
	{"protect_and_share", protect_and_share},
	{"tables_hang_once", tables_hang_once},
	{"lists_of_pages", lists_of_pages},
	{"large_pages", large_pages},
	{NULL, NULL},
};
