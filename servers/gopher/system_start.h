/* SPDX-License-Identifier: MIT */
/* What main() alone asks of system.c. */
#pragma once

#include <glenda/types.h>
#include <stdbool.h>
#include <stddef.h>

/* Once, first: the notification that alarms go to. */
void system_start(cptr_t notification);

/* A capability that sets this bit of the notification; 0: no room. */
cptr_t system_mint_signal(cptr_t notification, unsigned bit);

/* Map a memory object from its start; NULL when that fails. */
void *system_map(cptr_t object, size_t size, bool writable);

/* A slot for a capability that a client may send. */
uint64_t system_other_slot(void);
