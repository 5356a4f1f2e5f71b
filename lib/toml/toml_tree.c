/* SPDX-License-Identifier: MIT */
/*
 * Reading a parsed TOML document: lookups, typed values, and the sentence
 * that describes an error.
 */
#include <string.h>

#include "toml.h"

struct writer {
	char *buffer;
	size_t size;
	size_t length;
};

const struct toml_node *
toml_get(const struct toml_node *table, const char *key)
{
	const struct toml_node *node;
	size_t length = strlen(key);

	if (table == NULL || table->type != TOML_TABLE)
		return NULL;
	for (node = table->value.children.first; node; node = node->next) {
		if (node->key_length == length &&
			memcmp(node->key, key, length) == 0)
			return node;
	}
	return NULL;
}

const struct toml_node *
toml_first(const struct toml_node *parent)
{
	if (parent == NULL ||
		(parent->type != TOML_TABLE && parent->type != TOML_ARRAY))
		return NULL;
	return parent->value.children.first;
}

const struct toml_node *
toml_at(const struct toml_node *array, size_t index)
{
	const struct toml_node *node;

	if (array == NULL || array->type != TOML_ARRAY)
		return NULL;
	node = array->value.children.first;
	while (node != NULL && index-- > 0)
		node = node->next;
	return node;
}

const char *
toml_string(const struct toml_node *node, size_t *length)
{
	if (node == NULL || node->type != TOML_STRING)
		return NULL;
	if (length != NULL)
		*length = node->value.text.length;
	else if (strlen(node->value.text.bytes) != node->value.text.length)
		return NULL;
	return node->value.text.bytes;
}

bool
toml_integer(const struct toml_node *node, int64_t *out)
{
	if (node == NULL || node->type != TOML_INTEGER)
		return false;
	*out = node->value.integer;
	return true;
}

bool
toml_boolean(const struct toml_node *node, bool *out)
{
	if (node == NULL || node->type != TOML_BOOLEAN)
		return false;
	*out = node->value.boolean;
	return true;
}

const char *
toml_type_name(enum toml_type type)
{
	static const char *const name[] = {
		[TOML_TABLE] = "table",
		[TOML_ARRAY] = "array",
		[TOML_STRING] = "string",
		[TOML_INTEGER] = "integer",
		[TOML_BOOLEAN] = "boolean",
		[TOML_FLOAT] = "float",
		[TOML_DATETIME] = "date and time with offset",
		[TOML_LOCAL_DATETIME] = "date and time",
		[TOML_LOCAL_DATE] = "date",
		[TOML_LOCAL_TIME] = "time",
	};

	if ((size_t)type >= sizeof name / sizeof *name)
		return "unknown";
	return name[type];
}

static void
put_bytes(struct writer *writer, const char *bytes, size_t count)
{
	size_t room = writer->size - 1 - writer->length;

	if (count > room)
		count = room;
	memcpy(writer->buffer + writer->length, bytes, count);
	writer->length += count;
}

static void
put_string(struct writer *writer, const char *text)
{
	put_bytes(writer, text, strlen(text));
}

static void
put_number(struct writer *writer, uint32_t number)
{
	char digits[10];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	put_bytes(writer, digits + at, sizeof digits - at);
}

size_t
toml_error_format(const struct toml *document, char *buffer, size_t size)
{
	const struct toml_error *error = &document->error;
	struct writer writer = {buffer, size, 0};

	if (size == 0)
		return 0;
	if (error->status != TOML_OK) {
		put_string(&writer, "line ");
		put_number(&writer, error->line);
		put_string(&writer, ", column ");
		put_number(&writer, error->column);
		put_string(&writer, ": ");
		if (error->key != NULL) {
			put_string(&writer, "\"");
			put_bytes(&writer, error->key, error->key_length);
			put_string(&writer, "\": ");
		}
		put_string(&writer, error->sentence);
		if (error->other_line != 0) {
			put_string(&writer, " (line ");
			put_number(&writer, error->other_line);
			put_string(&writer, ")");
		}
	}
	buffer[writer.length] = '\0';
	return writer.length;
}
