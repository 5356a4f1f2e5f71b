/* SPDX-License-Identifier: MIT */
/*
 * Threads, futexes, sleep: several threads of one process, how they wait for
 * each other, and that they wait as long as they asked.
 */
#include "cases.h"

#include <glenda/layout.h>
#include <glenda/syscall.h>
#include <glenda/thread.h>

#define THREADS 64
#define ALL ~0u

static volatile uint32_t word;
static volatile uint32_t arrived;

static uint64_t
ticks_of_ms(uint64_t ms)
{
	return ms * start_info()->clock_frequency / 1000;
}

static void
add(void *argument)
{
	__atomic_fetch_add((volatile uint32_t *)argument, 5, __ATOMIC_SEQ_CST);
}

static verdict_t
create_and_join(void)
{
	static volatile uint32_t sum;
	struct thread thread;
	uint32_t status = 9;

	OK(thread_create(&thread, add, (void *)(uintptr_t)&sum));
	OK(thread_join(&thread, &status));
	EQUAL(status, 0);
	EQUAL(sum, 5);
	EQUAL(factotum_thread_join(SELF, thread.tid, NULL), STATUS_NOT_FOUND);
	EQUAL(factotum_thread_join(SELF, 1, NULL), STATUS_NOT_FOUND);
	EQUAL(factotum_thread_join(SELF, 0x12345678, NULL), STATUS_NOT_FOUND);
	EQUAL(factotum_thread_join(SELF, (uint32_t)start_info()->pid, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_thread_create(SELF, 0, 0, 0, 0, 8, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_thread_create(SELF, 0, 0, 0, 0, 0x400, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	return NULL;
}

static void
sleeper(void *argument)
{
	(void)argument;
	__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
	while (word == 0)
		factotum_futex_wait(SELF, (uintptr_t)&word, 0, 0, ALL, 1);
	__atomic_fetch_sub(&arrived, 1, __ATOMIC_SEQ_CST);
}

static verdict_t
many_on_one_futex(void)
{
	static struct thread threads[THREADS];
	uint32_t woken = 0, more = 0;

	word = arrived = 0;
	for (unsigned i = 0; i < THREADS; i++)
		OK(thread_create(&threads[i], sleeper, NULL));
	while (arrived < THREADS)
		factotum_sleep(SELF, 1, 0);
	factotum_sleep(SELF, 5, 0);
	word = 1;
	OK(factotum_futex_wake(SELF, (uintptr_t)&word, 10, ALL, 1, &woken));
	EQUAL(woken, 10);
	OK(factotum_futex_wake(SELF, (uintptr_t)&word, 1000, ALL, 1, &more));
	EQUAL(more, THREADS - 10);
	for (unsigned i = 0; i < THREADS; i++)
		OK(thread_join(&threads[i], NULL));
	EQUAL(arrived, 0);
	return NULL;
}

static verdict_t
futex_results(void)
{
	uint64_t now = clock_ticks();

	word = 3;
	EQUAL(factotum_futex_wait(SELF, (uintptr_t)&word, 4, 0, ALL, 1),
		STATUS_MISMATCH);
	EQUAL(factotum_futex_wait(
		      SELF, (uintptr_t)&word, 3, now + ticks_of_ms(5), ALL, 0),
		STATUS_TIMED_OUT);
	CHECK(clock_ticks() - now >= ticks_of_ms(5));
	EQUAL(factotum_futex_wait(SELF, 0x10, 3, 0, ALL, 0), STATUS_FAULT);
	EQUAL(factotum_futex_wait(SELF, (uintptr_t)&word + 1, 3, 0, ALL, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_futex_wait(SELF, (uintptr_t)&word, 3, 0, 0, 0),
		STATUS_INVALID_ARGUMENT);
	return NULL;
}

static verdict_t
requeue(void)
{
	static struct thread threads[4];
	static volatile uint32_t other;
	uint32_t woken, moved, rest;

	word = arrived = 0;
	for (unsigned i = 0; i < 4; i++)
		OK(thread_create(&threads[i], sleeper, NULL));
	while (arrived < 4)
		factotum_sleep(SELF, 1, 0);
	factotum_sleep(SELF, 5, 0);
	EQUAL(factotum_futex_requeue(SELF, (uintptr_t)&word, 1,
		      (uintptr_t)&other, 2, 9, 3, NULL, NULL),
		STATUS_MISMATCH);
	word = 1;
	OK(factotum_futex_requeue(SELF, (uintptr_t)&word, 1, (uintptr_t)&other,
		2, 1, 3, &woken, &moved));
	EQUAL(woken, 1);
	EQUAL(moved, 2);
	OK(factotum_futex_wake(SELF, (uintptr_t)&other, 9, ALL, 1, &rest));
	EQUAL(rest, 2);
	OK(factotum_futex_wake(SELF, (uintptr_t)&word, 9, ALL, 1, &rest));
	EQUAL(rest, 1);
	for (unsigned i = 0; i < 4; i++)
		OK(thread_join(&threads[i], NULL));
	return NULL;
}

static volatile vaddr_t stack_seen;

static void
shows_stack(void *argument)
{
	(void)argument;
	stack_seen = (uintptr_t)__builtin_frame_address(0);
}

/* Deep down in its slot, far from what is mapped, then page by page. */
static void
uses_stack(void *argument)
{
	volatile uint8_t *top = __builtin_frame_address(0);

	*(top - NATIVE_STACK_SLOT / 2) = 1;
	for (unsigned i = 1; i < 100; i++)
		*(top - i * PAGE) = (uint8_t)i;
	*(volatile uint32_t *)argument = *(top - 99 * PAGE);
}

static int
touches(void *argument)
{
	*(volatile uint8_t *)argument = 1;
	return 0;
}

/* Slot 1 is this thread's, 2 the next one's; a guard closes either. */
static verdict_t
stack_slots(void)
{
	vaddr_t own = (uintptr_t)__builtin_frame_address(0);
	vaddr_t end = NATIVE_STACK_END(2);
	static volatile uint32_t deep;
	struct thread thread;
	uint32_t status;

	CHECK(own < NATIVE_STACK_END(1) && own > NATIVE_STACK_END(1) - PAGE);
	OK(thread_create(&thread, shows_stack, NULL));
	OK(thread_join(&thread, NULL));
	EQUAL(thread.slot, 2);
	CHECK(stack_seen < end && stack_seen >= end - 256);
	OK(thread_create(&thread, uses_stack, (void *)(uintptr_t)&deep));
	OK(thread_join(&thread, NULL));
	EQUAL(deep, 99);
	OK(in_child(touches, (void *)(uintptr_t)end, &status));
	EQUAL(status, 11);
	OK(in_child(touches, (void *)(uintptr_t)(end + PAGE), &status));
	EQUAL(status, 0);
	OK(in_child(touches, (void *)(uintptr_t)(end - 8), &status));
	EQUAL(status, 11);
	return NULL;
}

static int
wakes(void *argument)
{
	uint32_t woken = 0;

	factotum_sleep(SELF, 10, 0);
	*(volatile uint32_t *)argument = 1;
	factotum_futex_wake(SELF, (uintptr_t)argument, 1, ALL, 0, &woken);
	return (int)woken;
}

static verdict_t
shared_futex(void)
{
	vaddr_t address;
	uint32_t pid = ~0u, status;
	volatile uint32_t *shared;

	OK(factotum_mmap(SELF, 0, PAGE,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		FACTOTUM_MAP_SHARED | FACTOTUM_MAP_ANONYMOUS, 0, 0, &address));
	shared = (volatile uint32_t *)(uintptr_t)address;
	OK(factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL));
	if (pid == 0)
		factotum_exit(SELF, EXITED(wakes((void *)(uintptr_t)address)));
	OK(factotum_futex_wait(SELF, address, 0, 0, ALL, 0));
	EQUAL(*shared, 1);
	OK(reap(pid, &status));
	EQUAL(status, EXITED(1));
	OK(factotum_munmap(SELF, address, PAGE));
	return NULL;
}

static verdict_t
sleep_error(void)
{
	for (uint64_t ms = 1; ms <= 20; ms += 6) {
		uint64_t start = clock_ticks(), passed;

		OK(factotum_sleep(SELF, ms, 0));
		passed = clock_ticks() - start;
		CHECK(passed >= ticks_of_ms(ms));
	}
	OK(factotum_sleep(SELF, 0, 1));
	OK(factotum_sleep(SELF, 0, 0));
	EQUAL(factotum_sleep(SELF, ~0ul, 0), STATUS_INVALID_ARGUMENT);
	return NULL;
}

static void
leaves(void *argument)
{
	factotum_sleep(SELF, 5, 0);
	factotum_thread_exit(SELF, 3, (uintptr_t)argument);
}

static verdict_t
clear_at_exit(void)
{
	static struct thread thread;
	uint32_t status;

	word = 1;
	OK(thread_create(&thread, leaves, (void *)(uintptr_t)&word));
	OK(factotum_futex_wait(SELF, (uintptr_t)&word, 1, 0, ALL, 1));
	EQUAL(word, 0);
	OK(thread_join(&thread, &status));
	EQUAL(status, 3);
	return NULL;
}

/* Threads end with their process, whatever they do. */
static int
with_threads(void *argument)
{
	static struct thread threads[8];

	(void)argument;
	word = 0;
	for (unsigned i = 0; i < 8; i++)
		if (thread_create(&threads[i], sleeper, NULL) < 0)
			return 1;
	factotum_sleep(SELF, 2, 0);
	return 12;
}

static verdict_t
group_exit(void)
{
	uint32_t status;

	OK(in_child(with_threads, NULL, &status));
	EQUAL(status, EXITED(12));
	return NULL;
}

/* Runs in another process, which has the same image. */
static void
exits_with_77(void *argument)
{
	(void)argument;
	factotum_exit(SELF, EXITED(77));
}

static struct thread remote = {.entry = exits_with_77};
static _Alignas(16) char remote_stack[16384];

void thread_entry(void);

static verdict_t
through_a_handle(void)
{
	const vaddr_t utcb = NATIVE_UTCBS + PAGE;
	const vaddr_t stack = (uintptr_t)remote_stack + sizeof(remote_stack) -
		NATIVE_STACK_ENTRY;
	cptr_t handle = slot_take();
	uint32_t pid, tid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "sleep", "5000", &pid, handle));
	EQUAL(factotum_thread_create(handle, (uintptr_t)thread_entry, stack,
		      (uintptr_t)&remote, utcb, utcb, 0, 0, &tid),
		STATUS_BUSY);
	OK(factotum_start(handle));
	factotum_sleep(SELF, 5, 0);
	OK(factotum_thread_create(handle, (uintptr_t)thread_entry, stack,
		(uintptr_t)&remote, utcb, utcb, 0, 0, &tid));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(77));
	EQUAL(factotum_thread_create(handle, (uintptr_t)thread_entry, stack,
		      (uintptr_t)&remote, utcb, utcb, 0, 0, &tid),
		STATUS_NOT_FOUND);
	slot_drop(handle);
	return NULL;
}

static void
notes_and_leaves(void *argument)
{
	__atomic_store_n((volatile uint32_t *)argument, 1, __ATOMIC_SEQ_CST);
	factotum_thread_exit(SELF, 0, 0);
}

static struct thread loose;

/* Nobody joins a detached thread, and its number is free when it ends. */
static verdict_t
detached(void)
{
	static volatile uint32_t seen;
	uint32_t before, after = 0, tid;
	vaddr_t utcb = map(PAGE), stack = map(4 * PAGE);

	OK(factotum_system_info(
		SELF, NULL, NULL, NULL, NULL, NULL, NULL, &before));
	loose = (struct thread){.entry = notes_and_leaves,
		.argument = (void *)(uintptr_t)&seen};
	OK(factotum_thread_create(SELF, (uintptr_t)thread_entry,
		stack + 4 * PAGE - NATIVE_STACK_ENTRY, (uintptr_t)&loose, utcb,
		utcb, 1, 0, &tid));
	EQUAL(factotum_thread_join(SELF, tid, NULL), STATUS_NOT_FOUND);
	for (unsigned i = 0; i < 200 && after != before; i++) {
		factotum_sleep(SELF, 1, 0);
		OK(factotum_system_info(
			SELF, NULL, NULL, NULL, NULL, NULL, NULL, &after));
	}
	EQUAL(seen, 1);
	EQUAL(after, before);
	OK(factotum_munmap(SELF, utcb, PAGE));
	OK(factotum_munmap(SELF, stack, 4 * PAGE));
	return NULL;
}

const struct test thread_tests[] = {
	{"thread-through-a-handle", through_a_handle},
	{"thread-detached", detached},
	{"thread-stack-slots", stack_slots},
	{"thread-create-and-join", create_and_join},
	{"thread-many-on-one-futex", many_on_one_futex},
	{"thread-futex-results", futex_results},
	{"thread-futex-requeue", requeue},
	{"thread-futex-shared", shared_futex},
	{"thread-sleep-error", sleep_error},
	{"thread-clear-at-exit", clear_at_exit},
	{"thread-group-exit", group_exit},
	{NULL, NULL},
};
