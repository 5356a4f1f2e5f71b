/* SPDX-License-Identifier: MIT */
/*
 * Calls that lend buffers. Nothing was consumed when a server answers AGAIN:
 * a leased page was absent or write-protected, so the whole range is made
 * present by Factotum and the same message goes out once more. Other threads
 * may take pages away in between, hence the bound rather than a single try.
 */
#include <glenda/factotum_client.h>
#include <glenda/ipc.h>

#define POPULATE_TRIES 16

struct pair {
	uint64_t base;
	uint64_t length;
};

status_t
ipc_populate(vaddr_t address, size_t length, bool write)
{
	if (length == 0)
		return STATUS_OK;
	if (factotum_populate(CAP_FACTOTUM, address, length, write) < 0)
		return STATUS_FAULT;
	return STATUS_OK;
}

/* The array of pairs first: only then may it be read here. */
static status_t
populate_vector(uint64_t address, size_t count, bool write)
{
	const struct pair *pairs = (const struct pair *)(uintptr_t)address;
	status_t status = ipc_populate(address, count * sizeof(*pairs), false);

	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = ipc_populate(pairs[i].base, pairs[i].length, write);
	return status;
}

static status_t
populate_lease(const struct lease *lease)
{
	size_t length = lease->length & LEASE_LENGTH_MASK;
	bool write = lease->length & LEASE_WRITE;

	if (lease->length & LEASE_VECTOR)
		return populate_vector(lease->address, length, write);
	return ipc_populate(lease->address, length, write);
}

static status_t
populate_leases(unsigned count)
{
	const struct utcb *utcb = utcb_self();
	status_t status = STATUS_OK;

	for (unsigned i = 0; i < count && status == STATUS_OK; i++)
		status = populate_lease(&utcb->lease[i]);
	return status;
}

status_t
ipc_call_populate(cptr_t server, struct message *message)
{
	const struct message request = *message;
	status_t status = ipc_call(server, message);

	for (int i = 0; status == STATUS_AGAIN && i < POPULATE_TRIES; i++) {
		status = populate_leases(message_leases(request.info));
		if (status < 0)
			return status;
		*message = request;
		status = ipc_call(server, message);
	}
	return status;
}

void
message_put(unsigned first, const uint64_t *words, unsigned count)
{
	uint64_t *to = utcb_self()->words;

	for (unsigned i = 0; i < count && first + i < MAX_WORDS; i++)
		to[first + i] = words[i];
}

void
message_get(unsigned first, uint64_t *words, unsigned count)
{
	const uint64_t *from = utcb_self()->words;

	for (unsigned i = 0; i < count && first + i < MAX_WORDS; i++)
		words[i] = from[first + i];
}
