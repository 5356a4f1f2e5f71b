/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of lib/cpio on archives that the tests write themselves.  Each
 * archive is handed over in a heap block of exactly its size, so that the
 * address sanitizer sees any step outside.
 */
#include "cpio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char text[16384];
static size_t used;

static void
fill(void)
{
	while (used % 4 != 0)
		text[used++] = '\0';
}

/* Append one entry whose name takes `name_size` bytes (0: as needed). */
static void
append(const char *name, size_t name_size, uint32_t mode, const char *data)
{
	size_t size = strlen(data);

	if (name_size == 0)
		name_size = strlen(name) + 1;
	used += (size_t)sprintf(text + used,
		"070701%08X%08x%08X%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
		0xABCDu, mode, 1000u, 1001u, 1u, 0x65000000u, size, 8u, 1u, 5u,
		6u, name_size, 0u);
	memset(text + used, 0, name_size);
	memcpy(text + used, name, strlen(name));
	used += name_size;
	fill();
	memcpy(text + used, data, size);
	used += size;
	fill();
}

static int
setup(void **state)
{
	(void)state;
	used = 0;
	append(".", 0, 040755, "");
	append("./bin/nineball", 0, 0100755, "first file");
	append("init.toml", 200, 0100644, "x=1");
	append("lib", 0, 0120777, "usr/lib");
	append("TRAILER!!!", 0, 0, "");
	return 0;
}

/* Walk to the end; the number of entries or the error. */
static int
count(size_t size)
{
	struct cpio_entry entry;
	struct cpio archive = {malloc(size ? size : 1), size};
	size_t cursor = 0;
	int status, n = 0;

	memcpy((void *)(uintptr_t)archive.bytes, text, size);
	while ((status = cpio_next(&archive, &cursor, &entry)) == 1)
		n++;
	free((void *)(uintptr_t)archive.bytes);
	return status < 0 ? status : n;
}

static void
entries_come_in_order_with_all_fields(void **state)
{
	struct cpio archive = {text, used};
	struct cpio_entry entry;
	size_t cursor = 0, end;

	(void)state;
	assert_int_equal(cpio_next(&archive, &cursor, &entry), 1);
	assert_string_equal(entry.name, ".");
	assert_int_equal(entry.mode & CPIO_TYPE_MASK, CPIO_TYPE_FOLDER);
	assert_int_equal(cpio_next(&archive, &cursor, &entry), 1);
	assert_string_equal(entry.name, "./bin/nineball");
	assert_int_equal(entry.name_length, 14);
	assert_int_equal(entry.mode, 0100755);
	assert_int_equal(entry.uid, 1000);
	assert_int_equal(entry.gid, 1001);
	assert_int_equal(entry.nlink, 1);
	assert_int_equal(entry.mtime, 0x65000000);
	assert_int_equal(entry.ino, 0xabcd);
	assert_int_equal(entry.device_major, 5);
	assert_int_equal(entry.device_minor, 6);
	assert_int_equal(entry.size, 10);
	assert_memory_equal(entry.data, "first file", 10);
	assert_int_equal(cpio_next(&archive, &cursor, &entry), 1);
	assert_string_equal(entry.name, "init.toml");
	assert_int_equal(entry.name_length, 9);
	assert_memory_equal(entry.data, "x=1", 3);
	assert_int_equal(cpio_next(&archive, &cursor, &entry), 1);
	assert_int_equal(entry.mode & CPIO_TYPE_MASK, CPIO_TYPE_LINK);
	assert_memory_equal(entry.data, "usr/lib", 7);
	end = cursor;
	assert_int_equal(cpio_next(&archive, &cursor, &entry), 0);
	assert_int_equal(cpio_next(&archive, &cursor, &entry), 0);
	assert_int_equal(cursor, end);
}

static void
names_are_found_with_or_without_prefix(void **state)
{
	struct cpio archive = {text, used};
	struct cpio_entry entry;

	(void)state;
	assert_int_equal(cpio_find(&archive, "bin/nineball", &entry), 1);
	assert_int_equal(entry.size, 10);
	assert_int_equal(cpio_find(&archive, "/bin/nineball", &entry), 1);
	assert_int_equal(cpio_find(&archive, "./init.toml", &entry), 1);
	assert_int_equal(entry.size, 3);
	assert_int_equal(cpio_find(&archive, "/", &entry), 1);
	assert_int_equal(entry.mode, 040755);
	assert_int_equal(cpio_find(&archive, "init", &entry), 0);
	assert_int_equal(cpio_find(&archive, "init.toml2", &entry), 0);
	assert_int_equal(cpio_find(&archive, "TRAILER!!!", &entry), 0);
}

static void
every_cut_of_the_archive_is_noticed(void **state)
{
	size_t size, whole = used - 1;

	(void)state;
	assert_int_equal(count(used), 4);
	/* The end mark's own NUL is needed, its filling is not. */
	while (text[whole - 1] == '\0')
		whole--;
	whole++;
	for (size = 0; size < whole; size++)
		assert_int_equal(count(size), CPIO_ERR_TRUNCATED);
	assert_int_equal(count(whole), 4);
}

static void
bytes_behind_the_end_mark_do_not_matter(void **state)
{
	(void)state;
	memcpy(text + used, "rubbish", 7);
	assert_int_equal(count(used + 7), 4);
}

static void
wrong_magic_is_refused(void **state)
{
	(void)state;
	text[5] = '2';
	assert_int_equal(count(used), CPIO_ERR_MAGIC);
	text[5] = '7';
	assert_int_equal(count(used), CPIO_ERR_MAGIC);
}

static void
each_number_must_be_hexadecimal(void **state)
{
	static const char wrong[] = {
		'g', 'G', ' ', '-', '/', ':', '@', '`', '\0', 'x'};
	size_t i, at;
	char old;

	(void)state;
	for (at = 6; at < 110; at++) {
		old = text[at];
		for (i = 0; i < sizeof wrong; i++) {
			text[at] = wrong[i];
			assert_int_equal(count(used), CPIO_ERR_NUMBER);
		}
		text[at] = old;
	}
	assert_int_equal(count(used), 4);
}

static void
huge_sizes_do_not_wrap(void **state)
{
	struct cpio archive = {text, used};
	struct cpio_entry entry;
	size_t cursor = 0;

	(void)state;
	memcpy(text + 6 + 6 * 8, "ffffffff", 8);
	assert_int_equal(
		cpio_next(&archive, &cursor, &entry), CPIO_ERR_TRUNCATED);
	assert_int_equal(cursor, 0);
	assert_int_equal(count(used), CPIO_ERR_TRUNCATED);
	memcpy(text + 6 + 6 * 8, "fffffff0", 8);
	assert_int_equal(count(used), CPIO_ERR_TRUNCATED);
	setup(NULL);
	memcpy(text + 6 + 11 * 8, "ffffffff", 8);
	assert_int_equal(count(used), CPIO_ERR_TRUNCATED);
}

static void
names_without_proper_end_are_refused(void **state)
{
	(void)state;
	memcpy(text + 6 + 11 * 8, "00000000", 8);
	assert_int_equal(count(used), CPIO_ERR_NAME);
	memcpy(text + 6 + 11 * 8, "00000001", 8);
	assert_int_equal(count(used), CPIO_ERR_NAME);
	setup(NULL);
	text[110] = '\0';
	assert_int_equal(count(used), CPIO_ERR_NAME);
	used = 0;
	append("two\0", 9, 0100644, "");
	text[110 + 6] = 'x';
	append("TRAILER!!!", 0, 0, "");
	assert_int_equal(count(used), CPIO_ERR_NAME);
}

static void
broken_archive_is_an_error_to_find(void **state)
{
	struct cpio archive = {text, 150};
	struct cpio_entry entry;

	(void)state;
	assert_int_equal(cpio_find(&archive, ".", &entry), 1);
	assert_int_equal(
		cpio_find(&archive, "lib", &entry), CPIO_ERR_TRUNCATED);
}

static void
every_error_has_a_sentence(void **state)
{
	int i, j;

	(void)state;
	for (i = -1; i >= CPIO_ERR_TRUNCATED; i--) {
		for (j = 0; j > i; j--)
			assert_string_not_equal(
				cpio_error_string(i), cpio_error_string(j));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			entries_come_in_order_with_all_fields, setup),
		cmocka_unit_test_setup(
			names_are_found_with_or_without_prefix, setup),
		cmocka_unit_test_setup(
			every_cut_of_the_archive_is_noticed, setup),
		cmocka_unit_test_setup(
			bytes_behind_the_end_mark_do_not_matter, setup),
		cmocka_unit_test_setup(wrong_magic_is_refused, setup),
		cmocka_unit_test_setup(each_number_must_be_hexadecimal, setup),
		cmocka_unit_test_setup(huge_sizes_do_not_wrap, setup),
		cmocka_unit_test_setup(
			names_without_proper_end_are_refused, setup),
		cmocka_unit_test_setup(
			broken_archive_is_an_error_to_find, setup),
		cmocka_unit_test(every_error_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
