/* SPDX-License-Identifier: MIT */
/*
 * The lives of the services; life.h has the diagram.
 *
 * Invariants: `running` from life_launched to life_died; a deadline is set only
 * in STARTING and BACKOFF, and at most once per stay in the state.
 */
#include "life.h"

#include <string.h>

void
lives_init(
	struct lives *lives, const struct config *config, uint64_t ticks_per_ms)
{
	memset(lives, 0, sizeof(*lives));
	lives->config = config;
	lives->ticks_per_ms = ticks_per_ms;
	for (unsigned i = 0; i < config->service_count; i++) {
		lives->life[i].config = &config->service[i];
		lives->life[i].order = LIFE_ORDER_KILL;
	}
}

/* A service that did its work and ended well still serves who needs it. */
static bool
is_met(const struct life *life)
{
	return life->state == SERVICE_READY || life->state == SERVICE_ABSENT ||
		(life->state == SERVICE_ENDED && life->succeeded);
}

static bool
is_lost(const struct life *life)
{
	return life->state == SERVICE_FAILED ||
		(life->state == SERVICE_ENDED && !life->succeeded);
}

static bool
needs_met(const struct lives *lives, const struct life *life)
{
	for (unsigned i = 0; i < lives->config->service_count; i++) {
		if ((life->config->needs >> i & 1) && !is_met(&lives->life[i]))
			return false;
	}
	return true;
}

int
life_lost_need(const struct lives *lives, unsigned index)
{
	uint32_t needs = lives->life[index].config->needs;

	for (unsigned i = 0; i < lives->config->service_count; i++) {
		if ((needs >> i & 1) && is_lost(&lives->life[i]))
			return (int)i;
	}
	return -1;
}

static enum life_wish
step_waiting(struct lives *lives, unsigned index)
{
	struct life *life = &lives->life[index];

	if (lives->ending)
		return LIFE_NOTHING;
	if (life_lost_need(lives, index) >= 0) {
		life->state = SERVICE_FAILED;
		return LIFE_LOST;
	}
	return needs_met(lives, life) ? LIFE_LAUNCH : LIFE_NOTHING;
}

enum life_wish
life_step(struct lives *lives, unsigned index, uint64_t now)
{
	struct life *life = &lives->life[index];
	bool due = life->deadline && now >= life->deadline;

	switch (life->state) {
	case SERVICE_WAITING:
		return step_waiting(lives, index);
	case SERVICE_STARTING:
		if (!due)
			return LIFE_NOTHING;
		life->deadline = 0;
		return LIFE_KILL;
	case SERVICE_BACKOFF:
		if (!due)
			return LIFE_NOTHING;
		life->deadline = 0;
		life->state = SERVICE_WAITING;
		return step_waiting(lives, index);
	default:
		return LIFE_NOTHING;
	}
}

void
life_launched(struct lives *lives, unsigned index, uint64_t now)
{
	struct life *life = &lives->life[index];

	life->running = true;
	life->started = now;
	life->state = SERVICE_STARTING;
	life->deadline = now + life->config->ready_ms * lives->ticks_per_ms;
	if (!life->config->provides)
		life_ready(lives, index);
}

void
life_absent(struct lives *lives, unsigned index)
{
	lives->life[index].state = SERVICE_ABSENT;
}

static enum life_end
fail(struct lives *lives, struct life *life)
{
	life->state = SERVICE_FAILED;
	life->deadline = 0;
	if (lives->ending)
		return LIFE_FAILS;
	return life->config->critical || life->config->session
		? LIFE_FAILS_SYSTEM
		: LIFE_FAILS;
}

enum life_end
life_refused(struct lives *lives, unsigned index)
{
	return fail(lives, &lives->life[index]);
}

bool
life_ready(struct lives *lives, unsigned index)
{
	struct life *life = &lives->life[index];

	if (life->state != SERVICE_STARTING)
		return false;
	life->state = SERVICE_READY;
	life->deadline = 0;
	return true;
}

/* Whether the policy wants it back after this end. */
static bool
wants_restart(const struct life *life)
{
	switch (life->config->restart) {
	case RESTART_ALWAYS:
		return true;
	case RESTART_ON_FAILURE:
		return !life->succeeded;
	case RESTART_NEVER:
		break;
	}
	return false;
}

static enum life_end
back_off(struct lives *lives, struct life *life, uint64_t now)
{
	uint64_t wait = LIFE_BACKOFF_FIRST_MS;

	if (now - life->started >= LIFE_STABLE_MS * lives->ticks_per_ms)
		life->restarts = 0;
	if (life->restarts >= LIFE_RESTARTS_MAX)
		return fail(lives, life);
	for (uint32_t i = 1; i < life->restarts; i++)
		wait *= 2;
	if (wait > LIFE_BACKOFF_CAP_MS)
		wait = LIFE_BACKOFF_CAP_MS;
	life->state = SERVICE_BACKOFF;
	life->deadline = now;
	if (life->restarts > 0)
		life->deadline += wait * lives->ticks_per_ms;
	life->restarts++;
	life->restarts_all++;
	return LIFE_RESTARTS;
}

/* A death that was ordered, but for LIFE_ORDER_KILL, which changes nothing. */
static enum life_end
ordered_end(struct life *life, enum life_order order)
{
	life->restarts = 0;
	if (order == LIFE_ORDER_STOP) {
		life->state = SERVICE_ENDED;
		return LIFE_ENDS;
	}
	life->restarts_all++;
	life->state = SERVICE_WAITING;
	return LIFE_RESTARTS;
}

enum life_end
life_died(struct lives *lives, unsigned index, bool succeeded, uint64_t now)
{
	struct life *life = &lives->life[index];
	enum life_order order = life->order;

	life->running = false;
	life->succeeded = succeeded;
	life->deadline = 0;
	life->order = LIFE_ORDER_KILL;
	life->state = SERVICE_ENDED;
	if (lives->ending)
		return LIFE_ENDS;
	if (order != LIFE_ORDER_KILL)
		return ordered_end(life, order);
	if (life->config->session)
		return LIFE_ENDS_SYSTEM;
	if (wants_restart(life))
		return back_off(lives, life, now);
	return life->config->critical ? fail(lives, life) : LIFE_ENDS;
}

bool
life_order(struct lives *lives, unsigned index, enum life_order order)
{
	struct life *life = &lives->life[index];

	if (life->running) {
		if (order == LIFE_ORDER_START)
			return false;
		life->order = order;
		return true;
	}
	if (order == LIFE_ORDER_STOP || order == LIFE_ORDER_KILL) {
		if (life->state == SERVICE_BACKOFF &&
			order == LIFE_ORDER_STOP) {
			life->state = SERVICE_ENDED;
			life->deadline = 0;
		}
		return false;
	}
	life->state = SERVICE_WAITING;
	life->deadline = 0;
	life->restarts = 0;
	return false;
}

void
life_hurry(struct lives *lives, unsigned index, uint64_t now)
{
	struct life *life = &lives->life[index];

	if (life->state == SERVICE_BACKOFF && now < life->deadline)
		life->deadline = now;
}

uint64_t
lives_deadline(const struct lives *lives)
{
	uint64_t next = 0;

	for (unsigned i = 0; i < lives->config->service_count; i++) {
		uint64_t deadline = lives->life[i].deadline;

		if (deadline && (!next || deadline < next))
			next = deadline;
	}
	return next;
}

static bool
is_needed(const struct lives *lives, unsigned index)
{
	for (unsigned i = 0; i < lives->config->service_count; i++) {
		const struct life *life = &lives->life[i];

		if (life->running && (life->config->needs >> index & 1))
			return true;
	}
	return false;
}

int
lives_last(const struct lives *lives)
{
	int last = -1;

	for (unsigned i = 0; i < lives->config->service_count; i++) {
		const struct life *life = &lives->life[i];

		if (!life->running || is_needed(lives, i))
			continue;
		if (last < 0 || life->started >= lives->life[last].started)
			last = (int)i;
	}
	return last;
}
