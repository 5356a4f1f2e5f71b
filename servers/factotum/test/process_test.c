/* SPDX-License-Identifier: MIT */
/*
 * Processes, supplied pages, limits and futexes on the host.
 */
#include "common.h"

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

/* A handle names a puid: who has the number next is somebody else. */
static void
handles_never_name_the_next_owner(void **state)
{
	struct process *child, *next;
	uint64_t puid;
	uint32_t pid;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	assert_int_equal(process_by_pid(1)->puid, 0x10001);
	assert_int_equal(process_by_pid(2)->puid, 0x20002);
	assert_null(process_by_pid(0));
	child = child_of(process_by_pid(PID_NINEBALL));
	puid = child->puid;
	pid = child->pid;
	assert_ptr_equal(process_by_puid(puid), child);
	process_end(child, FACTOTUM_STATE_EXITED, 0);
	/* A zombie keeps its number and its handle. */
	assert_ptr_equal(process_by_puid(puid), child);
	process_bury(child);
	assert_null(process_by_puid(puid));
	for (uint32_t id = id_take(); id != pid; id = id_take())
		assert_true(id != 0);
	id_give(pid);
	for (next = NULL; !next || next->pid != pid;) {
		if (next)
			process_unmake(next);
		next = process_make(process_by_pid(PID_NINEBALL),
			process_by_pid(PID_NINEBALL));
		assert_non_null(next);
	}
	assert_int_equal(next->pid, pid);
	assert_true(next->puid != puid);
	assert_null(process_by_puid(puid));
}

static void
exhausted_numbers_make_no_process(void **state)
{
	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	while (id_take() != 0)
		continue;
	assert_null(process_make(
		process_by_pid(PID_NINEBALL), process_by_pid(PID_NINEBALL)));
}

/* The value stays until it is asked for, all else goes at once. */
static void
exit_keeps_the_value_alone(void **state)
{
	const struct wait_query query = {.kind = 0};
	struct factotum_wait_results results = {0};
	struct process *parent, *child;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	parent = child_of(process_by_pid(PID_NINEBALL));
	child = child_of(parent);
	object_create(child, PAGE_SIZE);
	assert_int_equal(process_set_command(child, "x", 2), STATUS_OK);
	/* Still running is no exit value. */
	assert_int_equal(wait_try(parent, &query, &results), STATUS_NOT_READY);
	process_end(child, FACTOTUM_STATE_EXITED, 0x4500);
	assert_null(child->space);
	assert_null(child->threads);
	assert_null(child->objects);
	assert_int_equal(child->cnode.object, 0);
	assert_int_equal(wait_try(parent, &query, &results), STATUS_OK);
	assert_int_equal(results.status, 0x4500);
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

/* Woken, timed out and cancelled sleepers hear which of these it was. */
static void
sleepers_hear_why_they_wake(void **state)
{
	const struct futex_key key = {.space = 4, .offset = 0x1000};
	struct thread *woken, *cancelled;
	struct process *process;

	(void)state;
	assert_int_equal(processes_init(), STATUS_OK);
	process = child_of(process_by_pid(PID_NINEBALL));
	woken = sleeper(process, &key, 1);
	cancelled = sleeper(process, &key, 1);
	thread_cancel(cancelled);
	assert_int_equal(fake_last_answer, STATUS_CANCELLED);
	assert_int_equal(cancelled->park.kind, PARK_NONE);
	/* It left its queue: one is woken, the other. */
	assert_int_equal(futex_wake(&key, 9, ~0u), 1);
	assert_int_equal(fake_last_answer, STATUS_OK);
	assert_int_equal(woken->park.kind, PARK_NONE);
}

int
run_process_tests(void)
{
	const struct CMUnitTest tests[] = {
		CASE(zombies_wait),
		CASE(waiters_are_answered),
		CASE(orphans_find_a_home),
		CASE(orphans_go_to_the_nearest_supervisor),
		CASE(what_nobody_can_start_goes),
		CASE(numbers_of_zombies_stay),
		CASE(handles_never_name_the_next_owner),
		CASE(exhausted_numbers_make_no_process),
		CASE(exit_keeps_the_value_alone),
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
		CASE(sleepers_hear_why_they_wake),
	};

	return cmocka_run_group_tests_name("factotum", tests, NULL, NULL);
}
