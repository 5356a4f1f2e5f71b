/* SPDX-License-Identifier: MIT
 *
 * The first page tables (row A7). early_map() runs before paging, at physical
 * addresses, so nothing here may use an absolute address: no tables of
 * pointers, no switch. The tables made here stay: their root is the one whose
 * kernel half every address space copies.
 *
 * RAM and devices are seen through the physical map by gigapages; the image
 * by 4 KiB pages, text not writable and data not executable, and the pages
 * below the stacks not at all. The physical map's gigapage that holds the
 * image is in smaller pieces, so that what is fixed cannot be written there
 * either.
 */
#include "early.h"

#include <arch/page_table.h>
#include <machine/csr.h>
#include <machine/memory.h>

#define GIGAPAGE_SHIFT 30
#define MEGAPAGE_SHIFT 21
#define GIGAPAGES_MAPPED 128

static pte_t root[PT_ENTRIES] __attribute__((aligned(4096)));
static pte_t image_middle[PT_ENTRIES] __attribute__((aligned(4096)));
static pte_t image_pages[PT_ENTRIES] __attribute__((aligned(4096)));
static pte_t physical_middle[PT_ENTRIES] __attribute__((aligned(4096)));
static pte_t physical_pages[PT_ENTRIES] __attribute__((aligned(4096)));

uint64_t kernel_physical;

extern char kernel_start[], kernel_text_end[], kernel_rodata_end[],
	kernel_end[];

static pte_t
early_leaf(uint64_t physical, uint64_t permissions)
{
	return (pte_t){physical >> PAGE_SHIFT << PTE_PAGE_SHIFT | permissions |
		PTE_VALID | PTE_GLOBAL | PTE_ACCESSED | PTE_DIRTY};
}

/* Distance of something in the image from its start. */
static uint64_t
image_offset(const void *symbol)
{
	return (uint64_t)symbol - (uint64_t)kernel_start;
}

static void
early_map_image(uint64_t load)
{
	uint64_t text = image_offset(kernel_text_end);
	uint64_t fixed = image_offset(kernel_rodata_end);
	uint64_t size = image_offset(kernel_end);
	uint64_t at;
	unsigned i;

	for (at = 0; at < size; at += PAGE_SIZE) {
		uint64_t permissions = PTE_READ | PTE_WRITE;

		if (at < text)
			permissions = PTE_READ | PTE_EXECUTE;
		else if (at < fixed)
			permissions = PTE_READ;
		image_pages[at >> PAGE_SHIFT] =
			early_leaf(load + at, permissions);
	}
	for (i = 0; i < PROCESSORS_MAX; i++)
		image_pages[image_offset(kernel_stacks[i].guard) >>
			PAGE_SHIFT] = (pte_t){0};
	image_middle[(KERNEL_IMAGE >> MEGAPAGE_SHIFT) % PT_ENTRIES] =
		pte_table((uint64_t)image_pages >> PAGE_SHIFT);
	root[(KERNEL_IMAGE >> GIGAPAGE_SHIFT) % PT_ENTRIES] =
		pte_table((uint64_t)image_middle >> PAGE_SHIFT);
}

/* The gigapage of the physical map that holds the image, which is one
 * megapage of it. */
static pte_t
early_map_around_image(uint64_t load)
{
	uint64_t gigapage = load >> GIGAPAGE_SHIFT << GIGAPAGE_SHIFT;
	uint64_t fixed = image_offset(kernel_rodata_end) >> PAGE_SHIFT;
	unsigned i;

	for (i = 0; i < PT_ENTRIES; i++) {
		physical_middle[i] =
			early_leaf(gigapage + ((uint64_t)i << MEGAPAGE_SHIFT),
				PTE_READ | PTE_WRITE);
		physical_pages[i] =
			early_leaf(load + ((uint64_t)i << PAGE_SHIFT),
				i < fixed ? PTE_READ : PTE_READ | PTE_WRITE);
	}
	physical_middle[(load >> MEGAPAGE_SHIFT) % PT_ENTRIES] =
		pte_table((uint64_t)physical_pages >> PAGE_SHIFT);
	return pte_table((uint64_t)physical_middle >> PAGE_SHIFT);
}

uint64_t
early_map(uint64_t load)
{
	unsigned first = (PHYSICAL_MAP >> GIGAPAGE_SHIFT) % PT_ENTRIES;
	unsigned i;

	kernel_physical = load;
	for (i = 0; i < GIGAPAGES_MAPPED; i++)
		root[first + i] = early_leaf(
			(uint64_t)i << GIGAPAGE_SHIFT, PTE_READ | PTE_WRITE);
	root[first + (load >> GIGAPAGE_SHIFT)] = early_map_around_image(load);
	early_map_image(load);
	/* So that the instruction after the switch is found. */
	root[load >> GIGAPAGE_SHIFT] =
		early_leaf(load >> GIGAPAGE_SHIFT << GIGAPAGE_SHIFT,
			PTE_READ | PTE_WRITE | PTE_EXECUTE);
	return space_token((uint64_t)root >> PAGE_SHIFT, 0);
}

pte_t *
early_finish(void)
{
	root[kernel_physical >> GIGAPAGE_SHIFT] = (pte_t){0};
	tlb_flush_all();
	return root;
}

/* Bits of the field that do not exist stay 0. */
unsigned
asid_count(void)
{
	uint64_t satp = csr_read(satp);
	uint64_t all = ((UINT64_C(1) << 16) - 1) << SATP_ASID_SHIFT;
	uint64_t kept;

	csr_write(satp, satp | all);
	kept = csr_read(satp);
	csr_write(satp, satp);
	tlb_flush_all();
	return ((kept & all) >> SATP_ASID_SHIFT) + 1;
}

paddr_t
image_to_phys(const void *symbol)
{
	return paddr_make((uint64_t)symbol - KERNEL_IMAGE + kernel_physical);
}
