/* SPDX-License-Identifier: MIT
 *
 * From head.S to the portable kernel: what the boot loader (PVH) and the ACPI
 * tables say of the machine, and this processor's clock and interrupts.
 */
#include "boot.h"
#include "acpi.h"
#include "apic.h"
#include "clock.h"
#include "early.h"
#include "fp.h"
#include "panic.h"
#include "platform.h"
#include "processor.h"
#include "segments.h"

#include <machine/cpu.h>
#include <machine/memory.h>
#include <machine/offsets.h>
#include <string.h>

#define START_MAGIC 0x336ec578
#define MEMORY_RAM 1
#define MAP_LIMIT (UINT64_C(128) << 30)
/* Left alone: address 0 names no object, and processors start below 1 MiB. */
#define LOW_RESERVED UINT64_C(0x10000)
#define MEGABYTE (UINT64_C(1) << 20)
#define GIGABYTE (UINT64_C(1) << 30)
#define IO_APIC_USUAL 0xfec00000
#define ARGUMENTS_MAX 1024
#define BRAND_LEAF 0x80000002

/* What PVH hands over; all addresses are physical. */
struct start_info {
	uint32_t magic;
	uint32_t version;
	uint32_t flags;
	uint32_t module_count;
	uint64_t modules;
	uint64_t arguments;
	uint64_t acpi;
	uint64_t memory;
	uint32_t memory_count;
	uint32_t zero;
};

struct start_module {
	uint64_t start;
	uint64_t size;
	uint64_t arguments;
	uint64_t zero;
};

struct start_memory {
	uint64_t start;
	uint64_t size;
	uint32_t type;
	uint32_t zero;
};

_Noreturn void boot_arch(uint64_t start);

/* Where head.S begins: the first processor's stack. */
struct kernel_stack kernel_stacks[PROCESSORS_MAX]
	__attribute__((section(".bss.page_aligned")));
extern char kernel_stack_end[];
__asm__(".globl kernel_stack_end\n"
	".set kernel_stack_end, kernel_stacks + 12288\n");
_Static_assert(sizeof(struct kernel_stack) == 12288, "the line above");

static struct platform found;
static struct acpi acpi;
static char arguments[ARGUMENTS_MAX];
static char brand[49];
extern char kernel_start[], kernel_end[];

static void
range_add(struct platform_range *list, unsigned *count, unsigned max,
	uint64_t start, uint64_t end)
{
	if (end > MAP_LIMIT)
		end = MAP_LIMIT;
	if (start >= end || *count == max)
		return;
	list[*count].start = start;
	list[*count].end = end;
	++*count;
}

static void
reserve(uint64_t start, uint64_t end)
{
	range_add(found.reserved, &found.reserved_count, PLATFORM_RESERVED_MAX,
		start, end);
}

/* Something that the loader put below 4 GiB. */
static const void *
loaded(uint64_t address)
{
	if (!address || address >= EARLY_LIMIT - MEGABYTE)
		panic("the boot loader's 0x%lx is out of reach", address);
	return phys_to_virt(paddr_make(address));
}

static void
find_memory(const struct start_info *start)
{
	const struct start_memory *entry;
	uint32_t i;

	if (start->version < 1 || !start->memory_count)
		panic("the boot loader names no memory");
	entry = loaded(start->memory);
	for (i = 0; i < start->memory_count; i++, entry++)
		if (entry->type == MEMORY_RAM)
			range_add(found.memory, &found.memory_count,
				PLATFORM_MEMORY_MAX, entry->start,
				entry->start + entry->size);
}

static void
find_archive(const struct start_info *start)
{
	const struct start_module *module;

	if (!start->module_count)
		return;
	module = loaded(start->modules);
	found.archive.start = module->start;
	found.archive.end = module->start + module->size;
	if (found.archive.end > MAP_LIMIT ||
		found.archive.end < found.archive.start)
		panic("the boot archive's address makes no sense");
	reserve(found.archive.start, found.archive.end);
}

static void
find_arguments(const struct start_info *start)
{
	if (start->arguments)
		strncpy(arguments, loaded(start->arguments),
			sizeof(arguments) - 1);
	found.arguments = arguments;
}

/* The processor's name, without the blanks around it. */
static void
find_model(void)
{
	struct cpuid id;
	unsigned i;

	found.model = "unnamed processor";
	if (cpuid_read(0x80000000, 0).a < BRAND_LEAF + 2)
		return;
	for (i = 0; i < 3; i++) {
		id = cpuid_read(BRAND_LEAF + i, 0);
		memcpy(brand + i * sizeof(id), &id, sizeof(id));
	}
	found.model = brand + strspn(brand, " ");
}

/* Memory above what head.S mapped: its tables go behind the image. */
static void
map_high_memory(void)
{
	uint64_t tables = image_to_phys(kernel_end).value, end = 0, stop;
	unsigned i;

	for (i = 0; i < found.memory_count; i++)
		if (found.memory[i].end > end)
			end = found.memory[i].end;
	stop = tables;
	if (end > EARLY_LIMIT)
		stop += (end - EARLY_LIMIT + GIGABYTE - 1) / GIGABYTE *
			PAGE_SIZE;
	for (i = 0; i < found.reserved_count; i++)
		if (found.reserved[i].start < stop &&
			found.reserved[i].end > tables)
			panic("something lies behind the kernel's image");
	early_map_more(end, tables);
	reserve(KERNEL_LOAD, stop);
}

/* [start, end) without the interrupt controllers' pages. */
static void
device_add(uint64_t start, uint64_t end)
{
	uint64_t pages[APIC_PAGES_MAX], next;
	unsigned count = apic_pages(pages), i;

	start = (start + PAGE_MASK) & ~PAGE_MASK;
	end &= ~PAGE_MASK;
	while (start < end) {
		next = end;
		for (i = 0; i < count; i++)
			if (pages[i] >= start && pages[i] < next)
				next = pages[i];
		range_add(found.devices, &found.device_count,
			PLATFORM_DEVICES_MAX, start, next);
		start = next < end ? next + PAGE_SIZE : end;
	}
}

/* What below 4 GiB is no RAM may be a device's. */
static void
find_devices(void)
{
	uint64_t at = 0, next, end;
	unsigned i;

	while (at < EARLY_LIMIT) {
		next = end = EARLY_LIMIT;
		for (i = 0; i < found.memory_count; i++)
			if (found.memory[i].end > at &&
				found.memory[i].start < next) {
				next = found.memory[i].start;
				end = found.memory[i].end;
			}
		if (next > at)
			device_add(at, next);
		at = end;
	}
}

static void
find_machine(const struct start_info *start)
{
	acpi_read(start->acpi, &acpi);
	power_setup(&acpi);
	found.processors = acpi.processors ? acpi.processors : 1;
	if (!platform_lines())
		apic_add_lines(IO_APIC_USUAL, 0);
}

void
boot_arch(uint64_t start_address)
{
	const pte_t *root = early_finish();
	struct processor *self = processor_self();
	const struct start_info *start;

	self->kernel_stack = (uint64_t)kernel_stack_end;
	self->kernel_token = cr_read(cr3);
	self->token = self->kernel_token;
	segments_init(self->kernel_stack);
	console_setup();
	features_enable();
	fp_setup();

	start = loaded(start_address);
	if (start->magic != START_MAGIC)
		panic("no start information at 0x%lx", start_address);
	find_model();
	find_memory(start);
	reserve(0, LOW_RESERVED);
	find_archive(start);
	find_arguments(start);
	map_high_memory();
	apic_init();
	find_machine(start);
	find_devices();
	found.clock_frequency = clock_init();
	kernel_main(&found, root, apic_number());
}
