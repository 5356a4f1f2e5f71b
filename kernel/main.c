/* SPDX-License-Identifier: MIT
 *
 * From the architecture's entry to 9Ball (rows N1, A12): what memory is free,
 * the few objects that the kernel itself needs and 9Ball's own, and then every
 * byte that is left as Untyped. Nothing is touched that is not used.
 */
#include "boot.h"
#include "boot_memory.h"
#include "boot_root.h"
#include "console.h"
#include "interrupt.h"
#include "page_info.h"
#include "panic.h"
#include "processor.h"
#include "sched.h"
#include "trap.h"
#include "vspace.h"

#include <string.h>

struct thread *boot_thread;
bool boot_verbose;
static uint64_t clock_frequency;

uint64_t
clock_from_us(uint64_t us)
{
	return us * clock_frequency / 1000000;
}

/* A word of the command line. */
static bool
argument_given(const char *arguments, const char *word)
{
	size_t length = strlen(word);

	while (*arguments) {
		size_t span = strcspn(arguments, " ");

		if (span == length && !strncmp(arguments, word, span))
			return true;
		arguments += span;
		arguments += strspn(arguments, " ");
	}
	return false;
}

static void
print_range(const char *what, const struct platform_range *range)
{
	console_print("  %s 0x%lx-0x%lx\n", what, range->start, range->end);
}

static void
print_banner(const struct platform *platform)
{
	unsigned i;

	if (argument_given(platform->arguments, "quiet"))
		return;
	console_print("Glenda on %s: %lu MiB, %u processor%s\n",
		platform->model, boot_memory_total(platform) >> 20,
		platform->processors, platform->processors == 1 ? "" : "s");
	if (!boot_verbose)
		return;
	for (i = 0; i < platform->memory_count; i++)
		print_range("memory  ", &platform->memory[i]);
	for (i = 0; i < platform->reserved_count; i++)
		print_range("reserved", &platform->reserved[i]);
	for (i = 0; i < platform->device_count; i++)
		print_range("device  ", &platform->devices[i]);
	print_range("archive ", &platform->archive);
	console_print("  clock %lu Hz, arguments \"%s\"\n",
		platform->clock_frequency, platform->arguments);
}

/* What lies between a range of memory and the next is a gap. */
static void
note_gaps(const struct platform *platform)
{
	unsigned i, j;

	for (i = 0; i < platform->memory_count; i++) {
		uint64_t end = platform->memory[i].end, next = UINT64_MAX;

		for (j = 0; j < platform->memory_count; j++)
			if (platform->memory[j].start >= end &&
				platform->memory[j].start < next)
				next = platform->memory[j].start;
		if (next > end && next != UINT64_MAX)
			page_info_gap((end + PAGE_MASK) >> PAGE_SHIFT,
				next >> PAGE_SHIFT);
	}
}

static void
make_page_info(const struct platform *platform)
{
	uint64_t first = UINT64_MAX, end = 0, pages;
	unsigned i;

	for (i = 0; i < platform->memory_count; i++) {
		if (platform->memory[i].start < first)
			first = platform->memory[i].start;
		if (platform->memory[i].end > end)
			end = platform->memory[i].end;
	}
	pages = (end - first) >> PAGE_SHIFT;
	page_info_init(boot_memory_take(pages * sizeof(uint32_t)),
		first >> PAGE_SHIFT, pages);
	note_gaps(platform);
}

void
kernel_main(const struct platform *platform, const pte_t *kernel_root,
	uint32_t hart)
{
	struct processor *self = processor_self();

	kernel_lock();
	self->hart = hart;
	self->highest = -1;
	self->slice_end = UINT64_MAX;
	self->programmed = UINT64_MAX;
	clock_frequency = platform->clock_frequency;
	boot_verbose = argument_given(platform->arguments, "verbose");
	print_banner(platform);
	boot_memory_init(platform);
	make_page_info(platform);
	interrupt_init(boot_memory_take(interrupt_table_size()));
	vspace_init(kernel_root);
	boot_thread = boot_root_make(platform);
	self->stamp = clock_now();
	sched_ready(boot_thread);
	trap_end();
}
