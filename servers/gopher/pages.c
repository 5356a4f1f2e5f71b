/* SPDX-License-Identifier: MIT */
/* The pool of pages: a list through the free ones. */
#include "pages.h"

#include <string.h>

#include "system.h"

enum {
	CHUNK_PAGES = 32,
	RESERVE_PART = 8,
};

struct free_page {
	struct free_page *next;
};

static struct free_page *list;
static char *fresh; /* the part of a chunk never handed out */
static unsigned fresh_count;
static uint64_t used;
static uint64_t limit = UINT64_MAX;

void
pages_limit(uint64_t count)
{
	limit = count;
}

/* Files leave so much to pipes, without which no shell gets on. */
static uint64_t
reserve(void)
{
	return limit / RESERVE_PART;
}

char *
page_take(void)
{
	return used < limit - reserve() ? page_take_reserved() : NULL;
}

char *
page_take_reserved(void)
{
	char *page = (char *)list;

	if (used >= limit)
		return NULL;
	if (page) {
		list = list->next;
		used++;
		return page;
	}
	if (fresh_count == 0) {
		fresh = system_pages(CHUNK_PAGES);
		if (!fresh)
			return NULL;
		fresh_count = CHUNK_PAGES;
	}
	page = fresh;
	fresh += PAGE_BYTES;
	fresh_count--;
	used++;
	return page;
}

char *
page_take_clear(void)
{
	char *page = page_take();

	if (page)
		memset(page, 0, PAGE_BYTES);
	return page;
}

void
page_give(char *page)
{
	struct free_page *item = (struct free_page *)(void *)page;

	item->next = list;
	list = item;
	used--;
}

bool
pages_charge(uint64_t count)
{
	uint64_t most = pages_total();

	if (used >= most || count > most - used)
		return false;
	used += count;
	return true;
}

void
pages_uncharge(uint64_t count)
{
	used -= count;
}

uint64_t
pages_used(void)
{
	return used;
}

uint64_t
pages_total(void)
{
	return limit - reserve();
}
