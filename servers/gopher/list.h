/* SPDX-License-Identifier: MIT */
/*
 * Doubly linked rings of members inside other structures.  A head is a
 * member that belongs to nobody; an unlinked member points at itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next;
	struct list *prev;
};

#define LIST_INIT(name)          \
	{                        \
		&(name), &(name) \
	}

/* The structure of type `type` whose member `member` is at `pointer`. */
#define container_of(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

static inline void
list_init(struct list *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool
list_empty(const struct list *list)
{
	return list->next == list;
}

static inline void
list_append(struct list *head, struct list *item)
{
	item->next = head;
	item->prev = head->prev;
	head->prev->next = item;
	head->prev = item;
}

/* Afterwards the item is empty by itself; an empty one may be removed. */
static inline void
list_remove(struct list *item)
{
	item->prev->next = item->next;
	item->next->prev = item->prev;
	list_init(item);
}

/* Remove the first item of a list that has one, and give it back. */
static inline struct list *
list_take(struct list *head)
{
	struct list *first = head->next;

	head->next = first->next;
	first->next->prev = head;
	list_init(first);
	return first;
}
