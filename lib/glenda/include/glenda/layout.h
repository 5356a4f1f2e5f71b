/* SPDX-License-Identifier: MIT */
/*
 * Where things stand in a process's address space (docs/contract.md, sections
 * 2, 5 and 7.3). Fixed addresses are distances below the end of the user half,
 * the same on every architecture; what differs comes from
 * <glenda/arch/layout.h>:
 *
 *   USER_END            end of the user half, exclusive
 *   NATIVE_STACKS_END   where slot 1 of the native stacks ends
 *   NATIVE_STACK_SLOT   bytes of a slot; the next one ends below
 *   NATIVE_STACK_SLOTS  how many there are
 *   NATIVE_STACK_ENTRY  how far below its slot's end a stack pointer begins
 *   LINE_PIE_BASE       where relocatable Linux programs stand
 */
#pragma once

#include <stdint.h>

#include <glenda/arch/layout.h>

#define LAYOUT_BELOW_END(distance) (USER_END - UINT64_C(distance))

#define START_ADDRESS LAYOUT_BELOW_END(0x20000000)

/* Of native processes: UTCBs of threads, by Factotum. */
#define NATIVE_UTCBS LAYOUT_BELOW_END(0x1f000000)

/* Of Factotum alone, as 9Ball makes it: its UTCB and its log ring. */
#define FACTOTUM_UTCB LAYOUT_BELOW_END(0x40000000)
#define FACTOTUM_LOG LAYOUT_BELOW_END(0x30000000)

/* Mappings without a wish go down from here. */
#define MMAP_TOP LAYOUT_BELOW_END(0x80000000)

/* Of Linux processes: the shim, its process page and its kits. */
#define LINE_BASE LAYOUT_BELOW_END(0x10000000)
#define LINE_PROCESS LAYOUT_BELOW_END(0x8000000)
#define LINE_KITS LAYOUT_BELOW_END(0x7000000)

/* The main stack's top, and the end of what a Linux program may map. */
#define LINE_STACK_TOP LAYOUT_BELOW_END(0x40001000)
#define LINE_PROGRAM_END LAYOUT_BELOW_END(0x40000000)

/* The end of slot n of the native stacks, counted from 1. */
#define NATIVE_STACK_END(n) (NATIVE_STACKS_END - ((n)-1) * NATIVE_STACK_SLOT)
