/* SPDX-License-Identifier: MIT */
/*
 * The default pool of capability slots: one bit per slot, set when taken.
 * Bits change by compare-and-swap, so threads need no lock.
 */
#include <glenda/ipc.h>
#include <glenda/kernel_calls.h>
#include <glenda/slots.h>

#define WORD_BITS 64
#define SLOT_COUNT 256

/* The slots below CAP_FIRST_FREE are given out by Factotum. */
static uint64_t taken[SLOT_COUNT / WORD_BITS] = {
	(UINT64_C(1) << CAP_FIRST_FREE) - 1,
};

/* Returns the bit that was taken, or -1 when the word is full. */
static int
word_take(uint64_t *word)
{
	uint64_t old = __atomic_load_n(word, __ATOMIC_RELAXED);
	int bit;

	do {
		if (~old == 0)
			return -1;
		bit = __builtin_ctzll(~old);
	} while (!__atomic_compare_exchange_n(word, &old,
		old | UINT64_C(1) << bit, false, __ATOMIC_ACQUIRE,
		__ATOMIC_RELAXED));
	return bit;
}

cptr_t
slot_take(void)
{
	for (unsigned i = 0; i < SLOT_COUNT / WORD_BITS; i++) {
		int bit = word_take(&taken[i]);

		if (bit >= 0)
			return i * WORD_BITS + (unsigned)bit;
	}
	return CAP_NONE;
}

void
slot_give(cptr_t slot)
{
	if (slot < CAP_FIRST_FREE || slot >= SLOT_COUNT)
		return;
	__atomic_fetch_and(&taken[slot / WORD_BITS],
		~(UINT64_C(1) << slot % WORD_BITS), __ATOMIC_RELEASE);
}

void
slot_clear(cptr_t slot)
{
	cnode_delete(CAP_CNODE, slot);
}

void
slot_drop(cptr_t slot)
{
	slot_clear(slot);
	slot_give(slot);
}
