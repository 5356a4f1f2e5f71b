/* SPDX-License-Identifier: MIT
 *
 * The kernel's page tables, finished (row A7). Physical memory is seen by 2 MiB
 * pages; the image by 4 KiB pages, text not writable and data not executable,
 * and the pages below the stacks not at all. The 2 MiB of the physical map that
 * hold the image are in smaller pieces, so that what is fixed cannot be written
 * there either.
 */
#include "early.h"
#include "panic.h"

#include <arch/platform.h>
#include <machine/cpu.h>
#include <machine/memory.h>

#define LARGE_SHIFT 21
#define GIGABYTE_SHIFT 30
#define IMAGE_PERMISSIONS (PTE_VALID | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL)

#define TABLE __attribute__((aligned(4096), section(".bss.page_aligned")))

/* head.S fills these; the names are for it. */
extern pte_t early_root[PT_ENTRIES], physical_top[PT_ENTRIES],
	physical_directories[4][PT_ENTRIES], image_top[PT_ENTRIES],
	image_middle[PT_ENTRIES];

pte_t early_root[PT_ENTRIES] TABLE;
pte_t physical_top[PT_ENTRIES] TABLE;
pte_t physical_directories[4][PT_ENTRIES] TABLE;
pte_t image_top[PT_ENTRIES] TABLE;
pte_t image_middle[PT_ENTRIES] TABLE;
static pte_t image_pages[PT_ENTRIES] TABLE;
static pte_t physical_pages[PT_ENTRIES] TABLE;

bool tlb_has_tags;

extern char kernel_start[], kernel_text_end[], kernel_rodata_end[],
	kernel_end[];

paddr_t
image_to_phys(const void *symbol)
{
	return paddr_make((uint64_t)symbol - KERNEL_IMAGE + KERNEL_LOAD);
}

/* Number of something's page in the image. */
static unsigned
image_page(const void *symbol)
{
	return ((uint64_t)symbol - KERNEL_IMAGE) >> PAGE_SHIFT;
}

static pte_t
table_entry(const void *table)
{
	return (pte_t){image_to_phys(table).value | PTE_VALID | PTE_WRITE};
}

pte_t *
early_finish(void)
{
	unsigned text = image_page(kernel_text_end);
	unsigned fixed = image_page(kernel_rodata_end);
	unsigned end = image_page(kernel_end), i;

	for (i = 0; i < PT_ENTRIES; i++) {
		uint64_t page = (KERNEL_LOAD + ((uint64_t)i << PAGE_SHIFT)) |
			IMAGE_PERMISSIONS | (i < fixed ? 0 : PTE_WRITE);

		physical_pages[i].value = page | PTE_NO_EXECUTE;
		if (i < end)
			image_pages[i].value =
				page | (i < text ? 0 : PTE_NO_EXECUTE);
	}
	for (i = 0; i < PROCESSORS_MAX; i++)
		image_pages[image_page(kernel_stacks[i].guard)].value = 0;
	image_middle[0] = table_entry(image_pages);
	physical_directories[0][KERNEL_LOAD >> LARGE_SHIFT] =
		table_entry(physical_pages);
	early_root[0].value = 0;
	/* Nothing of the kernel's may stay in the TLB as it was. */
	cr_write(cr4, cr_read(cr4) & ~(uint64_t)CR4_GLOBAL);
	cr_write(cr4, cr_read(cr4) | CR4_GLOBAL);
	return early_root;
}

void
early_map_more(uint64_t end, uint64_t tables)
{
	uint64_t at;
	unsigned i;

	for (at = EARLY_LIMIT; at < end; tables += PAGE_SIZE) {
		pte_t *directory = phys_to_virt(paddr_make(tables));

		physical_top[at >> GIGABYTE_SHIFT].value =
			tables | PTE_VALID | PTE_WRITE;
		for (i = 0; i < PT_ENTRIES; i++) {
			directory[i].value = at | IMAGE_PERMISSIONS |
				PTE_WRITE | PTE_LARGE | PTE_NO_EXECUTE;
			at += UINT64_C(1) << LARGE_SHIFT;
		}
	}
}

void
early_uncache(uint64_t address)
{
	physical_directories[address >> GIGABYTE_SHIFT]
			    [(address >> LARGE_SHIFT) % PT_ENTRIES]
				    .value |= PTE_UNCACHED;
	__asm__ volatile("invlpg (%0)" ::"r"(phys_to_virt(paddr_make(address)))
			 : "memory");
}

void
features_enable(void)
{
	struct cpuid first = cpuid_read(1, 0), more = {0};
	uint64_t cr4 = cr_read(cr4) | CR4_FXSR | CR4_XMM;

	if (cpuid_read(0, 0).a >= 7)
		more = cpuid_read(7, 0);
	if (!(more.b & 1))
		panic("this processor lacks FSGSBASE");
	cr4 |= CR4_FSGSBASE;
	if (more.b >> 7 & 1)
		cr4 |= CR4_SMEP;
	if (more.b >> 20 & 1)
		cr4 |= CR4_SMAP;
	if (more.c >> 2 & 1)
		cr4 |= CR4_UMIP;
	if (first.c >> 26 & 1)
		cr4 |= CR4_XSAVE;
	tlb_has_tags = first.c >> 17 & 1 && more.b >> 10 & 1;
	if (tlb_has_tags)
		cr4 |= CR4_PCID;
	cr_write(cr4, cr4);
}

unsigned
asid_count(void)
{
	return tlb_has_tags ? 4096 : 1;
}
