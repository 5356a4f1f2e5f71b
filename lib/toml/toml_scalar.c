/* SPDX-License-Identifier: MIT */
/*
 * Booleans, numbers, dates and times.  The characters up to the next
 * delimiter are taken as one word, and the whole word must have one of the
 * forms that TOML knows.  A date and a time may be joined by a space: the one
 * case where a word continues behind a blank.
 */
#include <string.h>

#include "toml_parser.h"

struct word {
	const uint8_t *text;
	size_t length;
	size_t at; /* how much was understood */
};

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word_character(int c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z') || c == '+' || c == '-' || c == '_' ||
		c == '.' || c == ':';
}

static int
word_peek(const struct word *word, size_t ahead)
{
	if (ahead >= word->length - word->at)
		return -1;
	return word->text[word->at + ahead];
}

static bool
word_take(struct word *word, int c)
{
	if (word_peek(word, 0) != c)
		return false;
	word->at++;
	return true;
}

static bool
word_is(const struct word *word, const char *text)
{
	return word->length == strlen(text) &&
		memcmp(word->text, text, word->length) == 0;
}

/* Digits, single underscores between them; false if there is no digit. */
static bool
digits_take(struct word *word)
{
	if (!is_digit(word_peek(word, 0)))
		return false;
	while (is_digit(word_peek(word, 0)) ||
		(word_peek(word, 0) == '_' && is_digit(word_peek(word, 1))))
		word->at++;
	return true;
}

/* Exactly `count` digits with a value from low to high. */
static bool
field_take(struct word *word, unsigned count, unsigned low, unsigned high)
{
	unsigned i, value = 0;

	for (i = 0; i < count; i++) {
		if (!is_digit(word_peek(word, 0)))
			return false;
		value = value * 10 + (unsigned)word->text[word->at++] - '0';
	}
	return value >= low && value <= high;
}

static unsigned
number_at(const uint8_t *text, unsigned count)
{
	unsigned value = 0;

	while (count-- > 0)
		value = value * 10 + (unsigned)*text++ - '0';
	return value;
}

/* Year 0 is refused like any date that no calendar has. */
static bool
date_take(struct word *word)
{
	static const uint8_t days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const uint8_t *start = word->text + word->at;
	unsigned year, month, last;
	bool leap;

	if (!field_take(word, 4, 1, 9999) || !word_take(word, '-') ||
		!field_take(word, 2, 1, 12) || !word_take(word, '-'))
		return false;
	year = number_at(start, 4);
	month = number_at(start + 5, 2);
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	last = days[month - 1] + (month == 2 && leap ? 1u : 0u);
	return field_take(word, 2, 1, last);
}

/* Seconds are required, and a leap second is refused. */
static bool
time_take(struct word *word)
{
	if (!field_take(word, 2, 0, 23) || !word_take(word, ':') ||
		!field_take(word, 2, 0, 59) || !word_take(word, ':') ||
		!field_take(word, 2, 0, 59))
		return false;
	if (!word_take(word, '.'))
		return true;
	if (!is_digit(word_peek(word, 0)))
		return false;
	while (is_digit(word_peek(word, 0)))
		word->at++;
	return true;
}

static bool
offset_take(struct word *word)
{
	if (word_take(word, 'Z') || word_take(word, 'z'))
		return true;
	return (word_take(word, '+') || word_take(word, '-')) &&
		field_take(word, 2, 0, 23) && word_take(word, ':') &&
		field_take(word, 2, 0, 59);
}

static bool
looks_like_date(const struct word *word)
{
	return word->length > 4 && is_digit(word->text[0]) &&
		is_digit(word->text[1]) && is_digit(word->text[2]) &&
		is_digit(word->text[3]) && word->text[4] == '-';
}

static bool
looks_like_time(const struct word *word)
{
	return word->length > 2 && is_digit(word->text[0]) &&
		is_digit(word->text[1]) && word->text[2] == ':';
}

static bool
date_and_time_parse(struct word *word, struct toml_node *node)
{
	if (looks_like_time(word)) {
		node->type = TOML_LOCAL_TIME;
		return time_take(word);
	}
	node->type = TOML_LOCAL_DATE;
	if (!date_take(word))
		return false;
	if (word_peek(word, 0) == -1)
		return true;
	if (!word_take(word, 'T') && !word_take(word, 't') &&
		!word_take(word, ' '))
		return false;
	node->type = TOML_LOCAL_DATETIME;
	if (!time_take(word))
		return false;
	if (word_peek(word, 0) == -1)
		return true;
	node->type = TOML_DATETIME;
	return offset_take(word);
}

/* Base 16, 8 or 2 behind its prefix; *fits is false for more than 63 bits. */
static bool
based_integer_parse(struct word *word, unsigned shift, int64_t *out, bool *fits)
{
	uint64_t value = 0;
	unsigned digit;
	bool after_digit = false;
	int c;

	for (; (c = word_peek(word, 0)) != -1; word->at++) {
		if (c == '_' && after_digit) {
			after_digit = false;
			continue;
		}
		if (is_digit(c))
			digit = (unsigned)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (unsigned)((c | 0x20) - 'a' + 10);
		else
			return false;
		if (digit >> shift != 0)
			return false;
		if (value >> (63 - shift) != 0)
			*fits = false;
		value = value << shift | digit;
		after_digit = true;
	}
	*out = (int64_t)value;
	return after_digit;
}

/* The value of decimal digits that were checked to be such. */
static bool
decimal_value(const struct word *word, int64_t *out)
{
	bool negative = word->text[0] == '-';
	uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
	uint64_t value = 0;
	unsigned digit;
	size_t i;

	for (i = 0; i < word->length; i++) {
		if (!is_digit(word->text[i]))
			continue;
		digit = (unsigned)word->text[i] - '0';
		if (value > (limit - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	/* Negate as unsigned: the smallest has no positive counterpart. */
	*out = (int64_t)(negative ? 0 - value : value);
	return true;
}

/* Sign, digits, perhaps fraction and exponent; says whether it is a float. */
static bool
decimal_parse(struct word *word, bool *is_float)
{
	*is_float = false;
	if (!word_take(word, '+'))
		word_take(word, '-');
	if (word_peek(word, 0) == '0')
		word->at++;
	else if (!digits_take(word))
		return false;
	if (word_take(word, '.')) {
		*is_float = true;
		if (!digits_take(word))
			return false;
	}
	if (word_take(word, 'e') || word_take(word, 'E')) {
		*is_float = true;
		if (!word_take(word, '+'))
			word_take(word, '-');
		if (!digits_take(word))
			return false;
	}
	return word->at == word->length;
}

static bool
number_read(struct parser *parser, struct word *word, size_t at,
	struct toml_node *node)
{
	int prefix =
		word->length > 1 && word->text[0] == '0' ? word->text[1] : 0;
	bool good, fits = true, is_float = false;

	node->type = TOML_INTEGER;
	if (prefix == 'x' || prefix == 'o' || prefix == 'b') {
		word->at = 2;
		good = based_integer_parse(word,
			prefix == 'x'		? 4
				: prefix == 'o' ? 3
						: 1,
			&node->value.integer, &fits);
	} else {
		good = decimal_parse(word, &is_float);
		if (good && !is_float)
			fits = decimal_value(word, &node->value.integer);
	}
	if (!good)
		return toml_fail(parser, TOML_ERR_SYNTAX, at,
			is_digit(prefix)
				? "a number may not begin with a zero"
				: "this is neither a number nor any other "
				  "value (text needs quotes)");
	if (!fits)
		return toml_fail(parser, TOML_ERR_RANGE, at,
			"the integer does not fit in 64 bits");
	if (is_float)
		node->type = TOML_FLOAT;
	return true;
}

static bool
is_special_float(const struct word *word)
{
	struct word rest = *word;

	if (rest.length == 4 && (rest.text[0] == '+' || rest.text[0] == '-')) {
		rest.text++;
		rest.length--;
	}
	return word_is(&rest, "inf") || word_is(&rest, "nan");
}

static struct word
word_read(struct parser *parser)
{
	struct word word = {parser->text + parser->at, 0, 0};

	while (is_word_character(peek(parser, word.length)))
		word.length++;
	if (word.length == 10 && looks_like_date(&word) &&
		peek(parser, 10) == ' ' && is_digit(peek(parser, 11))) {
		word.length++;
		while (is_word_character(peek(parser, word.length)))
			word.length++;
	}
	return word;
}

bool
toml_scalar_read(struct parser *parser, struct toml_node *node)
{
	struct word word = word_read(parser);
	struct toml_text text;
	size_t start = parser->at;

	if (word.length == 0)
		return toml_fail(
			parser, TOML_ERR_SYNTAX, start, "a value is expected");
	parser->at += word.length;
	if (word_is(&word, "true") || word_is(&word, "false")) {
		node->type = TOML_BOOLEAN;
		node->value.boolean = word.length == 4;
		return true;
	}
	if (is_special_float(&word)) {
		node->type = TOML_FLOAT;
	} else if (looks_like_date(&word) || looks_like_time(&word)) {
		if (!date_and_time_parse(&word, node) || word.at != word.length)
			return toml_fail(parser, TOML_ERR_RANGE, start,
				"this is no valid date or time");
	} else if (!number_read(parser, &word, start, node)) {
		return false;
	}
	if (node->type == TOML_INTEGER)
		return true;
	if (!toml_arena_copy(parser, start, word.length, &text))
		return false;
	node->value.text.bytes = text.bytes;
	node->value.text.length = text.length;
	return true;
}
