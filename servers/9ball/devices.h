/* SPDX-License-Identifier: MIT */
/*
 * Devices by the device tree: where their registers are and which interrupt
 * line is theirs. 9Ball holds all device Frames and hands parts of them out.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <boot_info.h>
#include <glenda/types.h>

#include "tree.h"

/* Map the device tree and remember the device Frames. False: no tree. */
bool devices_init(const struct boot_info *boot);

/* The instance-th device whose "compatible" list has this name. */
bool device_find(const char *compatible, unsigned instance, struct device *out);

/*
 * The instance-th virtio-mmio device of this kind (virtio specification 1.2,
 * section 5: 1 network, 2 block, 3 console, 9 file system), counted in rising
 * order of addresses.
 */
bool device_find_virtio(uint32_t kind, unsigned instance, struct device *out);

/* A new capability for the device's registers; 0 when none covers them. */
cptr_t device_frame(const struct device *device);

/* The registers in 9Ball's own space; NULL when that fails. */
volatile void *device_view(const struct device *device);

/* The interrupt capability of a line, the same one at every call; 0: none. */
cptr_t device_interrupt(uint32_t line);
