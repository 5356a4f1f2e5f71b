/* SPDX-License-Identifier: MIT */
/*
 * Devices by the device tree: where their registers are and which interrupt
 * line is theirs. 9Ball holds all device Frames and hands parts of them out.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <boot_info.h>
#include <glenda/registers.h>
#include <glenda/types.h>

#include "tree.h"

/*
 * Map the device tree, or make one where the machine brings none, and remember
 * the device Frames. False: no tree.
 */
bool devices_init(const struct boot_info *boot);

/* The instance-th device whose "compatible" list has this name. */
bool device_find(const char *compatible, unsigned instance, struct device *out);

/*
 * The instance-th virtio-mmio device of this kind (virtio specification 1.2,
 * section 5: 1 network, 2 block, 3 console, 9 file system), counted in rising
 * order of addresses.
 */
bool device_find_virtio(uint32_t kind, unsigned instance, struct device *out);

/*
 * A new capability for the device's registers: the Frame of the pages that
 * they lie in, or an IoPort. 0 when there is none.
 */
cptr_t device_cap(const struct device *device);

/* Bytes before the registers in that Frame. */
uint64_t device_offset(const struct device *device);

/* Bytes of that Frame. */
uint64_t device_frame_bytes(const struct device *device);

/*
 * The registers for 9Ball's own use, the same ones at every call for a
 * device. False when that fails.
 */
bool device_open(const struct device *device, struct registers *out);

/* The interrupt capability of a line, the same one at every call; 0: none. */
cptr_t device_interrupt(uint32_t line);

/* Random bytes of the machine's for whoever needs a seed: how many there are.
 */
size_t devices_seed(void *out, size_t size);
