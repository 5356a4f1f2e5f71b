/* SPDX-License-Identifier: MIT
 *
 * Free memory at boot (rows A7, K1, N1): what the machine has less what is
 * reserved, page by page, and nothing for the kernel once it was given away.
 */
#include "boot_memory.h"
#include "host.h"
#include "tests.h"

#include <machine/memory.h>

#define RAM HOST_RAM_BASE

/* Two banks; firmware at the start, an image in the middle of which a piece is
 * reserved again, an archive with ragged ends, and something elsewhere. */
static const struct platform machine = {
	.memory_count = 2,
	.memory = {{RAM, RAM + 0x400000}, {RAM + 0x1000000, RAM + 0x1100000}},
	.reserved_count = 5,
	.reserved = {{RAM, RAM + 0x80000}, {RAM + 0x200000, RAM + 0x240000},
		{RAM + 0x210000, RAM + 0x220000},
		{RAM + 0x300123, RAM + 0x301456}, {0x1000, 0x2000}},
};

static bool
is_reserved(uint64_t page)
{
	unsigned i;

	for (i = 0; i < machine.reserved_count; i++)
		if (machine.reserved[i].start < page + PAGE_SIZE &&
			machine.reserved[i].end > page)
			return true;
	return false;
}

static unsigned
times_free(const struct platform_range *ranges, unsigned count, uint64_t page)
{
	unsigned i, found = 0;

	for (i = 0; i < count; i++)
		found += ranges[i].start <= page && page < ranges[i].end;
	return found;
}

/* The one test, since boot happens once. */
static void
all_that_is_not_reserved_is_free_until_it_is_given_away(void **state)
{
	const struct platform_range *ranges;
	uint64_t page, taken, bank;
	unsigned count;

	(void)state;
	boot_memory_init(&machine);
	assert_int_equal(boot_memory_total(&machine), 0x500000);
	taken = virt_to_phys(boot_memory_take(5000)).value;
	assert_int_equal(taken % PAGE_SIZE, 0);
	assert_false(is_reserved(taken));
	assert_int_equal(
		virt_to_phys(boot_memory_take(1)).value, taken + 0x2000);
	expect_assert_failure(boot_memory_take(0x400000));
	ranges = boot_memory_rest(&count);
	for (bank = 0; bank < machine.memory_count; bank++)
		for (page = machine.memory[bank].start;
			page < machine.memory[bank].end; page += PAGE_SIZE) {
			bool used = is_reserved(page) ||
				(page >= taken && page < taken + 0x3000);

			assert_int_equal(
				times_free(ranges, count, page), !used);
		}
	/* From here on every byte is somebody's. */
	expect_assert_failure(boot_memory_take(1));
}

int
boot_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_that_is_not_reserved_is_free_until_it_is_given_away),
	};

	return cmocka_run_group_tests_name("boot", tests, NULL, NULL);
}
