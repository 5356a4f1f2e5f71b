/* SPDX-License-Identifier: MIT */
/*
 * The lives of the services: when each is started, restarted, given up or
 * stopped. Decides and remembers, does nothing itself: service.c carries out
 * what it answers, and tells it what happened. Without a call to anybody, so
 * that every edge is tested on the host.
 *
 *            needs met              life_ready
 *  WAITING ------------> STARTING -------------> READY
 *   |   |   life_step     |  |  ^                  |
 *   |   | no device       |  |  | deadline:        | life_died
 *   |   v                 |  |  | LIFE_KILL        v
 *   | ABSENT              |  |  +-------------> (killed, then life_died)
 *   |                     |  |                    |     |      |
 *   | a need              |  | life_refused       |     |      +--> ENDED
 *   | is lost             |  v                    |     |     policy, or told
 *   +-----------------> FAILED <------------------+     v
 *                                too many restarts   BACKOFF --due--> WAITING
 *
 * life_order moves ENDED and FAILED back to WAITING, or says how the death
 * that it asks for will be taken. Times are clock ticks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

/* A first restart is immediate; see README.md for the rest. */
#define LIFE_RESTARTS_MAX 10
#define LIFE_BACKOFF_FIRST_MS 100
#define LIFE_BACKOFF_CAP_MS 10000
#define LIFE_STABLE_MS 10000

enum service_state {
	SERVICE_WAITING,  /* for its needs */
	SERVICE_STARTING, /* runs, has not said that it is ready */
	SERVICE_READY,
	SERVICE_BACKOFF, /* died, waits for its next start */
	SERVICE_ENDED,	 /* ended, and is not to be restarted */
	SERVICE_FAILED,	 /* given up */
	SERVICE_ABSENT,	 /* its device does not exist */
};

/* What life_step wants done. */
enum life_wish {
	LIFE_NOTHING,
	LIFE_LAUNCH, /* then say life_launched, _absent, _refused */
	LIFE_KILL,   /* it was not ready in time */
	LIFE_LOST,   /* it has failed: a need of it will not come */
};

/* What follows a death or a refused start. */
enum life_end {
	LIFE_RESTARTS, /* life_step will want to launch it again */
	LIFE_ENDS,
	LIFE_FAILS,
	LIFE_FAILS_SYSTEM, /* it was critical: the system ends */
	LIFE_ENDS_SYSTEM,  /* it was the session: the system ends */
};

/* What a person with the power badge asks for. */
enum life_order {
	LIFE_ORDER_STOP,    /* end it; it stays ended */
	LIFE_ORDER_START,   /* as at the beginning, after it ended */
	LIFE_ORDER_RESTART, /* end it and start it again at once */
	LIFE_ORDER_KILL,    /* kill it; its policy decides what follows */
	LIFE_ORDERS,
};

struct life {
	const struct config_service *config;
	enum service_state state;
	enum life_order order; /* what the next death means; KILL: nothing */
	uint64_t deadline;     /* of STARTING and BACKOFF; 0: none */
	uint64_t started;
	uint32_t restarts; /* since it was last stable */
	uint32_t restarts_all;
	bool running;	/* it has a process */
	bool succeeded; /* its last end was one with status 0 */
};

struct lives {
	const struct config *config;
	uint64_t ticks_per_ms;
	bool ending; /* the system stops: no restarts */
	struct life life[CONFIG_SERVICES];
};

/* All services wait. The config outlives it. */
void lives_init(struct lives *lives, const struct config *config,
	uint64_t ticks_per_ms);

/* What is to be done with this service now, if anything. */
enum life_wish life_step(struct lives *lives, unsigned index, uint64_t now);

/* The first need of a service that will not be met; -1: there is none. */
int life_lost_need(const struct lives *lives, unsigned index);

/* After LIFE_LAUNCH: its process runs; its device is missing; it failed. */
void life_launched(struct lives *lives, unsigned index, uint64_t now);
void life_absent(struct lives *lives, unsigned index);
enum life_end life_refused(struct lives *lives, unsigned index);

/* It says that it is ready; false when that was not awaited. */
bool life_ready(struct lives *lives, unsigned index);

/* Its process is dead; `succeeded`: it exited with status 0. */
enum life_end life_died(
	struct lives *lives, unsigned index, bool succeeded, uint64_t now);

/*
 * Take an order. True: end the process now (by SIGKILL for LIFE_ORDER_KILL,
 * else by SIGTERM); the order takes effect when life_died is said.
 */
bool life_order(struct lives *lives, unsigned index, enum life_order order);

/* End the wait of a back-off now. */
void life_hurry(struct lives *lives, unsigned index, uint64_t now);

/* When life_step must be asked again at the latest; 0: never. */
uint64_t lives_deadline(const struct lives *lives);

/*
 * The service to stop next: one that runs and that no other running service
 * needs, the last started of those. -1 when none runs.
 */
int lives_last(const struct lives *lives);
