/* SPDX-License-Identifier: MIT
 *
 * Notification: a word of bits. Signals set bits; a waiter takes all. A thread
 * can have one bound to it, whose signals then also end its receives.
 */
#pragma once

#include "object.h"
#include "slot.h"

struct thread;

struct notification {
	struct object object;
	uint64_t bits;
	struct thread *head; /* waiters */
	struct thread *tail;
	struct thread *bound;
};

/* Set the bits of the capability's badge and wake a waiter. */
void notification_signal(const struct cap *cap);

/* Bind it to the thread; a receive in progress takes bits that are set. */
void notification_bind(
	struct notification *notification, struct thread *thread);

/* RECV: take the bits, or wait for some (not if `block` is false: AGAIN). */
void notification_receive(
	struct thread *self, const struct cap *cap, bool block);

/* If bits of the notification bound to `self` are set, finish its receive
 * with them. */
bool notification_take_bound(struct thread *self);

/* Take a thread in state WAITING out of its queue. */
void notification_cancel(struct thread *thread);
