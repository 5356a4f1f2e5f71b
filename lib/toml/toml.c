/* SPDX-License-Identifier: MIT */
/*
 * The document level of the TOML parser: lines, headers, dotted keys, and
 * the tree that they build.  What may define what is decided by the flags
 * of a node (enum node_flag):
 *
 *   made by               dotted keys enter     headers enter    [again]
 *   header, as last part  no                    yes              no
 *   header, on the way    yes, becomes dotted   yes              yes
 *   dotted key            yes                   yes              no
 *   inline table, array   no                    no               no
 *   [[header]]            no                    last element     [[]] only
 *
 * The root counts as entered by nobody: it is the first current table.
 */
#include "toml.h"

#include <string.h>

#include "toml_parser.h"

static struct toml_node *
child_find(const struct toml_node *table, const char *key, size_t length)
{
	struct toml_node *node;

	for (node = table->value.children.first; node; node = node->next) {
		if (node->key_length == length &&
			memcmp(node->key, key, length) == 0)
			return node;
	}
	return NULL;
}

/* A new node is an empty table until its value is known. */
struct toml_node *
toml_node_add(struct parser *parser, struct toml_node *parent,
	const struct key *key, size_t at)
{
	struct toml *document = parser->document;
	struct toml_node *node;

	if (parent->depth == TOML_DEPTH_MAX) {
		toml_fail(parser, TOML_ERR_DEPTH, at,
			"this is nested too deeply");
		return NULL;
	}
	if (document->node_count == document->node_capacity) {
		toml_fail(parser, TOML_ERR_SPACE, at,
			"there is no memory for more values");
		return NULL;
	}
	node = &document->nodes[document->node_count++];
	memset(node, 0, sizeof *node);
	node->depth = (uint8_t)(parent->depth + 1);
	toml_place(parser, at, &node->line, &node->column);
	if (key != NULL) {
		node->key = key->name.bytes;
		node->key_length = (uint32_t)key->name.length;
	}
	if (parent->value.children.last != NULL)
		parent->value.children.last->next = node;
	else
		parent->value.children.first = node;
	parent->value.children.last = node;
	parent->count++;
	return node;
}

static bool
key_fail(struct parser *parser, const struct key *key,
	const struct toml_node *earlier, const char *sentence)
{
	struct toml_error *error = &parser->document->error;

	error->key = key->name.bytes;
	error->key_length = (uint32_t)key->name.length;
	error->other_line = earlier->line;
	return toml_fail(parser, TOML_ERR_DUPLICATE, key->at, sentence);
}

/* The table that a part of a dotted key leads to, made if need be. */
static struct toml_node *
dotted_enter(
	struct parser *parser, struct toml_node *table, const struct key *key)
{
	struct toml_node *node;

	node = child_find(table, key->name.bytes, key->name.length);
	if (node == NULL) {
		node = toml_node_add(parser, table, key, key->at);
		if (node != NULL)
			node->flags |= NODE_DOTTED;
		return node;
	}
	if (node->type != TOML_TABLE || (node->flags & NODE_FROZEN)) {
		key_fail(parser, key, node,
			"this is a value already, nothing can be added to it");
		return NULL;
	}
	if (node->flags & NODE_EXPLICIT) {
		key_fail(parser, key, node,
			"this table has a header of its own, a dotted key "
			"cannot add to it");
		return NULL;
	}
	node->flags |= NODE_DOTTED;
	parser->document->arena_used = key->arena_before;
	return node;
}

bool
toml_pair_read(struct parser *parser, struct toml_node *table)
{
	struct toml_node *earlier;
	struct key key;

	if (!toml_key_read(parser, &key))
		return false;
	while (peek(parser, 0) == '.') {
		table = dotted_enter(parser, table, &key);
		if (table == NULL)
			return false;
		parser->at++;
		toml_blanks_skip(parser);
		if (!toml_key_read(parser, &key))
			return false;
	}
	if (peek(parser, 0) != '=')
		return toml_fail(parser, TOML_ERR_SYNTAX, parser->at,
			"= is expected after a key");
	parser->at++;
	toml_blanks_skip(parser);
	earlier = child_find(table, key.name.bytes, key.name.length);
	if (earlier != NULL)
		return key_fail(
			parser, &key, earlier, "this key is defined already");
	return toml_value_read(parser, table, &key);
}

/* The table that a part of a header on the way leads to. */
static struct toml_node *
header_enter(
	struct parser *parser, struct toml_node *table, const struct key *key)
{
	struct toml_node *node;

	node = child_find(table, key->name.bytes, key->name.length);
	if (node == NULL)
		return toml_node_add(parser, table, key, key->at);
	if (node->flags & NODE_TABLES) {
		parser->document->arena_used = key->arena_before;
		return node->value.children.last;
	}
	if (node->type != TOML_TABLE || (node->flags & NODE_FROZEN)) {
		key_fail(parser, key, node,
			"this is a value already, nothing can be added to it");
		return NULL;
	}
	parser->document->arena_used = key->arena_before;
	return node;
}

/* The last part of [header]. */
static struct toml_node *
table_define(
	struct parser *parser, struct toml_node *parent, const struct key *key)
{
	struct toml_node *node;

	node = child_find(parent, key->name.bytes, key->name.length);
	if (node == NULL) {
		node = toml_node_add(parser, parent, key, key->at);
	} else if (node->type == TOML_TABLE && node->flags == 0) {
		parser->document->arena_used = key->arena_before;
		toml_place(parser, key->at, &node->line, &node->column);
	} else {
		key_fail(parser, key, node, "this table is defined already");
		return NULL;
	}
	if (node != NULL)
		node->flags |= NODE_EXPLICIT;
	return node;
}

/* The last part of [[header]]: a further element. */
static struct toml_node *
element_define(
	struct parser *parser, struct toml_node *parent, const struct key *key)
{
	struct toml_node *array, *node;

	array = child_find(parent, key->name.bytes, key->name.length);
	if (array == NULL) {
		array = toml_node_add(parser, parent, key, key->at);
		if (array == NULL)
			return NULL;
		array->type = TOML_ARRAY;
		array->flags = NODE_TABLES;
	} else if (array->flags & NODE_TABLES) {
		parser->document->arena_used = key->arena_before;
	} else {
		key_fail(parser, key, array,
			"this is defined already, and not by [[...]]");
		return NULL;
	}
	node = toml_node_add(parser, array, NULL, key->at);
	if (node != NULL)
		node->flags |= NODE_EXPLICIT;
	return node;
}

/* A whole header; gives the table that the next lines belong to. */
static struct toml_node *
header_read(struct parser *parser, struct toml_node *root)
{
	struct toml_node *table = root;
	struct key key;
	bool element = peek(parser, 1) == '[';

	parser->at += element ? 2 : 1;
	toml_blanks_skip(parser);
	if (!toml_key_read(parser, &key))
		return NULL;
	while (peek(parser, 0) == '.') {
		table = header_enter(parser, table, &key);
		if (table == NULL)
			return NULL;
		parser->at++;
		toml_blanks_skip(parser);
		if (!toml_key_read(parser, &key))
			return NULL;
	}
	if (peek(parser, 0) != ']' || (element && peek(parser, 1) != ']')) {
		toml_fail(parser, TOML_ERR_SYNTAX, parser->at,
			element ? "]] is expected after the name of an "
				  "array of tables"
				: "] is expected after the name of a "
				  "table");
		return NULL;
	}
	parser->at += element ? 2 : 1;
	return element ? element_define(parser, table, &key)
		       : table_define(parser, table, &key);
}

static bool
line_end_take(struct parser *parser)
{
	toml_blanks_skip(parser);
	toml_comment_skip(parser);
	if (parser->at == parser->length || toml_newline_take(parser))
		return true;
	return toml_fail(parser, TOML_ERR_SYNTAX, parser->at,
		"the line should end here");
}

static bool
document_read(struct parser *parser, struct toml_node *root)
{
	struct toml_node *table = root;
	int c;

	while (parser->at < parser->length) {
		toml_blanks_skip(parser);
		c = peek(parser, 0);
		if (c == '[') {
			table = header_read(parser, root);
			if (table == NULL)
				return false;
		} else if (c != '#' && c != '\n' && c != '\r' && c != -1) {
			if (!toml_pair_read(parser, table))
				return false;
		}
		if (!line_end_take(parser))
			return false;
	}
	return true;
}

int
toml_parse(struct toml *document, const char *text, size_t length)
{
	struct parser parser = {
		.document = document,
		.text = (const uint8_t *)text,
		.length = length,
		.mark_line = 1,
		.mark_column = 1,
	};
	struct toml_node *root = document->nodes;

	document->node_count = 0;
	document->arena_used = 0;
	document->root = NULL;
	memset(&document->error, 0, sizeof document->error);
	if (document->node_capacity == 0) {
		toml_fail(&parser, TOML_ERR_SPACE, 0,
			"there is no memory for any value");
		return TOML_ERR_SPACE;
	}
	memset(root, 0, sizeof *root);
	root->line = 1;
	root->column = 1;
	document->node_count = 1;
	if (!toml_encoding_check(&parser))
		return document->error.status;
	if (!document_read(&parser, root))
		return document->error.status;
	document->root = root;
	return TOML_OK;
}
