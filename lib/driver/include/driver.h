/* SPDX-License-Identifier: MIT */
/*
 * The common half of a driver that moves bytes between a device and the rings
 * of a channel (contract, section 4). A driver may be killed at any instruction
 * and is started again: it keeps nothing of value in memory of its own, and
 * `driver_open` tells the peer to look again, since a signal may be missing.
 */
#pragma once

#include <glenda/types.h>
#include <ring.h>
#include <stdbool.h>

struct driver {
	struct ring in;	     /* to Gopher */
	struct ring out;     /* from Gopher */
	paddr_t in_physical; /* of the byte at offset 0 of a ring's data */
	paddr_t out_physical;
	cptr_t signal; /* rings Gopher */
	cptr_t interrupt;
	cptr_t notification;
};

/*
 * Map a granted memory object. `physical` (may be NULL) is where a device
 * finds it, 0 if it is not contiguous. NULL: not granted, or no memory.
 */
void *driver_map(const char *name, size_t size, paddr_t *physical);

/*
 * Take up the channel and the interrupt of those names. False, and a line in
 * the log: one of them is missing.
 */
bool driver_open(
	struct driver *driver, const char *channel, const char *interrupt);

/* Tell Gopher that bytes came, or room. */
void driver_ring(const struct driver *driver);

/* Sleep until Gopher or the device rings; true: the device did. */
bool driver_wait(const struct driver *driver);

/* The device has been seen to; its next interrupt may come. */
void driver_acknowledge(const struct driver *driver);
