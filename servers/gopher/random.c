/* SPDX-License-Identifier: MIT */
/*
 * Random bytes: a ChaCha20 generator that replaces its key after every request,
 * so that what was given out tells nothing of what comes (random.h). One block
 * is a new key and as much again to give out; small requests share it, and
 * what they took is erased.
 */
#include "random.h"

#include <string.h>

enum { KEY_WORDS = 8, BLOCK_WORDS = 16, DOUBLE_ROUNDS = 10 };

static uint32_t key[KEY_WORDS];
static uint64_t counter;
static uint8_t pool[KEY_WORDS * sizeof(uint32_t)];
static size_t pool_left; /* at the start of the pool */
static size_t mix_place; /* byte of the key that is mixed into next */

static uint32_t
rotate(uint32_t value, unsigned by)
{
	return value << by | value >> (32 - by);
}

/* With its indices known, all sixteen words stay in registers. */
static inline __attribute__((always_inline)) void
quarter(uint32_t *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 7);
}

static void
block(uint32_t out[BLOCK_WORDS])
{
	uint32_t state[BLOCK_WORDS] = {
		0x61707865,
		0x3320646e,
		0x79622d32,
		0x6b206574,
	};
	uint32_t x[BLOCK_WORDS];
	int i;

	memcpy(state + 4, key, sizeof(key));
	state[12] = (uint32_t)counter;
	state[13] = (uint32_t)(counter >> 32);
	counter++;
	memcpy(x, state, sizeof(state));
	for (i = 0; i < DOUBLE_ROUNDS; i++) {
		quarter(x, 0, 4, 8, 12);
		quarter(x, 1, 5, 9, 13);
		quarter(x, 2, 6, 10, 14);
		quarter(x, 3, 7, 11, 15);
		quarter(x, 0, 5, 10, 15);
		quarter(x, 1, 6, 11, 12);
		quarter(x, 2, 7, 8, 13);
		quarter(x, 3, 4, 9, 14);
	}
	for (i = 0; i < BLOCK_WORDS; i++)
		out[i] = x[i] + state[i];
}

static void
key_replace(void)
{
	uint32_t fresh[BLOCK_WORDS];

	block(fresh);
	memcpy(key, fresh, sizeof(key));
}

void
random_mix(const void *bytes, size_t length)
{
	const uint8_t *from = bytes;
	uint8_t *to = (uint8_t *)key;
	size_t i;

	for (i = 0; i < length; i++) {
		to[mix_place++] ^= from[i];
		if (mix_place < sizeof(key))
			continue;
		mix_place = 0;
		key_replace();
	}
}

static void
pool_fill(void)
{
	uint32_t fresh[BLOCK_WORDS];

	block(fresh);
	memcpy(key, fresh, sizeof(key));
	memcpy(pool, fresh + KEY_WORDS, sizeof(pool));
	pool_left = sizeof(pool);
}

static void
pool_take(void *to, size_t length)
{
	if (length > pool_left)
		pool_fill();
	pool_left -= length;
	memcpy(to, pool + pool_left, length);
	memset(pool + pool_left, 0, length);
}

void
random_bytes(void *to, size_t length)
{
	uint32_t fresh[BLOCK_WORDS];
	uint8_t *out = to;
	size_t step;

	if (length <= sizeof(pool)) {
		pool_take(to, length);
		return;
	}
	while (length > 0) {
		block(fresh);
		step = length < sizeof(fresh) ? length : sizeof(fresh);
		memcpy(out, fresh, step);
		out += step;
		length -= step;
	}
	key_replace();
}
