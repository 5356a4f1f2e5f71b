/* SPDX-License-Identifier: MIT */
/*
 * Reading the serial device by hand, for the rescue console: nobody else drives
 * it then. What 9Ball prints goes through the kernel's console as always.
 */
#pragma once

#include <stdbool.h>

#include "tree.h"

/* The device that the kernel's console prints on; false: it is not known. */
bool serial_find(struct device *out);

/* Find and map the device; false when the machine has none that we know. */
bool serial_init(void);

/* The next byte that has come; -1: none. */
int serial_read(void);
