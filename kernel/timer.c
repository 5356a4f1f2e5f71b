/* SPDX-License-Identifier: MIT
 *
 * Timers (timer.h). The leftist heap: every timer's left subtree has a rank at
 * least that of its right one, so the right spine, which merging walks, is
 * logarithmic. An armed timer without a parent is the root.
 */
#include "timer.h"
#include "invoke.h"
#include "notification.h"
#include "processor.h"

#include <arch/processor.h>

/* How many expire in one go; the next interrupt comes at once for the rest. */
#define EXPIRE_MAX 16

static struct timer *heap;

static uint32_t
rank_of(const struct timer *timer)
{
	return timer ? timer->rank : 0;
}

/* Restore order and rank of one node; true if its rank changed. */
static bool
node_fix(struct timer *node)
{
	struct timer *left = node->left;
	uint32_t rank;

	if (rank_of(left) < rank_of(node->right)) {
		node->left = node->right;
		node->right = left;
	}
	rank = rank_of(node->right) + 1;
	if (rank == node->rank)
		return false;
	node->rank = rank;
	return true;
}

/* Merge two heaps down their right spines, then fix the way back up. */
static struct timer *
heap_merge(struct timer *a, struct timer *b)
{
	struct timer *root = NULL, *last = NULL;

	while (a && b) {
		struct timer *first = a->deadline <= b->deadline ? a : b;

		b = first == a ? b : a;
		a = first->right;
		first->parent = last;
		*(last ? &last->right : &root) = first;
		last = first;
	}
	if (!a)
		a = b;
	if (!last) {
		if (a)
			a->parent = NULL;
		return a;
	}
	last->right = a;
	if (a)
		a->parent = last;
	for (; last; last = last->parent)
		node_fix(last);
	return root;
}

static void
heap_insert(struct timer *timer)
{
	timer->left = NULL;
	timer->right = NULL;
	timer->parent = NULL;
	timer->rank = 1;
	heap = heap_merge(heap, timer);
}

/* Put the merged children in the node's place. */
static void
heap_remove(struct timer *timer)
{
	struct timer *parent = timer->parent;
	struct timer *rest = heap_merge(timer->left, timer->right);

	timer->rank = 0;
	if (!parent) {
		heap = rest;
		return;
	}
	*(parent->left == timer ? &parent->left : &parent->right) = rest;
	if (rest)
		rest->parent = parent;
	while (parent && node_fix(parent))
		parent = parent->parent;
}

static void
timer_disarm(struct timer *timer)
{
	if (timer->rank)
		heap_remove(timer);
	(void)slot_delete(&timer->notification);
}

static void
timer_fire(struct timer *timer)
{
	struct cap cap = timer->notification.cap;

	if (cap_type(&cap) == OBJECT_NOTIFICATION)
		notification_signal(&cap);
	timer_disarm(timer);
}

void
timers_expire(uint64_t now)
{
	unsigned count = 0;

	while (heap && heap->deadline <= now && count++ < EXPIRE_MAX)
		timer_fire(heap);
}

uint64_t
timers_next(void)
{
	return heap ? heap->deadline : UINT64_MAX;
}

static status_t
timer_set(struct invocation *in)
{
	struct timer *timer = cap_object(&in->slot->cap);
	struct slot *slot;
	status_t status = invoke_cap(
		in, in->words[1], OBJECT_NOTIFICATION, CAP_WRITE, &slot);

	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	timer_disarm(timer);
	if (in->words[0] <= clock_now()) {
		notification_signal(&slot->cap);
		return STATUS_OK;
	}
	(void)slot_copy(&timer->notification, slot, CAP_ALL);
	timer->deadline = in->words[0];
	heap_insert(timer);
	processor_self()->reprogram = true;
	return STATUS_OK;
}

static status_t
timer_cancel(struct invocation *in)
{
	/* commit: cannot fail */
	timer_disarm(cap_object(&in->slot->cap));
	return STATUS_OK;
}

static bool
timer_destroy(struct object *object)
{
	timer_disarm(container_of(object, struct timer, object));
	return true;
}

static const struct method timer_methods[] = {
	[METHOD(TIMER_SET)] = {.run = timer_set,
		.words = TIMER_SET_ARGS,
		.rights = CAP_WRITE},
	[METHOD(TIMER_CANCEL)] = {.run = timer_cancel,
		.words = TIMER_CANCEL_ARGS,
		.rights = CAP_WRITE},
};

const struct object_class timer_class = {
	.name = "Timer",
	.methods = timer_methods,
	.method_count = sizeof(timer_methods) / sizeof(timer_methods[0]),
	.size = sizeof(struct timer),
	.align = 32,
	.destroy = timer_destroy,
};
