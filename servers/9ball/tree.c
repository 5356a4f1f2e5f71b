/* SPDX-License-Identifier: MIT */
/*
 * Reading a flattened device tree, by libfdt.
 */
#include "tree.h"

#include <libfdt.h>

/* Libfdt does not ask for the alignment that the specification promises. */
bool
tree_check(const void *tree, size_t size)
{
	if ((uintptr_t)tree % 8 || size < sizeof(struct fdt_header))
		return false;
	if (fdt_off_dt_struct(tree) % 4 || fdt_off_mem_rsvmap(tree) % 8)
		return false;
	return fdt_check_full(tree, size) == 0;
}

static bool
read_device(const void *tree, int node, struct device *out)
{
	int length;
	const fdt64_t *reg = fdt_getprop(tree, node, "reg", &length);
	const fdt32_t *line;

	if (!reg || length < (int)(2 * sizeof(*reg)))
		return false;
	out->registers = fdt64_ld(&reg[0]);
	out->bytes = fdt64_ld(&reg[1]);
	line = fdt_getprop(tree, node, "interrupts", &length);
	out->line = line && length >= (int)sizeof(*line) ? fdt32_ld(line) : 0;
	return out->bytes > 0 && out->registers + out->bytes > out->registers;
}

bool
tree_find(const void *tree, const char *compatible, unsigned instance,
	struct device *out)
{
	int node = -1;

	do {
		node = fdt_node_offset_by_compatible(tree, node, compatible);
		if (node < 0)
			return false;
	} while (instance-- > 0);
	return read_device(tree, node, out);
}
