/* SPDX-License-Identifier: MIT */
/*
 * Pages of file-backed objects come from a supplier, the process that made
 * the object (row F2). Factotum calls nobody: it notes what is needed, rings,
 * and the supplier comes to ask what is needed and brings it. Only the threads
 * that need a page wait for it.
 *
 *   absent --supply_wait--> needed --supply_needs--> asked for
 *     ^                        |                         |
 *     |                        +-----supply_settle-------+--> present
 *     +--------- supply_settle with an error, supplier dead
 *
 * Whoever waits is not served where its page arrives but between two
 * requests (supply_retry), for the page may arrive amid another change.
 */
#pragma once

#include "process.h"

/* A run of pages that somebody waits for. */
struct need {
	uint64_t first;
	uint64_t count;
};

/*
 * The thread's access failed with NOT_READY: it waits until the page that its
 * space misses has come. `rest` is what a populate goes on with, NULL for a
 * fault. SERVER_PARKED; an ACCESS_ value when nobody will bring the page;
 * LIMIT.
 */
status_t supply_wait(struct thread *thread, struct request *request,
	const struct populate *rest);

/* It waits no more. */
void supply_unlink(struct thread *thread);

/*
 * Tell up to `most` runs that were not told yet. When more are left, the
 * supplier is rung again.
 */
unsigned supply_needs(struct object *object, struct need *needs, unsigned most);

/*
 * Pages [first, first + count) have come, or, with an error, will not: who
 * waits for them is served or fails.
 */
void supply_settle(
	struct object *object, uint64_t first, uint64_t count, status_t status);

/* The object or its supplier is gone, or it was cut: all who wait look again.
 */
void supply_forget(struct object *object);

/* Serve one thread whose page has come; true when more are left. */
bool supply_retry(void);

/* How many of those wait to be served: looked at before each request. */
extern unsigned supply_settled;
