/* SPDX-License-Identifier: MIT */
/*
 * A device tree for a PC: the devices that stand at the same I/O ports since
 * ever, and the virtio-mmio devices that the command line names in Linux's
 * way, virtio_mmio.device=SIZE@ADDRESS:LINE, as QEMU's microvm adds them. Words
 * that are not of this form name no device. Whether a fixed device is really
 * there is for its driver to see.
 */
#include "machine.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#define TREE_BYTES 8192
#define OPTION "virtio_mmio.device="
#define ISA_PORTS 1 /* in the first cell of a "reg": I/O space */

struct window {
	uint64_t base;
	uint64_t bytes;
	uint32_t line;
};

static uint64_t tree[TREE_BYTES / sizeof(uint64_t)];

/* A number that `end` follows; NUL: anything may. */
static bool
parse_number(const char **at, char end, uint64_t *value)
{
	char *rest;

	*value = strtoul(*at, &rest, 0);
	if (rest == *at)
		return false;
	if (end == '@' && (*rest == 'K' || *rest == 'k')) {
		*value <<= 10;
		rest++;
	}
	*at = rest + 1;
	return end == '\0' || *rest == end;
}

/* SIZE@ADDRESS:LINE, and what may follow after one more colon. */
static bool
parse_window(const char *text, struct window *out)
{
	uint64_t line;

	if (!parse_number(&text, '@', &out->bytes) ||
		!parse_number(&text, ':', &out->base) ||
		!parse_number(&text, '\0', &line))
		return false;
	out->line = (uint32_t)line;
	return out->bytes > 0 && line > 0 && line < UINT32_MAX;
}

static int
add_window(const struct window *window)
{
	const fdt64_t reg[] = {
		cpu_to_fdt64(window->base), cpu_to_fdt64(window->bytes)};
	int error = fdt_begin_node(tree, "virtio_mmio");

	if (error == 0)
		error = fdt_property_string(tree, "compatible", "virtio,mmio");
	if (error == 0)
		error = fdt_property(tree, "reg", reg, sizeof(reg));
	if (error == 0)
		error = fdt_property_u32(tree, "interrupts", window->line);
	return error == 0 ? fdt_end_node(tree) : error;
}

static int
add_windows(const char *arguments)
{
	const char *at = arguments;
	int error = 0;

	while (error == 0 && (at = strstr(at, OPTION))) {
		struct window window;
		bool begins = at == arguments || at[-1] == ' ';

		at += strlen(OPTION);
		if (begins && parse_window(at, &window))
			error = add_window(&window);
	}
	return error;
}

static int
add_ports(const char *compatible, uint32_t first, uint32_t count, uint32_t line)
{
	const fdt32_t reg[] = {cpu_to_fdt32(ISA_PORTS), cpu_to_fdt32(first),
		cpu_to_fdt32(count)};
	int error = fdt_begin_node(tree, "device");

	if (error == 0)
		error = fdt_property_string(tree, "compatible", compatible);
	if (error == 0)
		error = fdt_property(tree, "reg", reg, sizeof(reg));
	if (error == 0 && line)
		error = fdt_property_u32(tree, "interrupts", line);
	return error == 0 ? fdt_end_node(tree) : error;
}

static int
add_isa(void)
{
	int error = fdt_begin_node(tree, "isa");

	if (error == 0)
		error = fdt_property_string(tree, "compatible", "isa");
	if (error == 0)
		error = fdt_property_u32(tree, "#address-cells", 2);
	if (error == 0)
		error = fdt_property_u32(tree, "#size-cells", 1);
	if (error == 0)
		error = add_ports("ns16550a", 0x3f8, 8, 4);
	if (error == 0)
		error = add_ports("motorola,mc146818", 0x70, 2, 0);
	if (error == 0)
		error = add_ports("qemu,isa-debugcon", 0xe9, 1, 0);
	return error == 0 ? fdt_end_node(tree) : error;
}

const void *
machine_tree(const char *arguments, size_t *bytes)
{
	int error = fdt_create(tree, sizeof(tree));

	if (error == 0)
		error = fdt_finish_reservemap(tree);
	if (error == 0)
		error = fdt_begin_node(tree, "");
	if (error == 0)
		error = fdt_property_u32(tree, "#address-cells", 2);
	if (error == 0)
		error = fdt_property_u32(tree, "#size-cells", 2);
	if (error == 0)
		error = add_windows(arguments);
	if (error == 0)
		error = add_isa();
	if (error == 0)
		error = fdt_end_node(tree);
	if (error == 0)
		error = fdt_finish(tree);
	*bytes = fdt_totalsize(tree);
	return error == 0 ? tree : NULL;
}
