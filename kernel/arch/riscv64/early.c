/* SPDX-License-Identifier: MIT
 *
 * The first page tables (row A7). early_map() runs before paging, at physical
 * addresses, so nothing here may use an absolute address: no tables of
 * pointers, no switch. The tables made here stay: their root is the one whose
 * kernel half every address space copies.
 *
 * RAM and devices are seen through the physical map by gigapages; the image
 * by 4 KiB pages, text not writable and data not executable.
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

uint64_t kernel_physical;

extern char kernel_start[], kernel_text_end[], kernel_rodata_end[],
	kernel_end[];

static pte_t
early_leaf(uint64_t physical, uint64_t permissions)
{
	return (pte_t){ physical >> PAGE_SHIFT << PTE_PAGE_SHIFT |
			permissions | PTE_VALID | PTE_GLOBAL | PTE_ACCESSED |
			PTE_DIRTY };
}

static void
early_map_image(uint64_t load)
{
	uint64_t text = (uint64_t)kernel_text_end - (uint64_t)kernel_start;
	uint64_t fixed = (uint64_t)kernel_rodata_end - (uint64_t)kernel_start;
	uint64_t size = (uint64_t)kernel_end - (uint64_t)kernel_start;
	uint64_t at;

	for (at = 0; at < size; at += PAGE_SIZE) {
		uint64_t permissions = PTE_READ | PTE_WRITE;

		if (at < text)
			permissions = PTE_READ | PTE_EXECUTE;
		else if (at < fixed)
			permissions = PTE_READ;
		image_pages[at >> PAGE_SHIFT] =
			early_leaf(load + at, permissions);
	}
	image_middle[(KERNEL_IMAGE >> MEGAPAGE_SHIFT) % PT_ENTRIES] =
		pte_table((uint64_t)image_pages >> PAGE_SHIFT);
	root[(KERNEL_IMAGE >> GIGAPAGE_SHIFT) % PT_ENTRIES] =
		pte_table((uint64_t)image_middle >> PAGE_SHIFT);
}

uint64_t
early_map(uint64_t load)
{
	unsigned first = (PHYSICAL_MAP >> GIGAPAGE_SHIFT) % PT_ENTRIES;
	unsigned i;

	kernel_physical = load;
	for (i = 0; i < GIGAPAGES_MAPPED; i++)
		root[first + i] = early_leaf((uint64_t)i << GIGAPAGE_SHIFT,
					     PTE_READ | PTE_WRITE);
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
	root[kernel_physical >> GIGAPAGE_SHIFT] = (pte_t){ 0 };
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
