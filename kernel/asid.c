/* SPDX-License-Identifier: MIT
 *
 * Allocation of ASIDs (asid.h). The cursor goes round; numbers that were
 * given back stay taken until it starts again, which is when the one flush
 * happens that makes all of them fresh.
 */
#include "asid.h"
#include <arch/page_table.h>

#define ASID_MAX 65536
#define WORD_BITS 64

static uint64_t taken[ASID_MAX / WORD_BITS];
static uint64_t released[ASID_MAX / WORD_BITS];
static unsigned asid_end = 1; /* first number that does not exist */
static unsigned cursor = 1;

void
asid_init(unsigned count)
{
	asid_end = count < ASID_MAX ? count : ASID_MAX;
	cursor = 1;
}

static bool
find_free(void)
{
	for (; cursor < asid_end; cursor++) {
		uint64_t word = taken[cursor / WORD_BITS];

		if (!(word >> cursor % WORD_BITS & 1))
			return true;
	}
	return false;
}

static void
new_round(void)
{
	unsigned i;

	for (i = 0; i < ASID_MAX / WORD_BITS; i++) {
		taken[i] &= ~released[i];
		released[i] = 0;
	}
	cursor = 1;
	tlb_flush_all();
}

unsigned
asid_allocate(void)
{
	if (!find_free()) {
		new_round();
		if (!find_free())
			return 0;
	}
	taken[cursor / WORD_BITS] |= UINT64_C(1) << cursor % WORD_BITS;
	return cursor++;
}

void
asid_release(unsigned asid)
{
	if (asid)
		released[asid / WORD_BITS] |= UINT64_C(1) << asid % WORD_BITS;
}
