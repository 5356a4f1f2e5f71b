/* SPDX-License-Identifier: MIT */
/*
 * The services that 9Ball runs: carries out what life.c decides, by Factotum.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glenda/types.h>

#include "config.h"
#include "life.h"

/* What tools are told of a service. */
struct service_view {
	const char *name;
	enum service_state state;
	uint32_t restarts;
	uint32_t pid;
	uint32_t status; /* of its last end, UINT32_MAX: it faulted */
};

/*
 * Have Factotum tell of deaths and readiness by bit 0 of `notification`, and
 * let all services wait. Needs grants_init. Panics when Factotum refuses.
 */
void services_init(const struct config *config, uint64_t clock_frequency,
	cptr_t notification);

/* Start what can be started, restart what is due. Call after every event. */
void services_step(void);

/* Notices that Factotum has for 9Ball. */
void services_notices(void);

/* The clock value at which services_step must be called; 0: none. */
uint64_t services_deadline(void);

/* What service `index` is; false past the last. */
bool service_view(unsigned index, struct service_view *out);

/*
 * Stop, start, restart or kill a service. 0, NOT_FOUND for a wrong index,
 * INVALID_ARGUMENT for a wrong order. What it causes is done at the next
 * services_step, or when the death is noticed.
 */
status_t service_order(unsigned index, uint32_t order);

/*
 * Stop all services, those first that nobody needs, each within a bounded
 * time, and switch the machine off with a status, or restart it.
 */
_Noreturn void services_shutdown(bool reboot, uint32_t status);
