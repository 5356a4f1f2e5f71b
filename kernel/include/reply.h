/* SPDX-License-Identifier: MIT
 *
 * Reply: the right to answer one Call. It is a capability that names the
 * caller's TCB and lies in one slot, which the TCB knows; it is no object of
 * its own and never copied.
 */
#pragma once

#include "slot.h"
#include "status.h"
#include "thread.h"

/* Make `caller` (state CALLED) answerable through the empty `slot`. Outside
 * the tree and not counted, so a store is all it takes. */
static inline void
reply_create(struct slot *slot, struct thread *caller)
{
	slot->cap = cap_to(OBJECT_REPLY, caller);
	caller->reply = slot;
}

/* The Call of `caller` ends: empty the slot that could answer it. */
void reply_forget(struct thread *caller);

/* Answer through the Reply capability in `slot` with the message of `self`.
 * The slot is empty afterwards. An error if the message is no proper one:
 * nothing happened. `*woken` is the caller, if it is to run again. */
status_t reply_send(struct thread *self, struct slot *slot, uint64_t info,
	struct thread **woken);

/* End the Call of `caller` with an error of the kernel's. */
void reply_fail(struct thread *caller, status_t status);
