/* SPDX-License-Identifier: MIT
 *
 * Invocation: a Call on a capability of a kernel object. The trap code fills
 * a struct invocation, invoke() finds class and method, checks rights and
 * length, and calls the handler, which decodes, validates, commits and acts.
 * Results replace the message words.
 */
#pragma once

#include "object.h"
#include "slot.h"

#define INVOKE_WORDS 8 /* words in registers */

struct thread;
struct vspace;

struct invocation {
	struct thread *self;	  /* the caller */
	const struct cap *cspace; /* its root CNode */
	struct vspace *vspace;	  /* its address space, NULL if none */
	struct slot *slot;	  /* the invoked capability */
	uint32_t label;
	uint32_t length; /* words of the message */
	/* Words 0-7, results too. With STATUS_RESTART the trap code puts them
	 * back into the caller's registers and repeats the call. */
	uint64_t words[INVOKE_WORDS];
	/* All words of the UTCB by number (8 and up count); NULL if none. */
	uint64_t *more;
	/* How many result words there are; 0 when the handler starts. */
	unsigned results;
	/* For the caller: what invoke() returned, and the info word. */
	int64_t status;
	uint64_t info;
};

/* Run it. The status is OK, an error, or STATUS_RESTART. With
 * an error the result words count, too (NO_TABLE, FAULT). */
status_t invoke(struct invocation *in);

/* Length and label checks are invoke()'s; this is for handlers: the slot at
 * `cptr` in the caller's space if it holds a capability of `type` with all of
 * `rights`. INVALID_CAP or NO_RIGHT else. */
status_t invoke_cap(const struct invocation *in, cptr_t cptr, unsigned type,
	unsigned rights, struct slot **result);

/* The empty slot `index` of the CNode at `cptr` (0 and up to its size).
 * INVALID_CAP, NO_RIGHT, INVALID_ARGUMENT or SLOT_OCCUPIED. */
status_t invoke_destination(const struct invocation *in, cptr_t cptr,
	uint64_t index, struct slot **result);

/* The slot of a thread (CAP_IN_THREAD) is about to be emptied because its
 * capability was revoked or deleted elsewhere; `slot->cap` is still there.
 * Provided by the thread code. */
void thread_slot_lost(struct slot *slot);

/* The Reply capability of `cap` (a Reply) now lies in `slot`; NULL: it was
 * deleted unanswered and the caller gets PEER_DIED. Provided by the thread
 * code. */
void reply_moved(const struct cap *cap, struct slot *slot);
