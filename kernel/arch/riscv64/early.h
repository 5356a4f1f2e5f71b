/* SPDX-License-Identifier: MIT
 *
 * The kernel's own page tables and where its image lies in memory.
 */
#pragma once

#include "processor.h"
#include "types.h"
#include <arch/page_table.h>
#include <machine/offsets.h>

/* Where the image begins in the kernel half. */
#define KERNEL_IMAGE UINT64_C(0xffffffff80200000)

/* One per processor. Traps in the kernel use another stack, so that one which
 * runs into the guard is reported. */
struct kernel_stack {
	char guard[PAGE_SIZE]; /* not mapped */
	char stack[KERNEL_STACK_SIZE];
} __attribute__((aligned(PAGE_SIZE)));

extern struct kernel_stack kernel_stacks[PROCESSORS_MAX];

/* Physical address of the image. */
extern uint64_t kernel_physical;

/* Build the tables for an image loaded at `load`; called by head.S before
 * paging. Returns the value for satp. */
uint64_t early_map(uint64_t load);

/* Remove what only the switch needed. Returns the root table. */
pte_t *early_finish(void);

/* Physical address of something in the kernel's image. */
paddr_t image_to_phys(const void *symbol);
