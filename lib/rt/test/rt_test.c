/* SPDX-License-Identifier: MIT */
/* Checks the compiler's helpers against plain loops over the bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int __clzdi2(uint64_t value);
int __ctzdi2(uint64_t value);
int __ffsdi2(uint64_t value);
int __popcountdi2(uint64_t value);
int __paritydi2(uint64_t value);
uint32_t __bswapsi2(uint32_t value);
uint64_t __bswapdi2(uint64_t value);

static int
ones(uint64_t value)
{
	int count = 0;

	for (int bit = 0; bit < 64; bit++)
		count += (int)(value >> bit & 1);
	return count;
}

static void
counts_zeros_at_every_bit(void **state)
{
	(void)state;
	for (int bit = 0; bit < 64; bit++) {
		uint64_t one = (uint64_t)1 << bit;

		assert_int_equal(__clzdi2(one | (one - 1)), 63 - bit);
		assert_int_equal(__ctzdi2(one | ~(one - 1)), bit);
		assert_int_equal(__ffsdi2(one), bit + 1);
	}
	assert_int_equal(__clzdi2(0), 64);
	assert_int_equal(__ctzdi2(0), 64);
	assert_int_equal(__ffsdi2(0), 0);
}

static void
counts_ones_like_a_loop(void **state)
{
	uint64_t value = 1;

	(void)state;
	for (int round = 0; round < 1000; round++) {
		value = value * 6364136223846793005 + 1442695040888963407;
		assert_int_equal(__popcountdi2(value), ones(value));
		assert_int_equal(__paritydi2(value), ones(value) & 1);
	}
	assert_int_equal(__popcountdi2(UINT64_MAX), 64);
}

static void
swaps_bytes(void **state)
{
	(void)state;
	assert_int_equal(__bswapsi2(0x01020304), 0x04030201);
	assert_true(__bswapdi2(0x0102030405060708) == 0x0807060504030201);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_zeros_at_every_bit),
		cmocka_unit_test(counts_ones_like_a_loop),
		cmocka_unit_test(swaps_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
