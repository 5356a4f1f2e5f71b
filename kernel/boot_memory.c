/* SPDX-License-Identifier: MIT
 *
 * Free RAM at boot (boot_memory.h): the machine's memory less what is
 * reserved, as a few ranges of whole pages. Boot takes from the start of the
 * largest, so that the rest stays in one piece.
 */
#include "boot_memory.h"
#include "panic.h"

#include <machine/memory.h>
#include <string.h>

static struct platform_range free_ranges[BOOT_RANGES_MAX];
static unsigned free_count;
static struct platform_range *largest;
static bool closed; /* what is left belongs to 9Ball */

static void
free_add(uint64_t start, uint64_t end)
{
	start = (start + PAGE_MASK) & ~PAGE_MASK;
	end &= ~PAGE_MASK;
	if (start >= end)
		return;
	if (free_count == BOOT_RANGES_MAX)
		panic("memory is in more pieces than the kernel can note");
	free_ranges[free_count].start = start;
	free_ranges[free_count].end = end;
	free_count++;
}

/* Add the parts of [start, end) that no reserved range from `i` on covers. */
static void
free_add_unreserved(
	const struct platform *platform, uint64_t start, uint64_t end)
{
	while (start < end) {
		uint64_t stop = end, next = end;
		unsigned i;

		for (i = 0; i < platform->reserved_count; i++) {
			const struct platform_range *range =
				&platform->reserved[i];

			if (range->start <= start && range->end > start) {
				stop = start;
				next = range->end;
				break;
			}
			if (range->start > start && range->start < stop) {
				stop = range->start;
				next = range->end;
			}
		}
		free_add(start, stop);
		start = next;
	}
}

void
boot_memory_init(const struct platform *platform)
{
	unsigned i;

	for (i = 0; i < platform->memory_count; i++)
		free_add_unreserved(platform, platform->memory[i].start,
			platform->memory[i].end);
	for (i = 0; i < free_count; i++)
		if (!largest ||
			free_ranges[i].end - free_ranges[i].start >
				largest->end - largest->start)
			largest = &free_ranges[i];
	if (!largest)
		panic("no free memory");
}

void *
boot_memory_take(uint64_t bytes)
{
	uint64_t start = largest->start;
	void *memory = phys_to_virt(paddr_make(start));

	if (closed)
		panic("the kernel allocates after boot");
	bytes = (bytes + PAGE_MASK) & ~PAGE_MASK;
	if (bytes > largest->end - start)
		panic("not enough memory to start with");
	largest->start = start + bytes;
	memset(memory, 0, bytes);
	return memory;
}

const struct platform_range *
boot_memory_rest(unsigned *count)
{
	closed = true;
	*count = free_count;
	return free_ranges;
}

uint64_t
boot_memory_total(const struct platform *platform)
{
	uint64_t total = 0;
	unsigned i;

	for (i = 0; i < platform->memory_count; i++)
		total += platform->memory[i].end - platform->memory[i].start;
	return total;
}
