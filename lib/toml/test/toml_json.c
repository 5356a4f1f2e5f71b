/* SPDX-License-Identifier: MIT */
/*
 * Prints parsed TOML as JSON, for the comparison with another parser
 * (compare.py).  Standard input carries documents, each as its length in
 * decimal, a line feed, and that many bytes; for each one line is printed:
 * {"ok": tree} or {"error": [status, line, column, sentence]}.  A value in a
 * tree is [type, text], a table an object, an array a list.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toml.h"

static void
print_string(const char *text, size_t length)
{
	size_t i;
	unsigned char c;

	putchar('"');
	for (i = 0; i < length; i++) {
		c = (unsigned char)text[i];
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void
print_scalar(const struct toml_node *node)
{
	printf("[\"%s\",", toml_type_name((enum toml_type)node->type));
	if (node->type == TOML_INTEGER)
		printf("\"%" PRId64 "\"", node->value.integer);
	else if (node->type == TOML_BOOLEAN)
		printf("\"%s\"", node->value.boolean ? "true" : "false");
	else
		print_string(node->value.text.bytes, node->value.text.length);
	printf("]");
}

static void
print_node(const struct toml_node *node)
{
	const struct toml_node *child;
	const char *ends = node->type == TOML_TABLE ? "{}" : "[]";

	if (node->type != TOML_TABLE && node->type != TOML_ARRAY) {
		print_scalar(node);
		return;
	}
	printf("%c%s", ends[0], node->type == TOML_ARRAY ? "\"array\"" : "");
	for (child = toml_first(node); child; child = child->next) {
		if (child != toml_first(node) || node->type == TOML_ARRAY)
			putchar(',');
		if (node->type == TOML_TABLE) {
			print_string(child->key, child->key_length);
			putchar(':');
		}
		print_node(child);
	}
	putchar(ends[1]);
}

static void
convert(const char *text, size_t length)
{
	struct toml document = {
		.node_capacity = TOML_NODES_FOR(length),
		.arena_capacity = TOML_ARENA_FOR(length),
	};
	const struct toml_error *error = &document.error;

	document.nodes = calloc(document.node_capacity, sizeof *document.nodes);
	document.arena = malloc(document.arena_capacity);
	if (toml_parse(&document, text, length) == TOML_OK) {
		printf("{\"ok\":");
		print_node(document.root);
	} else {
		printf("{\"error\":[%d,%u,%u,", error->status, error->line,
			error->column);
		print_string(error->sentence, strlen(error->sentence));
		putchar(']');
	}
	puts("}");
	free(document.nodes);
	free(document.arena);
}

int
main(void)
{
	size_t length;
	char *text;

	while (scanf("%zu", &length) == 1 && getchar() == '\n') {
		text = malloc(length ? length : 1);
		if (text == NULL || fread(text, 1, length, stdin) != length)
			return EXIT_FAILURE;
		convert(text, length);
		free(text);
	}
	return EXIT_SUCCESS;
}
