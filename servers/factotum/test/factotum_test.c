/* SPDX-License-Identifier: MIT */
/*
 * Factotum's bookkeeping on the host, over a double of the kernel: frames,
 * slots, areas, copy on write, numbers, deadlines. process_test.c has the rest.
 */
#include "common.h"

struct factotum_caps own;
struct server factotum_server;

void
invariant_failed(const char *what, const char *file, int line)
{
	mock_assert(0, what, file, line);
	__builtin_unreachable();
}

uint64_t
ticks_to_us(uint64_t ticks)
{
	return ticks;
}

int
begin(void **state)
{
	(void)state;
	fake_reset(8192);
	own.frequency = 1000;
	slots_init(FAKE_CNODE, slots_probe_radix(FAKE_CNODE), FAKE_FIRST_FREE);
	kobjects_init();
	frames_init();
	memory_init();
	assert_int_equal(memory_add(FAKE_UNTYPED), STATUS_OK);
	ids_init();
	spaces_init();
	processes_forget();
	alarms_init(8, 9);
	return 0;
}

int
end(void **state)
{
	(void)state;
	fake_end();
	return 0;
}

/* ---- frames ---- */

static void
frames_return(void **state)
{
	frame_t frames[600], again;
	uint64_t before;

	(void)state;
	assert_true(frame_alloc() != 0);
	before = frames_used();
	for (unsigned i = 0; i < 600; i++) {
		frames[i] = frame_alloc();
		assert_true(frames[i] != 0);
		for (unsigned j = 0; j < i; j += 37)
			assert_true(frames[i] != frames[j]);
	}
	for (unsigned i = 0; i < 600; i++)
		frame_drop(frames[i]);
	/* What stayed is the table of the second chunk, in the heap. */
	assert_true(frames_used() - before <= 4);
	/* What was freed is used again before anything new. */
	again = frame_alloc();
	assert_in_range(again, frames[0], frames[599]);
}

static void
frames_double_free(void **state)
{
	frame_t frame = frame_alloc();

	(void)state;
	frame_drop(frame);
	expect_assert_failure(frame_drop(frame));
	expect_assert_failure(frame_hold(frame));
}

static void
frames_pinned(void **state)
{
	frame_t frame = frame_alloc();

	(void)state;
	assert_int_equal(frame_pin(frame), STATUS_OK);
	assert_int_equal(frame_pin(frame), STATUS_OK);
	assert_int_equal(frame_holders(frame), 1);
	frame_drop(frame);
	assert_int_equal(frame_holders(frame), 0);
	for (unsigned i = 0; i < 100; i++)
		assert_int_not_equal(frame_alloc(), frame);
	frame_unpin(frame);
	assert_int_not_equal(frame_alloc(), frame);
	frame_unpin(frame);
	assert_int_equal(frame_alloc(), frame);
	expect_assert_failure(frame_unpin(frame));
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(frame_pin(frame), STATUS_OK);
	assert_int_equal(frame_pin(frame), STATUS_LIMIT);
}

static void
frames_holders(void **state)
{
	frame_t frame = frame_alloc();
	uint64_t used = frames_used();

	(void)state;
	assert_int_equal(frame_hold(frame), STATUS_OK);
	assert_int_equal(frame_holders(frame), 2);
	frame_drop(frame);
	assert_int_equal(frames_used(), used);
	frame_drop(frame);
	assert_int_equal(frames_used(), used - 1);
}

static void
frames_exhaustion(void **state)
{
	unsigned count = 0;
	frame_t last = 0, frame;

	(void)state;
	while ((frame = frame_alloc()) != 0) {
		last = frame;
		count++;
	}
	assert_in_range(count, 7000, 8192);
	assert_int_equal(frame_alloc(), 0);
	/* The reserve is still there for own tables. */
	assert_true(frame_alloc_reserve() != 0);
	frame_drop(last);
}

static void
frames_runs(void **state)
{
	frame_t first = frame_alloc_contiguous(100);
	frame_t run = frame_alloc_run();

	(void)state;
	assert_true(first && run);
	for (frame_t i = 0; i < 99; i++)
		assert_true(frame_follows(first + i, first + i + 1));
	for (frame_t i = 0; i < 7; i++)
		assert_true(frame_follows(run + i, run + i + 1));
	for (frame_t i = 0; i < 100; i++)
		frame_drop(first + i);
	assert_int_equal(frame_alloc_contiguous(513), 0);
}

static void
frames_surrender(void **state)
{
	static frame_t frames[3000];
	unsigned count = 0;

	(void)state;
	for (; count < 3000; count++)
		frames[count] = frame_alloc();
	assert_int_equal(frames_surrender_chunk(), 0);
	while (count > 0)
		frame_drop(frames[--count]);
	assert_true(frames_surrender_chunk() != 0);
}

/* ---- slots ---- */

static void
slots_grow(void **state)
{
	static cptr_t taken[3000];

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		taken[i] = slot_take();
		assert_true(taken[i] != 0);
		assert_int_equal(slot_address(slot_number(taken[i])), taken[i]);
	}
	for (unsigned i = 0; i < 3000; i++)
		slot_give(taken[i]);
	expect_assert_failure(slot_give(taken[5]));
}

/* ---- areas ---- */

struct area
plain(vaddr_t start, uint64_t pages, uint8_t prot)
{
	return (struct area){
		.start = start,
		.end = start + pages * PAGE_SIZE,
		.flags = FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS,
		.prot = prot,
	};
}

static void
add(struct space *space, vaddr_t start, uint64_t pages)
{
	struct area area = plain(start, pages, RW);

	assert_int_equal(area_insert(space, &area), STATUS_OK);
}

static void
areas_merge_and_split(void **state)
{
	struct space *space = space_create();

	(void)state;
	add(space, BASE, 4);
	add(space, BASE + 8 * PAGE_SIZE, 4);
	assert_int_equal(space->count, 2);
	add(space, BASE + 4 * PAGE_SIZE, 4);
	assert_int_equal(space->count, 1);
	assert_int_equal(
		space_unmap(space, BASE + PAGE_SIZE, BASE + 2 * PAGE_SIZE),
		STATUS_OK);
	assert_int_equal(space->count, 2);
	assert_null(area_find(space, BASE + PAGE_SIZE));
	assert_non_null(area_find(space, BASE + 2 * PAGE_SIZE));
	assert_int_equal(space_protect(space, BASE + 4 * PAGE_SIZE,
				 BASE + 6 * PAGE_SIZE, FACTOTUM_PROT_READ),
		STATUS_OK);
	assert_int_equal(space->count, 4);
	assert_int_equal(space_protect(space, BASE + 4 * PAGE_SIZE,
				 BASE + 6 * PAGE_SIZE, RW),
		STATUS_OK);
	assert_int_equal(space->count, 2);
	assert_int_equal(space_protect(space, BASE, BASE + 3 * PAGE_SIZE, RW),
		STATUS_NOT_MAPPED);
	space_drop(space);
	while (spaces_reap())
		continue;
}

static void
areas_of_objects(void **state)
{
	struct object *object = object_create(NULL, 16 * PAGE_SIZE);
	struct space *space = space_create();
	struct area area = plain(BASE, 16, RW);
	struct area *found;

	(void)state;
	area.object = object;
	area.flags = FACTOTUM_MAP_SHARED;
	assert_int_equal(area_insert(space, &area), STATUS_OK);
	assert_int_equal(object->uses, 2);
	assert_int_equal(
		space_unmap(space, BASE + 4 * PAGE_SIZE, BASE + 8 * PAGE_SIZE),
		STATUS_OK);
	assert_int_equal(object->uses, 3);
	found = area_find(space, BASE + 8 * PAGE_SIZE);
	assert_int_equal(found->offset, 8 * PAGE_SIZE);
	assert_int_equal(
		space_unmap(space, BASE, BASE + 16 * PAGE_SIZE), STATUS_OK);
	assert_int_equal(object->uses, 1);
	assert_int_equal(space->count, 0);
	object_unuse(object);
}

static void
areas_gap(void **state)
{
	struct space *space = space_create();

	(void)state;
	assert_int_equal(area_gap(space, PAGE_SIZE, PAGE_SIZE, MMAP_TOP),
		MMAP_TOP - PAGE_SIZE);
	add(space, MMAP_TOP - 2 * PAGE_SIZE, 1);
	assert_int_equal(area_gap(space, PAGE_SIZE, PAGE_SIZE, MMAP_TOP),
		MMAP_TOP - PAGE_SIZE);
	assert_int_equal(area_gap(space, 2 * PAGE_SIZE, PAGE_SIZE, MMAP_TOP),
		MMAP_TOP - 4 * PAGE_SIZE);
	assert_int_equal(area_gap(space, MMAP_TOP, PAGE_SIZE, MMAP_TOP), 0);
	add(space, 4 * PAGE_SIZE, 1);
	assert_int_equal(area_gap(space, PAGE_SIZE, PAGE_SIZE, 5 * PAGE_SIZE),
		3 * PAGE_SIZE);
}

static void
areas_remap(void **state)
{
	struct space *space = space_create();
	struct remap remap = {
		.address = BASE,
		.old_length = 4 * PAGE_SIZE,
		.new_length = 8 * PAGE_SIZE,
	};
	vaddr_t moved;
	uint32_t word = 77, back = 0;

	(void)state;
	add(space, BASE, 4);
	assert_int_equal(
		space_write(space, BASE + PAGE_SIZE, &word, 4), STATUS_OK);
	assert_int_equal(space_remap(space, &remap, &moved), STATUS_OK);
	assert_int_equal(moved, BASE);
	remap.old_length = 8 * PAGE_SIZE;
	remap.new_length = 16 * PAGE_SIZE;
	add(space, BASE + 10 * PAGE_SIZE, 1);
	assert_int_equal(space_remap(space, &remap, &moved), STATUS_NO_MEMORY);
	remap.flags = 1;
	assert_int_equal(space_remap(space, &remap, &moved), STATUS_OK);
	assert_true(moved != BASE);
	assert_int_equal(
		space_read(space, moved + PAGE_SIZE, &back, 4), STATUS_OK);
	assert_int_equal(back, 77);
	assert_null(area_find(space, BASE));
	assert_int_equal(space->own.resident, 1);
}

/* Identical: page n of the area is page n of the run of frames. */
static void
areas_map_identically(void **state)
{
	struct space *space = space_create();
	struct area area = plain(BASE, 4, RW);
	frame_t run = frame_alloc_contiguous(4);
	struct object *object;
	struct place place;

	(void)state;
	assert_true(run != 0);
	object = object_wrap(NULL, frame_cap(run), 512 * PAGE_SIZE, false);
	area.object = object;
	area.offset = frame_page(run) * PAGE_SIZE;
	area.flags = FACTOTUM_MAP_SHARED;
	assert_int_equal(area_insert(space, &area), STATUS_OK);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(
			object_page(object, frame_page(run) + i, false, &place),
			STATUS_OK);
		assert_int_equal(place.cap, frame_cap(run));
		assert_int_equal(place.page, frame_page(run) + i);
		assert_int_equal(
			space_write(space, BASE + i * PAGE_SIZE, "abcd" + i, 1),
			STATUS_OK);
	}
	/* Other areas get frames one by one, each where it is free. */
	assert_int_equal(object->kind, OBJECT_KIND_PHYSICAL);
	object->frame = 0;
}

/* One page, all pages, none again, each with its area's permission. */
static void
areas_map_one_and_all(void **state)
{
	struct space *space = space_create();
	struct area area = plain(BASE, 6, RW);

	(void)state;
	assert_int_equal(area_insert(space, &area), STATUS_OK);
	area = plain(BASE + 8 * PAGE_SIZE, 2, FACTOTUM_PROT_READ);
	assert_int_equal(area_insert(space, &area), STATUS_OK);
	assert_int_equal(
		space_fault(space, BASE + 2 * PAGE_SIZE, 2), STATUS_OK);
	assert_int_equal(fake_mapped(space->vspace, BASE + 2 * PAGE_SIZE), RW);
	assert_int_equal(fake_mapped(space->vspace, BASE + 5 * PAGE_SIZE), -1);
	assert_int_equal(
		space_populate(space, BASE, 6 * PAGE_SIZE, true), STATUS_OK);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(
			fake_mapped(space->vspace, BASE + i * PAGE_SIZE), RW);
	assert_int_equal(space_populate(space, BASE + 8 * PAGE_SIZE,
				 2 * PAGE_SIZE, false),
		STATUS_OK);
	assert_int_equal(fake_mapped(space->vspace, BASE + 9 * PAGE_SIZE),
		FACTOTUM_PROT_READ);
	assert_int_equal(
		space_unmap(space, BASE, BASE + 6 * PAGE_SIZE), STATUS_OK);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(
			fake_mapped(space->vspace, BASE + i * PAGE_SIZE), -1);
}

static void
areas_take_data(void **state)
{
	struct space *space = space_create();
	uint8_t in[3 * PAGE_SIZE], out[3 * PAGE_SIZE];

	(void)state;
	for (unsigned i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 7 + i / 256);
	add(space, BASE, 8);
	assert_int_equal(
		space_write(space, BASE + 100, in, sizeof(in)), STATUS_OK);
	assert_int_equal(
		space_read(space, BASE + 100, out, sizeof(out)), STATUS_OK);
	assert_memory_equal(in, out, sizeof(in));
	assert_int_equal(
		space_write(space, BASE + 7 * PAGE_SIZE, in, 2 * PAGE_SIZE),
		(status_t)ACCESS_NO_AREA);
}

/* All frames and kernel objects come back, in steps. */
static void
spaces_leave_nothing(void **state)
{
	uint64_t before, slots;

	(void)state;
	for (unsigned round = 0; round < 4; round++) {
		struct space *space = space_create();

		add(space, BASE, 64);
		add(space, BASE + 100 * PAGE_SIZE, 64);
		assert_int_equal(
			space_populate(space, BASE, 64 * PAGE_SIZE, true),
			STATUS_OK);
		space_drop(space);
		while (spaces_reap() || spaces_cool())
			continue;
		if (round == 1) {
			before = frames_used();
			slots = slots_left();
		}
	}
	assert_int_equal(frames_used(), before);
	assert_int_equal(slots_left(), slots);
}

/* ---- pages ---- */

static void
faults_follow_permissions(void **state)
{
	struct space *space = space_create();
	struct area area = plain(BASE, 16, FACTOTUM_PROT_READ);

	(void)state;
	assert_int_equal(area_insert(space, &area), STATUS_OK);
	assert_int_equal(space_fault(space, BASE, 2), ACCESS_FORBIDDEN);
	assert_int_equal(space_fault(space, BASE, 4), ACCESS_FORBIDDEN);
	assert_int_equal(space_fault(space, BASE - 1, 1), ACCESS_NO_AREA);
	assert_int_equal(space_fault(space, BASE + 5, 1), STATUS_OK);
	assert_int_equal(fake_mapped(space->vspace, BASE), 1);
	assert_int_equal(space_populate(space, BASE, 17 * PAGE_SIZE, false),
		ACCESS_NO_AREA);
}

static void
growth_comes_in_runs(void **state)
{
	struct space *space = space_create();

	(void)state;
	add(space, BASE, 64);
	assert_int_equal(space_fault(space, BASE, 2), STATUS_OK);
	assert_int_equal(space->own.resident, 1);
	assert_int_equal(space_fault(space, BASE + PAGE_SIZE, 2), STATUS_OK);
	assert_int_equal(space->own.resident, 9);
	assert_int_equal(fake_mapped(space->vspace, BASE + 8 * PAGE_SIZE), 3);
}

/* From wherever the fault lies downwards, and not beyond the area. */
static void
stacks_grow_down_in_runs(void **state)
{
	struct space *space = space_create();
	struct area area = plain(BASE, 64, RW);

	(void)state;
	area.flags |= FACTOTUM_MAP_STACK;
	assert_int_equal(area_insert(space, &area), STATUS_OK);
	add(space, BASE - 64 * PAGE_SIZE, 64);
	assert_int_equal(
		space_fault(space, BASE + 40 * PAGE_SIZE, 2), STATUS_OK);
	assert_int_equal(space->own.resident, 4);
	assert_int_equal(fake_mapped(space->vspace, BASE + 37 * PAGE_SIZE), 3);
	assert_int_equal(fake_mapped(space->vspace, BASE + 36 * PAGE_SIZE), -1);
	assert_int_equal(
		space_fault(space, BASE + 36 * PAGE_SIZE, 2), STATUS_OK);
	assert_int_equal(space->own.resident, 8);
	assert_int_equal(space_fault(space, BASE + PAGE_SIZE, 2), STATUS_OK);
	assert_int_equal(space->own.resident, 10);
	assert_int_equal(fake_mapped(space->vspace, BASE), 3);
	assert_int_equal(fake_mapped(space->vspace, BASE - PAGE_SIZE), -1);
}

static void
copy_on_write(void **state)
{
	struct space *parent = space_create();
	struct space *child;
	uint32_t word = 5, back = 0;
	uint64_t used;

	(void)state;
	add(parent, BASE, 4);
	assert_int_equal(space_fault(parent, BASE, 2), STATUS_OK);
	assert_int_equal(space_write(parent, BASE, &word, 4), STATUS_OK);
	child = space_clone(parent, &(struct kept){0});
	assert_non_null(child);
	assert_int_equal(pages_get(&parent->own, BASE >> PAGE_SHIFT),
		pages_get(&child->own, BASE >> PAGE_SHIFT));
	assert_int_equal(
		frame_holders(pages_get(&child->own, BASE >> PAGE_SHIFT)), 2);
	assert_int_equal(fake_mapped(parent->vspace, BASE), 1);
	assert_int_equal(fake_mapped(child->vspace, BASE), 1);
	assert_int_equal(space_fault(child, BASE, 2), STATUS_OK);
	assert_int_equal(fake_mapped(child->vspace, BASE), 3);
	word = 6;
	assert_int_equal(space_write(child, BASE, &word, 4), STATUS_OK);
	assert_int_equal(space_read(parent, BASE, &back, 4), STATUS_OK);
	assert_int_equal(back, 5);
	/* The last holder writes in place. */
	used = frames_used();
	assert_int_equal(space_fault(parent, BASE, 2), STATUS_OK);
	assert_int_equal(frames_used(), used);
	assert_int_equal(fake_mapped(parent->vspace, BASE), 3);
	space_drop(child);
	while (spaces_reap())
		continue;
	assert_int_equal(frames_used(), used - 1);
}

static void
file_tail_is_zero(void **state)
{
	struct object *object = object_create(NULL, 2 * PAGE_SIZE);
	struct space *space = space_create();
	struct area area = plain(BASE, 4, RW);
	uint8_t bytes[200], *next = bytes;

	(void)state;
	memset(bytes, 9, sizeof(bytes));
	assert_int_equal(
		object_write(object, PAGE_SIZE, bytes, 200), STATUS_OK);
	area.object = object;
	area.flags = FACTOTUM_MAP_PRIVATE;
	area.file_end = BASE + PAGE_SIZE + 100;
	assert_int_equal(area_insert(space, &area), STATUS_OK);
	assert_int_equal(
		space_read(space, BASE + PAGE_SIZE, bytes, 200), STATUS_OK);
	assert_int_equal(next[99], 9);
	assert_int_equal(next[100], 0);
	assert_int_equal(
		space_fault(space, BASE + 3 * PAGE_SIZE, 2), STATUS_OK);
	area = plain(BASE + 16 * PAGE_SIZE, 4, RW);
	area.object = object;
	area.flags = FACTOTUM_MAP_SHARED;
	assert_int_equal(area_insert(space, &area), STATUS_OK);
	assert_int_equal(
		space_fault(space, BASE + 18 * PAGE_SIZE, 1), ACCESS_BEYOND);
}

/* ---- numbers, deadlines ---- */

static void
numbers_come_round_late(void **state)
{
	uint32_t first = id_take(), second = id_take();

	(void)state;
	assert_int_equal(first, 1);
	assert_int_equal(second, 2);
	id_give(first);
	assert_int_equal(id_take(), 3);
	for (uint32_t i = 4; i < 65536; i++)
		assert_int_equal(id_take(), i);
	assert_int_equal(id_take(), 1);
	assert_int_equal(id_take(), 0);
	id_give(500);
	assert_int_equal(ids_left(), 1);
	assert_int_equal(id_take(), 500);
	id_give(7);
	expect_assert_failure(id_give(7));
}

static unsigned expired_count;
static uint64_t expired_last;

static void
note_expired(struct alarm *alarm)
{
	assert_true(alarm->deadline >= expired_last);
	expired_last = alarm->deadline;
	expired_count++;
}

static void
deadlines_in_order(void **state)
{
	static struct alarm alarms[300];

	(void)state;
	memset(alarms, 0, sizeof(alarms));
	expired_count = 0;
	expired_last = 0;
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(
			alarm_set(&alarms[i], (i * 7919) % 1000, note_expired),
			STATUS_OK);
	for (unsigned i = 0; i < 300; i += 3)
		alarm_cancel(&alarms[i]);
	alarm_cancel(&alarms[0]);
	assert_int_equal(alarms_count(), 200);
	alarms_run(499);
	assert_true(expired_last <= 499);
	alarms_run(1000);
	assert_int_equal(expired_count, 200);
	assert_int_equal(alarms_count(), 0);
}

/* What nobody has cannot be given: an error, and one when it comes back. */
static void
numbers_run_out(void **state)
{
	uint32_t last = 0, id;

	(void)state;
	while ((id = id_take()) != 0) {
		assert_in_range(id, 1, 65535);
		last = id;
	}
	assert_int_equal(ids_left(), 0);
	assert_int_equal(id_take(), 0);
	id_give(last);
	assert_int_equal(id_take(), last);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(frames_return),
		CASE(frames_double_free),
		CASE(frames_holders),
		CASE(frames_pinned),
		CASE(frames_exhaustion),
		CASE(frames_runs),
		CASE(frames_surrender),
		CASE(slots_grow),
		CASE(areas_merge_and_split),
		CASE(areas_of_objects),
		CASE(areas_gap),
		CASE(areas_remap),
		CASE(areas_map_identically),
		CASE(areas_map_one_and_all),
		CASE(areas_take_data),
		CASE(spaces_leave_nothing),
		CASE(faults_follow_permissions),
		CASE(growth_comes_in_runs),
		CASE(stacks_grow_down_in_runs),
		CASE(copy_on_write),
		CASE(file_tail_is_zero),
		CASE(numbers_come_round_late),
		CASE(numbers_run_out),
		CASE(deadlines_in_order),
	};
	int failed = cmocka_run_group_tests_name("factotum", tests, NULL, NULL);

	return failed + run_process_tests();
}
