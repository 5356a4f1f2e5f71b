/* SPDX-License-Identifier: MIT */
/*
 * A message as it travels in registers: the info word and the first eight
 * words (docs/contract.md, 1.1). More words, capabilities and leases are in
 * the UTCB. No function here enters the kernel.
 */
#pragma once

#include <glenda/types.h>

struct message {
	uint64_t info;
	uint64_t words[REGISTER_WORDS];
};

/* An info word; label is a request's label or an answer's status. */
static inline uint64_t
message_info(uint32_t label, unsigned words, unsigned caps, unsigned leases)
{
	return (uint64_t)label << INFO_LABEL_SHIFT |
		(uint64_t)leases << INFO_LEASES_SHIFT |
		(uint64_t)caps << INFO_CAPS_SHIFT | words;
}

static inline uint32_t
message_label(uint64_t info)
{
	return (uint32_t)(info >> INFO_LABEL_SHIFT);
}

static inline unsigned
message_length(uint64_t info)
{
	return info & INFO_LENGTH_MASK;
}

static inline unsigned
message_caps(uint64_t info)
{
	return info >> INFO_CAPS_SHIFT & INFO_COUNT_MASK;
}

static inline unsigned
message_leases(uint64_t info)
{
	return info >> INFO_LEASES_SHIFT & INFO_COUNT_MASK;
}

/* Copy `length` bytes, at most `limit`, between words and memory. */
static inline void
message_copy(void *to, const void *from, uint64_t length, size_t limit)
{
	__builtin_memcpy(to, from, length < limit ? length : limit);
}

/* The number of items in use, trailing empty ones left out. */
static inline unsigned
message_trim(const uint64_t *items, unsigned count)
{
	while (count > 0 && items[count - 1] == 0)
		count--;
	return count;
}
