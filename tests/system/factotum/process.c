/* SPDX-License-Identifier: MIT */
/*
 * Spawn, start, exit, wait, kill, status.
 */
#include "cases.h"

#include <unistd.h>

static verdict_t
exit_code(void)
{
	uint32_t status;

	OK(run_child("exit", "0", &status));
	EQUAL(status, EXITED(0));
	OK(run_child("exit", "255", &status));
	EQUAL(status, EXITED(255));
	return NULL;
}

static verdict_t
start_message(void)
{
	uint32_t status;

	OK(run_child("start", "grey", &status));
	EQUAL(status, EXITED(42));
	return NULL;
}

static verdict_t
unknown_image(void)
{
	EQUAL(factotum_spawn(
		      SELF, 0, "nobody", 6, NULL, 0, NULL, 0, 0, NULL, 0),
		STATUS_NOT_FOUND);
	EQUAL(factotum_spawn(
		      SELF, 0, "init.toml", 9, NULL, 0, NULL, 0, 0, NULL, 0),
		STATUS_BAD_IMAGE);
	EQUAL(factotum_spawn(SELF, 0x80, "factotum_test", 13, NULL, 0, NULL, 0,
		      0, NULL, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_spawn(SELF, 0, "factotum_test", 13, "open", 4, NULL, 0,
		      0, NULL, 0),
		STATUS_INVALID_ARGUMENT);
	return NULL;
}

static verdict_t
malformed_image(void)
{
	static const uint8_t header[64] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
	cptr_t object = slot_take();
	vaddr_t address;

	OK(factotum_object_create(SELF, PAGE, 0, object));
	EQUAL(factotum_spawn(
		      SELF, 0, "zeros", 5, NULL, 0, NULL, 0, object, NULL, 0),
		STATUS_BAD_IMAGE);
	OK(factotum_mmap(SELF, 0, PAGE,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE, FACTOTUM_MAP_SHARED,
		0, object, &address));
	memcpy((void *)(uintptr_t)address, header, sizeof(header));
	EQUAL(factotum_spawn(
		      SELF, 0, "bare", 4, NULL, 0, NULL, 0, object, NULL, 0),
		STATUS_BAD_IMAGE);
	OK(factotum_munmap(SELF, address, PAGE));
	OK(factotum_object_release(object));
	slot_drop(object);
	return NULL;
}

static verdict_t
two_steps(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, got, state, detail, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "exit", "3", &pid, handle));
	OK(factotum_status(handle, &got, &state, &detail));
	EQUAL(got, pid);
	EQUAL(state, FACTOTUM_STATE_CREATED);
	OK(factotum_wait(SELF, 1, pid, FACTOTUM_WAIT_NOHANG, &got, NULL, NULL,
		NULL, NULL, NULL));
	EQUAL(got, 0);
	OK(factotum_start(handle));
	EQUAL(factotum_start(handle), STATUS_BUSY);
	OK(factotum_wait(SELF, 1, pid,
		FACTOTUM_WAIT_NOWAIT | FACTOTUM_WAIT_EXITED, &got, &status,
		NULL, NULL, NULL, NULL));
	EQUAL(status, EXITED(3));
	OK(factotum_status(handle, NULL, &state, &detail));
	EQUAL(state, FACTOTUM_STATE_EXITED);
	EQUAL(detail, EXITED(3));
	OK(reap(pid, &status));
	EQUAL(factotum_status(handle, NULL, NULL, NULL), STATUS_NOT_FOUND);
	EQUAL(factotum_kill(handle, 9), STATUS_NOT_FOUND);
	slot_drop(handle);
	return NULL;
}

static verdict_t
kill_created(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "exit", "3", &pid, handle));
	OK(factotum_kill(handle, 0));
	EQUAL(factotum_kill(handle, 65), STATUS_INVALID_ARGUMENT);
	OK(factotum_kill(handle, 9));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(128 + 9));
	slot_drop(handle);
	return NULL;
}

static verdict_t
kill_running(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, status;

	OK(spawn(0, "sleep", "100000", &pid, handle));
	OK(factotum_kill(handle, 17));
	OK(factotum_kill(handle, 15));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(128 + 15));
	slot_drop(handle);
	return NULL;
}

static verdict_t
no_child(void)
{
	EQUAL(factotum_wait(SELF, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL),
		STATUS_NOT_FOUND);
	EQUAL(factotum_wait(SELF, 1, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL),
		STATUS_NOT_FOUND);
	EQUAL(factotum_wait(SELF, 9, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL),
		STATUS_INVALID_ARGUMENT);
	return NULL;
}

static verdict_t
faults(void)
{
	static const struct {
		const char *what;
		uint32_t detail;
		uint32_t status;
	} list[] = {
		{"read", 1, 11},
		{"write", 1, 11},
		{"text", 1, 11},
		{"execute", 1, 11},
		{"illegal", 2, 4},
	};

	for (unsigned i = 0; i < 5; i++) {
		cptr_t handle = slot_take();
		uint32_t pid, state, detail, status;

		OK(spawn(0, "touch", list[i].what, &pid, handle));
		OK(factotum_wait(SELF, 1, pid,
			FACTOTUM_WAIT_NOWAIT | FACTOTUM_WAIT_EXITED, NULL, NULL,
			NULL, NULL, NULL, NULL));
		OK(factotum_status(handle, NULL, &state, &detail));
		EQUAL(state, FACTOTUM_STATE_FAULTED);
		EQUAL(detail, list[i].detail);
		OK(reap(pid, &status));
		EQUAL(status, list[i].status);
		slot_drop(handle);
	}
	return NULL;
}

static verdict_t
identity(void)
{
	uint32_t pid, tid, ppid;

	OK(factotum_get_pid(SELF, &pid, &tid));
	EQUAL(pid, start_info()->pid);
	EQUAL(pid, tid);
	OK(factotum_get_ppid(SELF, &ppid));
	EQUAL(ppid, 1);
	OK(factotum_yield(SELF));
	return NULL;
}

const struct test process_tests[] = {
	{"process-exit-code", exit_code},
	{"process-start-message", start_message},
	{"process-unknown-image", unknown_image},
	{"process-malformed-image", malformed_image},
	{"process-two-steps", two_steps},
	{"process-kill-created", kill_created},
	{"process-kill-running", kill_running},
	{"process-no-child", no_child},
	{"process-faults-are-reported", faults},
	{"process-identity", identity},
	{NULL, NULL},
};
