/* SPDX-License-Identifier: MIT
 *
 * Replies (reply.h), and the reach into the buffers that a Call lent. The
 * descriptors of leases stay in the caller's UTCB, so that a Call pays
 * nothing for them; each use reads and checks them anew.
 */
#include "reply.h"
#include "fault.h"
#include "invoke.h"
#include "message.h"
#include "sched.h"
#include "thread.h"
#include "usermem.h"
#include "utcb.h"
#include "work.h"

/* Bytes copied between two looks for an interrupt. */
#define COPY_STEP UINT64_C(16384)

void
reply_forget(struct thread *caller)
{
	caller->reply->cap = (struct cap){0};
	caller->reply = NULL;
}

void
reply_moved(const struct cap *cap, struct slot *slot)
{
	struct thread *caller = cap_object(cap);

	caller->reply = slot;
	if (!slot)
		reply_fail(caller, STATUS_PEER_DIED);
}

void
reply_fail(struct thread *caller, status_t status)
{
	caller->state = THREAD_READY;
	caller->flags &= ~THREAD_CANCELLED;
	if (caller->flags & THREAD_FAULTING)
		fault_answer(caller, FAULT_ANSWER_SUSPEND, 0);
	else
		thread_set_result(caller, status);
	sched_ready(caller);
}

status_t
reply_send(struct thread *self, struct slot *slot, uint64_t info,
	struct thread **woken)
{
	struct thread *caller = cap_object(&slot->cap);
	status_t status;

	info &= ~(INFO_CANCELLABLE | INFO_COUNT_MASK << INFO_LEASES_SHIFT);
	status = message_check(self, info);
	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	reply_forget(caller);
	caller->state = THREAD_READY;
	caller->flags &= ~THREAD_CANCELLED;
	if (caller->flags & THREAD_FAULTING) {
		fault_answer(caller, info_label(info),
			*context_word(&self->context, 0));
	} else {
		message_move(caller, self, info, NULL);
		context_set_status(&caller->context, STATUS_OK);
	}
	*woken = caller;
	return STATUS_OK;
}

/* A lease as it stands in the UTCB now. */
static status_t
lease_get(
	const struct thread *caller, uint64_t number, struct utcb_lease *lease)
{
	if (number >= info_leases(caller->info) || number >= UTCB_LEASES ||
		!caller->utcb)
		return STATUS_INVALID_ARGUMENT;
	*lease = *(volatile struct utcb_lease *)&caller->utcb->lease[number];
	if (lease->length & LEASE_VECTOR &&
		(lease->length & LEASE_LENGTH_MASK) > LEASE_VECTOR_MAX)
		return STATUS_INVALID_ARGUMENT;
	return STATUS_OK;
}

static status_t
vector_entry(const struct thread *caller, const struct utcb_lease *lease,
	uint64_t i, struct utcb_lease *entry)
{
	uint64_t done;

	return user_copy_in(thread_vspace(caller), entry,
		uaddr_make(lease->address + i * sizeof(*entry)), sizeof(*entry),
		&done);
}

/* One copy between a lease and the invoker, and how far it came. */
struct lease_copy {
	const struct thread *caller;
	struct utcb_lease lease;
	bool to_lease;
	uint64_t offset; /* in the lease */
	uint64_t pair;	 /* of a vector: where the search goes on, */
	uint64_t before; /* and the bytes in front of it */
	struct user_range own;
	uint64_t length; /* left */
	unsigned side;	 /* with FAULT: 0 lender, 1 invoker */
};

/* The piece of the lease that begins at the copy's offset: *piece is its
 * address and length. INVALID_ARGUMENT past the end, FAULT when the array of
 * pairs cannot be read. */
static status_t
lease_piece(struct lease_copy *copy, struct utcb_lease *piece)
{
	const struct utcb_lease *lease = &copy->lease;
	uint64_t length = lease->length & LEASE_LENGTH_MASK, skip;
	status_t status;

	if (!(lease->length & LEASE_VECTOR)) {
		if (copy->offset >= length)
			return STATUS_INVALID_ARGUMENT;
		piece->address = lease->address + copy->offset;
		piece->length = length - copy->offset;
		return STATUS_OK;
	}
	for (; copy->pair < length; copy->pair++) {
		status = vector_entry(copy->caller, lease, copy->pair, piece);
		if (status != STATUS_OK)
			return status;
		skip = copy->offset - copy->before;
		if (skip < piece->length) {
			piece->address += skip;
			piece->length -= skip;
			return STATUS_OK;
		}
		copy->before += piece->length;
	}
	return STATUS_INVALID_ARGUMENT;
}

static status_t
lease_copy_piece(struct lease_copy *copy)
{
	struct utcb_lease piece;
	struct user_range theirs;
	uint64_t done = 0, length;
	unsigned side;
	status_t status = lease_piece(copy, &piece);

	copy->side = 0;
	if (status != STATUS_OK)
		return status;
	length = piece.length < copy->length ? piece.length : copy->length;
	if (length > COPY_STEP)
		length = COPY_STEP;
	theirs.space = thread_vspace(copy->caller);
	theirs.address = uaddr_make(piece.address);
	if (copy->to_lease)
		status = user_copy_across(
			theirs, copy->own, length, &done, &side);
	else
		status = user_copy_across(
			copy->own, theirs, length, &done, &side);
	if (status != STATUS_OK)
		copy->side = (side == USER_FAULT_TARGET) != copy->to_lease;
	copy->offset += done;
	copy->own.address.value += done;
	copy->length -= done;
	return status;
}

static status_t
lease_copy_run(struct invocation *in, struct lease_copy *copy)
{
	status_t status = STATUS_OK;

	while (copy->length && status == STATUS_OK) {
		status = lease_copy_piece(copy);
		if (status == STATUS_OK && copy->length && preempt_pending())
			status = STATUS_RESTART;
	}
	if (status == STATUS_FAULT) {
		in->words[0] = copy->side;
		in->words[1] = copy->offset;
		in->results = 2;
	} else if (status == STATUS_RESTART) {
		in->words[1] = copy->offset;
		in->words[2] = copy->own.address.value;
		in->words[3] = copy->length;
	}
	return status;
}

static status_t
lease_copy(struct invocation *in, bool to_lease)
{
	struct lease_copy copy = {
		.caller = cap_object(&in->slot->cap),
		.to_lease = to_lease,
		.offset = in->words[1],
		.own = {in->vspace, uaddr_make(in->words[2])},
		.length = in->words[3],
	};
	uint64_t right = to_lease ? LEASE_WRITE : LEASE_READ;
	status_t status = lease_get(copy.caller, in->words[0], &copy.lease);

	if (status != STATUS_OK)
		return status;
	if (!(copy.lease.length & right))
		return STATUS_NO_RIGHT;
	/* A plain lease that is too short is refused before the first byte. */
	if (!(copy.lease.length & LEASE_VECTOR) &&
		(copy.offset > (copy.lease.length & LEASE_LENGTH_MASK) ||
			copy.length > (copy.lease.length & LEASE_LENGTH_MASK) -
					copy.offset))
		return STATUS_INVALID_ARGUMENT;
	return lease_copy_run(in, &copy);
}

static status_t
reply_read(struct invocation *in)
{
	return lease_copy(in, false);
}

static status_t
reply_write(struct invocation *in)
{
	return lease_copy(in, true);
}

/* A vector counts as long as the pairs that can be read add up to, at most
 * the largest number. */
static uint64_t
lease_length(const struct thread *caller, unsigned number)
{
	struct utcb_lease lease, entry;
	uint64_t i, count, total = 0;

	if (lease_get(caller, number, &lease) != STATUS_OK)
		return 0;
	count = lease.length & LEASE_LENGTH_MASK;
	if (!(lease.length & LEASE_VECTOR))
		return count;
	for (i = 0; i < count; i++) {
		if (vector_entry(caller, &lease, i, &entry) != STATUS_OK)
			break;
		if (__builtin_add_overflow(total, entry.length, &total))
			return UINT64_MAX;
	}
	return total;
}

static status_t
reply_info(struct invocation *in)
{
	const struct thread *caller = cap_object(&in->slot->cap);
	unsigned i;

	in->words[0] = (caller->flags & THREAD_CANCELLED) != 0;
	for (i = 0; i < MAX_LEASES; i++)
		in->words[1 + i] = lease_length(caller, i);
	in->results = REPLY_INFO_RESULTS;
	return STATUS_OK;
}

static const struct method reply_methods[] = {
	[METHOD(REPLY_READ)] = {.run = reply_read, .words = REPLY_READ_ARGS},
	[METHOD(REPLY_WRITE)] = {.run = reply_write, .words = REPLY_WRITE_ARGS},
	[METHOD(REPLY_INFO)] = {.run = reply_info, .words = REPLY_INFO_ARGS},
};

const struct object_class reply_class = {
	.name = "Reply",
	.methods = reply_methods,
	.method_count = sizeof(reply_methods) / sizeof(reply_methods[0]),
};
