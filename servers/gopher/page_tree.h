/* SPDX-License-Identifier: MIT */
/*
 * The pages of a file by number, for files that are mostly holes: a tree of
 * tables with 512 entries, as high as the highest page asks for.  Its tables
 * are pages of the pool, so that they count like contents.
 *
 * Invariant: with height 0 the root is page 0 itself, else a table; no table
 * is empty but for the path to a page that is just being made.
 */
#pragma once

#include <stdint.h>

struct quota;

struct page_tree {
	struct quota *
		*owner; /* charged with pages and tables; *owner or NULL */
	char *root;
	uint32_t height;
	uint64_t count; /* pages in it, without tables */
	uint64_t held;	/* with tables */
};

/* Page `number`, or NULL: a hole. */
char *page_tree_find(const struct page_tree *tree, uint64_t number);

/* The same, made of zeros if it is a hole; NULL: no page is left. */
char *page_tree_make(struct page_tree *tree, uint64_t number);

/* The first page that is no hole at or after `from`; at most `limit`. */
uint64_t page_tree_next(
	const struct page_tree *tree, uint64_t from, uint64_t limit);

/* Make holes of the pages [from, to). */
void page_tree_clear(struct page_tree *tree, uint64_t from, uint64_t to);
