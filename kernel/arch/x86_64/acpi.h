/* SPDX-License-Identifier: MIT
 *
 * The few facts that the kernel needs of the ACPI tables: interrupt
 * controllers, the number of processors, and how to switch off.
 */
#pragma once

#include "types.h"

struct acpi {
	unsigned processors; /* 0: nothing was found */
	uint64_t reset;	     /* register to restart with, 0: none */
	bool reset_is_port;
	uint8_t reset_value;
	uint64_t sleep; /* sleep control register; 0: by the two PM1 blocks */
	bool sleep_is_port;
	uint16_t pm1a; /* port; 0: none */
	uint16_t pm1b;
	uint16_t enable_port; /* hand the registers to us; 0: need not */
	uint8_t enable_value;
	uint8_t off_a; /* sleep types of S5 */
	uint8_t off_b;
	bool can_off;
};

/* Read the tables that `pointer` (physical) leads to; interrupt controllers
 * are handed to apic.h. A table that makes no sense is left out. */
void acpi_read(uint64_t pointer, struct acpi *result);
