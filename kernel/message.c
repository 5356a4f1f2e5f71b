/* SPDX-License-Identifier: MIT
 *
 * Message transfer (message.h). The sender's UTCB can be written by other
 * threads of its process at any time, so what was checked may have changed: a
 * capability that vanished is not sent, words are only words.
 */
#include "message.h"
#include "cnode.h"
#include "endpoint.h"
#include "fault.h"
#include "thread.h"
#include "utcb.h"

status_t
message_check_all(struct thread *self, uint64_t info)
{
	unsigned i, count = info_caps(info);

	if (info_length(info) > UTCB_WORDS || count > UTCB_CAPS ||
		info_leases(info) > UTCB_LEASES)
		return STATUS_INVALID_ARGUMENT;
	if (!self->utcb)
		return info_length(info) > INVOKE_WORDS || count ||
				info_leases(info)
			? STATUS_INVALID_ARGUMENT
			: STATUS_OK;
	for (i = 0; i < count; i++) {
		struct slot *slot =
			cspace_lookup(thread_cspace(self), self->utcb->caps[i]);

		if (!slot || !cap_copyable(&slot->cap))
			return STATUS_INVALID_CAP;
	}
	return STATUS_OK;
}

/* Copy capability `from` to the slot that the receiver offers, if any. */
static void
cap_move_one(struct thread *to, unsigned i, struct slot *from)
{
	struct slot *slot =
		cspace_lookup(thread_cspace(to), to->utcb->receive[i]);

	if (slot && slot_is_empty(slot))
		(void)slot_copy(slot, from, CAP_ALL);
}

static void
caps_move(struct thread *to, struct thread *from, unsigned count,
	const struct endpoint *through)
{
	uint64_t unwrapped = 0;
	unsigned i;

	for (i = 0; i < count; i++) {
		struct slot *slot =
			cspace_lookup(thread_cspace(from), from->utcb->caps[i]);

		if (!slot || slot_is_empty(slot))
			continue;
		if (through && cap_type(&slot->cap) == OBJECT_ENDPOINT &&
			cap_object(&slot->cap) == through) {
			unwrapped |= UINT64_C(1) << i;
			to->utcb->badges[i] = cap_badge(&slot->cap);
		} else if (to->utcb->receive[i]) {
			cap_move_one(to, i, slot);
		}
	}
	to->utcb->unwrapped = unwrapped;
}

void
message_move(struct thread *to, struct thread *from, uint64_t info,
	const struct endpoint *through)
{
	unsigned i, length = info_length(info);

	context_copy_words(&to->context, &from->context);
	if (length <= INVOKE_WORDS && !info_caps(info)) {
		context_set_info(&to->context, info);
		return;
	}
	if (to->utcb && from->utcb) {
		for (i = INVOKE_WORDS; i < length; i++)
			to->utcb->words[i] = from->utcb->words[i];
		if (info_caps(info))
			caps_move(to, from, info_caps(info), through);
	} else if (length > INVOKE_WORDS) {
		info -= length - INVOKE_WORDS;
	}
	context_set_info(&to->context, info);
}
