/* SPDX-License-Identifier: MIT */
/* Trees of pages: page_tree.h. */
#include "page_tree.h"

#include <stdbool.h>
#include <stddef.h>

#include "pages.h"
#include "quota.h"

enum {
	TABLE_BITS = 9,
	TABLE_ENTRIES = 1 << TABLE_BITS,
	HEIGHT_MOST = 5,
};

static struct quota *
quota_of(const struct page_tree *tree)
{
	return tree->owner ? *tree->owner : NULL;
}

/* A clear page for contents or a table. */
static char *
page_new(struct page_tree *tree)
{
	char *page;

	if (!quota_take(quota_of(tree), QUOTA_FILE_PAGES, 1))
		return NULL;
	page = page_take_clear();
	if (page)
		tree->held++;
	else
		quota_give(quota_of(tree), QUOTA_FILE_PAGES, 1);
	return page;
}

static void
page_old(struct page_tree *tree, char *page)
{
	page_give(page);
	tree->held--;
	quota_give(quota_of(tree), QUOTA_FILE_PAGES, 1);
}

static char **
table_of(char *page)
{
	return (char **)(void *)page;
}

/* How many pages are below a tree of this height. */
static uint64_t
span_of(uint32_t height)
{
	return UINT64_C(1) << TABLE_BITS * height;
}

static char **
entry_of(char *table, uint32_t height, uint64_t number)
{
	return &table_of(table)[number >> TABLE_BITS * (height - 1) &
		(TABLE_ENTRIES - 1)];
}

/*
 * Descend towards a page as far as there is a way: what is there, with its
 * height, or NULL and the height at which it is missing.
 */
static char *
descend(const struct page_tree *tree, uint64_t number, uint32_t *height)
{
	char *at = tree->root;

	*height = tree->height;
	while (at && *height > 0) {
		at = *entry_of(at, *height, number);
		--*height;
	}
	return at;
}

char *
page_tree_find(const struct page_tree *tree, uint64_t number)
{
	uint32_t height;

	return number < span_of(tree->height) ? descend(tree, number, &height)
					      : NULL;
}

/* Make the tree high enough to have a place for the page. */
static bool
grow(struct page_tree *tree, uint64_t number)
{
	char *table;

	while (number >= span_of(tree->height)) {
		if (tree->height == HEIGHT_MOST)
			return false;
		if (tree->root) {
			table = page_new(tree);
			if (!table)
				return false;
			table_of(table)[0] = tree->root;
			tree->root = table;
		}
		tree->height++;
	}
	return true;
}

char *
page_tree_make(struct page_tree *tree, uint64_t number)
{
	uint32_t height = tree->height;
	char **slot = &tree->root;

	if (number >= span_of(height)) {
		if (!grow(tree, number))
			return NULL;
		height = tree->height;
	}
	for (; height > 0; height--) {
		if (!*slot)
			*slot = page_new(tree);
		if (!*slot)
			goto undo;
		slot = entry_of(*slot, height, number);
	}
	if (!*slot) {
		*slot = page_new(tree);
		if (!*slot)
			goto undo;
		tree->count++;
	}
	return *slot;
undo:
	/* What was made on the way is empty and goes again. */
	page_tree_clear(tree, number, number + 1);
	return NULL;
}

uint64_t
page_tree_next(const struct page_tree *tree, uint64_t from, uint64_t limit)
{
	uint32_t height;

	while (from < limit && from < span_of(tree->height)) {
		if (descend(tree, from, &height))
			return from;
		from = ((from >> TABLE_BITS * height) + 1)
			<< TABLE_BITS * height;
	}
	return limit;
}

static bool
table_empty(char *table)
{
	int i;

	for (i = 0; i < TABLE_ENTRIES; i++) {
		if (table_of(table)[i])
			return false;
	}
	return true;
}

/* Clear [from, to) below *slot, whose first page is number 0. */
static void
clear_below(struct page_tree *tree, char **slot, uint32_t height, uint64_t from,
	uint64_t to)
{
	uint64_t span, first, begin, end;

	if (!*slot)
		return;
	if (height == 0) {
		page_old(tree, *slot);
		*slot = NULL;
		tree->count--;
		return;
	}
	span = span_of(height - 1);
	for (first = from - from % span; first < to; first += span) {
		begin = from > first ? from - first : 0;
		end = to - first < span ? to - first : span;
		clear_below(tree, entry_of(*slot, height, first), height - 1,
			begin, end);
	}
	if (table_empty(*slot)) {
		page_old(tree, *slot);
		*slot = NULL;
	}
}

void
page_tree_clear(struct page_tree *tree, uint64_t from, uint64_t to)
{
	uint64_t span = span_of(tree->height);

	if (to > span)
		to = span;
	if (from < to)
		clear_below(tree, &tree->root, tree->height, from, to);
	if (!tree->root)
		tree->height = 0;
}
