/* SPDX-License-Identifier: MIT */
/*
 * What Factotum tells about processes.
 */
#include "cases.h"

#include <glenda/records.h>
#include <stdlib.h>

static verdict_t
snapshot(void)
{
	cptr_t object = slot_take();
	const struct ps_header *header;
	const struct ps_process *process;
	bool self = false, ninth = false;
	vaddr_t address;
	size_t size;

	OK(factotum_ps(manager, &size, object));
	OK(factotum_mmap(SELF, 0, size, FACTOTUM_PROT_READ, FACTOTUM_MAP_SHARED,
		0, object, &address));
	EQUAL(factotum_mmap(SELF, 0, size, FACTOTUM_PROT_WRITE,
		      FACTOTUM_MAP_SHARED, 0, object, NULL),
		STATUS_NO_RIGHT);
	header = (const void *)(uintptr_t)address;
	EQUAL(header->magic, PS_MAGIC);
	process = (const void *)(header + 1);
	for (uint32_t i = 0; i < header->process_count; i++) {
		self |= process[i].pid == start_info()->pid &&
			!strcmp(process[i].name, "factotum_test");
		ninth |= process[i].pid == 1;
	}
	CHECK(self && ninth);
	OK(factotum_munmap(SELF, address, size));
	OK(factotum_object_release(object));
	slot_drop(object);
	return NULL;
}

static verdict_t
own_maps(void)
{
	static struct map_entry entries[64];
	uint32_t count = 0;
	vaddr_t address = map(3 * PAGE);
	bool found = false;

	OK(factotum_maps(SELF, 0, 0, entries, sizeof(entries), &count));
	CHECK(count > 4);
	for (uint32_t i = 0; i < count; i++) {
		found |= entries[i].start <= address &&
			entries[i].end >= address + 3 * PAGE;
		CHECK(i == 0 || entries[i].start >= entries[i - 1].end);
	}
	CHECK(found);
	OK(factotum_maps(SELF, 0, 100000, entries, sizeof(entries), &count));
	EQUAL(count, 0);
	OK(factotum_munmap(SELF, address, 3 * PAGE));
	return NULL;
}

static verdict_t
limits(void)
{
	uint64_t soft, hard;

	OK(factotum_set_limit(SELF, 7, 10, 20));
	OK(factotum_get_limit(SELF, 7, &soft, &hard));
	EQUAL(soft, 10);
	EQUAL(hard, 20);
	EQUAL(factotum_set_limit(SELF, 7, 30, 20), STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_set_limit(SELF, 16, 1, 1), STATUS_INVALID_ARGUMENT);
	EQUAL(factotum_get_limit(SELF, 99, NULL, NULL),
		STATUS_INVALID_ARGUMENT);
	OK(factotum_set_limit(SELF, 7, 1024, 4096));
	return NULL;
}

static verdict_t
command_and_times(void)
{
	char text[64] = {0};
	size_t length = 0;
	uint64_t user, system, faults;
	uint32_t pid, status;

	OK(spawn(0, "sleep", "10", &pid, 0));
	OK(factotum_command_line(manager, pid, text, sizeof(text), &length));
	EQUAL(length,
		sizeof("factotum_test\0sleep\0"
		       "10"));
	CHECK(!strcmp(text + 14, "sleep"));
	EQUAL(factotum_command_line(manager, 64999, text, 1, NULL),
		STATUS_NOT_FOUND);
	OK(factotum_set_name(SELF, 0x41, 0));
	OK(factotum_usage(SELF, 0, &user, &system, &faults, NULL, NULL, NULL));
	CHECK(faults > 0 && user + system > 0);
	OK(factotum_usage(SELF, 2, NULL, NULL, NULL, NULL, NULL, NULL));
	EQUAL(factotum_usage(SELF, 3, NULL, NULL, NULL, NULL, NULL, NULL),
		STATUS_INVALID_ARGUMENT);
	OK(reap(pid, &status));
	return NULL;
}

static verdict_t
robust(void)
{
	EQUAL(factotum_robust_list(SELF, 0, 5), STATUS_INVALID_ARGUMENT);
	OK(factotum_robust_list(SELF, 0, 24));
	return NULL;
}

const struct test info_tests[] = {
	{"info-snapshot", snapshot},
	{"info-maps", own_maps},
	{"info-limits", limits},
	{"info-command-and-times", command_and_times},
	{"info-robust-list", robust},
	{NULL, NULL},
};
