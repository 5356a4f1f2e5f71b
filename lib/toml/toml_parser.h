/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the TOML parser share: the parser's state and the
 * functions that pass between its files.  A function that returns false has
 * recorded the error; nobody goes on after that.  Private to lib/toml.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toml.h"

enum node_flag {
	/* Made by [header] or [[header]]: cannot be made again. */
	NODE_EXPLICIT = 1,
	/* Made or entered by a dotted key: cannot be made by a header. */
	NODE_DOTTED = 2,
	/* An inline table: complete, nothing can be added. */
	NODE_FROZEN = 4,
	/* An array of tables: headers add to its last element. */
	NODE_TABLES = 8,
};

struct parser {
	struct toml *document;
	const uint8_t *text;
	size_t length;
	size_t at; /* <= length */
	/* Line and column of a place passed earlier, to count on from. */
	size_t mark;
	uint32_t mark_line;
	uint32_t mark_column;
};

struct toml_text {
	const char *bytes;
	size_t length;
};

/* One part of a key, its bytes in the arena. */
struct key {
	struct toml_text name;
	size_t at;	     /* in the text */
	size_t arena_before; /* to give the bytes back */
};

/* The character `ahead` of here, or -1 behind the end. */
static inline int
peek(const struct parser *parser, size_t ahead)
{
	if (ahead >= parser->length - parser->at)
		return -1;
	return parser->text[parser->at + ahead];
}

/* toml_text.c: errors, places, characters, strings, keys */

bool toml_fail(
	struct parser *parser, int status, size_t at, const char *sentence);

void toml_place(
	struct parser *parser, size_t at, uint32_t *line, uint32_t *column);

/* Is all of the text UTF-8 without stray control characters? */
bool toml_encoding_check(struct parser *parser);

void toml_blanks_skip(struct parser *parser);

/* Take one line break; false (no error) if there is none. */
bool toml_newline_take(struct parser *parser);

void toml_comment_skip(struct parser *parser);

bool toml_arena_put(struct parser *parser, char c);

/* Copy text[at, at + length) into the arena, with a NUL. */
bool toml_arena_copy(
	struct parser *parser, size_t at, size_t length, struct toml_text *out);

/* A string whose opening quote is next. */
bool toml_string_read(
	struct parser *parser, bool may_span_lines, struct toml_text *out);

/* One part of a key, and the blanks behind it. */
bool toml_key_read(struct parser *parser, struct key *out);

/* toml_value.c */

/* A value, added to the table under the key, or to the array (key NULL). */
bool toml_value_read(
	struct parser *parser, struct toml_node *parent, const struct key *key);

/* toml_scalar.c */

/* Numbers, booleans, dates and times; fills the node's type and value. */
bool toml_scalar_read(struct parser *parser, struct toml_node *node);

/* toml.c: the tree */

struct toml_node *toml_node_add(struct parser *parser, struct toml_node *parent,
	const struct key *key, size_t at);

/* Take "key.key = value" and add it to a table. */
bool toml_pair_read(struct parser *parser, struct toml_node *table);
