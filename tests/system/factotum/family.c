/* SPDX-License-Identifier: MIT */
/*
 * Fork, orphans, and ten thousand of each: nothing may stay behind.
 */
#include "cases.h"

#include <unistd.h>

#define ROUNDS 10000

static volatile uint32_t cell = 1;

static int
child_writes(void *argument)
{
	volatile uint32_t *heap = argument;

	if (cell != 1 || *heap != 10)
		return 1;
	cell = 2;
	*heap = 20;
	factotum_sleep(SELF, 5, 0);
	return cell == 2 && *heap == 20 ? 0 : 2;
}

static verdict_t
cow_child(void)
{
	vaddr_t address = map(PAGE);
	volatile uint32_t *heap = (volatile uint32_t *)(uintptr_t)address;
	uint32_t status;

	CHECK(address);
	*heap = 10;
	OK(in_child(child_writes, (void *)(uintptr_t)address, &status));
	EQUAL(status, EXITED(0));
	EQUAL(cell, 1);
	EQUAL(*heap, 10);
	OK(factotum_munmap(SELF, address, PAGE));
	return NULL;
}

static verdict_t
cow_parent(void)
{
	uint32_t pid = ~0u, status;
	vaddr_t address = map(16 * PAGE);
	volatile uint32_t *heap = (volatile uint32_t *)(uintptr_t)address;

	for (unsigned i = 0; i < 16; i++)
		heap[i * 1024] = i;
	OK(factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL));
	if (pid == 0) {
		unsigned wrong = 0;

		factotum_sleep(SELF, 10, 0);
		for (unsigned i = 0; i < 16; i++)
			wrong += heap[i * 1024] != i;
		_exit((int)wrong);
	}
	for (unsigned i = 0; i < 16; i++)
		heap[i * 1024] = 1000 + i;
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	for (unsigned i = 0; i < 16; i++)
		EQUAL(heap[i * 1024], 1000 + i);
	OK(factotum_munmap(SELF, address, 16 * PAGE));
	return NULL;
}

static verdict_t
identity_of_child(void)
{
	uint32_t me, pid = ~0u, status;

	OK(factotum_get_pid(SELF, &me, NULL));
	OK(factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL));
	if (pid == 0) {
		uint32_t mine = 0, tid = 0, parent = 0;

		factotum_get_pid(SELF, &mine, &tid);
		factotum_get_ppid(SELF, &parent);
		_exit(mine != me && mine == tid && parent == me ? 5 : 6);
	}
	OK(reap(pid, &status));
	EQUAL(status, EXITED(5));
	EQUAL(factotum_fork(SELF, 0, 0, 99, 0, 0, 0, 0, &pid, NULL),
		STATUS_INVALID_ARGUMENT);
	return NULL;
}

/* A message that no capability serves: who is there answers so. */
static bool
is_empty(cptr_t slot)
{
	struct message message = {.info = message_info(0, 0, 0, 0)};

	return ipc_call(slot, &message) == STATUS_INVALID_CAP;
}

static int
holds_factotum_alone(void *argument)
{
	(void)argument;
	if (is_empty(CAP_FACTOTUM))
		return 1;
	for (cptr_t slot = 2; slot < 256; slot++)
		if (!is_empty(slot))
			return 2;
	return 0;
}

static verdict_t
inherited_capabilities(void)
{
	uint32_t status;

	/* What is not inherited is here, and so is seen when it is. */
	CHECK(!is_empty(start_cap("log")) && !is_empty(manager));
	OK(in_child(holds_factotum_alone, NULL, &status));
	EQUAL(status, EXITED(0));
	return NULL;
}

static verdict_t
wait_for_any(void)
{
	uint32_t pids[3], pid, status, seen = 0;

	for (unsigned i = 0; i < 3; i++)
		OK(spawn(0, i ? "sleep" : "exit", i == 1 ? "10" : "3", &pids[i],
			0));
	for (unsigned i = 0; i < 3; i++) {
		OK(factotum_wait(
			SELF, 0, 0, 0, &pid, &status, NULL, NULL, NULL, NULL));
		for (unsigned j = 0; j < 3; j++)
			seen |= (pid == pids[j]) << j;
		EQUAL(status, EXITED(pid == pids[0] ? 3 : 0));
	}
	EQUAL(seen, 7);
	EQUAL(factotum_wait(SELF, 0, 0, 0, &pid, NULL, NULL, NULL, NULL, NULL),
		STATUS_NOT_FOUND);
	return NULL;
}

static verdict_t
orphans(void)
{
	uint32_t before, after, status;

	OK(factotum_system_info(
		SELF, NULL, NULL, &before, NULL, NULL, NULL, NULL));
	OK(run_child("orphan", "", &status));
	EQUAL(status, EXITED(0));
	/* Its child belongs to 9Ball now and is forgotten when it ends. */
	EQUAL(factotum_wait(SELF, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL),
		STATUS_NOT_FOUND);
	factotum_sleep(SELF, 60, 0);
	OK(factotum_system_info(
		SELF, NULL, NULL, &after, NULL, NULL, NULL, NULL));
	EQUAL(after, before);
	return NULL;
}

struct balance {
	uint64_t free;
	uint64_t slots;
	uint32_t processes;
	uint32_t pids;
};

static status_t
take_balance(struct balance *balance)
{
	return factotum_system_info(SELF, NULL, &balance->free,
		&balance->processes, NULL, NULL, &balance->slots,
		&balance->pids);
}

static verdict_t
compare(const struct balance *before)
{
	struct balance after;

	OK(take_balance(&after));
	EQUAL(after.processes, before->processes);
	EQUAL(after.pids, before->pids);
	EQUAL(after.slots, before->slots);
	EQUAL(after.free, before->free);
	return NULL;
}

static int
nothing(void *argument)
{
	(void)argument;
	return 0;
}

static verdict_t
many_forks(void)
{
	struct balance before;
	uint32_t status;

	/* Warm up: pools and tables reach their size. */
	for (unsigned i = 0; i < 20; i++)
		OK(in_child(nothing, NULL, &status));
	OK(take_balance(&before));
	for (unsigned i = 0; i < ROUNDS; i++) {
		OK(in_child(nothing, NULL, &status));
		EQUAL(status, EXITED(0));
	}
	return compare(&before);
}

static verdict_t
many_spawns(void)
{
	struct balance before;
	uint32_t status;

	for (unsigned i = 0; i < 20; i++)
		OK(run_child("exit", "1", &status));
	OK(take_balance(&before));
	for (unsigned i = 0; i < ROUNDS; i++) {
		OK(run_child("exit", "1", &status));
		EQUAL(status, EXITED(1));
	}
	return compare(&before);
}

static verdict_t
many_at_once(void)
{
	uint32_t pids[200];
	struct balance before;
	uint32_t status;

	OK(run_child("exit", "1", &status));
	OK(take_balance(&before));
	for (unsigned i = 0; i < 200; i++) {
		pids[i] = ~0u;
		OK(factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pids[i], NULL));
		if (pids[i] == 0) {
			factotum_sleep(SELF, 30, 0);
			_exit((int)i);
		}
	}
	for (unsigned i = 0; i < 200; i++) {
		OK(reap(pids[i], &status));
		EQUAL(status, EXITED(i));
	}
	return NULL;
}

const struct test family_tests[] = {
	{"fork-child-writes", cow_child},
	{"fork-parent-writes", cow_parent},
	{"fork-identity", identity_of_child},
	{"fork-inherited-capabilities", inherited_capabilities},
	{"wait-for-any", wait_for_any},
	{"fork-orphans", orphans},
	{"fork-two-hundred-at-once", many_at_once},
	{"fork-ten-thousand-rounds", many_forks},
	{"spawn-ten-thousand-rounds", many_spawns},
	{NULL, NULL},
};
