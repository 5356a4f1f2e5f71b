/* SPDX-License-Identifier: MIT
 *
 * Moving a message from one thread to another: words in registers and UTCBs,
 * capabilities, and what the receiver is told about the sender.
 */
#pragma once

#include "status.h"
#include "thread.h"
#include "utcb.h"

struct endpoint;

status_t message_check_all(struct thread *self, uint64_t info);

/* Whether `info` is a message that `self` can send: lengths in range, a UTCB
 * where one is needed, the capabilities there. OK or an error. */
static inline status_t
message_check(struct thread *self, uint64_t info)
{
	/* Few words, no capabilities, at most three leases. */
	if (info_length(info) <= INVOKE_WORDS &&
		!(info &
			(INFO_COUNT_MASK << INFO_CAPS_SHIFT |
				4 << INFO_LEASES_SHIFT)))
		return STATUS_OK;
	return message_check_all(self, info);
}

/*
 * Move the message `info` of `from` to `to`. Capabilities that name
 * `through` are unwrapped (NULL: none are); others go to the slots that the
 * receiver offers, and stay behind where it offers none. Cannot fail.
 */
void message_move(struct thread *to, struct thread *from, uint64_t info,
	const struct endpoint *through);

/* Message words in the UTCB by number, or NULL without one. */
static inline uint64_t *
message_more(struct thread *thread)
{
	return thread->utcb ? thread->utcb->words : NULL;
}
