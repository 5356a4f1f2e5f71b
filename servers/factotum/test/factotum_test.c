/* SPDX-License-Identifier: MIT */
/*
 * Factotum's bookkeeping on the host, over a double of the kernel: frames,
 * areas, copy on write, numbers, futexes, deadlines, family.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../frames.h"
#include "../futex.h"
#include "../heap.h"
#include "../ids.h"
#include "../invariant.h"
#include "../kobjects.h"
#include "../limits.h"
#include "../memory.h"
#include "../notices.h"
#include "../process.h"
#include "../signals.h"
#include "../slots.h"
#include "../supply.h"
#include "fake_kernel.h"

#include <glenda/factotum_server.h>

#define BASE 0x10000000ul
#define RW (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE)

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

static int
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

static int
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

static struct area
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

/* ---- processes ---- */

static struct process *
child_of(struct process *parent)
{
	struct process *child = process_make(parent, parent);

	assert_non_null(child);
	child->state = FACTOTUM_STATE_RUNNING;
	child->space = space_create();
	assert_non_null(thread_make(child, child->pid));
	return child;
}

static void
zombies_wait(void **state)
{
	const struct wait_query any = {.kind = 0};
	struct factotum_wait_results results = {0};
	struct process *parent, *child;
	uint32_t pid;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	parent = child_of(process_by_pid(PID_NINEBALL));
	assert_int_equal(wait_try(parent, &any, &results), STATUS_NOT_FOUND);
	child = child_of(parent);
	pid = child->pid;
	assert_int_equal(wait_try(parent, &any, &results), STATUS_NOT_READY);
	process_end(child, FACTOTUM_STATE_EXITED, 0x300);
	assert_ptr_equal(process_by_pid(pid), child);
	assert_null(child->space);
	assert_int_equal(wait_try(parent, &any, &results), STATUS_OK);
	assert_int_equal(results.pid, pid);
	assert_int_equal(results.status, 0x300);
	assert_null(process_by_pid(pid));
}

static void
waiters_are_answered(void **state)
{
	struct request request = {.reply = 50};
	struct process *parent, *child;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	parent = child_of(process_by_pid(PID_NINEBALL));
	child = child_of(parent);
	assert_int_equal(
		thread_park(parent->leader, &request, PARK_WAIT), STATUS_OK);
	process_end(child, FACTOTUM_STATE_EXITED, 0);
	assert_int_equal(fake_answers, 1);
	assert_int_equal(fake_last_answer, STATUS_OK);
	assert_int_equal(parent->leader->park.kind, PARK_NONE);
	assert_null(parent->children);
}

static void
orphans_find_a_home(void **state)
{
	struct process *ninth, *shell, *middle, *leaf;
	unsigned count;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	ninth = process_by_pid(PID_NINEBALL);
	shell = child_of(ninth);
	middle = child_of(shell);
	leaf = child_of(middle);
	shell->is_linux = middle->is_linux = leaf->is_linux = true;
	process_end(middle, FACTOTUM_STATE_EXITED, 0);
	assert_ptr_equal(leaf->parent, ninth);
	assert_true(leaf->orphan);
	assert_ptr_equal(shell->parent, ninth);
	assert_false(shell->orphan);
	count = processes_count();
	process_end(leaf, FACTOTUM_STATE_EXITED, 0);
	assert_int_equal(processes_count(), count - 1);
}

static void
orphans_go_to_the_nearest_supervisor(void **state)
{
	struct process *ninth, *supervisor, *parent, *child, *zombie;
	unsigned count;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	ninth = process_by_pid(PID_NINEBALL);
	supervisor = child_of(ninth);
	supervisor->rights = FACTOTUM_MANAGER_RIGHT_SUPERVISE;
	parent = child_of(child_of(supervisor));
	child = child_of(parent);
	zombie = child_of(parent);
	process_end(zombie, FACTOTUM_STATE_EXITED, 0);
	count = processes_count();
	process_end(parent, FACTOTUM_STATE_EXITED, 0);
	assert_ptr_equal(child->parent, supervisor);
	/* Nobody will wait for the one that had ended before. */
	assert_int_equal(processes_count(), count - 1);
	process_end(supervisor, FACTOTUM_STATE_EXITED, 0);
	assert_ptr_equal(child->parent, ninth);
}

static void
what_nobody_can_start_goes(void **state)
{
	struct process *parent, *child;
	unsigned count;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	count = processes_count();
	parent = child_of(process_by_pid(PID_NINEBALL));
	child = child_of(parent);
	child->state = FACTOTUM_STATE_CREATED;
	process_end(parent, FACTOTUM_STATE_EXITED, 0);
	assert_int_equal(processes_count(), count + 1);
}

static void
numbers_of_zombies_stay(void **state)
{
	struct process *child;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	child = child_of(process_by_pid(PID_NINEBALL));
	process_end(child, FACTOTUM_STATE_EXITED, 0);
	for (unsigned i = 0; i < 65535; i++) {
		uint32_t id = id_take();

		assert_true(id != child->pid);
		if (id == 0)
			break;
	}
	assert_int_equal(ids_left(), 0);
	expect_assert_failure(process_bury(process_by_pid(PID_NINEBALL)));
}

/* ---- supplied pages ---- */

struct supplied {
	struct process *owner, *client;
	struct object *object;
};

/* A client that shows eight pages which its parent supplies. */
static void
supplied_begin(struct supplied *s, uint32_t flags)
{
	struct area area = plain(BASE, 8, RW);

	assert_int_equal(processes_init(), STATUS_OK);
	s->owner = child_of(process_by_pid(PID_NINEBALL));
	s->client = child_of(s->owner);
	assert_int_equal(
		watch_set(s->owner, 0, 1u << FACTOTUM_NOTICE_NEED, false),
		STATUS_OK);
	s->object = object_create_supplied(s->owner, 7 * PAGE_SIZE + 10, 77);
	area.object = s->object;
	area.flags = flags;
	area.file_end = area.end;
	assert_int_equal(area_insert(s->client->space, &area), STATUS_OK);
}

static void
wait_for_page(struct thread *thread, unsigned page)
{
	struct request request = {.reply = 60};

	assert_int_equal(
		space_fault(thread->process->space, BASE + page * PAGE_SIZE, 1),
		STATUS_NOT_READY);
	assert_int_equal(supply_wait(thread, &request, NULL), SERVER_PARKED);
}

static void
absent_pages_are_awaited(void **state)
{
	struct factotum_fetch_results notices = {0};
	struct need needs[3];
	struct supplied s;
	struct thread *other;
	uint8_t byte = 0;

	(void)state;
	supplied_begin(&s, FACTOTUM_MAP_SHARED);
	other = thread_make(s.client, id_take());
	wait_for_page(s.client->leader, 2);
	wait_for_page(other, 5);
	/* One notice, however many wait; each page is told once. */
	notices_fetch(s.owner, &notices);
	assert_int_equal(notices.count, 1);
	assert_int_equal(notices.kind0, FACTOTUM_NOTICE_NEED);
	assert_int_equal(notices.id0, 77);
	assert_int_equal(supply_needs(s.object, needs, 3), 2);
	assert_int_equal(needs[0].first + needs[1].first, 7);
	assert_int_equal(supply_needs(s.object, needs, 3), 0);
	assert_int_equal(object_supply(s.object, 2, "x", 1), STATUS_OK);
	supply_settle(s.object, 2, 1, STATUS_OK);
	assert_true(fake_answers == 0);
	assert_false(supply_retry());
	/* The one whose page came goes on, the other waits. */
	assert_int_equal(fake_answers, 1);
	assert_int_equal(s.client->leader->park.kind, PARK_NONE);
	assert_int_equal(other->park.kind, PARK_PAGE);
	assert_int_equal(space_fault(s.client->space, BASE + 2 * PAGE_SIZE, 1),
		STATUS_OK);
	assert_int_equal(
		space_read(s.client->space, BASE + 2 * PAGE_SIZE, &byte, 1),
		STATUS_OK);
	assert_int_equal(byte, 'x');
	/* Whoever dies waits no more. */
	thread_end(other, 0);
	supply_settle(s.object, 0, 8, STATUS_OK);
	assert_false(supply_retry());
	assert_int_equal(fake_answers, 1);
}

static void
needs_beyond_three_ring_again(void **state)
{
	struct factotum_fetch_results notices = {0};
	struct need needs[3];
	struct supplied s;

	(void)state;
	supplied_begin(&s, FACTOTUM_MAP_SHARED);
	for (unsigned i = 0; i < 5; i++)
		wait_for_page(thread_make(s.client, id_take()), i);
	notices_fetch(s.owner, &notices);
	assert_int_equal(supply_needs(s.object, needs, 3), 3);
	notices_fetch(s.owner, &notices);
	assert_int_equal(notices.count, 1);
	assert_int_equal(supply_needs(s.object, needs, 3), 2);
	notices_fetch(s.owner, &notices);
	assert_int_equal(notices.count, 0);
}

static void
private_copies_of_supplied_pages(void **state)
{
	struct supplied s;
	uint8_t byte = 0;

	(void)state;
	supplied_begin(&s, FACTOTUM_MAP_PRIVATE);
	assert_int_equal(
		space_fault(s.client->space, BASE, 2), STATUS_NOT_READY);
	assert_int_equal(object_supply(s.object, 0, "abc", 3), STATUS_OK);
	/* What is there stays, whatever is supplied again. */
	assert_int_equal(object_supply(s.object, 0, "xyz", 3), STATUS_OK);
	assert_int_equal(space_fault(s.client->space, BASE, 2), STATUS_OK);
	assert_int_equal(space_write(s.client->space, BASE, "A", 1), STATUS_OK);
	assert_int_equal(object_read(s.object, 0, &byte, 1), STATUS_OK);
	assert_int_equal(byte, 'a');
	assert_int_equal(
		object_read(s.object, PAGE_SIZE, &byte, 1), STATUS_NOT_READY);
	assert_int_equal(object_resident(s.object), 1);
}

static void
supplier_gone_nobody_waits(void **state)
{
	struct request request = {.reply = 60};
	struct supplied s;
	struct thread *leader;

	(void)state;
	supplied_begin(&s, FACTOTUM_MAP_SHARED);
	leader = s.client->leader;
	wait_for_page(leader, 1);
	process_end(s.owner, FACTOTUM_STATE_EXITED, 0);
	supply_retry();
	assert_int_equal(leader->park.kind, PARK_NONE);
	assert_int_equal(space_fault(s.client->space, BASE + PAGE_SIZE, 1),
		STATUS_NOT_READY);
	assert_int_equal(
		supply_wait(leader, &request, NULL), (status_t)ACCESS_BEYOND);
}

static void
populates_wait_for_all_their_pages(void **state)
{
	const struct populate rest = {BASE, 3 * PAGE_SIZE, false};
	struct request request = {.reply = 60};
	struct need needs[3];
	struct supplied s;

	(void)state;
	supplied_begin(&s, FACTOTUM_MAP_SHARED);
	assert_int_equal(
		space_populate(s.client->space, BASE, 3 * PAGE_SIZE, false),
		STATUS_NOT_READY);
	assert_int_equal(
		supply_wait(s.client->leader, &request, &rest), SERVER_PARKED);
	assert_int_equal(supply_needs(s.object, needs, 3), 1);
	assert_int_equal(needs[0].first, 0);
	assert_int_equal(needs[0].count, 3);
	object_supply(s.object, 0, "x", 1);
	supply_settle(s.object, 0, 1, STATUS_OK);
	supply_retry();
	assert_int_equal(s.client->leader->park.kind, PARK_PAGE);
	assert_int_equal(supply_needs(s.object, needs, 3), 1);
	assert_int_equal(needs[0].first, 1);
	assert_int_equal(needs[0].count, 2);
	/* What cannot be brought fails the rest. */
	supply_settle(s.object, 1, 2, STATUS_NOT_FOUND);
	supply_retry();
	assert_int_equal(s.client->leader->park.kind, PARK_NONE);
	assert_int_equal(fake_last_answer, STATUS_FAULT);
}

/* ---- limits ---- */

static void
time_limit_warns_then_kills(void **state)
{
	struct process *parent, *child;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	parent = child_of(process_by_pid(PID_NINEBALL));
	assert_int_equal(limit_set(parent, LIMIT_CPU, 2, 4), STATUS_OK);
	child = child_of(parent);
	/* Time that only passes is not used. */
	fake_now = 3000;
	alarms_run(fake_now);
	assert_false(child->zombie);
	child->usage.user = 1500;
	child->usage.system = 600;
	fake_now = 6000;
	alarms_run(fake_now);
	/* A native has no handler: the warning ends it. */
	assert_true(child->zombie);
	assert_int_equal(child->exit_status, (128 + SIGNAL_TIME) << 8);
	assert_false(parent->zombie);
	parent->usage.user = 4000;
	fake_now = 9000;
	alarms_run(fake_now);
	assert_true(parent->zombie);
	assert_int_equal(parent->exit_status, (128 + SIGNAL_KILL) << 8);
}

static void
space_limits_bind(void **state)
{
	struct process *process;
	struct area area = plain(BASE, 4, RW);

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	process = child_of(process_by_pid(PID_NINEBALL));
	assert_int_equal(area_insert(process->space, &area), STATUS_OK);
	assert_true(limits_allow(process, process->space, ~0ul, ~0ul));
	assert_int_equal(limit_set(process, LIMIT_SPACE, 6 * PAGE_SIZE, ~0ul),
		STATUS_OK);
	assert_true(limits_allow(process, process->space, 2 * PAGE_SIZE, 0));
	assert_false(limits_allow(process, process->space, 3 * PAGE_SIZE, 0));
	assert_int_equal(
		limit_set(process, LIMIT_DATA, 5 * PAGE_SIZE, ~0ul), STATUS_OK);
	assert_true(limits_allow(process, process->space, 2 * PAGE_SIZE, 0));
	assert_false(limits_allow(
		process, process->space, 2 * PAGE_SIZE, 2 * PAGE_SIZE));
	area = plain(BASE + 8 * PAGE_SIZE, 2, FACTOTUM_PROT_READ);
	assert_int_equal(area_insert(process->space, &area), STATUS_OK);
	assert_true(limits_allow_protect(
		process, area.start, area.start + PAGE_SIZE, RW));
	assert_false(limits_allow_protect(process, area.start, area.end, RW));
}

static void
limits_only_fall(void **state)
{
	struct process *process;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	process = child_of(process_by_pid(PID_NINEBALL));
	process->credentials = 1000;
	assert_int_equal(limit_set(process, LIMIT_FILES, 9, 10), STATUS_OK);
	assert_int_equal(
		limit_set(process, LIMIT_FILES, 9, 11), STATUS_FORBIDDEN);
	assert_int_equal(limit_set(process, LIMIT_FILES, 11, 10),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(
		limit_set(process, LIMIT_COUNT, 1, 1), STATUS_INVALID_ARGUMENT);
	/* Nothing watches this one: it is not taken. */
	assert_int_equal(
		limit_set(process, LIMIT_REAL_TIME, 5, ~0ul), STATUS_FORBIDDEN);
	process->credentials = 0;
	assert_int_equal(limit_set(process, LIMIT_FILES, 9, 99), STATUS_OK);
}

/* ---- futexes ---- */

static struct thread *
sleeper(struct process *process, const struct futex_key *key, uint32_t bits)
{
	struct request request = {.reply = 60};
	struct thread *thread = thread_make(process, id_take());

	assert_int_equal(thread_park(thread, &request, PARK_FUTEX), STATUS_OK);
	thread->park.key = *key;
	thread->park.bits = bits;
	futex_enqueue(thread);
	return thread;
}

static void
futex_queues(void **state)
{
	const struct futex_key here = {.space = 4, .offset = 0x1000};
	const struct futex_key there = {.space = 4, .offset = 0x2000};
	struct thread *threads[6];
	struct process *process;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	process = child_of(process_by_pid(PID_NINEBALL));
	for (unsigned i = 0; i < 6; i++)
		threads[i] = sleeper(process, &here, 1u << i);
	assert_int_equal(futex_wake(&there, 9, ~0u), 0);
	assert_int_equal(futex_wake(&here, 9, 1u << 2), 1);
	assert_int_equal(threads[2]->park.kind, PARK_NONE);
	/* The first come are woken first. */
	assert_int_equal(futex_wake(&here, 1, ~0u), 1);
	assert_int_equal(threads[0]->park.kind, PARK_NONE);
	assert_int_equal(futex_move(&here, &there, 2), 2);
	assert_int_equal(futex_wake(&there, 9, ~0u), 2);
	/* A thread that dies leaves its queue. */
	thread_end(threads[4], 0);
	assert_int_equal(futex_wake(&here, 9, ~0u), 1);
	assert_int_equal(threads[5]->park.kind, PARK_NONE);
}

static void
futex_keys(void **state)
{
	struct object *object = object_create(NULL, 4 * PAGE_SIZE);
	struct space *one = space_create(), *two = space_create();
	struct area area = plain(BASE, 4, RW);
	struct futex_key first, second;

	(void)state;
	area.object = object;
	area.flags = FACTOTUM_MAP_SHARED;
	assert_int_equal(area_insert(one, &area), STATUS_OK);
	area.start += 0x100000;
	area.end += 0x100000;
	assert_int_equal(area_insert(two, &area), STATUS_OK);
	assert_int_equal(futex_find(one, BASE + 8, 0, &first), STATUS_OK);
	assert_int_equal(
		futex_find(two, BASE + 0x100008, 0, &second), STATUS_OK);
	assert_memory_equal(
		&first, &second, offsetof(struct futex_key, object));
	assert_int_equal(
		futex_find(one, BASE + 2, 0, &first), STATUS_INVALID_ARGUMENT);
	assert_int_equal(
		futex_find(one, BASE - PAGE_SIZE, 0, &first), STATUS_FAULT);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
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
		CASE(faults_follow_permissions),
		CASE(growth_comes_in_runs),
		CASE(stacks_grow_down_in_runs),
		CASE(copy_on_write),
		CASE(file_tail_is_zero),
		CASE(numbers_come_round_late),
		CASE(deadlines_in_order),
		CASE(zombies_wait),
		CASE(waiters_are_answered),
		CASE(orphans_find_a_home),
		CASE(orphans_go_to_the_nearest_supervisor),
		CASE(what_nobody_can_start_goes),
		CASE(numbers_of_zombies_stay),
		CASE(absent_pages_are_awaited),
		CASE(needs_beyond_three_ring_again),
		CASE(private_copies_of_supplied_pages),
		CASE(supplier_gone_nobody_waits),
		CASE(populates_wait_for_all_their_pages),
		CASE(time_limit_warns_then_kills),
		CASE(space_limits_bind),
		CASE(limits_only_fall),
		CASE(futex_queues),
		CASE(futex_keys),
	};

	return cmocka_run_group_tests_name("factotum", tests, NULL, NULL);
}
