/* SPDX-License-Identifier: MIT */
/*
 * Services, manifests, notices: what Factotum's broker grants to a program by
 * its manifest, and what it tells those who asked to know.
 */
#include "cases.h"

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

const struct test broker_tests[] = {
	{"broker-requests", requests},
	{"broker-only-supervisors-provide", only_supervisors_provide},
	{"broker-death-notice", death_notice},
	{"broker-grants-are-bounded", grants_are_bounded},
	{NULL, NULL},
};
