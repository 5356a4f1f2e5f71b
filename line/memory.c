/* SPDX-License-Identifier: MIT */
/*
 * Words when both sides are aligned, bytes else. The compiler must not see
 * these loops as the very functions that they are.
 */
#include "memory.h"

#include <stdint.h>

#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define WORD sizeof(uint64_t)

typedef uint64_t __attribute__((may_alias)) word_t;

static int
aligned(const void *a, const void *b)
{
	return (((uintptr_t)a | (uintptr_t)b) & (WORD - 1)) == 0;
}

void *
memcpy(void *restrict to, const void *restrict from, size_t length)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if (aligned(to, from)) {
		for (; length >= 4 * WORD; length -= 4 * WORD) {
			((word_t *)t)[0] = ((const word_t *)f)[0];
			((word_t *)t)[1] = ((const word_t *)f)[1];
			((word_t *)t)[2] = ((const word_t *)f)[2];
			((word_t *)t)[3] = ((const word_t *)f)[3];
			t += 4 * WORD;
			f += 4 * WORD;
		}
		for (; length >= WORD; length -= WORD, t += WORD, f += WORD)
			*(word_t *)t = *(const word_t *)f;
	}
	while (length-- > 0)
		*t++ = *f++;
	return to;
}

void *
memmove(void *to, const void *from, size_t length)
{
	unsigned char *t = to;
	const unsigned char *f = from;

	if ((uintptr_t)to - (uintptr_t)from >= length)
		return memcpy(to, from, length);
	while (length-- > 0)
		t[length] = f[length];
	return to;
}

void *
memset(void *to, int byte, size_t length)
{
	unsigned char *t = to;
	uint64_t word = (unsigned char)byte * UINT64_C(0x0101010101010101);

	for (; length > 0 && ((uintptr_t)t & (WORD - 1)); length--)
		*t++ = (unsigned char)byte;
	for (; length >= 4 * WORD; length -= 4 * WORD, t += 4 * WORD) {
		((word_t *)t)[0] = word;
		((word_t *)t)[1] = word;
		((word_t *)t)[2] = word;
		((word_t *)t)[3] = word;
	}
	for (; length >= WORD; length -= WORD, t += WORD)
		*(word_t *)t = word;
	while (length-- > 0)
		*t++ = (unsigned char)byte;
	return to;
}

int
memcmp(const void *a, const void *b, size_t length)
{
	const unsigned char *x = a;
	const unsigned char *y = b;

	for (; length > 0; length--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

size_t
strlen(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}
