/* SPDX-License-Identifier: MIT */
/* Device nodes: the numbers of Linux, and what opening one gives. */
#pragma once

#include "file.h"

enum device_number {
	DEVICE_NULL = 1 << 8 | 3,
	DEVICE_ZERO = 1 << 8 | 5,
	DEVICE_FULL = 1 << 8 | 7,
	DEVICE_RANDOM = 1 << 8 | 8,
	DEVICE_URANDOM = 1 << 8 | 9,
	DEVICE_TTY = 5 << 8 | 0,
	DEVICE_CONSOLE = 5 << 8 | 1,
	DEVICE_STREAM0 = 240 << 8 | 0,
	DEVICE_STREAM1 = 240 << 8 | 1,
};

/* Give the file its operations; ENXIO when there is no such device. */
status_t device_open(uint64_t number, struct file *file, struct call *call);

/* Fill /dev: nodes and links in this folder.  0 or an error. */
status_t device_populate(struct node *folder);
