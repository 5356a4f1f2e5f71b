/* SPDX-License-Identifier: MIT */
/*
 * Values: strings, arrays, inline tables, and the way to the scalars.  The
 * recursion of arrays and inline tables is bounded by TOML_DEPTH_MAX, since
 * each level first adds a node, which counts the depth.
 */
#include "toml_parser.h"

/* Blanks, line breaks and comments, as they may stand inside an array. */
static void
filling_skip(struct parser *parser)
{
	do {
		toml_blanks_skip(parser);
		toml_comment_skip(parser);
	} while (toml_newline_take(parser));
}

static bool
array_read(struct parser *parser, struct toml_node *array)
{
	size_t start = parser->at++;

	array->type = TOML_ARRAY;
	for (;;) {
		filling_skip(parser);
		if (peek(parser, 0) == ']')
			break;
		if (peek(parser, 0) == -1)
			return toml_fail(parser, TOML_ERR_SYNTAX, start,
				"the array is not closed");
		if (!toml_value_read(parser, array, NULL))
			return false;
		filling_skip(parser);
		if (peek(parser, 0) == ',')
			parser->at++;
		else if (peek(parser, 0) != ']')
			return toml_fail(parser, TOML_ERR_SYNTAX, parser->at,
				"a comma or ] is "
				"expected in this array");
	}
	parser->at++;
	return true;
}

static bool
inline_table_read(struct parser *parser, struct toml_node *table)
{
	parser->at++;
	toml_blanks_skip(parser);
	if (peek(parser, 0) == '}') {
		parser->at++;
		table->flags |= NODE_FROZEN;
		return true;
	}
	for (;;) {
		if (!toml_pair_read(parser, table))
			return false;
		toml_blanks_skip(parser);
		if (peek(parser, 0) != ',')
			break;
		parser->at++;
		toml_blanks_skip(parser);
	}
	if (peek(parser, 0) != '}')
		return toml_fail(parser, TOML_ERR_SYNTAX, parser->at,
			"a comma or } is expected in this inline "
			"table, on the same line");
	parser->at++;
	table->flags |= NODE_FROZEN;
	return true;
}

bool
toml_value_read(
	struct parser *parser, struct toml_node *parent, const struct key *key)
{
	struct toml_node *node = toml_node_add(parser, parent, key, parser->at);
	struct toml_text text;

	if (node == NULL)
		return false;
	switch (peek(parser, 0)) {
	case '"':
	case '\'':
		node->type = TOML_STRING;
		if (!toml_string_read(parser, true, &text))
			return false;
		node->value.text.bytes = text.bytes;
		node->value.text.length = text.length;
		return true;
	case '[':
		return array_read(parser, node);
	case '{':
		return inline_table_read(parser, node);
	default:
		return toml_scalar_read(parser, node);
	}
}
