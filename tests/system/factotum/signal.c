/* SPDX-License-Identifier: MIT */
/*
 * Signals as natives know them: ends, stops, timers.
 */
#include "cases.h"

#include <unistd.h>

#define STOPPED(signal) ((uint32_t)(signal) << 8 | 0x7f)
#define CONTINUED 0xffffu

static int
raises(void *argument)
{
	factotum_signal_self(SELF, 0, (uint32_t)(uintptr_t)argument, 0, 0);
	return 1;
}

static verdict_t
raise_ends(void)
{
	uint32_t status;

	OK(in_child(raises, (void *)6, &status));
	EQUAL(status, EXITED(128 + 6));
	OK(in_child(raises, (void *)28, &status));
	EQUAL(status, EXITED(1));
	EQUAL(factotum_signal_self(SELF, 0, 65, 0, 0), STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_signal_self(SELF, 1, 9, 0, 0), STATUS_NOT_FOUND);
	OK(factotum_signal_self(SELF, 0, 0, 0, 0));
	return NULL;
}

static verdict_t
stop_and_continue(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, got, status, state, detail;

	OK(spawn(0, "sleep", "200", &pid, handle));
	OK(factotum_kill(handle, 19));
	OK(factotum_wait(SELF, 1, pid, FACTOTUM_WAIT_STOPPED, &got, &status,
		NULL, NULL, NULL, NULL));
	EQUAL(status, STOPPED(19));
	OK(factotum_status(handle, NULL, &state, &detail));
	EQUAL(state, FACTOTUM_STATE_STOPPED);
	EQUAL(detail, 19);
	/* The stop was told once. */
	factotum_sleep(SELF, 20, 0);
	OK(factotum_wait(SELF, 1, pid,
		FACTOTUM_WAIT_STOPPED | FACTOTUM_WAIT_NOHANG, &got, NULL, NULL,
		NULL, NULL, NULL));
	EQUAL(got, 0);
	OK(factotum_kill(handle, 18));
	OK(factotum_wait(SELF, 1, pid, FACTOTUM_WAIT_CONTINUED, &got, &status,
		NULL, NULL, NULL, NULL));
	EQUAL(status, CONTINUED);
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	slot_drop(handle);
	return NULL;
}

static verdict_t
kill_stopped(void)
{
	cptr_t handle = slot_take();
	uint32_t pid, status;

	OK(spawn(0, "sleep", "5000", &pid, handle));
	OK(factotum_kill(handle, 20));
	OK(factotum_kill(handle, 9));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(128 + 9));
	slot_drop(handle);
	return NULL;
}

static int
alarms(void *argument)
{
	(void)argument;
	factotum_timer_set(
		SELF, 0, start_info()->clock_frequency / 100, 0, NULL, NULL);
	factotum_sleep(SELF, 5000, 0);
	return 1;
}

static verdict_t
interval_timer(void)
{
	uint64_t left = 0, interval = 0;
	uint32_t status;

	OK(in_child(alarms, NULL, &status));
	EQUAL(status, EXITED(128 + 14));
	OK(factotum_timer_set(SELF, 0, 1ul << 40, 5, &left, &interval));
	EQUAL(left, 0);
	OK(factotum_timer_set(SELF, 0, 0, 0, &left, &interval));
	CHECK(left > 0 && left <= 1ul << 40);
	EQUAL(interval, 5);
	EQUAL(factotum_timer_set(SELF, 3, 1, 0, NULL, NULL),
		STATUS_INVALID_ARGUMENT);
	return NULL;
}

static verdict_t
posting(void)
{
	uint32_t pid, status, count;

	OK(spawn(0, "sleep", "5000", &pid, 0));
	OK(factotum_signal_post(manager, 0, pid, 0, 0, 0, 0, &count));
	EQUAL(count, 1);
	OK(factotum_set_tags(manager, pid, 7, 900, 901, 77));
	OK(factotum_signal_post(manager, 2, 900, 2, 0, 0, 0, &count));
	EQUAL(count, 1);
	OK(reap(pid, &status));
	EQUAL(status, EXITED(128 + 2));
	EQUAL(factotum_signal_post(manager, 2, 900, 2, 0, 0, 0, &count),
		STATUS_NOT_FOUND);
	EQUAL(factotum_signal_post(manager, 0, 1, 9, 0, 0, 0, NULL),
		STATUS_NOT_FOUND);
	EQUAL(factotum_signal_post(manager, 0, 2, 9, 0, 0, 0, NULL),
		STATUS_NOT_FOUND);
	EQUAL(factotum_signal_post(manager, 4, 2, 9, 0, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_signal_post(SELF, 0, pid, 9, 0, 0, 0, NULL),
		STATUS_INVALID_CAP);
	return NULL;
}

static verdict_t
tags(void)
{
	uint32_t pid, of, ppid, group, session, status;
	uint64_t credentials, words[4];

	OK(spawn(0, "sleep", "20", &pid, 0));
	OK(factotum_set_tags(manager, pid, 7, 5, 6, 7));
	OK(factotum_get_tags(manager, pid, &of, &ppid, &group, &session,
		&credentials, NULL, NULL, NULL));
	EQUAL(of, pid);
	EQUAL(ppid, start_info()->pid);
	EQUAL(group, 5);
	EQUAL(session, 6);
	EQUAL(credentials, 7);
	OK(factotum_get_words(
		manager, pid, &words[0], &words[1], &words[2], &words[3]));
	EQUAL(words[0] | words[1] | words[2] | words[3], 0);
	OK(factotum_set_words(manager, pid, 8, 1, 2, 3, 4));
	OK(factotum_get_words(
		manager, pid, &words[0], &words[1], &words[2], &words[3]));
	EQUAL(words[0] == 1 && words[1] == 2 && words[2] == 3 && words[3] == 4,
		true);
	OK(factotum_get_tags(manager, pid, NULL, NULL, NULL, NULL, &credentials,
		NULL, NULL, NULL));
	EQUAL(credentials, 8);
	EQUAL(factotum_set_words(SELF, pid, 8, 1, 2, 3, 4), STATUS_INVALID_CAP);
	EQUAL(factotum_get_words(SELF, pid, &words[0], NULL, NULL, NULL),
		STATUS_INVALID_CAP);
	EQUAL(factotum_set_words(manager, 65000, 8, 1, 2, 3, 4),
		STATUS_NOT_FOUND);
	EQUAL(factotum_get_tags(manager, 65000, NULL, NULL, NULL, NULL, NULL,
		      NULL, NULL, NULL),
		STATUS_NOT_FOUND);
	OK(factotum_wait(SELF, 2, 5, 0, &of, &status, NULL, NULL, NULL, NULL));
	EQUAL(of, pid);
	EQUAL(factotum_set_tags(manager, pid, 1, 1, 1, 1), STATUS_NOT_FOUND);
	return NULL;
}

static verdict_t
wait_for_signal(void)
{
	EQUAL(factotum_signal_wait(SELF, ~0ul,
		      clock_ticks() + start_info()->clock_frequency / 200, NULL,
		      NULL, NULL, NULL),
		STATUS_TIMED_OUT);
	EQUAL(factotum_stop_self(SELF, 0), STATUS_INVALID_ARGUMENT);
	return NULL;
}

const struct test signal_tests[] = {
	{"signal-raise-ends", raise_ends},
	{"signal-stop-and-continue", stop_and_continue},
	{"signal-kill-stopped", kill_stopped},
	{"signal-interval-timer", interval_timer},
	{"signal-posting", posting},
	{"signal-tags", tags},
	{"signal-wait", wait_for_signal},
	{NULL, NULL},
};
