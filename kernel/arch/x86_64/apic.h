/* SPDX-License-Identifier: MIT
 *
 * Interrupt controllers, which the kernel keeps to itself: the processor's own
 * (local APIC) and those of the lines (I/O APICs).
 */
#pragma once

#include "types.h"

/* Registers of the local APIC, by their offset in memory. */
#define APIC_TIMER 0x320
#define APIC_TIMER_START 0x380
#define APIC_TIMER_NOW 0x390
#define APIC_TIMER_DIVIDE 0x3e0

#define APIC_PAGES_MAX 9

/* Switch the old controllers off and the processor's own on. */
void apic_init(void);

uint32_t apic_read(unsigned offset);
void apic_write(unsigned offset, uint32_t value);
uint32_t apic_number(void);

/* An I/O APIC has its registers at `base`, and its inputs are the lines from
 * `first` on. All are masked. */
void apic_add_lines(uint64_t base, unsigned first);

/* The level that means a request on `line` is low. */
void apic_line_is_low(unsigned line);

/* Physical addresses of the pages with the controllers' registers; returns
 * how many, at most APIC_PAGES_MAX. */
unsigned apic_pages(uint64_t *pages);
