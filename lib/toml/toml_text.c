/* SPDX-License-Identifier: MIT */
/*
 * The lexical layer of the TOML parser: places for error messages, the
 * check of the encoding, blanks and comments, strings and keys.  Since
 * toml_encoding_check runs first, the rest may take for granted that a byte of
 * 0x80 or more belongs to a valid character, that the only control
 * characters are tab and line feed, and that a carriage return is followed
 * by a line feed.
 */
#include <string.h>

#include "toml_parser.h"

bool
toml_fail(struct parser *parser, int status, size_t at, const char *sentence)
{
	struct toml_error *error = &parser->document->error;

	error->status = status;
	error->sentence = sentence;
	toml_place(parser, at, &error->line, &error->column);
	return false;
}

void
toml_place(struct parser *parser, size_t at, uint32_t *line, uint32_t *column)
{
	uint8_t c;

	if (at < parser->mark) {
		parser->mark = 0;
		parser->mark_line = 1;
		parser->mark_column = 1;
	}
	for (; parser->mark < at; parser->mark++) {
		c = parser->text[parser->mark];
		if (c == '\n') {
			parser->mark_line++;
			parser->mark_column = 1;
		} else if ((c & 0xc0) != 0x80) {
			parser->mark_column++;
		}
	}
	*line = parser->mark_line;
	*column = parser->mark_column;
}

/* Bytes of the UTF-8 character that begins here, or 0 if it is none. */
static size_t
character_length(const uint8_t *text, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t i, count;
	uint32_t code;

	if (text[0] < 0x80)
		return 1;
	if (text[0] < 0xc2 || text[0] > 0xf4)
		return 0;
	count = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	if (count > left)
		return 0;
	code = text[0] & (0x7fu >> count);
	for (i = 1; i < count; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3fu);
	}
	if (code < least[count] || code > 0x10ffff ||
		(code >= 0xd800 && code <= 0xdfff))
		return 0;
	return count;
}

bool
toml_encoding_check(struct parser *parser)
{
	const uint8_t *text = parser->text;
	size_t at, count, left;

	for (at = 0; at < parser->length; at += count) {
		left = parser->length - at;
		count = character_length(text + at, left);
		if (count == 0)
			return toml_fail(parser, TOML_ERR_ENCODING, at,
				"the text is not valid UTF-8");
		if (text[at] == '\r' && left > 1 && text[at + 1] == '\n')
			continue;
		if ((text[at] < 0x20 && text[at] != '\t' && text[at] != '\n') ||
			text[at] == 0x7f)
			return toml_fail(parser, TOML_ERR_ENCODING, at,
				"control characters are not "
				"allowed");
	}
	return true;
}

void
toml_blanks_skip(struct parser *parser)
{
	while (peek(parser, 0) == ' ' || peek(parser, 0) == '\t')
		parser->at++;
}

bool
toml_newline_take(struct parser *parser)
{
	if (peek(parser, 0) == '\n')
		parser->at++;
	else if (peek(parser, 0) == '\r')
		parser->at += 2;
	else
		return false;
	return true;
}

void
toml_comment_skip(struct parser *parser)
{
	int c;

	if (peek(parser, 0) != '#')
		return;
	while ((c = peek(parser, 0)) != -1 && c != '\n' && c != '\r')
		parser->at++;
}

bool
toml_arena_put(struct parser *parser, char c)
{
	struct toml *document = parser->document;

	if (document->arena_used >= document->arena_capacity)
		return toml_fail(parser, TOML_ERR_SPACE, parser->at,
			"there is no memory for more text");
	document->arena[document->arena_used++] = c;
	return true;
}

bool
toml_arena_copy(
	struct parser *parser, size_t at, size_t length, struct toml_text *out)
{
	struct toml *document = parser->document;

	if (length >= document->arena_capacity - document->arena_used)
		return toml_fail(parser, TOML_ERR_SPACE, at,
			"there is no memory for more text");
	out->bytes = document->arena + document->arena_used;
	out->length = length;
	memcpy(document->arena + document->arena_used, parser->text + at,
		length);
	document->arena_used += length;
	return toml_arena_put(parser, '\0');
}

static int
hex_value(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
character_put(struct parser *parser, uint32_t code)
{
	static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	unsigned i, count;

	if (code < 0x80)
		return toml_arena_put(parser, (char)code);
	count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	if (!toml_arena_put(
		    parser, (char)(lead[count] | code >> 6 * (count - 1))))
		return false;
	for (i = count - 1; i-- > 0;) {
		if (!toml_arena_put(
			    parser, (char)(0x80 | (code >> 6 * i & 0x3f))))
			return false;
	}
	return true;
}

/* \uXXXX or \UXXXXXXXX, the parser standing on the backslash. */
static bool
unicode_escape_read(struct parser *parser, size_t digits)
{
	uint32_t code = 0;
	size_t i;
	int value;

	for (i = 0; i < digits; i++) {
		value = hex_value(peek(parser, 2 + i));
		if (value < 0)
			return toml_fail(parser, TOML_ERR_SYNTAX, parser->at,
				digits == 4 ? "\\u takes four hex digits"
					    : "\\U takes eight hex digits");
		code = code << 4 | (uint32_t)value;
	}
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return toml_fail(parser, TOML_ERR_RANGE, parser->at,
			"there is no Unicode character of this "
			"number");
	parser->at += 2 + digits;
	return character_put(parser, code);
}

/*
 * A backslash at the end of a line swallows the line break and all blanks
 * and line breaks that follow.  False, without an error, if it is not one.
 */
static bool
line_continuation_take(struct parser *parser)
{
	size_t start = parser->at;

	parser->at++;
	toml_blanks_skip(parser);
	if (!toml_newline_take(parser)) {
		parser->at = start;
		return false;
	}
	do
		toml_blanks_skip(parser);
	while (toml_newline_take(parser));
	return true;
}

static bool
escape_read(struct parser *parser, bool multi_line)
{
	static const char from[] = "btnfr\"\\";
	static const char to[] = "\b\t\n\f\r\"\\";
	size_t i;
	int c = peek(parser, 1);

	if (c == 'u')
		return unicode_escape_read(parser, 4);
	if (c == 'U')
		return unicode_escape_read(parser, 8);
	for (i = 0; i < sizeof from - 1; i++) {
		if (c == from[i]) {
			parser->at += 2;
			return toml_arena_put(parser, to[i]);
		}
	}
	if (multi_line && line_continuation_take(parser))
		return true;
	return toml_fail(parser, TOML_ERR_SYNTAX, parser->at,
		"there is no such escape; write \\\\ for a "
		"backslash");
}

/*
 * Quotes in a string of several lines: one or two are text, three end it,
 * and up to two more before those are text.  Sets *closed at the end.
 */
static bool
quotes_read(struct parser *parser, int quote, bool *closed)
{
	size_t i, count = 1;

	while (count < 5 && peek(parser, count) == quote)
		count++;
	parser->at += count;
	*closed = count >= 3;
	for (i = *closed ? 3 : 0; i < count; i++) {
		if (!toml_arena_put(parser, (char)quote))
			return false;
	}
	return true;
}

/* One element of a string's inside; sets *closed when it was the end. */
static bool
string_step(struct parser *parser, int quote, bool multi_line, bool *closed)
{
	int c = peek(parser, 0);

	if (c == quote && multi_line)
		return quotes_read(parser, quote, closed);
	if (c == quote) {
		parser->at++;
		*closed = true;
		return true;
	}
	if (c == '\\' && quote == '"')
		return escape_read(parser, multi_line);
	if (c == '\n' || c == '\r') {
		if (!multi_line)
			return toml_fail(parser, TOML_ERR_SYNTAX, parser->at,
				"the string is not "
				"closed on its line");
		toml_newline_take(parser);
		return toml_arena_put(parser, '\n');
	}
	parser->at++;
	return toml_arena_put(parser, (char)c);
}

bool
toml_string_read(
	struct parser *parser, bool may_span_lines, struct toml_text *out)
{
	struct toml *document = parser->document;
	size_t start = parser->at, begin = document->arena_used;
	int quote = peek(parser, 0);
	bool closed = false;
	bool multi_line = may_span_lines && peek(parser, 1) == quote &&
		peek(parser, 2) == quote;

	parser->at += multi_line ? 3 : 1;
	if (multi_line)
		toml_newline_take(parser);
	while (!closed) {
		if (parser->at == parser->length)
			return toml_fail(parser, TOML_ERR_SYNTAX, start,
				"the string is not closed");
		if (!string_step(parser, quote, multi_line, &closed))
			return false;
	}
	out->bytes = document->arena + begin;
	out->length = document->arena_used - begin;
	return toml_arena_put(parser, '\0');
}

static bool
is_bare_key(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool
toml_key_read(struct parser *parser, struct key *out)
{
	size_t start = parser->at;
	bool good;

	out->at = start;
	out->arena_before = parser->document->arena_used;
	if (peek(parser, 0) == '"' || peek(parser, 0) == '\'') {
		good = toml_string_read(parser, false, &out->name);
	} else {
		while (is_bare_key(peek(parser, 0)))
			parser->at++;
		if (parser->at == start)
			return toml_fail(parser, TOML_ERR_SYNTAX, start,
				"a key is expected (letters, "
				"digits, - and _, or quoted)");
		good = toml_arena_copy(
			parser, start, parser->at - start, &out->name);
	}
	toml_blanks_skip(parser);
	return good;
}
