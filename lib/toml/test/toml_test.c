/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of lib/toml: places and sentences of errors, accessors, limits
 * of memory and depth.  Which documents are valid, and what they mean, is
 * shown by compare.py against another parser.
 */
#include "toml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct toml_node nodes[256];
static char arena[4096];
static struct toml document;

static int
parse_bytes(const char *text, size_t length)
{
	/* A copy of exactly this size lets the sanitizer see overruns. */
	char *copy = malloc(length ? length : 1);
	int status;

	memcpy(copy, text, length);
	document = (struct toml){
		.nodes = nodes,
		.node_capacity = sizeof nodes / sizeof *nodes,
		.arena = arena,
		.arena_capacity = sizeof arena,
	};
	status = toml_parse(&document, copy, length);
	free(copy);
	return status;
}

static const struct toml_node *
parse(const char *text)
{
	assert_int_equal(parse_bytes(text, strlen(text)), TOML_OK);
	return document.root;
}

static void
values_are_found_by_key(void **state)
{
	const struct toml_node *root, *service;
	int64_t integer = 7;
	bool boolean = false;

	(void)state;
	root = parse("[service.gopher]\nimage = 'gopher'\nsize = 0x10_00\n"
		     "critical = true\nneeds = ['a', 'b']\n");
	service = toml_get(toml_get(root, "service"), "gopher");
	assert_string_equal(
		toml_string(toml_get(service, "image"), NULL), "gopher");
	assert_true(toml_integer(toml_get(service, "size"), &integer));
	assert_int_equal(integer, 0x1000);
	assert_true(toml_boolean(toml_get(service, "critical"), &boolean));
	assert_true(boolean);
	assert_int_equal(toml_get(service, "needs")->count, 2);
	assert_int_equal(service->count, 4);
}

static void
wrong_types_and_absent_keys_are_told_apart_from_values(void **state)
{
	const struct toml_node *root = parse("a = 1\nb = 'x'\nc = [1]\n"
					     "d = 1.5");
	int64_t integer = 7;
	bool boolean = true;

	(void)state;
	assert_null(toml_get(root, "e"));
	assert_null(toml_get(NULL, "a"));
	assert_null(toml_get(toml_get(root, "a"), "a"));
	assert_null(toml_get(toml_get(root, "c"), "a"));
	assert_null(toml_string(toml_get(root, "a"), NULL));
	assert_null(toml_string(toml_get(root, "d"), NULL));
	assert_null(toml_string(NULL, NULL));
	assert_false(toml_integer(toml_get(root, "b"), &integer));
	assert_false(toml_integer(toml_get(root, "d"), &integer));
	assert_false(toml_integer(NULL, &integer));
	assert_int_equal(integer, 7);
	assert_false(toml_boolean(toml_get(root, "a"), &boolean));
	assert_true(boolean);
	assert_null(toml_first(toml_get(root, "a")));
	assert_null(toml_first(NULL));
	assert_null(toml_at(root, 0));
}

static void
arrays_are_walked_in_order(void **state)
{
	const struct toml_node *array, *node;
	int64_t integer, expect = 1;

	(void)state;
	array = toml_get(parse("a = [1, 2, 3]"), "a");
	for (node = toml_first(array); node; node = node->next) {
		assert_true(toml_integer(node, &integer));
		assert_int_equal(integer, expect++);
		assert_null(node->key);
	}
	assert_int_equal(expect, 4);
	assert_true(toml_integer(toml_at(array, 2), &integer));
	assert_int_equal(integer, 3);
	assert_null(toml_at(array, 3));
	array = toml_get(parse("[[s]]\nx=1\n[[s]]\nx=2"), "s");
	assert_int_equal(array->count, 2);
	assert_true(toml_integer(toml_get(toml_at(array, 1), "x"), &integer));
	assert_int_equal(integer, 2);
}

static void
string_with_nul_is_not_taken_for_a_shorter_one(void **state)
{
	const struct toml_node *node;
	size_t length = 0;

	(void)state;
	node = toml_get(parse("a = \"x\\u0000y\""), "a");
	assert_null(toml_string(node, NULL));
	assert_memory_equal(toml_string(node, &length), "x\0y", 4);
	assert_int_equal(length, 3);
	assert_null(toml_get(parse("\"a\\u0000\" = 1"), "a"));
}

static void
nodes_know_where_they_stand(void **state)
{
	const struct toml_node *root, *node;

	(void)state;
	root = parse("a = 1\n\n[b]\n  c.x = ['\xc3\xa9', 2]\n");
	node = toml_get(root, "a");
	assert_int_equal(node->line, 1);
	assert_int_equal(node->column, 5);
	node = toml_get(root, "b");
	assert_int_equal(node->line, 3);
	assert_int_equal(node->column, 2);
	node = toml_get(toml_get(node, "c"), "x");
	assert_int_equal(node->line, 4);
	assert_int_equal(node->column, 9);
	node = toml_at(node, 1);
	assert_int_equal(node->line, 4);
	assert_int_equal(node->column, 15);
}

static void
errors_name_place_and_reason(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"a = 1\nb = \n", "line 2, column 5: a value is expected"},
		{"a = yes",
			"line 1, column 5: this is neither a number nor "
			"any other value (text needs quotes)"},
		{"a = 007",
			"line 1, column 5: a number may not begin with "
			"a zero"},
		{"x\n", "line 1, column 2: = is expected after a key"},
		{"a = 1\n\na = 2",
			"line 3, column 1: \"a\": this key is "
			"defined already (line 1)"},
		{"[s.x]\n[t]\n[s.x]",
			"line 3, column 4: \"x\": this table "
			"is defined already (line 1)"},
		{"a = {}\n[a.b]",
			"line 2, column 2: \"a\": this is a value "
			"already, nothing can be added to it "
			"(line 1)"},
		{"a = 'x", "line 1, column 5: the string is not closed"},
		{"a = \"x\n",
			"line 1, column 7: the string is not closed on "
			"its line"},
		{"a = \"\xc3\xa9\\q\"",
			"line 1, column 7: there is no such "
			"escape; write \\\\ for a backslash"},
		{"a = [1 2]",
			"line 1, column 8: a comma or ] is expected in "
			"this array"},
		{"a = [\n1,\n", "line 1, column 5: the array is not closed"},
		{"a = {b = 1\n}",
			"line 1, column 11: a comma or } is "
			"expected in this inline table, on the "
			"same line"},
		{"[a\n",
			"line 1, column 3: ] is expected after the name of "
			"a table"},
		{"a = 1 b", "line 1, column 7: the line should end here"},
		{"\n\nx = '\xff'",
			"line 3, column 6: the text is not valid "
			"UTF-8"},
		{"# a\x01",
			"line 1, column 4: control characters are not "
			"allowed"},
		{"a = 9223372036854775808",
			"line 1, column 5: the integer "
			"does not fit in 64 bits"},
		{"a = 1979-02-29",
			"line 1, column 5: this is no valid date "
			"or time"},
		{"!",
			"line 1, column 1: a key is expected (letters, digits, "
			"- and _, or quoted)"},
	};
	char message[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(
			parse_bytes(cases[i].text, strlen(cases[i].text)) < 0);
		assert_null(document.root);
		assert_int_equal(
			toml_error_format(&document, message, sizeof message),
			strlen(cases[i].message));
		assert_string_equal(message, cases[i].message);
	}
}

static void
errors_have_distinct_kinds(void **state)
{
	(void)state;
	assert_int_equal(parse_bytes("a", 1), TOML_ERR_SYNTAX);
	assert_int_equal(parse_bytes("\0", 1), TOML_ERR_ENCODING);
	assert_int_equal(parse_bytes("a=1\na=1", 7), TOML_ERR_DUPLICATE);
	assert_int_equal(
		parse_bytes("a=0x8000000000000000", 20), TOML_ERR_RANGE);
}

static void
message_is_cut_to_the_buffer(void **state)
{
	char message[10];
	size_t size;

	(void)state;
	parse_bytes("a", 1);
	for (size = 1; size <= sizeof message; size++) {
		memset(message, '?', sizeof message);
		assert_int_equal(
			toml_error_format(&document, message, size), size - 1);
		assert_memory_equal(message, "line 1, column", size - 1);
		assert_int_equal(message[size - 1], '\0');
	}
	assert_int_equal(toml_error_format(&document, message, 0), 0);
	parse("");
	assert_int_equal(toml_error_format(&document, message, 10), 0);
}

static void
depth_is_limited(void **state)
{
	char text[4 * TOML_DEPTH_MAX];
	size_t depth, i, length;

	(void)state;
	for (depth = 1; depth <= TOML_DEPTH_MAX + 1; depth++) {
		length = 0;
		text[length++] = 'a';
		text[length++] = '=';
		for (i = 0; i < depth; i++)
			text[length++] = '[';
		for (i = 0; i < depth; i++)
			text[length++] = ']';
		assert_int_equal(parse_bytes(text, length),
			depth > TOML_DEPTH_MAX ? TOML_ERR_DEPTH : TOML_OK);
		for (i = 0; i < depth; i++)
			memcpy(text + 2 * i, "a.", 2);
		memcpy(text + 2 * depth - 1, "=1", 2);
		assert_int_equal(parse_bytes(text, 2 * depth + 1),
			depth > TOML_DEPTH_MAX ? TOML_ERR_DEPTH : TOML_OK);
	}
}

/* With any less memory than it takes, the parser says so and stays inside. */
static void
lack_of_memory_is_an_error(void **state)
{
	static const char text[] =
		"[a.b]\nc = 'text'\nd = [1, 2.5, {e = \"\\u00e9\"}]\n[[f]]\n"
		"[[f]]\ng.h = 1979-05-27\n";
	size_t need_nodes, need_arena, i;

	(void)state;
	parse(text);
	need_nodes = document.node_count;
	need_arena = document.arena_used;
	assert_true(need_nodes <= TOML_NODES_FOR(sizeof text - 1));
	assert_true(need_arena <= TOML_ARENA_FOR(sizeof text - 1));
	for (i = 0; i <= need_nodes; i++) {
		document.nodes = malloc(i * sizeof *nodes + 1);
		document.node_capacity = i;
		assert_int_equal(toml_parse(&document, text, sizeof text - 1),
			i < need_nodes ? TOML_ERR_SPACE : TOML_OK);
		free(document.nodes);
	}
	document.nodes = nodes;
	for (i = 0; i <= need_arena; i++) {
		document.arena = malloc(i ? i : 1);
		document.arena_capacity = i;
		assert_int_equal(toml_parse(&document, text, sizeof text - 1),
			i < need_arena ? TOML_ERR_SPACE : TOML_OK);
		free(document.arena);
	}
}

static void
types_have_names(void **state)
{
	(void)state;
	assert_string_equal(toml_type_name(TOML_TABLE), "table");
	assert_string_equal(toml_type_name(TOML_LOCAL_TIME), "time");
	assert_string_equal(toml_type_name((enum toml_type)99), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_found_by_key),
		cmocka_unit_test(
			wrong_types_and_absent_keys_are_told_apart_from_values),
		cmocka_unit_test(arrays_are_walked_in_order),
		cmocka_unit_test(
			string_with_nul_is_not_taken_for_a_shorter_one),
		cmocka_unit_test(nodes_know_where_they_stand),
		cmocka_unit_test(errors_name_place_and_reason),
		cmocka_unit_test(errors_have_distinct_kinds),
		cmocka_unit_test(message_is_cut_to_the_buffer),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(lack_of_memory_is_an_error),
		cmocka_unit_test(types_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
