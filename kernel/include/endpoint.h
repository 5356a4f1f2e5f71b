/* SPDX-License-Identifier: MIT
 *
 * Endpoint: where Calls meet receivers. One queue, of callers or of receivers;
 * which one, the state of its first thread tells. First come, first served.
 */
#pragma once

#include "object.h"
#include "slot.h"

struct thread;

struct endpoint {
	struct object object;
	struct thread *head;
	struct thread *tail;
};

/* The system calls, on a capability of an endpoint. Each may block `self`. */
void endpoint_call(struct thread *self, const struct cap *cap);
void endpoint_receive(struct thread *self, const struct cap *cap);

/*
 * Queue or deliver the Call of `self` on `cap`, described by self->info (and
 * the fault fields for THREAD_FAULTING). Cannot fail.
 */
void endpoint_send(struct thread *self, const struct cap *cap);

/* Take a thread in state CALLING or RECEIVING out of its endpoint's queue. */
void endpoint_cancel(struct thread *thread);
