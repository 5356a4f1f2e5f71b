/* SPDX-License-Identifier: MIT
 *
 * The layout of the UTCB (contract, section 1.2). The page is pinned, and
 * written by user mode at any time: read each field once, believe nothing.
 */
#pragma once

#include <glenda/abi.h>
#include <stddef.h>
#include <stdint.h>

#define UTCB_SIZE 1024
#define UTCB_WORDS 40
#define UTCB_CAPS 4
#define UTCB_LEASES 4

#define LEASE_VECTOR_MAX 1024

struct utcb_lease {
	uint64_t address;
	uint64_t length; /* and flags */
};

struct utcb {
	uint64_t words[UTCB_WORDS];
	uint64_t caps[UTCB_CAPS];
	uint64_t receive[UTCB_CAPS];
	uint64_t badges[UTCB_CAPS];
	uint64_t unwrapped;
	uint64_t save_number;
	struct utcb_lease lease[UTCB_LEASES];
	uint64_t save_pc;
	uint64_t save_sp;
	uint64_t save_scratch;
	uint64_t fault_pc;
	uint64_t fault_address;
	uint64_t fault_cause;
	uint64_t context[32];
	uint64_t user[28];
};

_Static_assert(sizeof(struct utcb) == UTCB_SIZE, "contract 1.2");
_Static_assert(offsetof(struct utcb, lease) == 0x1b0, "contract 1.2");
_Static_assert(offsetof(struct utcb, context) == 0x220, "contract 1.2");

/* The info word (contract, section 1.1). */
static inline unsigned
info_length(uint64_t info)
{
	return info & 63;
}

static inline unsigned
info_caps(uint64_t info)
{
	return (info >> 6) & 7;
}

static inline unsigned
info_leases(uint64_t info)
{
	return (info >> 9) & 7;
}

static inline uint32_t
info_label(uint64_t info)
{
	return info >> 16;
}

static inline uint64_t
info_make(uint32_t label, unsigned length)
{
	return (uint64_t)label << 16 | length;
}
