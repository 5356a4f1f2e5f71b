/* SPDX-License-Identifier: MIT */
/*
 * File pages that a supplier brings when they are needed. This program is the
 * supplier, its forked children are those who need.
 */
#include "cases.h"

#include <glenda/thread.h>
#include <unistd.h>

#define RW (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE)
#define KEY 4711
#define PAGES 8
#define TAIL 100 /* bytes in the last page */
#define BYTES ((PAGES - 1) * PAGE + TAIL)
#define NEED_BIT (1u << FACTOTUM_NOTICE_NEED)
#define BUS 7

static cptr_t object;
static vaddr_t shown; /* where we map it, and so our children */
static volatile uint32_t *shared;

static status_t
begin(uint32_t flags)
{
	status_t status =
		factotum_watch(SELF, NEED_BIT, start_cap("notification"));

	object = slot_take();
	if (status >= 0)
		status = factotum_object_supplied(SELF, BYTES, KEY, object);
	if (status >= 0)
		status = factotum_mmap(
			SELF, 0, PAGES * PAGE, RW, flags, 0, object, &shown);
	if (status >= 0)
		status = factotum_mmap(SELF, 0, PAGE, RW,
			FACTOTUM_MAP_SHARED | FACTOTUM_MAP_ANONYMOUS, 0, 0,
			(vaddr_t *)(uintptr_t)&shared);
	return status;
}

static status_t
end(void)
{
	factotum_munmap(SELF, shown, PAGES * PAGE);
	factotum_munmap(SELF, (uintptr_t)shared, PAGE);
	factotum_object_release(object);
	slot_drop(object);
	return factotum_watch(SELF, 0, start_cap("notification"));
}

/*
 * The next need that Factotum tells; what it was through *first, *pages. What
 * was brought unasked leaves a notice behind that asks for nothing.
 */
static verdict_t
await_need(uint64_t *first, uint64_t *pages)
{
	uint32_t count = 0, needs = 0;
	uint64_t kind = 0, id = 0;

	for (unsigned i = 0; i < 500 && needs == 0; i++) {
		OK(factotum_fetch(
			SELF, &count, &kind, &id, NULL, NULL, NULL, NULL));
		if (count == 0) {
			factotum_sleep(SELF, 1, 0);
			continue;
		}
		EQUAL(kind, FACTOTUM_NOTICE_NEED);
		EQUAL(id, KEY);
		OK(factotum_needs(
			object, &needs, first, pages, NULL, NULL, NULL, NULL));
	}
	EQUAL(needs, 1);
	return NULL;
}

static verdict_t
bring(uint64_t first, uint8_t value)
{
	static uint8_t page[PAGE];
	size_t length = first == PAGES - 1 ? TAIL : PAGE;

	memset(page, value, length);
	OK(factotum_supply(object, first * PAGE, length, 0, page, length));
	return NULL;
}

static uint32_t
start(int (*body)(void))
{
	uint32_t pid = ~0u;

	if (factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL) < 0)
		return 0;
	if (pid == 0)
		_exit(body());
	return pid;
}

static bool
runs(uint32_t pid)
{
	uint32_t got = ~0u;

	return factotum_wait(SELF, 1, pid, FACTOTUM_WAIT_NOHANG, &got, NULL,
		       NULL, NULL, NULL, NULL) >= 0 &&
		got == 0;
}

static volatile uint8_t *
byte(unsigned page, unsigned offset)
{
	return (volatile uint8_t *)(uintptr_t)(shown + page * PAGE + offset);
}

#define TRY(call)                            \
	do {                                 \
		verdict_t verdict_ = (call); \
		if (verdict_)                \
			return verdict_;     \
	} while (0)

static void
beside(void *argument)
{
	(void)argument;
	factotum_sleep(SELF, 2, 0);
	shared[0] = 1;
}

/* One thread of the child needs a page, the other goes on meanwhile. */
static int
reads_beside_another(void)
{
	static struct thread thread;

	if (thread_create(&thread, beside, NULL) < 0)
		return 1;
	return *byte(3, 5);
}

static verdict_t
only_the_faulting_thread_waits(void)
{
	uint64_t first, pages;
	uint32_t pid, status;

	OK(begin(FACTOTUM_MAP_SHARED));
	pid = start(reads_beside_another);
	CHECK(pid);
	TRY(await_need(&first, &pages));
	EQUAL(first, 3);
	EQUAL(pages, 1);
	while (shared[0] == 0)
		factotum_sleep(SELF, 1, 0);
	CHECK(runs(pid));
	TRY(bring(3, 42));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(42));
	/* It is there now, for everybody. */
	EQUAL(*byte(3, 0), 42);
	return end() < 0 ? "end" : NULL;
}

static int
reads_tail(void)
{
	return *byte(7, TAIL - 1) == 9 && *byte(7, TAIL) == 0 &&
			*byte(7, PAGE - 1) == 0
		? 0
		: 1;
}

static verdict_t
behind_the_end_is_zero(void)
{
	uint64_t first, pages;
	uint32_t pid, status;

	OK(begin(FACTOTUM_MAP_SHARED));
	pid = start(reads_tail);
	TRY(await_need(&first, &pages));
	EQUAL(first, 7);
	TRY(bring(7, 9));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	return end() < 0 ? "end" : NULL;
}

static int
writes_private(void)
{
	*byte(1, 0) = 50;
	return *byte(1, 0) == 50 && *byte(1, 1) == 6 ? 0 : 1;
}

static verdict_t
private_writes_are_copies(void)
{
	uint64_t first, pages;
	uint32_t pid, status;

	OK(begin(FACTOTUM_MAP_PRIVATE));
	pid = start(writes_private);
	TRY(await_need(&first, &pages));
	EQUAL(first, 1);
	TRY(bring(1, 6));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	EQUAL(*byte(1, 0), 6);
	return end() < 0 ? "end" : NULL;
}

static int
reads_first(void)
{
	return *byte(0, 0);
}

static verdict_t
what_cannot_come_is_a_bus_error(void)
{
	uint64_t first, pages;
	uint32_t pid, status;

	OK(begin(FACTOTUM_MAP_SHARED));
	pid = start(reads_first);
	TRY(await_need(&first, &pages));
	OK(factotum_supply(object, 0, PAGE, STATUS_NOT_FOUND, NULL, 0));
	OK(reap(pid, &status));
	EQUAL(status, BUS);
	/* The next one asks again. */
	pid = start(reads_first);
	TRY(await_need(&first, &pages));
	TRY(bring(0, 3));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(3));
	return end() < 0 ? "end" : NULL;
}

static int
populates(void)
{
	return factotum_populate(SELF, shown, 3 * PAGE, false) == STATUS_OK ? 0
									    : 1;
}

/* The name of an image is lent out of an absent page. */
static int
lends(void)
{
	status_t status =
		factotum_spawn(SELF, 0, (const void *)(uintptr_t)shown, 3, NULL,
			0, NULL, 0, 0, NULL, 0);

	return status == STATUS_NOT_FOUND ? 0 : 1;
}

static verdict_t
calls_wait_for_their_pages(void)
{
	uint64_t first, pages;
	uint32_t pid, status;

	OK(begin(FACTOTUM_MAP_SHARED));
	pid = start(populates);
	TRY(await_need(&first, &pages));
	EQUAL(first, 0);
	EQUAL(pages, 3);
	TRY(bring(0, 'a'));
	TRY(await_need(&first, &pages));
	EQUAL(first, 1);
	TRY(bring(1, 'b'));
	TRY(bring(2, 'c'));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	OK(end());
	OK(begin(FACTOTUM_MAP_SHARED));
	pid = start(lends);
	TRY(await_need(&first, &pages));
	TRY(bring(0, 'z'));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	return end() < 0 ? "end" : NULL;
}

/* Who waits can be killed, and nothing of it stays. */
static verdict_t
the_dead_wait_no_more(void)
{
	uint64_t first, pages, before, after;
	uint32_t pid, status;

	for (unsigned i = 0; i < 3; i++) {
		OK(begin(FACTOTUM_MAP_SHARED));
		pid = start(reads_first);
		TRY(await_need(&first, &pages));
		OK(factotum_signal_post(manager, 0, pid, 9, 0, 0, 0, NULL));
		OK(reap(pid, &status));
		EQUAL(status, EXITED(128 + 9));
		TRY(bring(0, 1));
		OK(end());
		OK(factotum_system_info(SELF, NULL, i < 2 ? &before : &after,
			NULL, NULL, NULL, NULL, NULL));
	}
	EQUAL(after, before);
	return NULL;
}

/* A child supplies, its own child waits, and the supplier leaves. */
int
supplier_leaves(void)
{
	cptr_t own = slot_take();
	volatile uint32_t *seen;
	vaddr_t address, gift;
	uint32_t pid = ~0u;

	if (factotum_mmap(SELF, 0, PAGE, RW, FACTOTUM_MAP_SHARED, 0,
		    start_cap("gift"), &gift) < 0 ||
		factotum_watch(SELF, NEED_BIT, start_cap("bell")) < 0 ||
		factotum_object_supplied(SELF, PAGE, 1, own) < 0 ||
		factotum_mmap(SELF, 0, PAGE, RW, FACTOTUM_MAP_SHARED, 0, own,
			&address) < 0 ||
		factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL) < 0)
		return 1;
	seen = (volatile uint32_t *)(uintptr_t)gift;
	if (pid == 0) {
		seen[0] = 1;
		seen[1] = *(volatile uint8_t *)(uintptr_t)address;
		/* Not reached: nobody is left who could bring the page. */
		seen[2] = 1;
		_exit(0);
	}
	while (seen[0] == 0)
		factotum_sleep(SELF, 1, 0);
	factotum_sleep(SELF, 5, 0);
	/* The child still waits. */
	return seen[2] ? 2 : 0;
}

static verdict_t
a_dead_supplier_leaves_nobody_waiting(void)
{
	cptr_t gift = slot_take(), handle = slot_take();
	uint32_t pid, status, before, after = 0;
	vaddr_t address;

	OK(factotum_object_create(SELF, PAGE, 0, gift));
	OK(factotum_mmap(
		SELF, 0, PAGE, RW, FACTOTUM_MAP_SHARED, 0, gift, &address));
	OK(factotum_system_info(
		SELF, NULL, NULL, &before, NULL, NULL, NULL, NULL));
	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "supplier", "", &pid, handle));
	OK(factotum_grant(handle, "gift", 4, gift, NULL));
	OK(factotum_grant(handle, "bell", 4, start_cap("notification"), NULL));
	OK(factotum_start(handle));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	for (unsigned i = 0; i < 200 && after != before; i++) {
		factotum_sleep(SELF, 1, 0);
		OK(factotum_system_info(
			SELF, NULL, NULL, &after, NULL, NULL, NULL, NULL));
	}
	EQUAL(after, before);
	EQUAL(((volatile uint32_t *)(uintptr_t)address)[2], 0);
	OK(factotum_munmap(SELF, address, PAGE));
	OK(factotum_object_release(gift));
	slot_drop(gift);
	slot_drop(handle);
	return NULL;
}

/* Children have our memory, but not our right. */
static int
supplies_for_others(void)
{
	static uint8_t page[PAGE];

	return factotum_supply(object, 0, PAGE, 0, page, PAGE) ==
			STATUS_INVALID_CAP
		? 0
		: 1;
}

static verdict_t
only_the_supplier_supplies(void)
{
	static uint8_t page[PAGE];
	cptr_t plain = slot_take(), window = slot_take();
	uint32_t pid, status, count;

	OK(begin(FACTOTUM_MAP_SHARED));
	OK(factotum_object_create(SELF, PAGE, 0, plain));
	OK(factotum_object_slice(object, 0, PAGE, RW, window));
	EQUAL(factotum_supply(plain, 0, PAGE, 0, page, PAGE), STATUS_NO_RIGHT);
	EQUAL(factotum_supply(window, 0, PAGE, 0, page, PAGE), STATUS_NO_RIGHT);
	EQUAL(factotum_needs(plain, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
		STATUS_NO_RIGHT);
	EQUAL(factotum_supply(object, 1, PAGE, 0, page, PAGE),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_supply(object, 0, 10, 0, page, 10),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_supply(object, 7 * PAGE, PAGE, 0, page, PAGE),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_supply(object, 8 * PAGE, PAGE, 0, page, PAGE),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_supply(object, 0, PAGE, 0, page, 10),
		STATUS_INVALID_ARGUMENT);
	/* Nothing is needed, and nothing came. */
	OK(factotum_needs(object, &count, NULL, NULL, NULL, NULL, NULL, NULL));
	EQUAL(count, 0);
	pid = start(supplies_for_others);
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	OK(factotum_object_release(window));
	OK(factotum_object_release(plain));
	slot_drop(window);
	slot_drop(plain);
	return end() < 0 ? "end" : NULL;
}

/* The supplier itself, and clients of one that does not watch, never wait. */
static verdict_t
nobody_waits_in_vain(void)
{
	uint32_t pid, status;

	OK(begin(FACTOTUM_MAP_SHARED));
	EQUAL(factotum_populate(SELF, shown, PAGE, false), STATUS_FAULT);
	OK(factotum_watch(SELF, 0, start_cap("notification")));
	pid = start(reads_first);
	OK(reap(pid, &status));
	EQUAL(status, BUS);
	return end() < 0 ? "end" : NULL;
}

const struct test supply_tests[] = {
	{"supply-only-the-faulting-thread-waits",
		only_the_faulting_thread_waits},
	{"supply-behind-the-end-is-zero", behind_the_end_is_zero},
	{"supply-private-writes-are-copies", private_writes_are_copies},
	{"supply-errors-are-bus-errors", what_cannot_come_is_a_bus_error},
	{"supply-calls-wait-for-their-pages", calls_wait_for_their_pages},
	{"supply-the-dead-wait-no-more", the_dead_wait_no_more},
	{"supply-dead-supplier", a_dead_supplier_leaves_nobody_waiting},
	{"supply-only-by-the-supplier", only_the_supplier_supplies},
	{"supply-nobody-waits-in-vain", nobody_waits_in_vain},
	{NULL, NULL},
};
