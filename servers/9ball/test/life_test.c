/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of the services' lives: each edge of the diagram in life.h, the
 * back-off, the deadlines, and the order in which services are stopped. One
 * tick is a tenth of a millisecond.
 */
#include "life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MS 10
#define SECOND (1000 * MS)

static struct config config;
static struct lives lives;
static struct life *const first = &lives.life[0];

/* `count` services that provide nothing and need nothing. */
static void
begin(unsigned count)
{
	memset(&config, 0, sizeof(config));
	config.service_count = count;
	for (unsigned i = 0; i < count; i++)
		config.service[i].ready_ms = 500;
	lives_init(&lives, &config, MS);
}

static void
start(unsigned index, uint64_t now)
{
	assert_int_equal(life_step(&lives, index, now), LIFE_LAUNCH);
	life_launched(&lives, index, now);
}

static void
nothing_is_due_after_init(void **state)
{
	(void)state;
	begin(3);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(lives.life[i].state, SERVICE_WAITING);
	assert_int_equal(lives_deadline(&lives), 0);
	assert_int_equal(lives_last(&lives), -1);
}

static void
a_service_without_a_protocol_is_ready_when_it_runs(void **state)
{
	(void)state;
	begin(1);
	start(0, 7);
	assert_int_equal(first->state, SERVICE_READY);
	assert_int_equal(lives_deadline(&lives), 0);
	assert_false(life_ready(&lives, 0));
	assert_int_equal(life_step(&lives, 0, SECOND), LIFE_NOTHING);
}

static void
a_server_is_ready_when_it_says_so(void **state)
{
	(void)state;
	begin(1);
	config.service[0].provides = 0x700;
	start(0, 7);
	assert_int_equal(first->state, SERVICE_STARTING);
	assert_int_equal(lives_deadline(&lives), 7 + 500 * MS);
	assert_int_equal(life_step(&lives, 0, 6 + 500 * MS), LIFE_NOTHING);
	assert_true(life_ready(&lives, 0));
	assert_int_equal(first->state, SERVICE_READY);
	assert_int_equal(lives_deadline(&lives), 0);
	assert_int_equal(life_step(&lives, 0, SECOND), LIFE_NOTHING);
}

static void
a_server_that_is_late_is_killed_once(void **state)
{
	(void)state;
	begin(1);
	config.service[0].provides = 0x700;
	config.service[0].restart = RESTART_ON_FAILURE;
	start(0, 7);
	assert_int_equal(life_step(&lives, 0, 7 + 500 * MS), LIFE_KILL);
	assert_int_equal(first->state, SERVICE_STARTING);
	assert_int_equal(life_step(&lives, 0, 8 + 500 * MS), LIFE_NOTHING);
	assert_int_equal(life_died(&lives, 0, false, 600 * MS), LIFE_RESTARTS);
	assert_int_equal(first->state, SERVICE_BACKOFF);
}

static void
a_need_must_be_ready_not_merely_started(void **state)
{
	(void)state;
	begin(2);
	config.service[0].needs = 1 << 1;
	config.service[1].provides = 0x700;
	assert_int_equal(life_step(&lives, 0, 0), LIFE_NOTHING);
	start(1, 0);
	assert_int_equal(life_step(&lives, 0, 0), LIFE_NOTHING);
	assert_true(life_ready(&lives, 1));
	start(0, 1);
}

static void
an_absent_device_meets_a_need(void **state)
{
	(void)state;
	begin(2);
	config.service[1].needs = 1 << 0;
	assert_int_equal(life_step(&lives, 0, 0), LIFE_LAUNCH);
	life_absent(&lives, 0);
	assert_int_equal(first->state, SERVICE_ABSENT);
	assert_int_equal(life_step(&lives, 0, 0), LIFE_NOTHING);
	start(1, 0);
}

static void
a_need_that_ended_well_is_met_and_one_that_did_not_is_lost(void **state)
{
	(void)state;
	begin(4);
	config.service[2].needs = 1 << 0;
	config.service[3].needs = 1 << 0 | 1 << 1;
	start(0, 0);
	start(1, 0);
	assert_int_equal(life_died(&lives, 0, true, 1), LIFE_ENDS);
	assert_int_equal(life_died(&lives, 1, false, 1), LIFE_ENDS);
	assert_int_equal(life_lost_need(&lives, 2), -1);
	start(2, 2);
	assert_int_equal(life_lost_need(&lives, 3), 1);
	assert_int_equal(life_step(&lives, 3, 2), LIFE_LOST);
	assert_int_equal(lives.life[3].state, SERVICE_FAILED);
	assert_int_equal(life_step(&lives, 3, 2), LIFE_NOTHING);
}

static void
a_lost_need_passes_on(void **state)
{
	(void)state;
	begin(3);
	config.service[1].needs = 1 << 0;
	config.service[2].needs = 1 << 1;
	assert_int_equal(life_step(&lives, 0, 0), LIFE_LAUNCH);
	assert_int_equal(life_refused(&lives, 0), LIFE_FAILS);
	assert_int_equal(life_step(&lives, 1, 0), LIFE_LOST);
	assert_int_equal(life_step(&lives, 2, 0), LIFE_LOST);
}

static void
a_refused_start_fails_and_a_critical_one_ends_the_system(void **state)
{
	(void)state;
	begin(3);
	config.service[1].critical = true;
	config.service[2].session = true;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(life_step(&lives, i, 0), LIFE_LAUNCH);
	assert_int_equal(life_refused(&lives, 0), LIFE_FAILS);
	assert_int_equal(life_refused(&lives, 1), LIFE_FAILS_SYSTEM);
	assert_int_equal(life_refused(&lives, 2), LIFE_FAILS_SYSTEM);
	assert_int_equal(first->state, SERVICE_FAILED);
	assert_int_equal(lives_last(&lives), -1);
}

static enum life_end
end_of(enum config_restart restart, bool critical, bool session, bool succeeded)
{
	begin(1);
	config.service[0].restart = restart;
	config.service[0].critical = critical;
	config.service[0].session = session;
	start(0, 0);
	return life_died(&lives, 0, succeeded, SECOND);
}

static void
policies_decide_what_follows_a_death(void **state)
{
	(void)state;
	assert_int_equal(end_of(RESTART_NEVER, false, false, true), LIFE_ENDS);
	assert_int_equal(first->state, SERVICE_ENDED);
	assert_false(first->running);
	assert_int_equal(end_of(RESTART_NEVER, false, false, false), LIFE_ENDS);
	assert_int_equal(
		end_of(RESTART_ON_FAILURE, false, false, true), LIFE_ENDS);
	assert_int_equal(
		end_of(RESTART_ON_FAILURE, false, false, false), LIFE_RESTARTS);
	assert_int_equal(
		end_of(RESTART_ALWAYS, false, false, true), LIFE_RESTARTS);
	assert_int_equal(first->state, SERVICE_BACKOFF);
	assert_int_equal(
		end_of(RESTART_ALWAYS, true, false, false), LIFE_RESTARTS);
	assert_int_equal(
		end_of(RESTART_NEVER, true, false, true), LIFE_FAILS_SYSTEM);
	assert_int_equal(first->state, SERVICE_FAILED);
	assert_int_equal(
		end_of(RESTART_ALWAYS, false, true, true), LIFE_ENDS_SYSTEM);
}

static void
restarts_back_off_to_the_cap_and_then_fail(void **state)
{
	static const unsigned wait_ms[LIFE_RESTARTS_MAX] = {
		0,
		100,
		200,
		400,
		800,
		1600,
		3200,
		6400,
		10000,
		10000,
	};
	uint64_t now = 5;

	(void)state;
	begin(1);
	config.service[0].restart = RESTART_ALWAYS;
	for (unsigned i = 0; i < LIFE_RESTARTS_MAX; i++) {
		uint64_t due;

		start(0, now);
		now++;
		assert_int_equal(
			life_died(&lives, 0, true, now), LIFE_RESTARTS);
		due = now + wait_ms[i] * MS;
		assert_int_equal(lives_deadline(&lives), due);
		if (due > now)
			assert_int_equal(
				life_step(&lives, 0, due - 1), LIFE_NOTHING);
		now = due;
	}
	start(0, now);
	assert_int_equal(life_died(&lives, 0, true, now), LIFE_FAILS);
	assert_int_equal(first->state, SERVICE_FAILED);
	assert_int_equal(lives_deadline(&lives), 0);
	assert_int_equal(first->restarts_all, LIFE_RESTARTS_MAX);
}

static void
a_critical_service_that_keeps_failing_ends_the_system(void **state)
{
	(void)state;
	begin(1);
	config.service[0].restart = RESTART_ALWAYS;
	config.service[0].critical = true;
	start(0, 0);
	first->restarts = LIFE_RESTARTS_MAX;
	assert_int_equal(life_died(&lives, 0, true, 1), LIFE_FAILS_SYSTEM);
}

static void
a_stable_life_resets_the_back_off(void **state)
{
	uint64_t stable = LIFE_STABLE_MS * MS;

	(void)state;
	begin(1);
	config.service[0].restart = RESTART_ALWAYS;
	start(0, 0);
	first->restarts = 5;
	assert_int_equal(
		life_died(&lives, 0, false, stable - 1), LIFE_RESTARTS);
	assert_int_equal(lives_deadline(&lives), stable - 1 + 1600 * MS);
	start(0, 2 * stable);
	assert_int_equal(
		life_died(&lives, 0, false, 3 * stable), LIFE_RESTARTS);
	assert_int_equal(lives_deadline(&lives), 3 * stable);
	start(0, 3 * stable);
}

static void
a_due_restart_still_waits_for_its_needs(void **state)
{
	(void)state;
	begin(2);
	config.service[0].restart = RESTART_ALWAYS;
	config.service[1].restart = RESTART_ALWAYS;
	config.service[1].needs = 1 << 0;
	start(0, 0);
	start(1, 0);
	first->restarts = 3;
	life_died(&lives, 0, false, 10);
	life_died(&lives, 1, false, 10);
	assert_int_equal(life_step(&lives, 1, 10), LIFE_NOTHING);
	assert_int_equal(lives.life[1].state, SERVICE_WAITING);
	start(0, SECOND);
	start(1, SECOND);
}

static void
the_nearest_deadline_is_told(void **state)
{
	(void)state;
	begin(3);
	for (unsigned i = 0; i < 3; i++)
		config.service[i].provides = 0x700 + i;
	config.service[1].ready_ms = 100;
	for (unsigned i = 0; i < 3; i++)
		start(i, 0);
	assert_int_equal(lives_deadline(&lives), 100 * MS);
	life_ready(&lives, 1);
	assert_int_equal(lives_deadline(&lives), 500 * MS);
}

static void
stop_ends_without_restart_until_start(void **state)
{
	(void)state;
	begin(1);
	config.service[0].restart = RESTART_ALWAYS;
	config.service[0].critical = true;
	start(0, 0);
	assert_true(life_order(&lives, 0, LIFE_ORDER_STOP));
	assert_int_equal(life_died(&lives, 0, false, 1), LIFE_ENDS);
	assert_int_equal(first->state, SERVICE_ENDED);
	assert_int_equal(life_step(&lives, 0, SECOND), LIFE_NOTHING);
	assert_false(life_order(&lives, 0, LIFE_ORDER_KILL));
	assert_int_equal(first->state, SERVICE_ENDED);
	assert_false(life_order(&lives, 0, LIFE_ORDER_START));
	start(0, SECOND);
	assert_false(life_order(&lives, 0, LIFE_ORDER_START));
	assert_int_equal(first->state, SERVICE_READY);
}

static void
stop_ends_the_wait_of_a_back_off(void **state)
{
	(void)state;
	begin(1);
	config.service[0].restart = RESTART_ALWAYS;
	start(0, 0);
	life_died(&lives, 0, false, 1);
	assert_false(life_order(&lives, 0, LIFE_ORDER_KILL));
	assert_int_equal(first->state, SERVICE_BACKOFF);
	assert_false(life_order(&lives, 0, LIFE_ORDER_STOP));
	assert_int_equal(first->state, SERVICE_ENDED);
	assert_int_equal(lives_deadline(&lives), 0);
}

static void
hurry_ends_a_back_off_and_nothing_else(void **state)
{
	(void)state;
	begin(1);
	config.service[0].restart = RESTART_ALWAYS;
	config.service[0].provides = 0x700;
	start(0, 0);
	life_hurry(&lives, 0, 1);
	assert_int_equal(lives_deadline(&lives), 500 * MS);
	first->restarts = 3;
	life_died(&lives, 0, false, 2);
	assert_int_equal(life_step(&lives, 0, 3), LIFE_NOTHING);
	life_hurry(&lives, 0, 3);
	start(0, 3);
}

static void
restart_is_immediate_whatever_the_policy(void **state)
{
	(void)state;
	begin(1);
	config.service[0].critical = true;
	start(0, 0);
	first->restarts = LIFE_RESTARTS_MAX;
	assert_true(life_order(&lives, 0, LIFE_ORDER_RESTART));
	assert_int_equal(life_died(&lives, 0, false, 1), LIFE_RESTARTS);
	assert_int_equal(first->restarts, 0);
	start(0, 1);
	assert_int_equal(first->restarts_all, 1);
	assert_int_equal(life_died(&lives, 0, false, 2), LIFE_FAILS_SYSTEM);
}

static void
restart_brings_back_what_failed(void **state)
{
	(void)state;
	begin(1);
	assert_int_equal(life_step(&lives, 0, 0), LIFE_LAUNCH);
	life_refused(&lives, 0);
	assert_false(life_order(&lives, 0, LIFE_ORDER_RESTART));
	start(0, 0);
}

static void
kill_leaves_the_rest_to_the_policy(void **state)
{
	(void)state;
	begin(1);
	config.service[0].restart = RESTART_ON_FAILURE;
	start(0, 0);
	assert_true(life_order(&lives, 0, LIFE_ORDER_KILL));
	assert_int_equal(life_died(&lives, 0, false, 1), LIFE_RESTARTS);
	assert_int_equal(first->state, SERVICE_BACKOFF);
	assert_int_equal(first->restarts, 1);
}

static void
nothing_starts_again_while_the_system_ends(void **state)
{
	(void)state;
	begin(3);
	for (unsigned i = 0; i < 3; i++)
		config.service[i].restart = RESTART_ALWAYS;
	config.service[0].session = true;
	config.service[1].critical = true;
	start(0, 0);
	start(1, 0);
	lives.ending = true;
	assert_int_equal(life_step(&lives, 2, 1), LIFE_NOTHING);
	assert_true(life_order(&lives, 0, LIFE_ORDER_RESTART));
	assert_int_equal(life_died(&lives, 0, false, 1), LIFE_ENDS);
	assert_int_equal(life_died(&lives, 1, false, 1), LIFE_ENDS);
	assert_int_equal(life_step(&lives, 0, SECOND), LIFE_NOTHING);
}

static void
services_stop_before_what_they_need(void **state)
{
	static const int order[] = {2, 1, 0, 3};

	(void)state;
	begin(4);
	config.service[1].needs = 1 << 0;
	config.service[2].needs = 1 << 0 | 1 << 1;
	start(0, 0);
	start(1, 10);
	start(2, 20);
	start(3, 5);
	/* The first was restarted late: it is still what others need. */
	life_order(&lives, 0, LIFE_ORDER_RESTART);
	life_died(&lives, 0, false, 30);
	start(0, 30);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(lives_last(&lives), order[i]);
		life_died(&lives, (unsigned)order[i], true, 40);
	}
	assert_int_equal(lives_last(&lives), -1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_due_after_init),
		cmocka_unit_test(
			a_service_without_a_protocol_is_ready_when_it_runs),
		cmocka_unit_test(a_server_is_ready_when_it_says_so),
		cmocka_unit_test(a_server_that_is_late_is_killed_once),
		cmocka_unit_test(a_need_must_be_ready_not_merely_started),
		cmocka_unit_test(an_absent_device_meets_a_need),
		cmocka_unit_test(
			a_need_that_ended_well_is_met_and_one_that_did_not_is_lost),
		cmocka_unit_test(a_lost_need_passes_on),
		cmocka_unit_test(
			a_refused_start_fails_and_a_critical_one_ends_the_system),
		cmocka_unit_test(policies_decide_what_follows_a_death),
		cmocka_unit_test(restarts_back_off_to_the_cap_and_then_fail),
		cmocka_unit_test(
			a_critical_service_that_keeps_failing_ends_the_system),
		cmocka_unit_test(a_stable_life_resets_the_back_off),
		cmocka_unit_test(a_due_restart_still_waits_for_its_needs),
		cmocka_unit_test(the_nearest_deadline_is_told),
		cmocka_unit_test(stop_ends_without_restart_until_start),
		cmocka_unit_test(stop_ends_the_wait_of_a_back_off),
		cmocka_unit_test(hurry_ends_a_back_off_and_nothing_else),
		cmocka_unit_test(restart_is_immediate_whatever_the_policy),
		cmocka_unit_test(restart_brings_back_what_failed),
		cmocka_unit_test(kill_leaves_the_rest_to_the_policy),
		cmocka_unit_test(nothing_starts_again_while_the_system_ends),
		cmocka_unit_test(services_stop_before_what_they_need),
	};

	return cmocka_run_group_tests_name("9ball_life", tests, NULL, NULL);
}
