/* SPDX-License-Identifier: MIT */
/*
 * What the snapshot of PS says of processes and threads.
 */
#include "cases.h"

#include <glenda/nineball_client.h>
#include <glenda/records.h>
#include <stdlib.h>
#include <unistd.h>

/* States that TCB.info tells. */
enum {
	READY = 1,
	RUNNING = 2,
	BLOCKED = 3,
};

struct view {
	cptr_t object;
	const struct ps_header *header;
	const struct ps_process *processes;
	const struct ps_thread *threads;
	size_t size;
};

static status_t
view_open(struct view *view, cptr_t through)
{
	vaddr_t address = 0;
	status_t status;

	view->object = slot_take();
	status = factotum_ps(through, &view->size, view->object);
	if (status >= 0)
		status = factotum_mmap(SELF, 0, view->size, FACTOTUM_PROT_READ,
			FACTOTUM_MAP_SHARED, 0, view->object, &address);
	view->header = (const void *)(uintptr_t)address;
	if (status >= 0) {
		view->processes = (const void *)(view->header + 1);
		view->threads = (const void *)(uintptr_t)(address +
			view->header->threads);
	}
	return status;
}

static void
view_close(struct view *view)
{
	factotum_munmap(SELF, (uintptr_t)view->header, view->size);
	factotum_object_release(view->object);
	slot_drop(view->object);
}

static const struct ps_process *
find(const struct view *view, uint32_t pid)
{
	for (uint32_t i = 0; i < view->header->process_count; i++)
		if (view->processes[i].pid == pid)
			return &view->processes[i];
	return NULL;
}

static uint64_t
resident(uint32_t pid)
{
	const struct ps_process *found;
	struct view view;
	uint64_t bytes = ~0ul;

	if (view_open(&view, manager) < 0)
		return bytes;
	found = find(&view, pid);
	if (found)
		bytes = found->resident;
	view_close(&view);
	return bytes;
}

/* Pages are counted for who touched them, when they were touched. */
static verdict_t
memory_is_accounted(void)
{
	uint32_t me = (uint32_t)start_info()->pid, pid, status;
	vaddr_t address = map(64 * PAGE);
	uint64_t before = resident(me), other;

	OK(spawn(0, "sleep", "100", &pid, 0));
	factotum_sleep(SELF, 10, 0);
	other = resident(pid);
	for (unsigned i = 0; i < 64; i += 32)
		*(volatile uint8_t *)(uintptr_t)(address + i * PAGE) = 1;
	EQUAL(resident(me), before + 2 * PAGE);
	OK(factotum_populate(SELF, address, 64 * PAGE, true));
	EQUAL(resident(me), before + 64 * PAGE);
	EQUAL(resident(pid), other);
	OK(factotum_munmap(SELF, address, 64 * PAGE));
	EQUAL(resident(me), before);
	OK(reap(pid, &status));
	return NULL;
}

/* 9Ball says what the machine has; Factotum holds most of it. */
static verdict_t
most_of_the_machine(void)
{
	static char text[4096];
	uint64_t total, next, mebibytes = 0;
	size_t length = 0;
	const char *found;

	OK(factotum_system_info(
		SELF, &total, NULL, NULL, NULL, NULL, NULL, NULL));
	OK(nineball_log(start_cap("supervisor"), NINEBALL_LOG_NINEBALL, 0, text,
		sizeof(text) - 1, &length, &next));
	text[length] = '\0';
	found = strstr(text, " MiB of memory");
	CHECK(found);
	while (found > text && found[-1] >= '0' && found[-1] <= '9')
		found--;
	mebibytes = strtoul(found, NULL, 10);
	CHECK(mebibytes >= 16);
	CHECK(total > (mebibytes << 20) / 4 * 3);
	CHECK(total < mebibytes << 20);
	return NULL;
}

/* Whoever may not see all sees its own tree, and gets it whole. */
int
sees_its_tree(void)
{
	uint32_t me = (uint32_t)start_info()->pid, pid = ~0u;
	const struct ps_process *child;
	struct view view;
	int result = 0;

	if (factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL) < 0)
		return 1;
	if (pid == 0) {
		factotum_sleep(SELF, 200, 0);
		_exit(0);
	}
	if (view_open(&view, SELF) < 0)
		return 2;
	child = find(&view, pid);
	if (view.header->process_count != 2 || !find(&view, me) || !child ||
		child->ppid != me)
		result = 3;
	view_close(&view);
	return result;
}

static verdict_t
own_tree(void)
{
	uint32_t status;

	OK(run_child("tree", "", &status));
	EQUAL(status, EXITED(0));
	return NULL;
}

/* Every thread belongs to a process of the list, every parent is there. */
static verdict_t
consistent(void)
{
	uint32_t pids[8], status, threads = 0;
	struct view view;

	for (unsigned i = 0; i < 8; i++)
		OK(spawn(0, "sleep", i % 2 ? "1" : "30", &pids[i], 0));
	OK(view_open(&view, manager));
	EQUAL(view.header->magic, PS_MAGIC);
	EQUAL(view.header->process_bytes, sizeof(struct ps_process));
	for (uint32_t i = 0; i < view.header->process_count; i++) {
		const struct ps_process *p = &view.processes[i];

		CHECK(p->ppid == 0 || find(&view, p->ppid));
		threads += p->threads;
		for (uint32_t j = 0; j < i; j++)
			CHECK(view.processes[j].pid != p->pid);
	}
	/* 9Ball's thread was made by the kernel, but is listed. */
	EQUAL(threads, view.header->thread_count);
	for (uint32_t i = 0; i < view.header->thread_count; i++)
		CHECK(find(&view, view.threads[i].pid));
	EQUAL(view.header->threads + threads * sizeof(struct ps_thread),
		view.size);
	view_close(&view);
	for (unsigned i = 0; i < 8; i++)
		OK(reap(pids[i], &status));
	return NULL;
}

/* Another mapping of the pages cannot be written either. */
static verdict_t
read_only(void)
{
	struct view view;
	vaddr_t address = 0;

	OK(view_open(&view, manager));
	EQUAL(factotum_mmap(SELF, 0, PAGE, FACTOTUM_PROT_WRITE,
		      FACTOTUM_MAP_SHARED, 0, view.object, &address),
		STATUS_NO_RIGHT);
	EQUAL(factotum_mprotect(SELF, (uintptr_t)view.header, PAGE,
		      FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE),
		STATUS_NO_RIGHT);
	EQUAL(factotum_object_resize(view.object, 0), STATUS_NO_RIGHT);
	view_close(&view);
	return NULL;
}

/* All that a record holds of a process, from its creation to its end. */
static verdict_t
records(void)
{
	cptr_t handle = slot_take();
	const struct ps_process *p;
	const struct ps_thread *t;
	struct view view;
	uint32_t pid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "sleep", "20", &pid, handle));
	OK(view_open(&view, manager));
	p = find(&view, pid);
	CHECK(p);
	EQUAL(p->state, FACTOTUM_STATE_CREATED);
	EQUAL(p->ppid, start_info()->pid);
	EQUAL(p->puid & 0xffff, pid);
	CHECK(!strcmp(p->name, "factotum_test"));
	CHECK(!memcmp(p->command,
		"factotum_test\0sleep\0"
		"20",
		23));
	CHECK(p->size > 0);
	view_close(&view);
	OK(factotum_start(handle));
	factotum_sleep(SELF, 5, 0);
	OK(view_open(&view, manager));
	p = find(&view, pid);
	EQUAL(p->state, FACTOTUM_STATE_RUNNING);
	EQUAL(p->threads, 1);
	/* Which of both times so short a life is, the clock does not tell. */
	CHECK(p->resident > 0 && p->faults > 0 && p->user + p->system > 0);
	for (t = view.threads; t->tid != pid; t++)
		continue;
	CHECK(t->scheduled > 0);
	view_close(&view);
	OK(factotum_wait(SELF, 1, pid,
		FACTOTUM_WAIT_NOWAIT | FACTOTUM_WAIT_EXITED, NULL, NULL, NULL,
		NULL, NULL, NULL));
	OK(view_open(&view, manager));
	p = find(&view, pid);
	CHECK(p);
	EQUAL(p->state, FACTOTUM_STATE_EXITED);
	EQUAL(p->detail, EXITED(0));
	EQUAL(p->threads, 0);
	EQUAL(p->size + p->resident, 0);
	view_close(&view);
	OK(reap(pid, &status));
	slot_drop(handle);
	return NULL;
}

static verdict_t
state_of_thread(uint32_t tid, uint32_t *state)
{
	struct view view;

	*state = 0;
	OK(view_open(&view, manager));
	for (uint32_t i = 0; i < view.header->thread_count; i++)
		if (view.threads[i].tid == tid)
			*state = view.threads[i].state;
	view_close(&view);
	return NULL;
}

/* Ready, Running, Blocked; Zombie is what `records` saw. */
static verdict_t
thread_states(void)
{
	uint32_t sleeper, spinner = ~0u, state, status;
	verdict_t verdict;

	OK(spawn(0, "sleep", "10000", &sleeper, 0));
	OK(factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &spinner, NULL));
	if (spinner == 0)
		spins("for ever");
	factotum_sleep(SELF, 20, 0);
	verdict = state_of_thread(sleeper, &state);
	if (!verdict && state != BLOCKED)
		verdict = "the sleeper is not blocked";
	if (!verdict)
		verdict = state_of_thread(spinner, &state);
	if (!verdict && state != READY)
		verdict = "the spinner is not ready";
	/* Whose call is served stands still; Factotum itself runs. */
	if (!verdict)
		verdict = state_of_thread((uint32_t)start_info()->pid, &state);
	if (!verdict && state != BLOCKED)
		verdict = "the caller is not blocked";
	OK(factotum_signal_post(manager, 0, sleeper, 9, 0, 0, 0, NULL));
	OK(factotum_signal_post(manager, 0, spinner, 9, 0, 0, 0, NULL));
	OK(reap(sleeper, &status));
	OK(reap(spinner, &status));
	return verdict;
}

/* The tool `ps` ran beside us; its output is in 9Ball's log. */
static verdict_t
tool_prints(void)
{
	static char text[8192];
	cptr_t tool = start_cap("supervisor");
	uint64_t name[2], next;
	uint32_t index;
	size_t length = 0;

	for (index = 0; index < 64; index++) {
		OK(nineball_service(tool, index, &name[0], &name[1], NULL, NULL,
			NULL, NULL));
		if (!strncmp((const char *)name, "ps", 16))
			break;
	}
	OK(nineball_log(
		tool, index, 0, text, sizeof(text) - 1, &length, &next));
	text[length] = '\0';
	CHECK(strstr(text, "PID"));
	CHECK(strstr(text, "9ball"));
	CHECK(strstr(text, "factotum\n"));
	CHECK(strstr(text, "ready queues"));
	return NULL;
}

const struct test snapshot_tests[] = {
	{"ps-memory-is-accounted", memory_is_accounted},
	{"ps-most-of-the-machine", most_of_the_machine},
	{"ps-own-tree", own_tree},
	{"ps-consistent", consistent},
	{"ps-read-only", read_only},
	{"ps-records", records},
	{"ps-thread-states", thread_states},
	{"ps-tool-prints", tool_prints},
	{NULL, NULL},
};
