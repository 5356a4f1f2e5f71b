/* SPDX-License-Identifier: MIT */
/*
 * Strict parser for TOML 1.0: init.toml and whatever else is configured.
 *
 * Reads a whole document into a tree of nodes.  The caller gives all memory:
 * an array of nodes and an arena for decoded strings; nothing is allocated
 * and no state is kept elsewhere.  The text itself is not needed afterwards.
 * A document is accepted only if the whole of it is valid; an error names
 * line, column and what is wrong in a sentence for the person who wrote it.
 *
 * Numbers with a fraction, dates and times are checked for form and kept as
 * text, since servers are built without floating point.  Integers must fit
 * 64 bits.  Tables may be nested TOML_DEPTH_MAX deep.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum toml_status {
	TOML_OK = 0,
	TOML_ERR_SYNTAX = -1,	 /* not TOML */
	TOML_ERR_ENCODING = -2,	 /* not UTF-8, or a control character */
	TOML_ERR_DUPLICATE = -3, /* a key or table defined twice */
	TOML_ERR_RANGE = -4,	 /* a number or date that cannot be */
	TOML_ERR_DEPTH = -5,	 /* nested too deeply */
	TOML_ERR_SPACE = -6,	 /* the caller's memory does not suffice */
};

enum toml_type {
	TOML_TABLE,
	TOML_ARRAY,
	TOML_STRING,
	TOML_INTEGER,
	TOML_BOOLEAN,
	TOML_FLOAT,    /* text as written, inf and nan included */
	TOML_DATETIME, /* with offset; text as written */
	TOML_LOCAL_DATETIME,
	TOML_LOCAL_DATE,
	TOML_LOCAL_TIME,
};

/* Levels below the root; also bounds the parser's recursion. */
#define TOML_DEPTH_MAX 32

/* Memory that suffices for any text of `length` bytes, valid or not. */
#define TOML_NODES_FOR(length) ((length) / 2 + 2 + TOML_DEPTH_MAX)
#define TOML_ARENA_FOR(length) ((length) + 1)

/* One value.  Read it by the functions below or directly; never write. */
struct toml_node {
	uint8_t type;	 /* enum toml_type */
	uint8_t flags;	 /* the parser's */
	uint8_t depth;	 /* 0 is the root */
	uint32_t line;	 /* where it begins, from 1 */
	uint32_t column; /* in characters, from 1 */
	uint32_t count;	 /* children of a table or array */
	uint32_t key_length;
	const char *key;	/* NUL-terminated; NULL in an array */
	struct toml_node *next; /* sibling, in order of the document */
	union {
		struct {
			struct toml_node *first;
			struct toml_node *last;
		} children;
		struct {
			const char *bytes; /* NUL-terminated */
			size_t length;
		} text; /* strings, floats, dates, times */
		int64_t integer;
		bool boolean;
	} value;
};

struct toml_error {
	int status;	      /* enum toml_status */
	uint32_t line;	      /* from 1 */
	uint32_t column;      /* in characters, from 1 */
	const char *sentence; /* static; no full stop */
	const char *key;      /* the key in question or NULL; in arena */
	uint32_t key_length;
	uint32_t other_line; /* of the first definition, or 0 */
};

struct toml {
	/* Set by the caller before toml_parse. */
	struct toml_node *nodes;
	size_t node_capacity;
	char *arena;
	size_t arena_capacity; /* bytes */
	/* Set by toml_parse. */
	size_t node_count;
	size_t arena_used;
	const struct toml_node *root; /* a table; NULL after an error */
	struct toml_error error;
};

/*
 * Parse `length` bytes of text.  Returns TOML_OK with document->root set, or
 * a negative enum toml_status with document->error filled.  Node memory and
 * arena belong to the tree as long as it is used.  Time is linear in the
 * text but for the search of keys, which is linear in a table's size.
 */
int toml_parse(struct toml *document, const char *text, size_t length);

/*
 * Write "line 3, column 5: ..." for the document's error into a buffer,
 * always terminated, cut if need be.  Returns the length written.
 */
size_t toml_error_format(
	const struct toml *document, char *buffer, size_t size);

/* The value of a key in a table; NULL if absent, or no table, or NULL. */
const struct toml_node *toml_get(
	const struct toml_node *table, const char *key);

/* First child of a table or array (then ->next); NULL if none. */
const struct toml_node *toml_first(const struct toml_node *parent);

/* Element `index` of an array, from 0; NULL if there is none. */
const struct toml_node *toml_at(const struct toml_node *array, size_t index);

/*
 * The bytes of a string, terminated by NUL, or NULL if it is no string.
 * With `length` NULL, a string that itself contains NUL gives NULL too, so
 * that it is never mistaken for a shorter one.
 */
const char *toml_string(const struct toml_node *node, size_t *length);

/* Each is false, with *out untouched, if the node is NULL or of other type. */
bool toml_integer(const struct toml_node *node, int64_t *out);

bool toml_boolean(const struct toml_node *node, bool *out);

/* "table", "array", "string", ... for messages. */
const char *toml_type_name(enum toml_type type);
