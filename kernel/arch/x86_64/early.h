/* SPDX-License-Identifier: MIT
 *
 * The kernel's own page tables, its stacks and the processor's features.
 */
#pragma once

#include "processor.h"
#include "types.h"
#include <arch/page_table.h>
#include <machine/offsets.h>

/* One per processor. A trap in the kernel that needs a good stack has another,
 * so that one which runs into the guard is reported. */
struct kernel_stack {
	char guard[PAGE_SIZE]; /* not mapped */
	char stack[KERNEL_STACK_SIZE];
} __attribute__((aligned(PAGE_SIZE)));

extern struct kernel_stack kernel_stacks[PROCESSORS_MAX];

/* Up to here head.S maps physical memory. */
#define EARLY_LIMIT (UINT64_C(4) << 30)

/* Give every page of the image its own permissions and take away what only
 * the switch needed. Returns the root table. */
pte_t *early_finish(void);

/* Show physical memory from EARLY_LIMIT to `end` too, with one page of tables
 * for each GiB, the first at `tables`. */
void early_map_more(uint64_t end, uint64_t tables);

/* Physical memory around the registers at `address` is not to be cached. */
void early_uncache(uint64_t address);

/* Switch on what the processor has and the kernel wants; panics if something
 * is missing that it cannot do without. */
void features_enable(void);
