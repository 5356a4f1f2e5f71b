/* SPDX-License-Identifier: MIT */
/*
 * Reading a flattened device tree, by libfdt.
 */
#include "tree.h"

#include <libfdt.h>
#include <string.h>

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

/* The first cell says which space, by its lowest bit; then one cell each. */
static bool
read_isa(const void *tree, int node, struct device *out)
{
	int length;
	const fdt32_t *reg = fdt_getprop(tree, node, "reg", &length);

	if (!reg || length < (int)(3 * sizeof(*reg)))
		return false;
	out->ports = fdt32_ld(&reg[0]) & 1;
	out->registers = fdt32_ld(&reg[1]);
	out->bytes = fdt32_ld(&reg[2]);
	return true;
}

static bool
read_memory(const void *tree, int node, struct device *out)
{
	int length;
	const fdt64_t *reg = fdt_getprop(tree, node, "reg", &length);

	if (!reg || length < (int)(2 * sizeof(*reg)))
		return false;
	out->ports = false;
	out->registers = fdt64_ld(&reg[0]);
	out->bytes = fdt64_ld(&reg[1]);
	return true;
}

static bool
read_device(const void *tree, int node, struct device *out)
{
	int parent = fdt_parent_offset(tree, node);
	const fdt32_t *line;
	bool found;
	int length;

	if (parent >= 0 && fdt_node_check_compatible(tree, parent, "isa") == 0)
		found = read_isa(tree, node, out);
	else
		found = read_memory(tree, node, out);
	if (!found)
		return false;
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

size_t
tree_seed(const void *tree, void *out, size_t size)
{
	int node = fdt_path_offset(tree, "/chosen"), length = 0;
	const void *seed =
		node < 0 ? NULL : fdt_getprop(tree, node, "rng-seed", &length);

	if (!seed || length <= 0)
		return 0;
	if (size > (size_t)length)
		size = (size_t)length;
	memcpy(out, seed, size);
	return size;
}
