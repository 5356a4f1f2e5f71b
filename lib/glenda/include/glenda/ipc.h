/* SPDX-License-Identifier: MIT */
/*
 * What the generated stubs stand on. Needs no C library and no start-up code:
 * the Linux shim uses the same stubs, and finds its UTCB by its own
 * <glenda/arch/self.h>.
 */
#pragma once

#include <glenda/arch/self.h>
#include <glenda/message.h>
#include <glenda/syscall.h>
#include <glenda/utcb.h>

/* Slots that every process has (docs/contract.md, section 2). */
enum {
	CAP_NONE = 0,
	CAP_FACTOTUM = 1,
	CAP_CNODE = 2,
	CAP_TCB = 3,
	CAP_FIRST_FREE = 32,
};

/* Call a server; the kernel's error, else the server's status. */
static inline status_t
ipc_call(cptr_t server, struct message *message)
{
	status_t status = syscall_call(server, message);

	return status < 0 ? status : (status_t)message_label(message->info);
}

/*
 * As ipc_call for a message with leases (set in the UTCB): while the server
 * answers AGAIN because it found a page absent, have Factotum make all leased
 * ranges present and repeat. FAULT when a range cannot be populated.
 */
status_t ipc_call_populate(cptr_t server, struct message *message);

/*
 * Have Factotum make [address, address + length) present, for writing when
 * `write`. 0, or FAULT.
 */
status_t ipc_populate(vaddr_t address, size_t length, bool write);

/* Fill lease `index` of the next call. */
static inline void
ipc_lease(unsigned index, const void *address, size_t length, uint64_t flags)
{
	struct lease *lease = &utcb_self()->lease[index];

	lease->address = (uintptr_t)address;
	lease->length = length | flags;
}

/* Words from `first` on of a message whose rest travels in the UTCB. */
void message_put(unsigned first, const uint64_t *words, unsigned count);
void message_get(unsigned first, uint64_t *words, unsigned count);
