/* SPDX-License-Identifier: MIT */
/*
 * Reader for newc archives.  An entry is a header of 110 characters (magic
 * and thirteen numbers of eight hex digits), the name, filling to a multiple
 * of four, the data, filling again.  Invariant: `at` never exceeds the
 * archive's size, so a remainder is always size - at.
 */
#include "cpio.h"

#include <stdbool.h>
#include <string.h>

enum field {
	FIELD_INO,
	FIELD_MODE,
	FIELD_UID,
	FIELD_GID,
	FIELD_NLINK,
	FIELD_MTIME,
	FIELD_SIZE,
	FIELD_DEVICE_MAJOR,
	FIELD_DEVICE_MINOR,
	FIELD_NODE_MAJOR,
	FIELD_NODE_MINOR,
	FIELD_NAME_SIZE,
	FIELD_CHECKSUM,
	FIELD_COUNT,
};

enum {
	MAGIC_BYTES = 6,
	DIGITS = 8,
	HEADER_BYTES = MAGIC_BYTES + FIELD_COUNT * DIGITS,
};

static const char end_mark[] = "TRAILER!!!";

static int
hex_digit(char c)
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
number_read(const char *text, uint32_t *out)
{
	uint32_t value = 0;
	int i, digit;

	for (i = 0; i < DIGITS; i++) {
		digit = hex_digit(text[i]);
		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	*out = value;
	return true;
}

static int
header_read(const char *text, uint32_t field[FIELD_COUNT])
{
	int i;

	if (memcmp(text, "070701", MAGIC_BYTES) != 0)
		return CPIO_ERR_MAGIC;
	for (i = 0; i < FIELD_COUNT; i++) {
		if (!number_read(text + MAGIC_BYTES + i * DIGITS, &field[i]))
			return CPIO_ERR_NUMBER;
	}
	return 0;
}

/* The length up to the first NUL; what follows must be filling. */
static int
name_measure(const char *name, size_t size, size_t *length)
{
	size_t i, end = size;

	for (i = 0; i < size; i++) {
		if (name[i] == '\0' && end == size)
			end = i;
		if (name[i] != '\0' && end != size)
			return CPIO_ERR_NAME;
	}
	if (end == 0 || end == size)
		return CPIO_ERR_NAME;
	*length = end;
	return 0;
}

static bool
name_equal(const char *a, const char *b)
{
	size_t length = strlen(a);

	return length == strlen(b) && memcmp(a, b, length) == 0;
}

/* Move *at past `count` bytes and their filling; the last may lack that. */
static bool
advance(const struct cpio *archive, size_t *at, size_t count)
{
	size_t fill;

	if (count > archive->size - *at)
		return false;
	*at += count;
	fill = -*at & 3;
	if (fill > archive->size - *at)
		fill = archive->size - *at;
	*at += fill;
	return true;
}

static void
entry_fill(struct cpio_entry *out, const uint32_t field[FIELD_COUNT])
{
	out->size = field[FIELD_SIZE];
	out->ino = field[FIELD_INO];
	out->mode = field[FIELD_MODE];
	out->uid = field[FIELD_UID];
	out->gid = field[FIELD_GID];
	out->nlink = field[FIELD_NLINK];
	out->mtime = field[FIELD_MTIME];
	out->device_major = field[FIELD_NODE_MAJOR];
	out->device_minor = field[FIELD_NODE_MINOR];
}

int
cpio_next(const struct cpio *archive, size_t *cursor, struct cpio_entry *out)
{
	const char *bytes = archive->bytes;
	uint32_t field[FIELD_COUNT];
	size_t at = *cursor;
	int status;

	if (at > archive->size || archive->size - at < HEADER_BYTES)
		return CPIO_ERR_TRUNCATED;
	status = header_read(bytes + at, field);
	if (status < 0)
		return status;
	at += HEADER_BYTES;
	out->name = bytes + at;
	if (field[FIELD_NAME_SIZE] > archive->size - at)
		return CPIO_ERR_TRUNCATED;
	status = name_measure(
		out->name, field[FIELD_NAME_SIZE], &out->name_length);
	if (status < 0)
		return status;
	if (name_equal(out->name, end_mark))
		return 0;
	if (!advance(archive, &at, field[FIELD_NAME_SIZE]))
		return CPIO_ERR_TRUNCATED;
	out->data = bytes + at;
	if (!advance(archive, &at, field[FIELD_SIZE]))
		return CPIO_ERR_TRUNCATED;
	entry_fill(out, field);
	*cursor = at;
	return 1;
}

const char *
cpio_name_plain(const char *name)
{
	for (;;) {
		if (name[0] == '/')
			name++;
		else if (name[0] == '.' && name[1] == '/')
			name += 2;
		else if (name[0] == '.' && name[1] == '\0')
			name++;
		else
			return name;
	}
}

int
cpio_find(const struct cpio *archive, const char *name, struct cpio_entry *out)
{
	const char *wanted = cpio_name_plain(name);
	size_t cursor = 0;
	int status;

	while ((status = cpio_next(archive, &cursor, out)) == 1) {
		if (name_equal(cpio_name_plain(out->name), wanted))
			return 1;
	}
	return status;
}

const char *
cpio_error_string(int status)
{
	switch (status) {
	case CPIO_ERR_MAGIC:
		return "not a cpio archive of the newc form";
	case CPIO_ERR_NUMBER:
		return "a number in the archive is not hexadecimal";
	case CPIO_ERR_NAME:
		return "a name in the archive is malformed";
	case CPIO_ERR_TRUNCATED:
		return "the archive ends too early";
	default:
		return "unknown error";
	}
}
