/* SPDX-License-Identifier: MIT
 *
 * Interrupt lines and the right to get them. A line is masked while nobody
 * has bound a notification, and from the moment it fires until the ack.
 */
#pragma once

#include "object.h"
#include "slot.h"

struct interrupt {
	struct object object;
	uint32_t line;
	uint32_t taken; /* a capability for the line exists */
	uint64_t pad;
	struct slot notification;
};

_Static_assert(sizeof(struct interrupt) == 64, "two units");

/* Bytes for the records of all lines, and their place: zeroed memory in the
 * physical map. Called once at boot. */
uint64_t interrupt_table_size(void);
void interrupt_init(void *memory);

/* A line fired; it is masked already. */
void interrupt_fired(unsigned line);
