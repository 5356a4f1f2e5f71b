/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of the device tree's reader, over trees written by libfdt.
 */
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

static uint64_t tree[256];
static size_t size;

static void
reg(uint64_t base, uint64_t bytes)
{
	fdt64_t cells[2] = {cpu_to_fdt64(base), cpu_to_fdt64(bytes)};

	assert_int_equal(fdt_property(tree, "reg", cells, sizeof(cells)), 0);
}

static int
build(void **state)
{
	static const char both[] = "maker,best\0ns16550a";

	(void)state;
	fdt_create(tree, sizeof(tree));
	fdt_finish_reservemap(tree);
	fdt_begin_node(tree, "");
	fdt_property_u32(tree, "#address-cells", 2);
	fdt_begin_node(tree, "serial@1000");
	fdt_property(tree, "compatible", both, sizeof(both));
	reg(0x1000, 0x100);
	fdt_property_u32(tree, "interrupts", 10);
	fdt_end_node(tree);
	fdt_begin_node(tree, "serial@2000");
	fdt_property_string(tree, "compatible", "ns16550a");
	reg(0x2000, 0x200);
	fdt_end_node(tree);
	fdt_begin_node(tree, "empty");
	fdt_property_string(tree, "compatible", "nothing");
	fdt_end_node(tree);
	fdt_begin_node(tree, "short");
	fdt_property_string(tree, "compatible", "short");
	fdt_property_u32(tree, "reg", 1);
	fdt_end_node(tree);
	fdt_begin_node(tree, "wraps");
	fdt_property_string(tree, "compatible", "wraps");
	reg(UINT64_MAX, 2);
	fdt_end_node(tree);
	fdt_begin_node(tree, "chosen");
	fdt_property(tree, "rng-seed", "0123456789", 10);
	fdt_end_node(tree);
	fdt_end_node(tree);
	assert_int_equal(fdt_finish(tree), 0);
	size = fdt_totalsize(tree);
	assert_true(tree_check(tree, size));
	return 0;
}

static void
devices_are_found_by_any_of_their_names(void **state)
{
	struct device device;

	(void)state;
	assert_true(tree_find(tree, "maker,best", 0, &device));
	assert_int_equal(device.registers, 0x1000);
	assert_int_equal(device.bytes, 0x100);
	assert_int_equal(device.line, 10);
	assert_false(tree_find(tree, "maker,best", 1, &device));
	assert_false(tree_find(tree, "maker", 0, &device));
}

static void
instances_are_counted_in_order(void **state)
{
	struct device device;

	(void)state;
	assert_true(tree_find(tree, "ns16550a", 0, &device));
	assert_int_equal(device.registers, 0x1000);
	assert_true(tree_find(tree, "ns16550a", 1, &device));
	assert_int_equal(device.registers, 0x2000);
	assert_int_equal(device.line, 0);
	assert_false(tree_find(tree, "ns16550a", 2, &device));
}

static void
registers_must_be_whole(void **state)
{
	struct device device;

	(void)state;
	assert_false(tree_find(tree, "nothing", 0, &device));
	assert_false(tree_find(tree, "short", 0, &device));
	assert_false(tree_find(tree, "wraps", 0, &device));
}

static void
seed_is_found_and_fits(void **state)
{
	static uint64_t bare[32];
	char seed[16] = {0};

	(void)state;
	assert_int_equal(tree_seed(tree, seed, sizeof(seed)), 10);
	assert_string_equal(seed, "0123456789");
	memset(seed, 0, sizeof(seed));
	assert_int_equal(tree_seed(tree, seed, 4), 4);
	assert_string_equal(seed, "0123");
	fdt_create_empty_tree(bare, sizeof(bare));
	assert_int_equal(tree_seed(bare, seed, sizeof(seed)), 0);
}

static void
a_cut_or_foreign_tree_is_refused(void **state)
{
	(void)state;
	assert_false(tree_check(tree, size - 1));
	assert_false(tree_check(tree, 8));
	((char *)tree)[0] = 0;
	assert_false(tree_check(tree, size));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_are_found_by_any_of_their_names),
		cmocka_unit_test(instances_are_counted_in_order),
		cmocka_unit_test(registers_must_be_whole),
		cmocka_unit_test(seed_is_found_and_fits),
		cmocka_unit_test(a_cut_or_foreign_tree_is_refused),
	};

	return cmocka_run_group_tests_name("9ball_tree", tests, build, NULL);
}
