/* SPDX-License-Identifier: MIT */
/*
 * Memory objects as capabilities.
 */
#include "cases.h"

#define RW (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE)

static status_t
show(cptr_t object, uint32_t prot, uint32_t flags, uint64_t offset,
	vaddr_t *address)
{
	return factotum_mmap(
		SELF, 0, PAGE, prot, flags, offset, object, address);
}

static verdict_t
share_and_copy(void)
{
	cptr_t object = slot_take();
	vaddr_t shared, private;
	volatile uint32_t *one, *other;
	size_t size;
	uint64_t physical, resident;

	OK(factotum_object_create(SELF, 3 * PAGE, 0, object));
	OK(factotum_object_info(object, &size, &physical, &resident));
	EQUAL(size, 3 * PAGE);
	EQUAL(physical, 0);
	EQUAL(resident, 0);
	OK(show(object, RW, FACTOTUM_MAP_SHARED, PAGE, &shared));
	OK(show(object, RW, FACTOTUM_MAP_PRIVATE, PAGE, &private));
	one = (volatile uint32_t *)(uintptr_t)shared;
	other = (volatile uint32_t *)(uintptr_t) private;
	*one = 7;
	EQUAL(*other, 7);
	*other = 8;
	EQUAL(*one, 7);
	EQUAL(*other, 8);
	OK(factotum_munmap(SELF, shared, PAGE));
	OK(factotum_munmap(SELF, private, PAGE));
	OK(factotum_object_release(object));
	EQUAL(factotum_object_info(object, NULL, NULL, NULL),
		STATUS_INVALID_CAP);
	slot_drop(object);
	return NULL;
}

static verdict_t
windows_and_rights(void)
{
	cptr_t object = slot_take(), window = slot_take();
	vaddr_t address, whole;

	OK(factotum_object_create(SELF, 4 * PAGE, 0, object));
	OK(factotum_object_slice(
		object, PAGE, PAGE, FACTOTUM_PROT_READ, window));
	OK(show(object, RW, FACTOTUM_MAP_SHARED, PAGE, &whole));
	*(volatile uint32_t *)(uintptr_t)whole = 77;
	EQUAL(show(window, RW, FACTOTUM_MAP_SHARED, 0, NULL), STATUS_NO_RIGHT);
	OK(show(window, FACTOTUM_PROT_READ, FACTOTUM_MAP_SHARED, 0, &address));
	EQUAL(*(volatile uint32_t *)(uintptr_t)address, 77);
	EQUAL(factotum_mprotect(SELF, address, PAGE, RW), STATUS_NO_RIGHT);
	EQUAL(factotum_object_resize(window, 2 * PAGE), STATUS_NO_RIGHT);
	EQUAL(factotum_object_slice(window, 0, PAGE, RW, 0), STATUS_NO_RIGHT);
	EQUAL(factotum_object_slice(object, 1, PAGE, 1, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_object_slice(object, 4 * PAGE, PAGE, 1, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_object_slice(object, 0, 5 * PAGE, 1, 0),
		STATUS_INVALID_ARGUMENT);
	OK(factotum_munmap(SELF, address, PAGE));
	OK(factotum_munmap(SELF, whole, PAGE));
	OK(factotum_object_release(window));
	OK(factotum_object_release(object));
	slot_drop(window);
	slot_drop(object);
	return NULL;
}

static int
reads(void *argument)
{
	return *(volatile uint8_t *)argument;
}

static verdict_t
resize(void)
{
	cptr_t object = slot_take();
	vaddr_t address;
	uint32_t status;

	OK(factotum_object_create(SELF, PAGE, 0, object));
	OK(show(object, RW, FACTOTUM_MAP_SHARED, 0, &address));
	*(volatile uint8_t *)(uintptr_t)(address + 100) = 6;
	OK(factotum_object_resize(object, 50));
	EQUAL(*(volatile uint8_t *)(uintptr_t)(address + 100), 0);
	OK(factotum_object_resize(object, 0));
	OK(in_child(reads, (void *)(uintptr_t)address, &status));
	EQUAL(status, 7);
	OK(factotum_object_resize(object, PAGE));
	EQUAL(*(volatile uint8_t *)(uintptr_t)(address + 100), 0);
	EQUAL(factotum_object_resize(object, ~0ul), STATUS_NO_MEMORY);
	OK(factotum_munmap(SELF, address, PAGE));
	OK(factotum_object_release(object));
	slot_drop(object);
	return NULL;
}

static verdict_t
contiguous(void)
{
	cptr_t object = slot_take();
	uint64_t physical = 0;

	OK(factotum_object_create(SELF, 20 * PAGE, 1, object));
	OK(factotum_object_info(object, NULL, &physical, NULL));
	CHECK(physical != 0 && physical % PAGE == 0);
	OK(factotum_object_release(object));
	EQUAL(factotum_object_create(SELF, PAGE, 6, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_object_create(SELF, 1ul << 40, 1, 0), STATUS_NO_MEMORY);
	slot_drop(object);
	return NULL;
}

static verdict_t
given_to_child(void)
{
	cptr_t object = slot_take(), handle = slot_take();
	vaddr_t address;
	uint32_t pid, status;

	OK(factotum_object_create(SELF, PAGE, 0, object));
	OK(show(object, RW, FACTOTUM_MAP_SHARED, 0, &address));
	*(volatile uint32_t *)(uintptr_t)address = 30;
	OK(spawn(FACTOTUM_SPAWN_FLAG_WAIT, "object", "", &pid, handle));
	OK(factotum_grant(handle, "gift", 4, object, NULL));
	EQUAL(factotum_grant(handle, "", 0, object, NULL),
		STATUS_INVALID_ARGUMENT);
	OK(factotum_start(handle));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(0));
	EQUAL(*(volatile uint32_t *)(uintptr_t)address, 31);
	OK(factotum_munmap(SELF, address, PAGE));
	OK(factotum_object_release(object));
	slot_drop(object);
	slot_drop(handle);
	return NULL;
}

const struct test object_tests[] = {
	{"object-share-and-copy", share_and_copy},
	{"object-windows-and-rights", windows_and_rights},
	{"object-resize", resize},
	{"object-contiguous", contiguous},
	{"object-given-to-child", given_to_child},
	{NULL, NULL},
};
