/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes lib/toml with blocks of memory of exactly the size that its header
 * promises to suffice, and checks the tree or the error that comes out.
 */
#include "fuzz.h"

#include <string.h>

#include "toml.h"

static size_t
tree_walk(const struct toml_node *node)
{
	const struct toml_node *child;
	size_t count = 1;
	uint32_t children = 0;

	MUST(node->line >= 1 && node->column >= 1);
	MUST(node->depth <= TOML_DEPTH_MAX);
	for (child = toml_first(node); child; child = child->next) {
		MUST(child->depth == node->depth + 1);
		MUST((child->key != NULL) == (node->type == TOML_TABLE));
		if (child->key && strlen(child->key) == child->key_length)
			MUST(toml_get(node, child->key) == child);
		count += tree_walk(child);
		children++;
	}
	MUST(children == node->count);
	if (node->type >= TOML_FLOAT || node->type == TOML_STRING)
		MUST(node->value.text.bytes[node->value.text.length] == 0);
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct toml document = {
		.node_capacity = TOML_NODES_FOR(size),
		.arena_capacity = TOML_ARENA_FOR(size),
	};
	char message[300];
	int status;

	document.nodes =
		malloc(document.node_capacity * sizeof *document.nodes);
	document.arena = malloc(document.arena_capacity);
	MUST(document.nodes != NULL && document.arena != NULL);
	status = toml_parse(&document, (const char *)data, size);
	MUST(status != TOML_ERR_SPACE);
	MUST((status == TOML_OK) == (document.root != NULL));
	if (status == TOML_OK) {
		MUST(tree_walk(document.root) == document.node_count);
	} else {
		MUST(status == document.error.status && status < 0);
		MUST(toml_error_format(&document, message, sizeof message) ==
			strlen(message));
		MUST(strncmp(message, "line ", 5) == 0);
	}
	free(document.arena);
	free(document.nodes);
	return 0;
}
