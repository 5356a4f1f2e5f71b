/* SPDX-License-Identifier: MIT */
/*
 * Images made by hand, good and bad, and what spawning them does.
 */
#include "cases.h"

#define RW (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE)
#define CODE_AT 0x200
#define ROUNDS 20

extern const char image_code[], image_code_end[];
extern const uint32_t image_machine;

enum {
	TYPE_EXEC = 2,
	TYPE_DYN = 3,
	LOAD = 1,
	INTERP = 3,
	EXECUTE = 1,
	WRITE = 2,
	READ = 4,
};

/* Fields of ELF64: where they stand and how many bytes they have. */
enum field {
	F_CLASS = 4 << 8 | 1,
	F_TYPE = 16 << 8 | 2,
	F_MACHINE = 18 << 8 | 2,
	F_ENTRY = 24 << 8 | 8,
	F_HEADERS = 32 << 8 | 8,
	F_HEADER_SIZE = 54 << 8 | 2,
	F_HEADER_COUNT = 56 << 8 | 2,
	P_TYPE = 64 << 8 | 4,
	P_FLAGS = 68 << 8 | 4,
	P_OFFSET = 72 << 8 | 8,
	P_VADDR = 80 << 8 | 8,
	P_FILE = 96 << 8 | 8,
	P_MEMORY = 104 << 8 | 8,
	P_ALIGN = 112 << 8 | 8,
	Q_TYPE = 120 << 8 | 4,
	Q_FLAGS = 124 << 8 | 4,
	Q_OFFSET = 128 << 8 | 8,
	Q_FILE = 152 << 8 | 8,
};

static cptr_t object;
static uint8_t *image;

static void
put(enum field field, uint64_t value)
{
	memcpy(image + (field >> 8), &value, field & 0xff);
}

/* One page: headers and code in one segment. */
static void
compose(unsigned type, uint64_t base)
{
	static const uint8_t magic[8] = {0x7f, 'E', 'L', 'F', 2, 1, 1};

	memset(image, 0, PAGE);
	memcpy(image, magic, sizeof(magic));
	put(F_TYPE, type);
	put(F_MACHINE, image_machine);
	image[20] = 1;
	put(F_ENTRY, base + CODE_AT);
	put(F_HEADERS, 64);
	image[52] = 64;
	put(F_HEADER_SIZE, 56);
	put(F_HEADER_COUNT, 1);
	put(P_TYPE, LOAD);
	put(P_FLAGS, READ | EXECUTE);
	put(P_VADDR, base);
	put(P_FILE, PAGE);
	put(P_MEMORY, PAGE);
	put(P_ALIGN, PAGE);
	memcpy(image + CODE_AT, image_code,
		(size_t)(image_code_end - image_code));
}

static status_t
begin(void)
{
	vaddr_t address = 0;
	status_t status;

	object = slot_take();
	status = factotum_object_create(SELF, PAGE, 0, object);
	if (status >= 0)
		status = factotum_mmap(SELF, 0, PAGE, RW, FACTOTUM_MAP_SHARED,
			0, object, &address);
	image = (uint8_t *)(uintptr_t)address;
	return status;
}

static void
end(void)
{
	factotum_munmap(SELF, (uintptr_t)image, PAGE);
	factotum_object_release(object);
	slot_drop(object);
}

static status_t
spawn_it(uint32_t *pid)
{
	return factotum_spawn(
		SELF, 0, "made", 4, NULL, 0, NULL, 0, object, pid, 0);
}

static verdict_t
runs(unsigned type, uint64_t base)
{
	uint32_t pid, status;

	OK(begin());
	compose(type, base);
	OK(spawn_it(&pid));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(42));
	end();
	return NULL;
}

static verdict_t
static_images(void)
{
	return runs(TYPE_EXEC, 0x400000);
}

static verdict_t
position_independent_images(void)
{
	return runs(TYPE_DYN, 0);
}

/* What is written over the good image, and so is wrong about it. */
static const struct {
	enum field field;
	uint64_t value;
} wrongs[] = {
	{F_CLASS, 1},
	{F_TYPE, 1},
	{F_MACHINE, 40},
	{F_ENTRY, 0x10},
	{F_HEADERS, 8 * PAGE},
	{F_HEADER_SIZE, 8},
	{F_HEADER_COUNT, 0},
	{F_HEADER_COUNT, 60000},
	{P_TYPE, 0},
	{P_OFFSET, 1},
	{P_VADDR, 1ul << 62},
	{P_FILE, 3 * PAGE},
	{P_MEMORY, 10},
	{P_MEMORY, ~0ul},
};

static verdict_t
balance(uint64_t *free, uint64_t *slots, uint32_t *pids)
{
	OK(factotum_system_info(
		SELF, NULL, free, NULL, NULL, NULL, slots, pids));
	return NULL;
}

static verdict_t
refuse_all(void)
{
	for (unsigned i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		compose(TYPE_EXEC, 0x400000);
		put(wrongs[i].field, wrongs[i].value);
		if (spawn_it(NULL) != STATUS_BAD_IMAGE)
			return failure(
				__FILE__, __LINE__, "wrong image", i, -1);
	}
	return NULL;
}

static verdict_t
malformed_images(void)
{
	uint64_t free[2], slots[2];
	uint32_t pids[2];
	verdict_t verdict = NULL;

	OK(begin());
	/* As many before: the table of numbers has its size then. */
	for (unsigned i = 0; i < ROUNDS && !verdict; i++)
		verdict = refuse_all();
	if (!verdict)
		verdict = balance(&free[0], &slots[0], &pids[0]);
	for (unsigned i = 0; i < ROUNDS && !verdict; i++)
		verdict = refuse_all();
	if (!verdict)
		verdict = balance(&free[1], &slots[1], &pids[1]);
	if (verdict)
		return verdict;
	EQUAL(free[1], free[0]);
	EQUAL(slots[1], slots[0]);
	EQUAL(pids[1], pids[0]);
	end();
	return NULL;
}

static verdict_t
write_and_execute(void)
{
	OK(begin());
	compose(TYPE_EXEC, 0x400000);
	put(P_FLAGS, READ | WRITE | EXECUTE);
	EQUAL(spawn_it(NULL), STATUS_BAD_IMAGE);
	put(P_FLAGS, WRITE | EXECUTE);
	EQUAL(spawn_it(NULL), STATUS_BAD_IMAGE);
	end();
	return NULL;
}

/* Natives have no dynamic linker; Linux programs name theirs to LINE. */
static verdict_t
native_interpreters(void)
{
	OK(begin());
	compose(TYPE_DYN, 0);
	put(F_HEADER_COUNT, 2);
	put(Q_TYPE, INTERP);
	put(Q_FLAGS, READ);
	put(Q_OFFSET, 0x300);
	put(Q_FILE, 6);
	memcpy(image + 0x300, "/ld.so", 6);
	EQUAL(spawn_it(NULL), STATUS_BAD_IMAGE);
	end();
	return NULL;
}

/* An image needs the right to be executed. */
static verdict_t
rights_of_images(void)
{
	cptr_t window = slot_take();

	OK(begin());
	compose(TYPE_EXEC, 0x400000);
	OK(factotum_object_slice(object, 0, PAGE, RW, window));
	EQUAL(factotum_spawn(
		      SELF, 0, "made", 4, NULL, 0, NULL, 0, window, NULL, 0),
		STATUS_NO_RIGHT);
	OK(factotum_object_release(window));
	slot_drop(window);
	end();
	return NULL;
}

const struct test image_tests[] = {
	{"image-static", static_images},
	{"image-position-independent", position_independent_images},
	{"image-malformed-leaves-nothing", malformed_images},
	{"image-write-and-execute", write_and_execute},
	{"image-native-interpreter", native_interpreters},
	{"image-rights", rights_of_images},
	{NULL, NULL},
};
