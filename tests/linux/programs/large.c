/* SPDX-License-Identifier: MIT */
/* A program of more than two megabytes that checks its own contents: the
 * words of its table all equal the one in the middle, which is known. */
#include <stdio.h>

enum { WORDS = 270000 };
static const unsigned long table[WORDS] = {
	[0 ... WORDS - 1] = 0x0123456789abcdef,
};
static unsigned char blank[3 << 20];

int
main(void)
{
	unsigned long sum = 0;
	unsigned long wrong = 0;

	for (int i = 0; i < WORDS; i++) {
		sum += table[i] * (unsigned long)i;
		wrong += table[i] != 0x0123456789abcdef;
	}
	for (unsigned i = 0; i < sizeof blank; i += 1000)
		wrong += blank[i];
	printf("sum %lx wrong %lu\n", sum, wrong);
	return wrong != 0;
}
