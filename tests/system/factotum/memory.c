/* SPDX-License-Identifier: MIT */
/*
 * mmap and its family: what a program sees of its address space.
 */
#include "cases.h"

#include <glenda/records.h>

#include <glenda/layout.h>

#define RW (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE)
#define ANONYMOUS (FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS)

static volatile uint8_t *
at(vaddr_t address)
{
	return (volatile uint8_t *)(uintptr_t)address;
}

static int
reads(void *argument)
{
	(void)*(volatile uint8_t *)argument;
	return 0;
}

static int
writes(void *argument)
{
	*(volatile uint8_t *)argument = 1;
	return 0;
}

/* Does touching kill a child? Its status: 0 or the signal. */
static uint32_t
fate(int (*body)(void *), vaddr_t address)
{
	uint32_t status = 0xffff;

	if (in_child(body, (void *)(uintptr_t)address, &status) < 0)
		return 0xfffe;
	return status;
}

static verdict_t
zero_pages(void)
{
	vaddr_t address = map(64 * PAGE);

	CHECK(address);
	for (unsigned i = 0; i < 64; i++) {
		EQUAL(at(address)[i * PAGE + i], 0);
		at(address)[i * PAGE] = (uint8_t)i;
	}
	for (unsigned i = 0; i < 64; i++)
		EQUAL(at(address)[i * PAGE], i);
	OK(factotum_munmap(SELF, address, 64 * PAGE));
	EQUAL(fate(reads, address), 11);
	return NULL;
}

/* The bytes of its own that the area at an address has. */
static uint64_t
present_at(vaddr_t address)
{
	static struct map_entry entries[64];
	uint32_t count = 0;

	factotum_maps(SELF, 0, 0, entries, sizeof(entries), &count);
	for (uint32_t i = 0; i < count; i++)
		if (address >= entries[i].start && address < entries[i].end)
			return entries[i].resident;
	return ~0ul;
}

/* Pages come when they are touched, not when they are mapped. */
static verdict_t
lazy(void)
{
	vaddr_t address = 0x100000000ul;

	OK(factotum_mmap(SELF, address, 512 * PAGE, RW,
		ANONYMOUS | FACTOTUM_MAP_NOREPLACE, 0, 0, NULL));
	EQUAL(present_at(address), 0);
	EQUAL(at(address)[100 * PAGE], 0);
	EQUAL(present_at(address), PAGE);
	/* Next door, memory that grows comes in runs. */
	EQUAL(at(address)[101 * PAGE], 0);
	CHECK(present_at(address) > 2 * PAGE);
	CHECK(present_at(address) <= 10 * PAGE);
	OK(factotum_munmap(SELF, address, 512 * PAGE));
	return NULL;
}

static verdict_t
partial_unmap(void)
{
	vaddr_t address = map(5 * PAGE);

	for (unsigned i = 0; i < 5; i++)
		at(address)[i * PAGE] = (uint8_t)(i + 1);
	OK(factotum_munmap(SELF, address + PAGE, PAGE));
	OK(factotum_munmap(SELF, address + 3 * PAGE, 1));
	EQUAL(at(address)[0], 1);
	EQUAL(at(address)[2 * PAGE], 3);
	EQUAL(at(address)[4 * PAGE], 5);
	EQUAL(fate(reads, address + PAGE), 11);
	EQUAL(fate(reads, address + 3 * PAGE), 11);
	OK(factotum_munmap(SELF, address, 5 * PAGE));
	return NULL;
}

static verdict_t
protection(void)
{
	vaddr_t address = map(3 * PAGE);

	at(address)[PAGE] = 9;
	OK(factotum_mprotect(SELF, address + PAGE, PAGE, FACTOTUM_PROT_READ));
	EQUAL(at(address)[PAGE], 9);
	EQUAL(fate(writes, address + PAGE), 11);
	EQUAL(fate(writes, address), 0);
	OK(factotum_mprotect(SELF, address + PAGE, PAGE, 0));
	EQUAL(fate(reads, address + PAGE), 11);
	OK(factotum_mprotect(SELF, address + PAGE, PAGE, RW));
	EQUAL(at(address)[PAGE], 9);
	at(address)[PAGE] = 10;
	EQUAL(at(address)[PAGE], 10);
	EQUAL(factotum_mprotect(SELF, address, PAGE, 8),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mprotect(SELF, address + 1, PAGE, RW),
		STATUS_INVALID_ARGUMENT);
	OK(factotum_munmap(SELF, address, 3 * PAGE));
	EQUAL(factotum_mprotect(SELF, address, PAGE, RW), STATUS_NOT_MAPPED);
	return NULL;
}

static verdict_t
placement(void)
{
	vaddr_t first = map(2 * PAGE), second = 0;

	OK(factotum_mmap(SELF, first + 64 * PAGE * 1024, PAGE, RW, ANONYMOUS, 0,
		0, &second));
	CHECK(second);
	EQUAL(factotum_mmap(SELF, first, PAGE, RW,
		      ANONYMOUS | FACTOTUM_MAP_NOREPLACE, 0, 0, NULL),
		STATUS_EXISTS);
	at(first)[0] = 5;
	OK(factotum_mmap(SELF, first, PAGE, RW, ANONYMOUS | FACTOTUM_MAP_FIXED,
		0, 0, &second));
	EQUAL(second, first);
	EQUAL(at(first)[0], 0);
	OK(factotum_munmap(SELF, first, 2 * PAGE));
	return NULL;
}

static verdict_t
bad_arguments(void)
{
	EQUAL(factotum_mmap(SELF, 0, 0, RW, ANONYMOUS, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mmap(SELF, 0, PAGE, 8, ANONYMOUS, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mmap(
		      SELF, 0, PAGE, RW, FACTOTUM_MAP_ANONYMOUS, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mmap(
		      SELF, 0, PAGE, RW, FACTOTUM_MAP_PRIVATE, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mmap(SELF, 0, ~0ul, RW, ANONYMOUS, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mmap(SELF, 0, USER_END, RW, ANONYMOUS, 0, 0, NULL),
		STATUS_NO_MEMORY);
	EQUAL(factotum_mmap(SELF, 0x123, PAGE, RW,
		      ANONYMOUS | FACTOTUM_MAP_FIXED, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mmap(SELF, 0xffffffffffff0000ul, PAGE, RW,
		      ANONYMOUS | FACTOTUM_MAP_FIXED, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mmap(SELF, 0, PAGE, RW, ANONYMOUS, 1, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_munmap(SELF, 0, PAGE), STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_munmap(SELF, PAGE, ~0ul), STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_munmap(SELF, 1ul << 63, PAGE), STATUS_INVALID_ARGUMENT);
	return NULL;
}

static verdict_t
remap(void)
{
	vaddr_t address = map(4 * PAGE), moved = 0;

	for (unsigned i = 0; i < 4; i++)
		at(address)[i * PAGE] = (uint8_t)(i + 1);
	OK(factotum_mremap(SELF, address, 4 * PAGE, 2 * PAGE, 0, 0, &moved));
	EQUAL(moved, address);
	EQUAL(fate(reads, address + 2 * PAGE), 11);
	OK(factotum_mremap(SELF, address, 2 * PAGE, 4 * PAGE, 0, 0, &moved));
	EQUAL(moved, address);
	EQUAL(at(address)[2 * PAGE], 0);
	OK(factotum_mremap(SELF, address, 4 * PAGE, 4096 * PAGE, 1, 0, &moved));
	EQUAL(at(moved)[0], 1);
	EQUAL(at(moved)[PAGE], 2);
	EQUAL(at(moved)[4095 * PAGE], 0);
	address = moved - 16 * PAGE;
	OK(factotum_mremap(SELF, moved, 4096 * PAGE, PAGE, 3, address, &moved));
	EQUAL(moved, address);
	EQUAL(at(moved)[0], 1);
	EQUAL(factotum_mremap(SELF, moved + PAGE, PAGE, PAGE, 0, 0, NULL),
		STATUS_NOT_MAPPED);
	EQUAL(factotum_mremap(SELF, moved, PAGE, 0, 0, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_mremap(SELF, moved, PAGE, PAGE, 8, 0, NULL),
		STATUS_INVALID_ARGUMENT);
	OK(factotum_munmap(SELF, moved, PAGE));
	return NULL;
}

static verdict_t
program_break(void)
{
	vaddr_t start, end;

	OK(factotum_sbrk(SELF, 0, &start));
	OK(factotum_sbrk(SELF, 3 * PAGE, &end));
	EQUAL(end, start + 3 * PAGE);
	at(start)[3 * PAGE - 1] = 7;
	OK(factotum_sbrk(SELF, -(int64_t)(3 * PAGE), &end));
	EQUAL(end, start);
	OK(factotum_sbrk(SELF, 3 * PAGE, &end));
	EQUAL(at(start)[3 * PAGE - 1], 0);
	OK(factotum_sbrk(SELF, -(int64_t)(3 * PAGE), &end));
	EQUAL(factotum_sbrk(SELF, -(1l << 40), NULL), STATUS_NO_MEMORY);
	EQUAL(factotum_sbrk(SELF, INT64_MAX, NULL), STATUS_NO_MEMORY);
	EQUAL(factotum_sbrk(SELF, INT64_MIN, NULL), STATUS_NO_MEMORY);
	return NULL;
}

static int
adds_one(void *argument)
{
	++*(volatile uint8_t *)argument;
	return 0;
}

static verdict_t
shared_memory(void)
{
	vaddr_t address = 0;
	uint32_t status;

	OK(factotum_mmap(SELF, 0, PAGE, RW,
		FACTOTUM_MAP_SHARED | FACTOTUM_MAP_ANONYMOUS, 0, 0, &address));
	at(address)[0] = 4;
	OK(in_child(adds_one, (void *)(uintptr_t)address, &status));
	EQUAL(at(address)[0], 5);
	at(address)[0] = 8;
	OK(in_child(adds_one, (void *)(uintptr_t)address, &status));
	EQUAL(at(address)[0], 9);
	OK(factotum_munmap(SELF, address, PAGE));
	return NULL;
}

static verdict_t
populate(void)
{
	vaddr_t address = map(4 * PAGE);

	OK(factotum_populate(SELF, address, 4 * PAGE, true));
	OK(factotum_populate(SELF, address + 5, 1, false));
	OK(factotum_populate(SELF, address, 0, true));
	OK(factotum_mprotect(SELF, address, PAGE, FACTOTUM_PROT_READ));
	EQUAL(factotum_populate(SELF, address, PAGE, true), STATUS_FAULT);
	OK(factotum_populate(SELF, address, PAGE, false));
	EQUAL(factotum_populate(SELF, address, 64ul << 30, false),
		STATUS_FAULT);
	EQUAL(factotum_populate(SELF, ~0ul - 10, 5, false), STATUS_FAULT);
	EQUAL(factotum_populate(SELF, 8, ~0ul, false), STATUS_FAULT);
	OK(factotum_munmap(SELF, address, 4 * PAGE));
	return NULL;
}

static verdict_t
advise(void)
{
	vaddr_t address = map(2 * PAGE);

	at(address)[0] = 1;
	at(address)[PAGE] = 2;
	OK(factotum_advise(SELF, address, PAGE, 4));
	EQUAL(at(address)[0], 0);
	EQUAL(at(address)[PAGE], 2);
	OK(factotum_advise(SELF, address, PAGE, 3));
	EQUAL(factotum_advise(SELF, address, PAGE, 77),
		STATUS_INVALID_ARGUMENT);
	OK(factotum_munmap(SELF, address, 2 * PAGE));
	EQUAL(factotum_advise(SELF, address, PAGE, 4), STATUS_NOT_MAPPED);
	return NULL;
}

/* More than the machine has: pages run out, the machine does not. */
static verdict_t
exhaustion(void)
{
	uint64_t total, before, after;
	vaddr_t address;
	status_t status;

	OK(factotum_system_info(
		SELF, &total, &before, NULL, NULL, NULL, NULL, NULL));
	/* Refused in one piece, unless nobody means to use all of it. */
	EQUAL(map(total + 64 * PAGE), 0);
	OK(factotum_mmap(SELF, 0, total + 64 * PAGE, RW,
		ANONYMOUS | FACTOTUM_MAP_NORESERVE, 0, 0, &address));
	status = factotum_populate(SELF, address, total + 64 * PAGE, true);
	EQUAL(status, STATUS_NO_MEMORY);
	OK(factotum_munmap(SELF, address, total + 64 * PAGE));
	OK(factotum_system_info(
		SELF, NULL, &after, NULL, NULL, NULL, NULL, NULL));
	/* Page tables and own tables may have grown, the pages are back. */
	CHECK(before - after < total / 64);
	return NULL;
}

const struct test memory_tests[] = {
	{"memory-zero-pages", zero_pages},
	{"memory-lazy", lazy},
	{"memory-partial-unmap", partial_unmap},
	{"memory-protection", protection},
	{"memory-placement", placement},
	{"memory-bad-arguments", bad_arguments},
	{"memory-remap", remap},
	{"memory-break", program_break},
	{"memory-shared", shared_memory},
	{"memory-populate", populate},
	{"memory-advise", advise},
	{"memory-exhaustion", exhaustion},
	{NULL, NULL},
};
