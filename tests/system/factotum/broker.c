/* SPDX-License-Identifier: MIT */
/*
 * Services, manifests, notices: what Factotum's broker grants to a program by
 * its manifest, and what it tells those who asked to know.
 */
#include "cases.h"

#include <glenda/kernel_calls.h>
#include <glenda/syscall.h>
#include <stdlib.h>

static verdict_t
requests(void)
{
	EQUAL(factotum_request_cap(SELF, 0x7abc, 0), STATUS_NOT_FOUND);
	EQUAL(factotum_request_cap(SELF, 0x7f02, 0), STATUS_FORBIDDEN);
	return NULL;
}

static verdict_t
only_supervisors_provide(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "exit", "0", &pid, handle));
	EQUAL(factotum_provide(handle, 0x7f03), STATUS_FORBIDDEN);
	EQUAL(factotum_allow(handle, 0x7f03, 0), STATUS_FORBIDDEN);
	EQUAL(factotum_allow(handle, FACTOTUM_PROTOCOL,
		      FACTOTUM_MANAGER_RIGHT_SUPERVISE),
		STATUS_FORBIDDEN);
	OK(factotum_allow(
		handle, FACTOTUM_PROTOCOL, FACTOTUM_MANAGER_RIGHT_INSPECT));
	OK(factotum_start(handle));
	EQUAL(factotum_allow(handle, FACTOTUM_PROTOCOL, 0), STATUS_BUSY);
	OK(reap(pid, &status));
	slot_drop(handle);
	return NULL;
}

static verdict_t
death_notice(void)
{
	const struct start_info *info = start_info();
	cptr_t signal = start_cap("notification");
	uint32_t pid, count, status;
	uint64_t kind, id, again;

	CHECK(signal && info);
	OK(factotum_watch(SELF, 1u << FACTOTUM_NOTICE_DEATH, signal));
	OK(spawn(0, "exit", "0", &pid, 0));
	OK(reap(pid, &status));
	OK(factotum_fetch(SELF, &count, &kind, &id, NULL, NULL, NULL, NULL));
	EQUAL(count, 1);
	EQUAL(kind, FACTOTUM_NOTICE_DEATH);
	EQUAL(id & 0xffff, pid);
	OK(factotum_fetch(SELF, &count, &again, NULL, NULL, NULL, NULL, NULL));
	EQUAL(count, 0);
	OK(factotum_watch(SELF, 0, signal));
	EQUAL(factotum_watch(SELF, 2, SELF), STATUS_INVALID_CAP);
	return NULL;
}

static verdict_t
grants_are_bounded(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, status;
	status_t last = 0;

	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "exit", "0", &pid, handle));
	for (unsigned i = 0; i < 100 && last >= 0; i++)
		last = factotum_grant(handle, "log", 3, start_cap("log"), NULL);
	EQUAL(last, STATUS_LIMIT);
	OK(factotum_kill(handle, 9));
	OK(reap(pid, &status));
	slot_drop(handle);
	return NULL;
}

/* The service that init.toml starts beside us: it tells who asked. */
#define TELLER 0x7f04

static status_t
ask_teller(cptr_t teller, uint64_t *badge)
{
	struct message message = {
		.info = message_info(TELLER << 16 | 1, 0, 0, 0)};
	status_t status = ipc_call(teller, &message);

	*badge = message.words[0];
	return status;
}

int
teller(void)
{
	cptr_t service = start_cap("service"), reply = slot_take();
	struct message message = {0};
	struct sender sender;

	factotum_ready(SELF);
	for (;;) {
		if (syscall_receive(SYSCALL_RECV, service, reply, &message,
			    &sender) < 0)
			return 1;
		message.info = message_info(0, 1, 0, 0);
		message.words[0] = sender.badge;
		syscall_send(reply, &message);
	}
}

/* A manifest that names a service: a capability with the asker's badge. */
static verdict_t
allowed_requests(void)
{
	cptr_t service = slot_take();
	uint64_t badge = 0;

	OK(factotum_request_cap(SELF, TELLER, service));
	OK(ask_teller(service, &badge));
	EQUAL(badge & 0xffff, start_info()->pid);
	CHECK(badge >> 16);
	slot_drop(service);
	return NULL;
}

/* One that was made, perhaps just now, and never says that it is ready. */
static verdict_t
not_ready(void)
{
	status_t status = factotum_request_cap(SELF, 0x7f05, 0);

	for (unsigned i = 0; i < 100 && status == STATUS_NOT_FOUND; i++) {
		factotum_sleep(SELF, 10, 0);
		status = factotum_request_cap(SELF, 0x7f05, 0);
	}
	EQUAL(status, STATUS_NOT_READY);
	return NULL;
}

int
requests_as_child(const char *want)
{
	cptr_t service = slot_take();
	uint64_t badge = 0;
	status_t status = factotum_request_cap(SELF, TELLER, service);

	if (!strcmp(want, "forbidden"))
		return status == STATUS_FORBIDDEN ? 0 : 1;
	if (status < 0 || ask_teller(service, &badge) < 0 ||
		(badge & 0xffff) != start_info()->pid)
		return 2;
	/* It was granted at the start, too. */
	return ask_teller(start_cap("service.0x7f04"), &badge) < 0 ? 3 : 0;
}

static verdict_t
delegation(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, status;

	OK(run_child("request", "forbidden", &status));
	EQUAL(status, EXITED(0));
	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "request", "allowed", &pid, handle));
	OK(factotum_allow(handle, TELLER, 0));
	OK(factotum_start(handle));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	slot_drop(handle);
	return NULL;
}

/* Slots of the own CNode that hold something, as `a` to be compared. */
static uint64_t
filled_slots(void)
{
	uint64_t filled = 0;
	cptr_t spare = 40;

	for (uint64_t slot = 1; slot < 40; slot++) {
		if (cnode_copy(CAP_CNODE, spare, slot, RIGHT_ALL) < 0)
			continue;
		filled |= 1ul << slot;
		cnode_delete(CAP_CNODE, spare);
	}
	return filled;
}

int
holds(const char *grants)
{
	/* Factotum, own CNode, own TCB, then what was granted. */
	uint64_t expected = 0xe;

	for (int i = 0; i < atoi(grants); i++)
		expected |= 1ul << (4 + i);
	return filled_slots() == expected ? 0 : 1;
}

static verdict_t
exactly_what_was_granted(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, status;

	OK(run_child("holds", "0", &status));
	EQUAL(status, EXITED(0));
	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "holds", "2", &pid, handle));
	OK(factotum_grant(handle, "one", 3, start_cap("log"), NULL));
	OK(factotum_grant(handle, "two", 3, start_cap("log"), NULL));
	OK(factotum_start(handle));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	slot_drop(handle);
	return NULL;
}

const struct test broker_tests[] = {
	{"broker-requests", requests},
	{"broker-allowed-requests", allowed_requests},
	{"broker-not-ready", not_ready},
	{"broker-delegation", delegation},
	{"broker-exactly-what-was-granted", exactly_what_was_granted},
	{"broker-only-supervisors-provide", only_supervisors_provide},
	{"broker-death-notice", death_notice},
	{"broker-grants-are-bounded", grants_are_bounded},
	{NULL, NULL},
};
