/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of the start page's writer: what a run-time reads back, and that
 * a full page or table is refused without a byte past its end.
 */
#include "start_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct start_info *page;
static struct start_builder builder;

static int
begin(void **state)
{
	(void)state;
	page = calloc(1, START_BYTES);
	assert_non_null(page);
	memset(&builder, 0, sizeof(builder));
	start_begin(&builder, page, START_BYTES);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	free(page);
	return 0;
}

static const char *
at(uint64_t offset)
{
	return (const char *)page + offset;
}

static void
a_new_page_has_its_magic_and_holds_nothing(void **state)
{
	(void)state;
	assert_true(page->magic == START_MAGIC);
	assert_int_equal(page->capability_count, 0);
	assert_int_equal(page->argument_count, 0);
}

static void
strings_are_counted_and_found(void **state)
{
	(void)state;
	assert_true(start_set_arguments(&builder, "one\0\0two", 9));
	assert_true(start_set_environment(&builder, "A=1", 4));
	assert_int_equal(page->argument_count, 3);
	assert_memory_equal(at(page->arguments), "one\0\0two", 9);
	assert_int_equal(page->environment_count, 1);
	assert_string_equal(at(page->environment), "A=1");
}

static void
no_strings_are_none(void **state)
{
	(void)state;
	assert_true(start_set_environment(&builder, "", 0));
	assert_int_equal(page->environment_count, 0);
}

static void
capabilities_are_listed_in_order(void **state)
{
	const struct start_capability *table;

	(void)state;
	assert_true(start_add_cap(&builder, "service", 32));
	assert_true(start_add_cap(&builder, "log.signal", 33));
	table = (const void *)at(page->capabilities);
	assert_int_equal(page->capability_count, 2);
	assert_string_equal(table[0].name, "service");
	assert_int_equal(table[0].slot, 32);
	assert_string_equal(table[1].name, "log.signal");
	assert_int_equal(table[1].slot, 33);
}

static void
a_full_table_and_a_long_name_are_refused(void **state)
{
	(void)state;
	assert_false(start_add_cap(&builder, "123456789012345678901234", 1));
	for (unsigned i = 0; i < START_CAPS_MAX; i++)
		assert_true(
			start_add_cap(&builder, "12345678901234567890123", i));
	assert_false(start_add_cap(&builder, "more", 1));
	assert_int_equal(page->capability_count, START_CAPS_MAX);
}

static void
strings_past_the_page_are_refused(void **state)
{
	static char text[START_BYTES];
	size_t room = START_BYTES - sizeof(*page) -
		START_CAPS_MAX * sizeof(struct start_capability);

	(void)state;
	assert_false(start_set_arguments(&builder, text, room + 1));
	assert_true(start_set_arguments(&builder, text, room));
	assert_false(start_set_environment(&builder, text, 1));
}

static void
numbers_are_decimal(void **state)
{
	char text[12];

	(void)state;
	start_put_number(text, 0);
	assert_string_equal(text, "0");
	start_put_number(text, 4294967295u);
	assert_string_equal(text, "4294967295");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_new_page_has_its_magic_and_holds_nothing, begin, end),
		cmocka_unit_test_setup_teardown(
			strings_are_counted_and_found, begin, end),
		cmocka_unit_test_setup_teardown(
			no_strings_are_none, begin, end),
		cmocka_unit_test_setup_teardown(
			capabilities_are_listed_in_order, begin, end),
		cmocka_unit_test_setup_teardown(
			a_full_table_and_a_long_name_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(
			strings_past_the_page_are_refused, begin, end),
		cmocka_unit_test(numbers_are_decimal),
	};

	return cmocka_run_group_tests_name("9ball_start", tests, NULL, NULL);
}
