/* SPDX-License-Identifier: MIT */
/*
 * Copies through a Reply capability. A fault on the lender's side is the
 * client's to repair (AGAIN); one on our side means that our own buffer was
 * never touched, which Factotum repairs once.
 */
#include <string.h>

#include <glenda/ipc.h>
#include <glenda/kernel_calls.h>
#include <glenda/server.h>

enum {
	SIDE_LENDER = 0,
	SIDE_SELF = 1,
};

typedef status_t (*copy_call)(cptr_t self, uint32_t lease, uint64_t offset,
	vaddr_t memory, size_t length, uint64_t *side, uint64_t *fault_offset);

struct copy {
	copy_call call;
	bool fills; /* own memory is written */
};

static status_t
lease_copy(const struct copy *copy, cptr_t reply, unsigned lease,
	uint64_t offset, vaddr_t memory, size_t length)
{
	uint64_t side = SIDE_LENDER;
	status_t status;

	if (length == 0)
		return STATUS_OK;
	status = copy->call(reply, lease, offset, memory, length, &side, NULL);
	if (status == STATUS_FAULT && side == SIDE_SELF) {
		status = ipc_populate(memory, length, copy->fills);
		if (status < 0)
			return status;
		status = copy->call(
			reply, lease, offset, memory, length, &side, NULL);
	}
	if (status == STATUS_FAULT && side == SIDE_LENDER)
		return STATUS_AGAIN;
	return status;
}

status_t
lease_read(
	cptr_t reply, unsigned lease, uint64_t offset, void *to, size_t length)
{
	static const struct copy copy = {reply_read, true};

	return lease_copy(&copy, reply, lease, offset, (uintptr_t)to, length);
}

status_t
lease_write(cptr_t reply, unsigned lease, uint64_t offset, const void *from,
	size_t length)
{
	static const struct copy copy = {reply_write, false};

	return lease_copy(&copy, reply, lease, offset, (uintptr_t)from, length);
}

status_t
lease_read_text(cptr_t reply, unsigned lease, char *to, size_t length)
{
	status_t status = lease_read(reply, lease, 0, to, length);

	to[length] = '\0';
	if (status == STATUS_OK && memchr(to, '\0', length))
		return STATUS_INVALID_ARGUMENT;
	return status;
}

bool
lease_cancelled(cptr_t reply)
{
	bool cancelled = false;

	if (reply_info(reply, &cancelled, NULL, NULL, NULL, NULL) < 0)
		return true;
	return cancelled;
}
