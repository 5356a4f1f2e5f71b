/* SPDX-License-Identifier: MIT */
/*
 * The compiler's helpers for counting and swapping bits and bytes, under the
 * names that it calls. Nobody includes or calls them by hand, hence the
 * prototypes here. As the compiler defines them, counting zeros of 0 has no
 * meaning; these give the width.
 */
#include <stdint.h>

int __clzdi2(uint64_t value);
int __ctzdi2(uint64_t value);
int __ffsdi2(uint64_t value);
int __popcountdi2(uint64_t value);
int __paritydi2(uint64_t value);
uint32_t __bswapsi2(uint32_t value);
uint64_t __bswapdi2(uint64_t value);

int
__clzdi2(uint64_t value)
{
	int zeros = 0;

	if (value == 0)
		return 64;
	for (int step = 32; step > 0; step /= 2) {
		if (value >> (64 - step) == 0) {
			zeros += step;
			value <<= step;
		}
	}
	return zeros;
}

int
__ctzdi2(uint64_t value)
{
	int zeros = 0;

	if (value == 0)
		return 64;
	for (int step = 32; step > 0; step /= 2) {
		if (value << (64 - step) == 0) {
			zeros += step;
			value >>= step;
		}
	}
	return zeros;
}

int
__ffsdi2(uint64_t value)
{
	return value == 0 ? 0 : __ctzdi2(value) + 1;
}

/* Adds neighbours: pairs of bits, then of twos, fours, and last the bytes. */
int
__popcountdi2(uint64_t value)
{
	value -= value >> 1 & 0x5555555555555555;
	value = (value & 0x3333333333333333) +
		(value >> 2 & 0x3333333333333333);
	value = (value + (value >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (int)(value * 0x0101010101010101 >> 56);
}

int
__paritydi2(uint64_t value)
{
	return __popcountdi2(value) & 1;
}

uint32_t
__bswapsi2(uint32_t value)
{
	value = (value >> 8 & 0x00ff00ff) | (value & 0x00ff00ff) << 8;
	return value >> 16 | value << 16;
}

uint64_t
__bswapdi2(uint64_t value)
{
	uint64_t low = __bswapsi2((uint32_t)value);

	return low << 32 | __bswapsi2((uint32_t)(value >> 32));
}
