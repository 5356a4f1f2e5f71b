/* SPDX-License-Identifier: MIT
 *
 * Console and power of a PC.
 */
#pragma once

#include "acpi.h"

/* Set the first serial port up for the kernel's printing. */
void console_setup(void);

/* How to switch off and restart; kept. */
void power_setup(const struct acpi *acpi);
