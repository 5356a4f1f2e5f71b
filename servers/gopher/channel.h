/* SPDX-License-Identifier: MIT */
/*
 * Channels to drivers: a ring each way in shared memory and a signal
 * (contract, section 4).  The driver may die and come back at any time;
 * what is in the rings stays.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ring.h>

#include "call.h"

enum { CHANNEL_RING_BYTES = 8192 };

struct channel {
	bool present;
	struct ring in;
	struct ring out;
	uint64_t signal;	   /* capability that rings the driver */
	struct wait_queue changed; /* bytes came, or room */
};

/* Take up both rings in `memory` (4 pages); 0 or INVALID_ARGUMENT. */
status_t channel_open(struct channel *channel, void *memory, uint64_t signal);

/* Up to `size` bytes from the driver; 0: none, and it will ring. */
size_t channel_read(struct channel *channel, void *out, size_t size);

/* Bytes that are there to read; 0: none, and the driver will ring. */
size_t channel_fill(struct channel *channel);

/* Room for output; less than `least` means that the driver will ring. */
size_t channel_room(struct channel *channel, size_t least);

/* Whether the driver took all output; false: it rings when it has. */
bool channel_drained(struct channel *channel);

/* As many bytes as find room. */
size_t channel_write(struct channel *channel, const void *bytes, size_t count);
