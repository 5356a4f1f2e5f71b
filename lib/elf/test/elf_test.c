/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of lib/elf: images are built field by field in memory, one
 * defect at a time, so each error is shown to be found for its own reason.
 * The test program's own file serves as a real image with symbols.
 */
#include "elf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAGE 4096u
#define LIMIT 0x4000000000u
#define FILE_BYTES 0x3000u

enum { LOAD = 1, INTERP = 3, PHDR = 6, TLS = 7, STACK = 0x6474e551 };

static uint8_t file[FILE_BYTES];
static struct elf_image image;

static const struct elf_want want = {
	.machine = ELF_MACHINE_RISCV,
	.page_size = PAGE,
	.limit = LIMIT,
};

static void
put(size_t at, uint64_t value, unsigned bytes)
{
	unsigned i;

	for (i = 0; i < bytes; i++)
		file[at + i] = (uint8_t)(value >> 8 * i);
}

struct header {
	uint32_t type, flags;
	uint64_t offset, vaddr, filesz, memsz, align;
};

static void
put_header(unsigned index, struct header header)
{
	size_t at = 64 + 56 * (size_t)index;

	put(at, header.type, 4);
	put(at + 4, header.flags, 4);
	put(at + 8, header.offset, 8);
	put(at + 16, header.vaddr, 8);
	put(at + 24, header.vaddr, 8);
	put(at + 32, header.filesz, 8);
	put(at + 40, header.memsz, 8);
	put(at + 48, header.align, 8);
}

/* A sound image: code with the headers, data with zeros behind. */
static int
setup(void **state)
{
	(void)state;
	memset(file, 0, sizeof file);
	memcpy(file,
		"\x7f"
		"ELF\x02\x01\x01",
		7);
	put(16, 2, 2);
	put(18, ELF_MACHINE_RISCV, 2);
	put(20, 1, 4);
	put(24, 0x10200, 8);
	put(32, 64, 8);
	put(52, 64, 2);
	put(54, 56, 2);
	put(56, 3, 2);
	put_header(0,
		(struct header){LOAD, ELF_READ | ELF_EXEC, 0, 0x10000, 0x1000,
			0x1000, PAGE});
	put_header(1,
		(struct header){LOAD, ELF_READ | ELF_WRITE, 0x1800, 0x12800,
			0x800, 0x2000, PAGE});
	put_header(2,
		(struct header){STACK, ELF_READ | ELF_WRITE, 0, 0, 0, 0, 16});
	return 0;
}

static int
check(void)
{
	return elf_image_check(file, sizeof file, &want, &image);
}

static void
sound_image_is_described(void **state)
{
	struct elf_segment segment;
	unsigned cursor = 0;

	(void)state;
	assert_int_equal(check(), ELF_OK);
	assert_false(image.relocatable);
	assert_int_equal(image.entry, 0x10200);
	assert_int_equal(image.segment_count, 2);
	assert_int_equal(image.start, 0x10000);
	assert_int_equal(image.end, 0x15000);
	assert_int_equal(image.header_vaddr, 0x10040);
	assert_int_equal(image.header_count, 3);
	assert_int_equal(image.header_bytes, 56);
	assert_true(image.has_stack);
	assert_int_equal(image.stack_flags, ELF_READ | ELF_WRITE);
	assert_false(image.has_tls || image.has_interp);
	assert_int_equal(image.shared_pages, 0);
	assert_int_equal(elf_segment_next(&image, &cursor, &segment), 1);
	assert_int_equal(segment.vaddr, 0x10000);
	assert_int_equal(segment.flags, ELF_READ | ELF_EXEC);
	assert_int_equal(elf_segment_next(&image, &cursor, &segment), 1);
	assert_int_equal(segment.vaddr, 0x12800);
	assert_int_equal(segment.offset, 0x1800);
	assert_int_equal(segment.file_bytes, 0x800);
	assert_int_equal(segment.memory_bytes, 0x2000);
	assert_int_equal(elf_segment_next(&image, &cursor, &segment), 0);
	assert_int_equal(elf_segment_next(&image, &cursor, &segment), 0);
}

static void
every_cut_of_the_file_is_noticed(void **state)
{
	uint8_t *copy;
	size_t size;
	int status;

	(void)state;
	for (size = 0; size < 0x2000; size++) {
		copy = malloc(size + 1);
		memcpy(copy, file, size);
		copy = realloc(copy, size ? size : 1);
		status = elf_image_check(copy, size, &want, &image);
		assert_int_equal(
			status, size < 4 ? ELF_ERR_NOT_ELF : ELF_ERR_TRUNCATED);
		free(copy);
	}
	assert_int_equal(elf_image_check(file, 0x2000, &want, &image), ELF_OK);
}

static void
header_alone_suffices(void **state)
{
	size_t headers = 64 + 3 * 56;

	(void)state;
	assert_int_equal(
		elf_header_check(file, headers, FILE_BYTES, &want, &image),
		ELF_OK);
	assert_int_equal(image.segment_count, 2);
	assert_int_equal(
		elf_header_check(file, headers - 1, FILE_BYTES, &want, &image),
		ELF_ERR_PARTIAL);
	assert_int_equal(elf_header_check(file, 63, FILE_BYTES, &want, &image),
		ELF_ERR_PARTIAL);
	assert_int_equal(
		elf_header_check(file, headers, headers, &want, &image),
		ELF_ERR_TRUNCATED);
}

struct patch {
	size_t at;
	uint64_t value;
	unsigned bytes;
	int status;
};

/* One wrong field each, from the sound image. */
static void
each_wrong_field_has_its_error(void **state)
{
	enum { P0 = 64, P1 = 64 + 56, P2 = 64 + 112 };
	static const struct patch patches[] = {
		{0, 0x7e, 1, ELF_ERR_NOT_ELF},
		{4, 1, 1, ELF_ERR_CLASS},
		{5, 2, 1, ELF_ERR_DATA},
		{6, 0, 1, ELF_ERR_VERSION},
		{20, 2, 4, ELF_ERR_VERSION},
		{18, ELF_MACHINE_X86_64, 2, ELF_ERR_MACHINE},
		{16, 1, 2, ELF_ERR_TYPE},
		{16, 4, 2, ELF_ERR_TYPE},
		{32, 0, 8, ELF_ERR_HEADERS},
		{32, FILE_BYTES - 100, 8, ELF_ERR_TRUNCATED},
		{32, UINT64_MAX - 8, 8, ELF_ERR_TRUNCATED},
		{54, 55, 2, ELF_ERR_HEADERS},
		{54, 0, 2, ELF_ERR_HEADERS},
		{56, 0, 2, ELF_ERR_EMPTY},
		{56, ELF_HEADERS_MAX + 1, 2, ELF_ERR_HEADERS},
		{56, 0xffff, 2, ELF_ERR_HEADERS},
		{24, 0xffff, 8, ELF_ERR_ENTRY},
		{24, 0x11000, 8, ELF_ERR_ENTRY},
		{24, 0x12800, 8, ELF_ERR_ENTRY},
		{P0, 4, 4, ELF_ERR_ENTRY},
		{P0 + 4, 7, 4, ELF_ERR_WX},
		{P1 + 4, 3, 4, ELF_ERR_WX},
		{P1 + 8, 0x2801, 8, ELF_ERR_TRUNCATED},
		{P1 + 8, UINT64_MAX - 0x7ff, 8, ELF_ERR_TRUNCATED},
		{P1 + 8, 0x1000, 8, ELF_ERR_ALIGN},
		{P1 + 32, 0x2001, 8, ELF_ERR_SIZE},
		{P1 + 32, UINT64_MAX, 8, ELF_ERR_SIZE},
		{P1 + 40, UINT64_MAX, 8, ELF_ERR_RANGE},
		{P1 + 40, LIMIT - 0x12800 + 1, 8, ELF_ERR_RANGE},
		{P1 + 16, LIMIT - 0x1800, 8, ELF_ERR_RANGE},
		{P1 + 16, UINT64_MAX - 0x7ff, 8, ELF_ERR_RANGE},
		{P1 + 48, 3, 8, ELF_ERR_ALIGN},
		{P1 + 16, 0x10800, 8, ELF_ERR_OVERLAP},
		{P0 + 40, 0x2801, 8, ELF_ERR_OVERLAP},
		{P0 + 40, 0x2800, 8, ELF_OK},
		{P1 + 16, 0xf800, 8, ELF_ERR_ORDER},
		{P1 + 16, 0x7800, 8, ELF_ERR_ORDER},
		{P2, INTERP, 4, ELF_ERR_INTERP},
		{P2, PHDR, 4, ELF_ERR_PHDR},
	};
	size_t i;
	int status;

	for (i = 0; i < sizeof patches / sizeof *patches; i++) {
		setup(state);
		put(patches[i].at, patches[i].value, patches[i].bytes);
		status = check();
		if (status != patches[i].status)
			print_error(
				"patch %zu: %s\n", i, elf_error_string(status));
		assert_int_equal(status, patches[i].status);
	}
}

static void
segment_may_end_at_the_limit(void **state)
{
	(void)state;
	put(64 + 56 + 40, LIMIT - 0x12800, 8);
	assert_int_equal(check(), ELF_OK);
	assert_int_equal(image.end, LIMIT);
}

static void
empty_segment_is_passed_over(void **state)
{
	(void)state;
	put(64 + 56 + 32, 0, 8);
	put(64 + 56 + 40, 0, 8);
	assert_int_equal(check(), ELF_OK);
	assert_int_equal(image.segment_count, 1);
	put(64 + 32, 0, 8);
	put(64 + 40, 0, 8);
	assert_int_equal(check(), ELF_ERR_EMPTY);
}

static void
shared_page_is_reported(void **state)
{
	struct elf_segment segment;
	unsigned cursor = 1;

	(void)state;
	put(64 + 32, 0x400, 8);
	put(64 + 40, 0x400, 8);
	put(64 + 56 + 16, 0x10800, 8);
	assert_int_equal(check(), ELF_OK);
	assert_int_equal(image.shared_pages, 1);
	assert_int_equal(elf_segment_next(&image, &cursor, &segment), 1);
	assert_true(segment.shares_page);
}

static void
interpreter_path_is_checked(void **state)
{
	static const char path[] = "/lib/ld.so.1";
	const char *found = NULL;

	(void)state;
	memcpy(file + 0x300, path, sizeof path);
	put_header(2,
		(struct header){INTERP, 4, 0x300, 0x10300, sizeof path,
			sizeof path, 1});
	assert_int_equal(check(), ELF_OK);
	assert_true(image.has_interp);
	assert_int_equal(elf_interp_get(&image, &found), ELF_OK);
	assert_string_equal(found, path);
	assert_int_equal(
		elf_header_check(file, 0x300 + 3, FILE_BYTES, &want, &image),
		ELF_OK);
	assert_int_equal(elf_interp_get(&image, &found), ELF_ERR_PARTIAL);
	put_header(3,
		(struct header){INTERP, 4, 0x300, 0x10300, sizeof path,
			sizeof path, 1});
	put(56, 4, 2);
	assert_int_equal(check(), ELF_ERR_INTERP);
	put(56, 3, 2);
	put(64 + 112 + 32, sizeof path - 1, 8);
	assert_int_equal(check(), ELF_ERR_INTERP);
	put(64 + 112 + 32, sizeof path + 1, 8);
	assert_int_equal(check(), ELF_ERR_INTERP);
	put(64 + 112 + 32, ELF_INTERP_MAX + 1, 8);
	assert_int_equal(check(), ELF_ERR_INTERP);
	put(64 + 112 + 32, sizeof path, 8);
	put(64 + 112 + 8, FILE_BYTES - 4, 8);
	assert_int_equal(check(), ELF_ERR_TRUNCATED);
	assert_int_equal(elf_interp_check("lib/x", 6), ELF_ERR_INTERP);
	assert_int_equal(elf_interp_check("", 1), ELF_ERR_INTERP);
}

static void
tls_template_is_checked(void **state)
{
	static const struct header tls = {
		TLS, 4, 0x1800, 0x12800, 0x20, 0x40, 16};
	const size_t at = 64 + 112;

	(void)state;
	put_header(2, tls);
	assert_int_equal(check(), ELF_OK);
	assert_true(image.has_tls);
	assert_int_equal(image.tls.vaddr, 0x12800);
	assert_int_equal(image.tls.file_bytes, 0x20);
	assert_int_equal(image.tls.memory_bytes, 0x40);
	assert_int_equal(image.tls.align, 16);
	put(at + 48, 24, 8);
	assert_int_equal(check(), ELF_ERR_TLS);
	put(at + 48, LIMIT * 2, 8);
	assert_int_equal(check(), ELF_ERR_TLS);
	put_header(2, tls);
	put(at + 32, 0x41, 8);
	assert_int_equal(check(), ELF_ERR_TLS);
	put_header(2, tls);
	put(at + 16, 0x20000, 8);
	assert_int_equal(check(), ELF_ERR_TLS);
	put_header(2, tls);
	put(at + 40, UINT64_MAX, 8);
	assert_int_equal(check(), ELF_ERR_TLS);
	put_header(2, tls);
	put_header(3, tls);
	put(56, 4, 2);
	assert_int_equal(check(), ELF_ERR_TLS);
}

static void
phdr_says_where_headers_stand(void **state)
{
	(void)state;
	put_header(2, (struct header){PHDR, 4, 64, 0x10040, 168, 168, 8});
	assert_int_equal(check(), ELF_OK);
	assert_int_equal(image.header_vaddr, 0x10040);
	put(64 + 112 + 16, 0x10000 + 0x1000 - 167, 8);
	assert_int_equal(check(), ELF_ERR_PHDR);
	put_header(2, (struct header){PHDR, 4, 64, 0x10040, 224, 224, 8});
	put_header(3, (struct header){PHDR, 4, 64, 0x10040, 224, 224, 8});
	put(56, 4, 2);
	assert_int_equal(check(), ELF_ERR_PHDR);
	/* Headers that no segment brings along have no address. */
	setup(NULL);
	put(64 + 8, 0x1000, 8);
	assert_int_equal(check(), ELF_OK);
	assert_int_equal(image.header_vaddr, 0);
}

static void
position_independent_image_starts_at_zero(void **state)
{
	(void)state;
	put(16, 3, 2);
	put(24, 0x200, 8);
	put(64 + 16, 0, 8);
	assert_int_equal(check(), ELF_OK);
	assert_true(image.relocatable);
	assert_int_equal(image.start, 0);
	assert_int_equal(image.header_vaddr, 64);
}

/* Sections at 0x2000: [0] empty, [1] symbols at 0x2400, [2] names. */
static void
put_symbols(void)
{
	static const char names[] = "\0outer\0inner\0label\0$x";
	static const struct {
		uint32_t name;
		uint8_t info;
		uint16_t section;
		uint64_t value, size;
	} symbols[] = {
		{0, 0, 0, 0, 0},
		{1, 2, 1, 0x10100, 0x100},
		{7, 2, 1, 0x10140, 0x10},
		{13, 0, 1, 0x10300, 0},
		{19, 0, 1, 0x10308, 0},
		{7, 2, 0, 0x10310, 0},
		{7, 1, 1, 0x10310, 0},
	};
	size_t i, at, count = sizeof symbols / sizeof *symbols;

	put(40, 0x2000, 8);
	put(58, 64, 2);
	put(60, 3, 2);
	put(0x2040 + 4, 2, 4);
	put(0x2040 + 24, 0x2400, 8);
	put(0x2040 + 32, count * 24, 8);
	put(0x2040 + 40, 2, 4);
	put(0x2040 + 56, 24, 8);
	put(0x2080 + 4, 3, 4);
	put(0x2080 + 24, 0x2800, 8);
	put(0x2080 + 32, sizeof names, 8);
	memcpy(file + 0x2800, names, sizeof names);
	for (i = 0; i < count; i++) {
		at = 0x2400 + i * 24;
		put(at, symbols[i].name, 4);
		put(at + 4, symbols[i].info, 1);
		put(at + 6, symbols[i].section, 2);
		put(at + 8, symbols[i].value, 8);
		put(at + 16, symbols[i].size, 8);
	}
}

static int
find(uint64_t address, struct elf_symbol *symbol)
{
	return elf_symbol_find(file, sizeof file, address, symbol);
}

static void
symbol_is_the_closest_that_covers(void **state)
{
	struct elf_symbol symbol;

	(void)state;
	assert_int_equal(find(0x10100, &symbol), ELF_ERR_NO_SYMBOL);
	put_symbols();
	assert_int_equal(find(0x100ff, &symbol), ELF_ERR_NO_SYMBOL);
	assert_int_equal(find(0x10100, &symbol), ELF_OK);
	assert_string_equal(symbol.name, "outer");
	assert_int_equal(symbol.offset, 0);
	assert_int_equal(find(0x10144, &symbol), ELF_OK);
	assert_string_equal(symbol.name, "inner");
	assert_int_equal(symbol.offset, 4);
	assert_int_equal(find(0x10150, &symbol), ELF_OK);
	assert_string_equal(symbol.name, "outer");
	assert_int_equal(symbol.offset, 0x50);
	assert_int_equal(find(0x10200, &symbol), ELF_ERR_NO_SYMBOL);
	assert_int_equal(find(0x10320, &symbol), ELF_OK);
	assert_string_equal(symbol.name, "label");
	assert_int_equal(symbol.offset, 0x20);
}

static void
broken_symbol_tables_are_refused(void **state)
{
	static const struct patch patches[] = {
		{40, FILE_BYTES - 64, 8, ELF_ERR_SYMBOLS},
		{40, UINT64_MAX, 8, ELF_ERR_SYMBOLS},
		{58, 63, 2, ELF_ERR_SYMBOLS},
		{60, 0xffff, 2, ELF_ERR_SYMBOLS},
		{0x2040 + 24, UINT64_MAX, 8, ELF_ERR_SYMBOLS},
		{0x2040 + 32, UINT64_MAX, 8, ELF_ERR_SYMBOLS},
		{0x2040 + 40, 3, 4, ELF_ERR_SYMBOLS},
		{0x2040 + 40, 1, 4, ELF_ERR_SYMBOLS},
		{0x2040 + 56, 0, 8, ELF_ERR_SYMBOLS},
		{0x2080 + 32, 3, 8, ELF_ERR_SYMBOLS},
		{0x2080 + 32, 0, 8, ELF_ERR_SYMBOLS},
		{0x2400 + 24, 0x1000, 4, ELF_ERR_NO_SYMBOL},
		{0x2400 + 24, 22, 4, ELF_ERR_NO_SYMBOL},
	};
	struct elf_symbol symbol;
	size_t i;

	for (i = 0; i < sizeof patches / sizeof *patches; i++) {
		setup(state);
		put_symbols();
		/* What would be taken by a step too far must look sound. */
		memcpy(file + 0x20c0, file + 0x2080, 64);
		memcpy(file + 0x2800 + 22, "beyond", 7);
		put(patches[i].at, patches[i].value, patches[i].bytes);
		assert_int_equal(find(0x10104, &symbol), patches[i].status);
	}
}

/* A real linker's output: this very program. */
static void
real_image_is_accepted_and_symbolised(void **state)
{
	static uint8_t self[16 << 20];
	struct elf_want host = {ELF_MACHINE_X86_64, PAGE, 1ull << 47};
	struct elf_symbol symbol;
	size_t size;
	FILE *stream = fopen("/proc/self/exe", "rb");

	(void)state;
	assert_non_null(stream);
	size = fread(self, 1, sizeof self, stream);
	fclose(stream);
	host.machine = (uint16_t)(self[18] | self[19] << 8);
	assert_int_equal(elf_image_check(self, size, &host, &image), ELF_OK);
	assert_true(image.segment_count >= 2);
	assert_int_equal(
		elf_symbol_find(self, size, image.entry, &symbol), ELF_OK);
	assert_string_equal(symbol.name, "_start");
}

static void
every_error_has_a_sentence(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i >= ELF_ERR_NO_SYMBOL; i--) {
		assert_non_null(elf_error_string(i));
		for (j = 0; j > i; j--)
			assert_string_not_equal(
				elf_error_string(i), elf_error_string(j));
	}
	assert_string_equal(elf_error_string(1), "unknown error");
	assert_string_equal(elf_error_string(-99), "unknown error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(sound_image_is_described, setup),
		cmocka_unit_test_setup(every_cut_of_the_file_is_noticed, setup),
		cmocka_unit_test_setup(header_alone_suffices, setup),
		cmocka_unit_test(each_wrong_field_has_its_error),
		cmocka_unit_test_setup(segment_may_end_at_the_limit, setup),
		cmocka_unit_test_setup(empty_segment_is_passed_over, setup),
		cmocka_unit_test_setup(shared_page_is_reported, setup),
		cmocka_unit_test_setup(interpreter_path_is_checked, setup),
		cmocka_unit_test_setup(tls_template_is_checked, setup),
		cmocka_unit_test_setup(phdr_says_where_headers_stand, setup),
		cmocka_unit_test_setup(
			position_independent_image_starts_at_zero, setup),
		cmocka_unit_test_setup(
			symbol_is_the_closest_that_covers, setup),
		cmocka_unit_test(broken_symbol_tables_are_refused),
		cmocka_unit_test(real_image_is_accepted_and_symbolised),
		cmocka_unit_test(every_error_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
