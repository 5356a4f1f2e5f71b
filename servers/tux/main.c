/* SPDX-License-Identifier: MIT */
/*
 * Tux: the personality's memory. Starts, answers messages, forgets processes
 * that ended, and turns the terminal's events into signals.
 */
#include <stdio.h>

#include <glenda/factotum_client.h>
#include <glenda/gopher.h>
#include <glenda/kernel_calls.h>
#include <glenda/slots.h>
#include <glenda/start.h>

#include "operations.h"
#include "system.h"
#include "system_start.h"
#include "tux.h"

enum {
	NOTICE_BIT = 0,
	TERMINAL_BIT = 20,
};

#define SIGNAL_HUP 1
#define CODE_KERNEL 0x80 /* SI_KERNEL */

static void
notices_fetch(void)
{
	uint64_t kind[3], id[3];
	uint32_t count;

	do {
		if (factotum_fetch(CAP_FACTOTUM, &count, &kind[0], &id[0],
			    &kind[1], &id[1], &kind[2], &id[2]) < 0)
			return;
		for (uint32_t i = 0; i < count && i < 3; i++) {
			if ((uint32_t)kind[i] == FACTOTUM_NOTICE_DEATH)
				process_forget(id[i]);
		}
	} while (count > 0);
}

static void
signal_terminal(uint32_t group, uint32_t number)
{
	const struct system_signal signal = {
		.number = number,
		.info = CODE_KERNEL,
	};

	/* A group that has gone in the meantime needs no signal. */
	(void)system_post_group(group, &signal);
}

/* The leader hears of the hang-up, and goes on if it was stopped. */
static void
hang_up(uint32_t session)
{
	const struct system_signal hang = {
		.number = SIGNAL_HUP,
		.info = CODE_KERNEL,
	};
	const struct system_signal go_on = {
		.number = SIGNAL_CONT,
		.info = CODE_KERNEL,
	};

	if (system_post(session, &hang) == STATUS_OK)
		(void)system_post(session, &go_on);
}

static void
terminal_fetch(void)
{
	uint32_t kind, number, id;

	while (system_terminal_event(&kind, &number, &id)) {
		if (kind == GOPHER_EVENT_SIGNAL)
			signal_terminal(id, number);
		else if (kind == GOPHER_EVENT_HANGUP)
			hang_up(id);
	}
}

static void
notified(void *context, uint64_t bits)
{
	(void)context;
	if (bits & UINT64_C(1) << NOTICE_BIT)
		notices_fetch();
	if (bits & UINT64_C(1) << TERMINAL_BIT)
		terminal_fetch();
}

/* A sending end of the own notification that sets one bit. */
static cptr_t
bell(unsigned bit)
{
	cptr_t slot = slot_take();

	if (slot &&
		cnode_mint(CAP_CNODE, slot, start_cap("notification"),
			RIGHT_WRITE, UINT64_C(1) << bit) < 0) {
		slot_give(slot);
		return CAP_NONE;
	}
	return slot;
}

static status_t
watch(void)
{
	cptr_t deaths = bell(NOTICE_BIT);
	cptr_t terminal = bell(TERMINAL_BIT);
	status_t status;

	if (!deaths || !terminal)
		return STATUS_NO_MEMORY;
	status = system_watch_deaths(deaths);
	return status < 0 ? status : system_watch_terminal(terminal);
}

int
main(void)
{
	static const struct server_protocol protocol = {
		.number = TUX_PROTOCOL,
		.dispatch = tux_dispatch,
		.ops = &operations,
	};
	struct server server = {
		.endpoint = start_cap("service"),
		.protocols = &protocol,
		.protocol_count = 1,
		.notified = notified,
	};
	status_t status;

	system_start();
	status = watch();
	if (status == STATUS_OK)
		status = factotum_ready(CAP_FACTOTUM);
	if (status == STATUS_OK)
		status = server_run(&server);
	printf("tux: %s\n", status_string(status));
	return 1;
}
