/* SPDX-License-Identifier: MIT
 *
 * What the kernel tells 9Ball at its entry: one read-only page run, mapped at
 * the address in the first argument register and held as a Frame in slot
 * BOOT_SLOT_INFO. Shared by kernel and 9Ball: fixed-width fields only.
 */
#pragma once

#include <stdint.h>

#define BOOT_INFO_MAGIC UINT64_C(0x6f6e69616e656c67)
#define BOOT_INFO_VERSION 1
#define BOOT_INFO_REGIONS 96
#define BOOT_INFO_ARGUMENTS 1024

/* The root CNode has 1 << BOOT_CNODE_BITS slots. */
#define BOOT_CNODE_BITS 10

enum boot_slot {
	BOOT_SLOT_CNODE = 1,
	BOOT_SLOT_VSPACE = 2,
	BOOT_SLOT_TCB = 3,
	BOOT_SLOT_INFO = 4,
	BOOT_SLOT_IRQ_CONTROL = 5,
	BOOT_SLOT_CONSOLE = 6,
	BOOT_SLOT_POWER = 7,
	BOOT_SLOT_ARCHIVE = 8,
	BOOT_SLOT_DEVICE_TREE = 9,
	BOOT_SLOT_IO_PORTS = 10,
	BOOT_SLOT_IMAGE = 11,
	BOOT_SLOT_FIRST_REGION = 16,
};

enum boot_region_kind {
	BOOT_REGION_UNTYPED = 1, /* RAM, an Untyped */
	BOOT_REGION_DEVICE = 2,	 /* device registers, a Frame */
};

struct boot_region {
	uint64_t base; /* physical, page aligned */
	uint64_t pages;
	uint32_t slot;
	uint32_t kind; /* enum boot_region_kind */
};

struct boot_info {
	uint64_t magic;
	uint32_t version;
	uint32_t processors;
	uint64_t clock_frequency; /* clock ticks per second */
	uint64_t memory_bytes;	  /* RAM that the machine has */
	uint64_t archive_offset;  /* of the boot archive in its Frame */
	uint64_t archive_bytes;
	uint64_t device_tree_offset; /* the same; 0 bytes: there is none */
	uint64_t device_tree_bytes;
	uint64_t image_address; /* where 9Ball's image begins in its space */
	uint64_t image_pages;	/* pages of it, at the start of its Frame */
	uint64_t stack_address; /* lowest of its stack; follows in the Frame */
	uint64_t stack_pages;
	uint64_t utcb_address;	  /* its UTCB, in a page after the stack's */
	uint32_t first_free_slot; /* all from here on are empty */
	uint32_t region_count;
	uint64_t entry_clock;		     /* clock when 9Ball was started */
	char arguments[BOOT_INFO_ARGUMENTS]; /* command line, NUL-terminated */
	struct boot_region regions[BOOT_INFO_REGIONS];
};

_Static_assert(sizeof(struct boot_info) <= 4096, "fits one page");
