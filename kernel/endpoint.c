/* SPDX-License-Identifier: MIT
 *
 * Endpoints (endpoint.h). A Call meets a receiver and becomes a message and a
 * Reply capability; whoever comes first waits in the queue. State changes of
 * threads here: READY -> CALLING or RECEIVING (queued), CALLING -> CALLED and
 * RECEIVING -> READY (met).
 */
#include "endpoint.h"
#include "cnode.h"
#include "fault.h"
#include "message.h"
#include "notification.h"
#include "reply.h"
#include "sched.h"
#include "thread.h"
#include "utcb.h"

static void
queue_append(struct endpoint *endpoint, struct thread *thread)
{
	thread->waiting_on = &endpoint->object;
	thread->next = NULL;
	thread->prev = endpoint->tail;
	*(thread->prev ? &thread->prev->next : &endpoint->head) = thread;
	endpoint->tail = thread;
}

static void
queue_remove(struct endpoint *endpoint, struct thread *thread)
{
	*(thread->prev ? &thread->prev->next : &endpoint->head) = thread->next;
	*(thread->next ? &thread->next->prev : &endpoint->tail) = thread->prev;
	thread->next = NULL;
	thread->prev = NULL;
	thread->waiting_on = NULL;
}

void
endpoint_cancel(struct thread *thread)
{
	queue_remove(container_of(thread->waiting_on, struct endpoint, object),
		thread);
}

/* The first of the queue, if it waits in `state`. */
static struct thread *
queue_first(const struct endpoint *endpoint, unsigned state)
{
	return endpoint->head && endpoint->head->state == state ? endpoint->head
								: NULL;
}

/* The slot for the Reply that a receiver named. OK, INVALID_CAP or
 * SLOT_OCCUPIED. */
static status_t
reply_slot(const struct thread *receiver, struct slot **slot)
{
	cptr_t cptr = context_reply(&receiver->context) & ~RECV_NONBLOCK;

	*slot = cspace_lookup(thread_cspace(receiver), cptr);
	if (!*slot)
		return STATUS_INVALID_CAP;
	return slot_is_empty(*slot) ? STATUS_OK : STATUS_SLOT_OCCUPIED;
}

/* Give the Call of `caller` to `receiver`, whose Reply goes to `slot`. */
static void
deliver(struct endpoint *endpoint, struct thread *receiver,
	struct thread *caller, struct slot *slot)
{
	struct trap_context *context = &receiver->context;

	caller->state = THREAD_CALLED;
	reply_create(slot, caller);
	if (caller->flags & THREAD_FAULTING)
		context_set_info(context, fault_message(caller, receiver));
	else
		message_move(receiver, caller, caller->info, endpoint);
	context_set_status(context, RECV_MESSAGE);
	context_set_badge(context, caller->badge);
	context_set_tag(context, caller->tag);
}

/* A receiver whose slot for the Reply is no longer empty goes on with an
 * error, and the next one is asked. */
static struct thread *
find_receiver(struct endpoint *endpoint, struct slot **slot)
{
	struct thread *receiver;
	status_t status;

	while ((receiver = queue_first(endpoint, THREAD_RECEIVING))) {
		queue_remove(endpoint, receiver);
		receiver->state = THREAD_READY;
		status = reply_slot(receiver, slot);
		if (status == STATUS_OK)
			return receiver;
		thread_set_result(receiver, status);
		sched_ready(receiver);
	}
	return NULL;
}

void
endpoint_send(struct thread *self, const struct cap *cap)
{
	struct endpoint *endpoint = cap_object(cap);
	struct thread *receiver;
	struct slot *slot;

	self->badge = cap_badge(cap);
	receiver = find_receiver(endpoint, &slot);
	if (!receiver) {
		self->state = THREAD_CALLING;
		queue_append(endpoint, self);
		return;
	}
	deliver(endpoint, receiver, self, slot);
	sched_handoff(receiver, true);
}

void
endpoint_call(struct thread *self, const struct cap *cap)
{
	uint64_t info = context_info(&self->context);
	status_t status = message_check(self, info);

	if (!cap_has(cap, CAP_WRITE))
		status = STATUS_NO_RIGHT;
	else if (status == STATUS_OK && info_caps(info) &&
		!cap_has(cap, CAP_GRANT))
		status = STATUS_NO_RIGHT;
	else if (status == STATUS_OK && info & INFO_CANCELLABLE &&
		self->flags & THREAD_STICKY)
		status = STATUS_CANCELLED;
	if (status != STATUS_OK) {
		thread_set_result(self, status);
		return;
	}
	/* commit: cannot fail */
	self->info = info;
	endpoint_send(self, cap);
}

void
endpoint_receive(struct thread *self, const struct cap *cap)
{
	struct endpoint *endpoint = cap_object(cap);
	struct thread *caller;
	struct slot *slot;
	status_t status = reply_slot(self, &slot);

	if (status != STATUS_OK) {
		thread_set_result(self, status);
		return;
	}
	/* commit: cannot fail */
	if (notification_take_bound(self))
		return;
	caller = queue_first(endpoint, THREAD_CALLING);
	if (caller) {
		queue_remove(endpoint, caller);
		deliver(endpoint, self, caller, slot);
	} else if (context_reply(&self->context) & RECV_NONBLOCK) {
		thread_set_result(self, STATUS_AGAIN);
	} else {
		self->state = THREAD_RECEIVING;
		queue_append(endpoint, self);
	}
}

/* One step: everybody who waits here is told. */
static bool
endpoint_destroy(struct object *object)
{
	struct endpoint *endpoint =
		container_of(object, struct endpoint, object);
	struct thread *thread = endpoint->head;

	if (!thread)
		return true;
	if (thread->state == THREAD_CALLING) {
		queue_remove(endpoint, thread);
		reply_fail(thread, STATUS_PEER_DIED);
	} else {
		queue_remove(endpoint, thread);
		thread->state = THREAD_READY;
		thread_set_result(thread, STATUS_INVALID_CAP);
		sched_ready(thread);
	}
	return !endpoint->head;
}

const struct object_class endpoint_class = {
	.name = "Endpoint",
	.size = sizeof(struct endpoint),
	.align = sizeof(struct endpoint),
	.destroy = endpoint_destroy,
};
