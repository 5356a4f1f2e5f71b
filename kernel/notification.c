/* SPDX-License-Identifier: MIT
 *
 * Notifications (notification.h). A signal goes to a waiter if there is one,
 * else to the bound thread if that one receives, else it stays as bits.
 */
#include "notification.h"
#include "endpoint.h"
#include "sched.h"
#include "thread.h"
#include "utcb.h"

/* Finish the receive of `thread` with all bits. */
static void
take(struct notification *notification, struct thread *thread)
{
	struct trap_context *context = &thread->context;

	*context_word(context, 0) = notification->bits;
	notification->bits = 0;
	context_set_status(context, RECV_NOTIFICATION);
	context_set_info(context, info_make(0, 1));
	context_set_badge(context, 0);
	context_set_tag(context, 0);
}

static void
queue_remove(struct notification *notification, struct thread *thread)
{
	*(thread->prev ? &thread->prev->next : &notification->head) =
		thread->next;
	*(thread->next ? &thread->next->prev : &notification->tail) =
		thread->prev;
	thread->next = NULL;
	thread->prev = NULL;
	thread->waiting_on = NULL;
}

void
notification_cancel(struct thread *thread)
{
	queue_remove(
		container_of(thread->waiting_on, struct notification, object),
		thread);
}

static void
wake(struct notification *notification, struct thread *thread)
{
	take(notification, thread);
	thread->state = THREAD_READY;
	sched_ready(thread);
}

void
notification_signal(const struct cap *cap)
{
	struct notification *notification = cap_object(cap);
	struct thread *thread = notification->head;

	notification->bits |= cap_badge(cap);
	if (!notification->bits)
		return;
	if (thread) {
		queue_remove(notification, thread);
		wake(notification, thread);
		return;
	}
	thread = notification->bound;
	if (thread && thread->state == THREAD_RECEIVING) {
		endpoint_cancel(thread);
		wake(notification, thread);
	}
}

void
notification_bind(struct notification *notification, struct thread *thread)
{
	notification->bound = thread;
	if (notification->bits && thread->state == THREAD_RECEIVING) {
		endpoint_cancel(thread);
		wake(notification, thread);
	}
}

void
notification_receive(struct thread *self, const struct cap *cap, bool block)
{
	struct notification *notification = cap_object(cap);

	if (notification->bits) {
		take(notification, self);
		return;
	}
	if (!block) {
		thread_set_result(self, STATUS_AGAIN);
		return;
	}
	self->state = THREAD_WAITING;
	self->waiting_on = &notification->object;
	self->next = NULL;
	self->prev = notification->tail;
	*(self->prev ? &self->prev->next : &notification->head) = self;
	notification->tail = self;
}

bool
notification_take_bound(struct thread *self)
{
	struct notification *notification;

	if (slot_is_empty(&self->notification))
		return false;
	notification = cap_object(&self->notification.cap);
	if (!notification->bits)
		return false;
	take(notification, self);
	return true;
}

static bool
notification_destroy(struct object *object)
{
	struct notification *notification =
		container_of(object, struct notification, object);
	struct thread *thread = notification->head;

	if (!thread)
		return true;
	queue_remove(notification, thread);
	thread->state = THREAD_READY;
	thread_set_result(thread, STATUS_INVALID_CAP);
	sched_ready(thread);
	return !notification->head;
}

const struct object_class notification_class = {
	.name = "Notification",
	.size = 64,
	.align = 64,
	.destroy = notification_destroy,
};

_Static_assert(sizeof(struct notification) <= 64, "what retype gives");
