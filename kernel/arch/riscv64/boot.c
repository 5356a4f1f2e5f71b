/* SPDX-License-Identifier: MIT
 *
 * From head.S to the portable kernel: reads the device tree, which says what
 * the machine has, and sets up this processor's clock and interrupts. The
 * tree comes from firmware, but is read with libfdt's checks all the same.
 */
#include "boot.h"
#include "clock.h"
#include "early.h"
#include "panic.h"
#include "plic.h"
#include "processor.h"

#include <libfdt.h>
#include <machine/csr.h>
#include <machine/memory.h>
#include <machine/offsets.h>
#include <string.h>

#define MAP_LIMIT (UINT64_C(128) << 30)

_Noreturn void boot_arch(uint32_t hart, uint64_t tree);

/* Where head.S begins: the first processor's stack. */
struct kernel_stack kernel_stacks[PROCESSORS_MAX];
extern char kernel_stack_end[];
__asm__(".globl kernel_stack_end\n"
	".set kernel_stack_end, kernel_stacks + 12288\n");
_Static_assert(sizeof(struct kernel_stack) == 12288, "the line above");

static struct platform found;
static const void *tree;
extern char kernel_start[], kernel_end[];

static void
range_add(struct platform_range *list, unsigned *count, unsigned max,
	uint64_t start, uint64_t size)
{
	if (!size || start >= MAP_LIMIT || *count == max)
		return;
	if (size > MAP_LIMIT - start)
		size = MAP_LIMIT - start;
	list[*count].start = start;
	list[*count].end = start + size;
	++*count;
}

static void
reserve(uint64_t start, uint64_t size)
{
	if (found.reserved_count == PLATFORM_RESERVED_MAX)
		panic("more reserved memory than the kernel can note");
	range_add(found.reserved, &found.reserved_count, PLATFORM_RESERVED_MAX,
		start, size);
}

static uint64_t
read_cells(const fdt32_t *cells, int count)
{
	uint64_t value = 0;

	while (count-- > 0)
		value = value << 32 | fdt32_to_cpu(*cells++);
	return value;
}

/* Range number `i` of the node's reg property. */
static bool
node_reg(int node, int i, uint64_t *start, uint64_t *size)
{
	int parent = fdt_parent_offset(tree, node);
	int address_cells = fdt_address_cells(tree, parent);
	int size_cells = fdt_size_cells(tree, parent);
	int length;
	const fdt32_t *reg = fdt_getprop(tree, node, "reg", &length);

	if (!reg || address_cells < 1 || size_cells < 0 ||
		length < (i + 1) * (address_cells + size_cells) * 4)
		return false;
	reg += i * (address_cells + size_cells);
	*start = read_cells(reg, address_cells);
	*size = read_cells(reg + address_cells, size_cells);
	return true;
}

static bool
node_is(int node, const char *property, const char *value)
{
	return fdt_stringlist_search(tree, node, property, value) >= 0;
}

static void
find_memory(void)
{
	uint64_t start, size;
	int node, i;

	fdt_for_each_subnode(node, tree,
		0) if (node_is(node, "device_type",
			       "memory")) for (i = 0;
					       node_reg(node, i, &start, &size);
					       i++) range_add(found.memory,
		&found.memory_count, PLATFORM_MEMORY_MAX, start, size);
	if (!found.memory_count)
		panic("the device tree names no memory");
}

static void
find_reserved(void)
{
	int parent = fdt_path_offset(tree, "/reserved-memory");
	uint64_t start, size;
	int node, i;

	for (i = 0; i < fdt_num_mem_rsv(tree); i++)
		if (!fdt_get_mem_rsv(tree, i, &start, &size))
			reserve(start, size);
	if (parent < 0)
		return;
	fdt_for_each_subnode(node, tree,
		parent) for (i = 0; node_reg(node, i, &start, &size); i++)
		reserve(start, size);
}

static uint64_t
chosen_address(int chosen, const char *name)
{
	int length;
	const fdt32_t *value = fdt_getprop(tree, chosen, name, &length);

	return value ? read_cells(value, length / 4) : 0;
}

static void
find_chosen(void)
{
	int chosen = fdt_path_offset(tree, "/chosen");
	const char *arguments;
	int length;

	found.arguments = "";
	if (chosen < 0)
		return;
	arguments = fdt_getprop(tree, chosen, "bootargs", &length);
	if (arguments && length > 0 && !arguments[length - 1])
		found.arguments = arguments;
	found.archive.start = chosen_address(chosen, "linux,initrd-start");
	found.archive.end = chosen_address(chosen, "linux,initrd-end");
	if (found.archive.end > MAP_LIMIT ||
		found.archive.end < found.archive.start)
		panic("the boot archive's address makes no sense");
	reserve(found.archive.start, found.archive.end - found.archive.start);
}

/* Returns whether this processor claims to have stimecmp. */
static bool
find_processors(uint32_t hart)
{
	int parent = fdt_path_offset(tree, "/cpus");
	const fdt32_t *frequency;
	bool has_register = false;
	uint64_t number, size;
	int node, length;

	frequency = fdt_getprop(tree, parent, "timebase-frequency", &length);
	if (!frequency)
		panic("the device tree does not say how fast the clock is");
	found.clock_frequency = read_cells(frequency, length / 4);
	fdt_for_each_subnode(node, tree, parent)
	{
		const char *isa;

		if (!node_is(node, "device_type", "cpu"))
			continue;
		found.processors++;
		isa = fdt_getprop(tree, node, "riscv,isa", NULL);
		if (node_reg(node, 0, &number, &size) && number == hart && isa)
			has_register = strstr(isa, "_sstc") != NULL;
	}
	return has_register;
}

/* The PLIC's context that interrupts supervisor mode of `hart`: entries of
 * two words, the processor's own controller and its cause. */
static unsigned
plic_find_context(int node, uint32_t hart)
{
	int length, i, intc, cpu;
	const fdt32_t *entry =
		fdt_getprop(tree, node, "interrupts-extended", &length);
	uint64_t number, size;

	for (i = 0; entry && i < length / 8; i++) {
		if (fdt32_to_cpu(entry[2 * i + 1]) != INTERRUPT_EXTERNAL)
			continue;
		intc = fdt_node_offset_by_phandle(
			tree, fdt32_to_cpu(entry[2 * i]));
		cpu = intc < 0 ? intc : fdt_parent_offset(tree, intc);
		if (cpu >= 0 && node_reg(cpu, 0, &number, &size) &&
			number == hart)
			return i;
	}
	panic("the interrupt controller does not know this processor");
}

static void
find_plic(uint32_t hart)
{
	int node = fdt_node_offset_by_compatible(tree, -1, "sifive,plic-1.0.0");
	const fdt32_t *lines;
	uint64_t start, size;

	if (node < 0)
		node = fdt_node_offset_by_compatible(tree, -1, "riscv,plic0");
	if (node < 0 || !node_reg(node, 0, &start, &size))
		panic("no interrupt controller that the kernel knows");
	lines = fdt_getprop(tree, node, "riscv,ndev", NULL);
	if (!lines)
		panic("the interrupt controller has no lines");
	plic_init(paddr_make(start), fdt32_to_cpu(*lines),
		plic_find_context(node, hart));
}

static void
find_failure_register(void)
{
	int node = fdt_node_offset_by_compatible(tree, -1, "sifive,test0");
	uint64_t start, size;

	if (node >= 0 && node_reg(node, 0, &start, &size))
		platform_failure_register(paddr_make(start));
}

/* Controllers of interrupts are the kernel's; so is memory. */
static void
find_devices(void)
{
	uint64_t start, size;
	int node, i;

	for (node = fdt_next_node(tree, 0, NULL); node >= 0;
		node = fdt_next_node(tree, node, NULL)) {
		int parent = fdt_parent_offset(tree, node);

		if (!fdt_getprop(tree, node, "compatible", NULL) ||
			fdt_getprop(tree, node, "interrupt-controller", NULL) ||
			node_is(node, "compatible", "riscv,clint0") ||
			(parent != 0 &&
				!node_is(parent, "compatible", "simple-bus")))
			continue;
		for (i = 0; node_reg(node, i, &start, &size); i++)
			range_add(found.devices, &found.device_count,
				PLATFORM_DEVICES_MAX, start, size);
	}
}

void
boot_arch(uint32_t hart, uint64_t tree_address)
{
	const pte_t *root = early_finish();
	struct processor *self = processor_self();
	bool has_register;

	self->kernel_stack = (uint64_t)kernel_stack_end;
	self->kernel_token = csr_read(satp);
	self->token = self->kernel_token;

	tree = phys_to_virt(paddr_make(tree_address));
	if (fdt_check_header(tree))
		panic("no device tree at 0x%lx", tree_address);
	found.device_tree.start = tree_address;
	found.device_tree.end = tree_address + fdt_totalsize(tree);
	found.model = fdt_getprop(tree, 0, "model", NULL);
	if (!found.model)
		found.model = "unnamed machine";
	find_failure_register();
	find_memory();
	find_reserved();
	find_chosen();
	find_devices();
	find_plic(hart);
	has_register = find_processors(hart);
	reserve(kernel_physical, (uint64_t)kernel_end - (uint64_t)kernel_start);
	reserve(tree_address, fdt_totalsize(tree));
	clock_init(has_register);
	kernel_main(&found, root, hart);
}
