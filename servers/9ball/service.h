/* SPDX-License-Identifier: MIT */
/*
 * The services that 9Ball runs, each a small state machine.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <boot_info.h>
#include <glenda/types.h>

#include "config.h"

enum service_state {
	SERVICE_WAITING,	/* for its needs */
	SERVICE_STARTING,	/* runs, has not said that it is ready */
	SERVICE_READY,
	SERVICE_BACKOFF,	/* died, waits for its next start */
	SERVICE_ENDED,		/* ended, and is not to be restarted */
	SERVICE_FAILED,		/* given up */
	SERVICE_ABSENT,		/* its device does not exist */
};

/* What tools are told of a service. */
struct service_view {
	const char *name;
	enum service_state state;
	uint32_t restarts;
	uint32_t pid;
	uint32_t status;	/* of its last end */
};

/*
 * Make rings, notifications and channels for every service. Panics when the
 * machine is too small for them.
 */
void services_init(const struct config *config,
		   const struct boot_info *boot);

/* The notification that all services ring; bound to the calling thread. */
void services_notification(cptr_t notification);

/* Start what can be started, restart what is due. Call after every event. */
void services_step(void);

/* Notices that Factotum has for 9Ball. */
void services_notices(void);

/* The clock value at which services_step must be called; 0: none. */
uint64_t services_deadline(void);

/* What service `index` is; false past the last. */
bool service_view(unsigned index, struct service_view *out);

/*
 * Stop all services, the last started first, each within a bounded time, and
 * switch the machine off with a status, or restart it.
 */
_Noreturn void services_shutdown(bool reboot, uint32_t status);
