/* SPDX-License-Identifier: MIT */
/*
 * Messages that nobody should send (row F18): refused, with no effect.
 */
#include "cases.h"

static status_t
raw(uint32_t label, unsigned words)
{
	struct message message = {
		.info = message_info(label, words, 0, 0),
		.words = {~0ul, ~0ul, ~0ul, ~0ul, ~0ul, ~0ul, ~0ul, ~0ul},
	};

	return ipc_call(SELF, &message);
}

static verdict_t
foreign_protocol(void)
{
	EQUAL(raw(0x02000001, 1), STATUS_INVALID_PROTOCOL);
	EQUAL(raw(0, 0), STATUS_INVALID_PROTOCOL);
	/* The kernel's fault messages cannot be imitated. */
	EQUAL(raw(15u << 16 | 1, 5), STATUS_INVALID_CAP);
	return NULL;
}

static verdict_t
unknown_method(void)
{
	EQUAL(raw(FACTOTUM_PROTOCOL << 16, 0), STATUS_INVALID_METHOD);
	EQUAL(raw(FACTOTUM_PROTOCOL << 16 | 0xffff, 0), STATUS_INVALID_METHOD);
	return NULL;
}

/* Every message with too many words, and with the wrong capability. */
static verdict_t
wrong_shapes(void)
{
	uint64_t free[2], slots[2], breaks[2];
	uint32_t processes[2], pids[2];

	OK(factotum_system_info(SELF, NULL, &free[0], &processes[0], NULL, NULL,
		&slots[0], &pids[0]));
	OK(factotum_sbrk(SELF, 0, &breaks[0]));
	for (uint32_t method = 1; method <= 64; method++) {
		status_t status = raw(FACTOTUM_PROTOCOL << 16 | method, 40);

		EQUAL(status, STATUS_INVALID_METHOD);
	}
	OK(factotum_system_info(SELF, NULL, &free[1], &processes[1], NULL, NULL,
		&slots[1], &pids[1]));
	OK(factotum_sbrk(SELF, 0, &breaks[1]));
	CHECK(free[0] == free[1] && processes[0] == processes[1]);
	CHECK(slots[0] == slots[1] && pids[0] == pids[1]);
	EQUAL(breaks[0], breaks[1]);
	return NULL;
}

static verdict_t
wrong_capability(void)
{
	EQUAL(factotum_start(SELF), STATUS_INVALID_CAP);
	EQUAL(factotum_kill(SELF, 9), STATUS_INVALID_CAP);
	EQUAL(factotum_status(SELF, NULL, NULL, NULL), STATUS_INVALID_CAP);
	EQUAL(factotum_object_resize(SELF, 0), STATUS_INVALID_CAP);
	EQUAL(factotum_object_release(SELF), STATUS_INVALID_CAP);
	EQUAL(factotum_set_tags(SELF, 1, 7, 0, 0, 0), STATUS_INVALID_CAP);
	EQUAL(factotum_mmap(
		      SELF, 0, PAGE, 1, FACTOTUM_MAP_SHARED, 0, SELF, NULL),
		STATUS_INVALID_CAP);
	EQUAL(factotum_mmap(SELF, 0, PAGE, 1, FACTOTUM_MAP_SHARED, 0,
		      start_cap("notification"), NULL),
		STATUS_INVALID_CAP);
	EQUAL(factotum_images(SELF, PAGE, start_cap("log")), STATUS_FORBIDDEN);
	EQUAL(factotum_line_attach(SELF, 0, PAGE, 0, 0, 0, 0),
		STATUS_FORBIDDEN);
	EQUAL(factotum_wish_answer(SELF, 5, 0), STATUS_NOT_FOUND);
	return NULL;
}

static verdict_t
absent_leases(void)
{
	EQUAL(factotum_spawn(
		      SELF, 0, (void *)0x10, 8, NULL, 0, NULL, 0, 0, NULL, 0),
		STATUS_FAULT);
	EQUAL(factotum_spawn(SELF, 0, (void *)0xfffffffffffff000ul, 8, NULL, 0,
		      NULL, 0, 0, NULL, 0),
		STATUS_FAULT);
	EQUAL(factotum_maps(SELF, 0, 0, (void *)0x10, 1000, NULL),
		STATUS_FAULT);
	return NULL;
}

const struct test hostile_tests[] = {
	{"hostile-foreign-protocol", foreign_protocol},
	{"hostile-unknown-method", unknown_method},
	{"hostile-wrong-shapes", wrong_shapes},
	{"hostile-wrong-capability", wrong_capability},
	{"hostile-absent-leases", absent_leases},
	{NULL, NULL},
};
