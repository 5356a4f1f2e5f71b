/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of the loader's page arithmetic: an image with three segments is
 * built in memory, and the test stands where the kernel would, writing down
 * which pages of which Frame are asked for at which address.
 */
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glenda/kernel_calls.h>

#include "own.h"

#define FILE_BYTES 0x3000u
#define ARCHIVE_OFFSET 0x8000u
#define VSPACE 7
#define ARCHIVE 8
#define RUN 9

struct utcb test_utcb;
const uint16_t image_machine = ELF_MACHINE_RISCV;

static uint8_t file[FILE_BYTES];
static struct elf_image image;

static struct {
	vaddr_t at;
	cptr_t frame;
	uint64_t page, count, rights;
} maps[8];
static unsigned map_count;
static status_t map_status;

static struct message written;
static unsigned write_count;

status_t
own_map(cptr_t vspace, vaddr_t at, cptr_t frame, uint64_t page, uint64_t count,
	uint64_t rights)
{
	assert_int_equal(vspace, VSPACE);
	assert_true(map_count < 8);
	maps[map_count].at = at;
	maps[map_count].frame = frame;
	maps[map_count].page = page;
	maps[map_count].count = count;
	maps[map_count++].rights = rights;
	return map_status;
}

/* Only Frame.write comes this way. */
status_t
syscall_call(cptr_t cap, struct message *message)
{
	assert_int_equal(cap, RUN);
	written = *message;
	write_count++;
	return 0;
}

static void
put(size_t at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		file[at + i] = (uint8_t)(value >> 8 * i);
}

static void
segment(unsigned index, uint32_t flags, const uint64_t values[4])
{
	size_t at = 64 + 56 * (size_t)index;

	put(at, 1, 4);
	put(at + 4, flags, 4);
	put(at + 8, values[0], 8);  /* offset */
	put(at + 16, values[1], 8); /* address */
	put(at + 24, values[1], 8);
	put(at + 32, values[2], 8); /* bytes in the file */
	put(at + 40, values[3], 8); /* in memory */
	put(at + 48, 4096, 8);
}

/* Text in two pages of the file, data that begins in the middle of a page. */
static void
build(const uint64_t text[4], const uint64_t data[4], const uint64_t zero[4])
{
	static const struct elf_want want = {
		.machine = ELF_MACHINE_RISCV,
		.page_size = 4096,
		.limit = UINT64_C(1) << 38,
	};

	memset(file, 0, sizeof(file));
	memcpy(file, "\177ELF\2\1\1", 7);
	put(16, 2, 2);
	put(18, ELF_MACHINE_RISCV, 2);
	put(20, 1, 4);
	put(24, text[1], 8);
	put(32, 64, 8);
	put(52, 64, 2);
	put(54, 56, 2);
	put(56, 3, 2);
	segment(0, ELF_READ | ELF_EXEC, text);
	segment(1, ELF_READ | ELF_WRITE, data);
	segment(2, ELF_READ | ELF_WRITE, zero);
	assert_int_equal(
		elf_image_check(file, sizeof(file), &want, &image), ELF_OK);
	map_count = write_count = 0;
	map_status = 0;
}

static const uint64_t text[4] = {0x0, 0x200000, 0x1200, 0x1200};
static const uint64_t data[4] = {0x1200, 0x202200, 0x300, 0x1000};
static const uint64_t zero[4] = {0x2000, 0x205000, 0, 0x2001};

static void
writable_pages_count_parts_as_whole(void **state)
{
	(void)state;
	build(text, data, zero);
	assert_int_equal(image_writable_pages(&image), 2 + 3);
}

static void
text_comes_from_the_file_itself(void **state)
{
	(void)state;
	build(text, data, zero);
	assert_int_equal(
		image_map(&image, VSPACE, ARCHIVE, ARCHIVE_OFFSET, RUN), 0);
	assert_int_equal(maps[0].frame, ARCHIVE);
	assert_int_equal(maps[0].at, 0x200000);
	assert_int_equal(maps[0].page, ARCHIVE_OFFSET / 4096);
	assert_int_equal(maps[0].count, 2);
	assert_int_equal(maps[0].rights, RIGHT_READ | RIGHT_EXECUTE);
}

static void
data_is_copied_to_where_it_is_mapped(void **state)
{
	(void)state;
	build(text, data, zero);
	assert_int_equal(
		image_map(&image, VSPACE, ARCHIVE, ARCHIVE_OFFSET, RUN), 0);
	assert_int_equal(map_count, 3);
	assert_int_equal(maps[1].frame, RUN);
	assert_int_equal(maps[1].at, 0x202000);
	assert_int_equal(maps[1].page, 0);
	assert_int_equal(maps[1].count, 2);
	assert_int_equal(maps[1].rights, RIGHT_READ | RIGHT_WRITE);
	assert_int_equal(write_count, 1);
	assert_int_equal(message_label(written.info), FRAME_WRITE);
	assert_int_equal(written.words[0], 0x200);
	assert_int_equal(written.words[1], 0x300);
	assert_true(written.words[2] == (uintptr_t)file + 0x1200);
}

static void
pages_without_file_bytes_stay_zero(void **state)
{
	(void)state;
	build(text, data, zero);
	assert_int_equal(
		image_map(&image, VSPACE, ARCHIVE, ARCHIVE_OFFSET, RUN), 0);
	assert_int_equal(maps[2].at, 0x205000);
	assert_int_equal(maps[2].page, 2);
	assert_int_equal(maps[2].count, 3);
	assert_int_equal(write_count, 1);
}

static void
a_shared_page_is_refused(void **state)
{
	static const uint64_t near[4] = {0x1200, 0x201200, 0x300, 0x300};

	(void)state;
	build(text, near, zero);
	assert_int_equal(
		image_map(&image, VSPACE, ARCHIVE, ARCHIVE_OFFSET, RUN),
		STATUS_BAD_IMAGE);
}

static void
the_first_error_ends_it(void **state)
{
	(void)state;
	build(text, data, zero);
	map_status = STATUS_NO_MEMORY;
	assert_int_equal(
		image_map(&image, VSPACE, ARCHIVE, ARCHIVE_OFFSET, RUN),
		STATUS_NO_MEMORY);
	assert_int_equal(map_count, 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(writable_pages_count_parts_as_whole),
		cmocka_unit_test(text_comes_from_the_file_itself),
		cmocka_unit_test(data_is_copied_to_where_it_is_mapped),
		cmocka_unit_test(pages_without_file_bytes_stay_zero),
		cmocka_unit_test(a_shared_page_is_refused),
		cmocka_unit_test(the_first_error_ends_it),
	};

	return cmocka_run_group_tests_name("9ball_image", tests, NULL, NULL);
}
