/* SPDX-License-Identifier: MIT */
/*
 * The UTCB: 1 KiB per thread that the kernel reads and writes when a message
 * does not fit the registers (docs/contract.md, 1.2, which fixes each offset).
 * Between calls `receive` is all zero: whoever wants capabilities sets it for
 * one call and clears it again.
 */
#pragma once

#include <glenda/types.h>

#define UTCB_SIZE 1024

struct lease {
	uint64_t address;
	uint64_t length; /* and LEASE_* flags */
};

struct utcb {
	uint64_t words[MAX_WORDS];
	cptr_t caps[MAX_CAPS];
	cptr_t receive[MAX_CAPS];
	uint64_t badges[MAX_CAPS];
	uint64_t unwrapped;
	uint64_t save_number; /* with save_pc below: UPCALL_RETURN */
	struct lease lease[MAX_LEASES];
	uint64_t save_pc;
	uint64_t save_sp;
	uint64_t save_scratch;
	uint64_t fault_pc;
	uint64_t fault_address;
	uint64_t fault_cause;
	uint64_t context[32];
	uint64_t user[28];
};

_Static_assert(offsetof(struct utcb, caps) == 0x140, "UTCB layout");
_Static_assert(offsetof(struct utcb, receive) == 0x160, "UTCB layout");
_Static_assert(offsetof(struct utcb, badges) == 0x180, "UTCB layout");
_Static_assert(offsetof(struct utcb, unwrapped) == 0x1a0, "UTCB layout");
_Static_assert(offsetof(struct utcb, lease) == 0x1b0, "UTCB layout");
_Static_assert(offsetof(struct utcb, save_pc) == 0x1f0, "UTCB layout");
_Static_assert(offsetof(struct utcb, save_scratch) == 0x200, "UTCB layout");
_Static_assert(offsetof(struct utcb, fault_pc) == 0x208, "UTCB layout");
_Static_assert(offsetof(struct utcb, context) == 0x220, "UTCB layout");
_Static_assert(offsetof(struct utcb, user) == 0x320, "UTCB layout");
_Static_assert(sizeof(struct utcb) == UTCB_SIZE, "UTCB layout");

/* What the run-time keeps in user[]. */
enum {
	UTCB_USER_SELF = 0, /* own address of the UTCB */
};
