/* SPDX-License-Identifier: MIT */
/*
 * RFNOMNT: a spawn that waits until a namespace for the child was made. This
 * program, a service, answers as Gopher would; a thread of it spawns.
 */
#include "cases.h"

#include <glenda/thread.h>

#define WISH_BIT (1u << FACTOTUM_NOTICE_WISH)

static struct thread spawner;
static volatile bool returned;
static volatile status_t result;
static volatile uint32_t child;
static cptr_t handle;

static void
spawns(void *argument)
{
	uint32_t flags = (uint32_t)(uintptr_t)argument, pid = 0;

	result = spawn(flags, "exit", "5", &pid, handle);
	child = pid;
	returned = true;
}

static status_t
begin(uint32_t more)
{
	uint32_t flags = FACTOTUM_SPAWN_FLAG_RFNOMNT | more;
	status_t status =
		factotum_watch(SELF, WISH_BIT, start_cap("notification"));

	handle = slot_take();
	returned = false;
	if (status < 0)
		return status;
	return thread_create(&spawner, spawns, (void *)(uintptr_t)flags);
}

static status_t
end(void)
{
	slot_drop(handle);
	return factotum_watch(SELF, 0, start_cap("notification"));
}

/* The wish that Factotum posted: its number, which is the child's pid. */
static verdict_t
await_wish(uint32_t *wish)
{
	uint32_t count = 0;
	uint64_t kind = 0, id = 0;

	for (unsigned i = 0; i < 500 && count == 0; i++) {
		OK(factotum_fetch(
			SELF, &count, &kind, &id, NULL, NULL, NULL, NULL));
		if (count == 0)
			factotum_sleep(SELF, 1, 0);
	}
	EQUAL(count, 1);
	EQUAL((uint32_t)kind, FACTOTUM_NOTICE_WISH);
	*wish = (uint32_t)(kind >> 32);
	EQUAL(id & 0xffff, *wish);
	return NULL;
}

static uint32_t
state_of(uint32_t pid)
{
	uint32_t state = ~0u;

	factotum_get_tags(
		manager, pid, NULL, NULL, NULL, NULL, NULL, &state, NULL, NULL);
	return state;
}

#define TRY(call)                            \
	do {                                 \
		verdict_t verdict_ = (call); \
		if (verdict_)                \
			return verdict_;     \
	} while (0)

static verdict_t
starts_after_the_answer(void)
{
	uint32_t wish, status;

	OK(begin(0));
	TRY(await_wish(&wish));
	factotum_sleep(SELF, 10, 0);
	CHECK(!returned);
	EQUAL(state_of(wish), FACTOTUM_STATE_CREATED);
	OK(factotum_wish_answer(SELF, wish, 0));
	OK(thread_join(&spawner, NULL));
	OK(result);
	EQUAL(child, wish);
	OK(reap(wish, &status));
	EQUAL(status, EXITED(5));
	EQUAL(factotum_wish_answer(SELF, wish, 0), STATUS_NOT_FOUND);
	return end() < 0 ? "end" : NULL;
}

static verdict_t
failure_fails_the_spawn(void)
{
	uint32_t wish, before, after;

	OK(factotum_system_info(
		SELF, NULL, NULL, &before, NULL, NULL, NULL, NULL));
	OK(begin(0));
	TRY(await_wish(&wish));
	OK(factotum_wish_answer(SELF, wish, STATUS_LIMIT));
	OK(thread_join(&spawner, NULL));
	EQUAL(result, STATUS_LIMIT);
	EQUAL(state_of(wish), ~0u);
	OK(factotum_system_info(
		SELF, NULL, NULL, &after, NULL, NULL, NULL, NULL));
	EQUAL(after, before);
	return end() < 0 ? "end" : NULL;
}

static verdict_t
waits_for_start_too(void)
{
	uint32_t wish, status;

	OK(begin(FACTOTUM_SPAWN_FLAG_WAIT));
	TRY(await_wish(&wish));
	OK(factotum_wish_answer(SELF, wish, 0));
	OK(thread_join(&spawner, NULL));
	OK(result);
	EQUAL(state_of(wish), FACTOTUM_STATE_CREATED);
	OK(factotum_start(handle));
	OK(reap(wish, &status));
	EQUAL(status, EXITED(5));
	return end() < 0 ? "end" : NULL;
}

static verdict_t
nobody_to_ask(void)
{
	EQUAL(spawn(FACTOTUM_SPAWN_FLAG_RFNOMNT, "exit", "5", NULL, 0),
		STATUS_NOT_READY);
	return NULL;
}

static int
answers(void *argument)
{
	return factotum_wish_answer(SELF, (uintptr_t)argument, 0) ==
			STATUS_FORBIDDEN
		? 0
		: 1;
}

static verdict_t
only_services_answer(void)
{
	uint32_t wish, status;

	OK(begin(0));
	TRY(await_wish(&wish));
	OK(in_child(answers, (void *)(uintptr_t)wish, &status));
	EQUAL(status, EXITED(0));
	CHECK(!returned);
	OK(factotum_wish_answer(SELF, wish, STATUS_NOT_FOUND));
	OK(thread_join(&spawner, NULL));
	EQUAL(result, STATUS_NOT_FOUND);
	return end() < 0 ? "end" : NULL;
}

const struct test wish_tests[] = {
	{"wish-child-starts-after-the-answer", starts_after_the_answer},
	{"wish-failure-fails-the-spawn", failure_fails_the_spawn},
	{"wish-waits-for-start-too", waits_for_start_too},
	{"wish-nobody-to-ask", nobody_to_ask},
	{"wish-only-services-answer", only_services_answer},
	{NULL, NULL},
};
