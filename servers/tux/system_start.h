/* SPDX-License-Identifier: MIT */
/* The part of system.c that only main.c uses. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glenda/types.h>

/* Find the capabilities of the start page. */
void system_start(void);

/* Have these notifications signalled when there is something to fetch. */
status_t system_watch_deaths(cptr_t signal);
status_t system_watch_terminal(cptr_t signal);

/* The next event of the terminal (GOPHER_EVENT_); false: none is left. */
bool system_terminal_event(uint32_t *kind, uint32_t *signal, uint32_t *id);
