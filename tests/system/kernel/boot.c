/* SPDX-License-Identifier: MIT */
/*
 * What the kernel hands to the first program (row N1): everything, and nobody
 * else runs. These cases come first, before anything is made of the memory.
 */
#include "harness.h"

#include <string.h>

#define PAGE UINT64_C(4096)
/* Firmware, the kernel's image and the objects of boot, at most. */
#define KEPT_BYTES (UINT64_C(3) << 19)

static verdict_t
boot_information_is_a_page_to_read(void)
{
	uint64_t rights, type_rights;
	paddr_t physical, base;
	uint32_t type;
	uint64_t count;
	bool device;

	CHECK(boot->magic == BOOT_INFO_MAGIC);
	EQUAL(boot->version, BOOT_INFO_VERSION);
	EQUAL((uint64_t)boot % PAGE, 0);
	OK(vspace_translate(
		SELF_VSPACE, (vaddr_t)(uintptr_t)boot, &physical, &rights));
	EQUAL(rights, RIGHT_READ);
	OK(cnode_inspect(SELF_CNODE, BOOT_SLOT_INFO, &type, &type_rights));
	EQUAL(type, OBJECT_FRAME);
	EQUAL(type_rights & RIGHT_WRITE, 0);
	OK(frame_info(BOOT_SLOT_INFO, &base, &count, &device));
	EQUAL(base, physical);
	CHECK(boot->processors >= 1 && boot->clock_frequency > 1000000);
	return NULL;
}

static uint64_t
bytes_of(cptr_t frame)
{
	paddr_t base;
	uint64_t count = 0;
	bool device;

	if (frame_info(frame, &base, &count, &device))
		return 0;
	return count * PAGE;
}

static bool
overlap(const struct boot_region *a, const struct boot_region *b)
{
	return a->base < b->base + b->pages * PAGE &&
		b->base < a->base + a->pages * PAGE;
}

/* Each region is an Untyped where and as large as it says, and unused; with
 * what else is handed over, that is the machine's memory. */
static verdict_t
all_memory_is_handed_over(void)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < boot->region_count; i++) {
		const struct boot_region *region = &boot->regions[i];
		size_t base, size, left;

		for (uint32_t j = 0; j < i; j++)
			CHECK(!overlap(region, &boot->regions[j]));
		if (region->kind != BOOT_REGION_UNTYPED)
			continue;
		OK(untyped_info(region->slot, &base, &size, &left));
		EQUAL(base, region->base);
		EQUAL(size, region->pages * PAGE);
		/* The case's own Untyped is taken from one of them. */
		CHECK(left == size || left + (9 << 20) > size);
		bytes += size;
	}
	bytes += bytes_of(BOOT_SLOT_ARCHIVE) + bytes_of(BOOT_SLOT_IMAGE);
	CHECK(bytes <= boot->memory_bytes);
	CHECK(boot->memory_bytes - bytes < KEPT_BYTES);
	return NULL;
}

static verdict_t
devices_are_frames(void)
{
	unsigned devices = 0;

	for (uint32_t i = 0; i < boot->region_count; i++) {
		const struct boot_region *region = &boot->regions[i];
		paddr_t base;
		uint64_t count;
		bool device;

		if (region->kind != BOOT_REGION_DEVICE)
			continue;
		OK(frame_info(region->slot, &base, &count, &device));
		CHECK(device);
		EQUAL(base, region->base);
		EQUAL(count, region->pages);
		devices++;
	}
	CHECK(devices > 0);
	return NULL;
}

static verdict_t
control_is_handed_over(void)
{
	static const struct {
		cptr_t slot;
		uint32_t type;
	} list[] = {
		{BOOT_SLOT_CNODE, OBJECT_CNODE},
		{BOOT_SLOT_VSPACE, OBJECT_VSPACE},
		{BOOT_SLOT_TCB, OBJECT_TCB},
		{BOOT_SLOT_IRQ_CONTROL, OBJECT_IRQ_CONTROL},
		{BOOT_SLOT_CONSOLE, OBJECT_CONSOLE},
		{BOOT_SLOT_POWER, OBJECT_POWER},
		{BOOT_SLOT_IMAGE, OBJECT_FRAME},
	};
	uint32_t type;
	uint64_t rights;

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		OK(cnode_inspect(SELF_CNODE, list[i].slot, &type, &rights));
		EQUAL(type, list[i].type);
		EQUAL(rights, RIGHT_ALL);
	}
	/* Nothing else, and nothing beyond what the page says. */
	OK(cnode_inspect(
		SELF_CNODE, boot->first_free_slot + 8, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	EQUAL(boot->first_free_slot,
		BOOT_SLOT_FIRST_REGION + boot->region_count);
	return NULL;
}

static verdict_t
the_boot_archive_is_handed_over(void)
{
	char magic[6];

	CHECK(boot->archive_bytes > 0);
	OK(frame_read(BOOT_SLOT_ARCHIVE, boot->archive_offset, sizeof(magic),
		(vaddr_t)(uintptr_t)magic));
	EQUAL(memcmp(magic, "070701", sizeof(magic)), 0);
	CHECK(bytes_of(BOOT_SLOT_ARCHIVE) >=
		boot->archive_offset + boot->archive_bytes);
	EQUAL(frame_write(BOOT_SLOT_ARCHIVE, boot->archive_offset,
		      sizeof(magic), (vaddr_t)(uintptr_t)magic),
		STATUS_NO_RIGHT);
	return NULL;
}

static void
spin(uint64_t argument)
{
	(void)argument;
	for (;;)
		;
}

static void
wait_us(uint64_t us)
{
	cptr_t notification = badged(make(OBJECT_NOTIFICATION, 0), 1);
	cptr_t timer = make(OBJECT_TIMER, 0);
	struct message m = {0};
	struct sender sender;

	timer_set(timer, clock_ticks() + ticks_us(us), notification);
	syscall_receive(SYSCALL_RECV, notification, 0, &m, &sender);
}

static uint64_t
time_of(cptr_t tcb)
{
	uint64_t user = 0, system = 0, other;

	tcb_info(tcb, &other, &user, &system, &other, &other, &other, &other);
	return user + system;
}

/* Whoever else were there would take time from a thread of least priority. */
static verdict_t
nobody_else_runs(void)
{
	struct worker_setup setup = {.entry = spin, .priority = 1};
	struct worker worker = worker_start(&setup);

	CHECK(worker.tcb);
	wait_us(100000);
	CHECK(time_of(worker.tcb) > ticks_us(99000));
	return NULL;
}

/* With nobody ready the processor sleeps until the timer, on nobody's
 * account. */
static verdict_t
idle_time_is_nobodys(void)
{
	uint64_t before = time_of(SELF_TCB), start = clock_ticks();

	wait_us(500000);
	CHECK(clock_ticks() - start >= ticks_us(500000));
	CHECK(time_of(SELF_TCB) - before < ticks_us(1000));
	return NULL;
}

const struct test tests_boot[] = {
	{"boot_information_is_a_page_to_read",
		boot_information_is_a_page_to_read},
	{"all_memory_is_handed_over", all_memory_is_handed_over},
	{"devices_are_frames", devices_are_frames},
	{"control_is_handed_over", control_is_handed_over},
	{"the_boot_archive_is_handed_over", the_boot_archive_is_handed_over},
	{"nobody_else_runs", nobody_else_runs},
	{"idle_time_is_nobodys", idle_time_is_nobodys},
	{NULL, NULL},
};
