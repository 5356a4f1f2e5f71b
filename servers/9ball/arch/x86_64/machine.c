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
#define RDRAND_BIT (UINT32_C(1) << 30) /* of CPUID 1, ECX */
#define RDRAND_TRIES 10
#define SEED_WORDS 4
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

/* RDRAND's word, if the processor has that and gives one (SDM 7.3.17). */
static bool
random_word(uint64_t *out)
{
	uint32_t eax = 1, ebx, ecx = 0, edx;
	unsigned char got = 0;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	if (!(ecx & RDRAND_BIT))
		return false;
	for (int i = 0; i < RDRAND_TRIES && !got; i++)
		__asm__ volatile("rdrand %0\n\tsetc %1"
				 : "=r"(*out), "=qm"(got)
				 :
				 : "cc");
	return got;
}

/* What firmware's trees bring: random bytes for the system. */
static int
add_chosen(void)
{
	uint64_t seed[SEED_WORDS];
	size_t count = 0;
	int error = fdt_begin_node(tree, "chosen");

	while (count < SEED_WORDS && random_word(&seed[count]))
		count++;
	if (error == 0 && count > 0)
		error = fdt_property(
			tree, "rng-seed", seed, (int)(count * sizeof(seed[0])));
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
		error = add_chosen();
	if (error == 0)
		error = fdt_end_node(tree);
	if (error == 0)
		error = fdt_finish(tree);
	*bytes = fdt_totalsize(tree);
	return error == 0 ? tree : NULL;
}
