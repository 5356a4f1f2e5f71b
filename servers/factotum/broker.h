/* SPDX-License-Identifier: MIT */
/*
 * Who may reach what (row F7): services by number, what each process's
 * manifest allows, and the capabilities that wait for a process's start.
 *
 * A service's endpoint lives in a cell and is destroyed with the process that
 * provides it, so that clients see PEER_DIED; the next provider gets a new
 * one. Badges name clients by puid, which is never reused.
 */
#pragma once

#include "process.h"

/* kind << 60 | id */
uint64_t broker_badge(uint64_t kind, uint64_t id);

/* The process provides a service from now on. EXISTS, NO_MEMORY, LIMIT. */
status_t broker_provide(struct process *process, uint32_t service);

/* Its manifest names the service (granted at once when that is ready). */
status_t broker_allow(struct process *process, uint32_t service);

/* Manager rights, and the capability `manager`. */
status_t broker_allow_manager(struct process *process, uint64_t rights);

/*
 * Put a capability of ours under a name: a copy of `source`, or with `badge`
 * a badged end of our own endpoint. LIMIT; *slot is where it stands.
 */
status_t broker_grant(struct process *process, const char *name, cptr_t source,
	uint64_t badge, uint64_t *slot);

/*
 * A badged sending end for `process` in a slot of ours, which passes to the
 * caller. NOT_FOUND, FORBIDDEN, NOT_READY, NO_MEMORY.
 */
status_t broker_request(
	struct process *process, uint32_t service, cptr_t *slot);

/* Does its manifest name the service? */
bool broker_allows(const struct process *process, uint32_t service);

/* The service is ready. FORBIDDEN when the process provides none. */
status_t broker_ready(struct process *process);

/* A forked child may ask for what its parent may. NO_MEMORY. */
status_t broker_inherit(struct process *child, const struct process *parent);

/* A Linux process's fixed slots: Gopher in 2, Tux in 3, if allowed. */
void broker_fill_linux(struct process *process);

/* Its allowances go; what it provides dies. */
void broker_forget(struct process *process);
