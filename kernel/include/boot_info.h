/* SPDX-License-Identifier: MIT */
/*
 * What the kernel tells 9Ball about the machine and about the capabilities
 * in its first CSpace (docs/contract.md, section 1.7).
 *
 * Shared by the kernel, which fills it once at boot, and 9Ball, which finds it
 * mapped read-only at the address in its first argument register. Fixed-width
 * fields only; no pointers: addresses are physical unless they say otherwise.
 */
#pragma once

#include <stdint.h>

#define BOOT_INFO_MAGIC UINT64_C(0x4f464e49544f4f42)	/* "BOOTINFO" */
#define BOOT_REGIONS_MAX 112

/* Slots of 9Ball's root CNode. */
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
	BOOT_SLOT_FIRST = 16,
};

#define BOOT_CNODE_BITS 10

enum boot_region_kind {
	BOOT_REGION_UNTYPED = 1,	/* free memory, an Untyped */
	BOOT_REGION_DEVICE = 2,		/* device registers, a Frame run */
};

/* One capability from BOOT_SLOT_FIRST on: slot = BOOT_SLOT_FIRST + index. */
struct boot_region {
	uint64_t base;
	uint64_t pages;
	uint32_t kind;		/* enum boot_region_kind */
	uint32_t reserved;
};

struct boot_info {
	uint64_t magic;
	uint64_t clock_frequency;	/* ticks of the clock per second */
	uint64_t boot_ticks;		/* the clock when the kernel started */
	uint64_t archive_base;
	uint64_t archive_bytes;
	uint64_t device_tree_base;	/* page of it; blob may start inside */
	uint64_t device_tree_offset;	/* bytes into that page */
	uint64_t device_tree_bytes;
	uint64_t utcb;			/* 9Ball's own, in its space */
	uint64_t image_end;		/* first free address of its space */
	uint64_t memory_bytes;		/* usable RAM in all */
	uint32_t processors;
	uint32_t region_count;
	char command_line[256];		/* boot arguments, NUL-terminated */
	struct boot_region regions[BOOT_REGIONS_MAX];
};

_Static_assert(sizeof(struct boot_info) <= 4096, "one page");
