/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of what 9Ball makes of a PC without firmware tables: the device
 * tree out of the command line, and the time out of the calendar clock.
 */
#include "machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "cmos.h"
#include "tree.h"

/* The clock's chip behind its two ports, with an update under way at first. */
static uint8_t chip[128];
static unsigned chip_index, chip_updates;

status_t
syscall_call(cptr_t cap, struct message *m)
{
	assert_int_equal(cap, 7);
	assert_int_equal(m->words[1], 1);
	if (message_label(m->info) == IO_PORT_WRITE) {
		assert_int_equal(m->words[0], 0);
		chip_index = m->words[2] & 0x7f;
		return 0;
	}
	assert_int_equal(message_label(m->info), IO_PORT_READ);
	assert_int_equal(m->words[0], 1);
	m->words[0] = chip[chip_index];
	if (chip_index == 0x0a && chip_updates > 0) {
		chip_updates--;
		m->words[0] |= 0x80;
	}
	return 0;
}

static void
clock_is_read_when_it_stands_still(void **state)
{
	const struct registers registers = {.ports = 7};
	struct cmos_time time;

	(void)state;
	chip[0] = 0x56, chip[2] = 0x34, chip[4] = 0x12;
	chip[7] = 0x20, chip[8] = 0x11, chip[9] = 0x26, chip[0x32] = 0x20;
	chip[0x0b] = 2;
	chip_updates = 3;
	assert_true(cmos_read(&registers, &time));
	assert_int_equal(chip_updates, 0);
	assert_int_equal(cmos_seconds(&time), 1795178096);
	chip_updates = UINT32_MAX;
	assert_false(cmos_read(&registers, &time));
}

static const void *
tree_of(const char *arguments)
{
	size_t bytes = 0;
	const void *tree = machine_tree(arguments, &bytes);

	assert_non_null(tree);
	assert_true(tree_check(tree, bytes));
	return tree;
}

static void
fixed_devices_have_ports_and_lines(void **state)
{
	const void *tree = tree_of("");
	struct device device;

	(void)state;
	assert_true(tree_find(tree, "ns16550a", 0, &device));
	assert_true(device.ports);
	assert_int_equal(device.registers, 0x3f8);
	assert_int_equal(device.bytes, 8);
	assert_int_equal(device.line, 4);
	assert_true(tree_find(tree, "motorola,mc146818", 0, &device));
	assert_true(device.ports);
	assert_int_equal(device.registers, 0x70);
	assert_int_equal(device.bytes, 2);
	assert_int_equal(device.line, 0);
	assert_false(tree_find(tree, "virtio,mmio", 0, &device));
}

static void
command_line_names_devices(void **state)
{
	const void *tree = tree_of("quiet virtio_mmio.device=512@0xfeb00e00:12 "
				   "virtio_mmio.device=4K@0xfeb01000:13:7");
	struct device device;

	(void)state;
	assert_true(tree_find(tree, "virtio,mmio", 0, &device));
	assert_false(device.ports);
	assert_int_equal(device.registers, 0xfeb00e00);
	assert_int_equal(device.bytes, 512);
	assert_int_equal(device.line, 12);
	assert_true(tree_find(tree, "virtio,mmio", 1, &device));
	assert_int_equal(device.registers, 0xfeb01000);
	assert_int_equal(device.bytes, 4096);
	assert_int_equal(device.line, 13);
	assert_false(tree_find(tree, "virtio,mmio", 2, &device));
}

static void
words_of_another_form_name_none(void **state)
{
	static const char *const words[] = {
		"virtio_mmio.device=",
		"virtio_mmio.device=512",
		"virtio_mmio.device=512@",
		"virtio_mmio.device=512@0x1000",
		"virtio_mmio.device=512@0x1000:",
		"virtio_mmio.device=512@0x1000:0",
		"virtio_mmio.device=0@0x1000:5",
		"virtio_mmio.device=x@0x1000:5",
		"virtio_mmio.device=512@0x1000;5",
		"virtio_mmio.device=512K0x1000:5",
		"not_virtio_mmio.device=512@0x1000:5",
	};
	struct device device;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (tree_find(tree_of(words[i]), "virtio,mmio", 0, &device))
			fail_msg("a device of '%s'", words[i]);
	}
}

static void
too_many_devices_are_refused(void **state)
{
	static char line[16384];
	size_t used = 0, bytes;

	(void)state;
	for (unsigned i = 1; i <= 200; i++)
		used += (size_t)snprintf(line + used, sizeof(line) - used,
			"virtio_mmio.device=512@0x%x:%u ", i << 12, i);
	assert_null(machine_tree(line, &bytes));
}

static void
calendar_counts_from_1970(void **state)
{
	static const struct {
		struct cmos_time time;
		int64_t seconds;
	} cases[] = {
		{{0, 0, 0, 1, 1, 70, 19, true, true}, 0},
		{{0, 0, 0, 1, 1, 70, 0, true, true}, 0},
		{{59, 59, 23, 31, 12, 99, 0, true, true}, 946684799},
		{{0, 0, 0, 29, 2, 0, 20, true, true}, 951782400},
		{{0, 0, 0, 1, 3, 0, 20, true, true}, 951868800},
		{{0x56, 0x34, 0x12, 0x20, 0x11, 0x26, 0x20, false, true},
			1795178096},
		{{0, 0, 0x12, 1, 1, 0x70, 0x19, false, false}, 0},
		{{0, 0, 0x92, 1, 1, 0x70, 0x19, false, false}, 43200},
		{{0, 0, 0x81, 1, 1, 0x70, 0x19, false, false}, 46800},
		{{0, 0, 0, 1, 1, 0, 21, true, true}, 4102444800},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			cmos_seconds(&cases[i].time), cases[i].seconds);
}

static void
impossible_times_are_refused(void **state)
{
	static const struct cmos_time times[] = {
		{0, 0, 0, 0, 1, 70, 19, true, true},
		{0, 0, 0, 1, 0, 70, 19, true, true},
		{0, 0, 0, 1, 13, 70, 19, true, true},
		{0, 0, 24, 1, 1, 70, 19, true, true},
		{0, 60, 0, 1, 1, 70, 19, true, true},
		{255, 255, 255, 255, 255, 255, 255, true, true},
		{255, 255, 255, 255, 255, 255, 255, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		assert_int_equal(cmos_seconds(&times[i]), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixed_devices_have_ports_and_lines),
		cmocka_unit_test(command_line_names_devices),
		cmocka_unit_test(words_of_another_form_name_none),
		cmocka_unit_test(too_many_devices_are_refused),
		cmocka_unit_test(clock_is_read_when_it_stands_still),
		cmocka_unit_test(calendar_counts_from_1970),
		cmocka_unit_test(impossible_times_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
