/* SPDX-License-Identifier: MIT */
/*
 * The services that 9Ball runs. life.c decides, this file acts: it asks
 * Factotum to create, start and kill, tells life.c what came of it, and says
 * so in the log. Invariant: a service has a handle while its life says that
 * it runs.
 */
#include "service.h"

#include <string.h>

#include <glenda/factotum_client.h>
#include <glenda/nineball.h>
#include <glenda/syscall.h>

#include "bringup.h"
#include "grant.h"
#include "log.h"
#include "own.h"
#include "power.h"
#include "report.h"

#define SLICE_US 10000
#define STOP_MS 2000

#define SIGNAL_KILL 9
#define SIGNAL_TERMINATE 15

/* Tools are told the states and give the orders as they are here. */
_Static_assert((int)SERVICE_ABSENT == (int)NINEBALL_STATE_ABSENT &&
		(int)LIFE_ORDER_KILL == (int)NINEBALL_ORDER_KILL,
	"the protocol's numbers are life.h's");

struct process {
	cptr_t handle;
	uint32_t pid;
	uint32_t status; /* of its last end */
};

static const struct config *config;
static struct lives lives;
static struct process processes[CONFIG_SERVICES];
static uint64_t ticks_per_ms;
static bool failing; /* the system ends for a reason that the log tells */

static uint64_t
after_ms(uint64_t ms)
{
	return clock_ticks() + ms * ticks_per_ms;
}

static const char *
name_of(unsigned index)
{
	return config->service[index].name;
}

void
services_init(const struct config *read, uint64_t clock_frequency,
	cptr_t notification)
{
	status_t status;

	config = read;
	ticks_per_ms = clock_frequency / 1000;
	lives_init(&lives, config, ticks_per_ms);
	status = factotum_watch(factotum_as_manager(),
		1u << FACTOTUM_NOTICE_DEATH | 1u << FACTOTUM_NOTICE_READY,
		own_mint(notification, RIGHT_WRITE, 1));
	if (status < 0)
		report_panic(
			"factotum gives no notices: %s", status_string(status));
}

static status_t
create(unsigned index)
{
	const struct config_service *c = &config->service[index];
	struct process *process = &processes[index];
	uint32_t flags = FACTOTUM_SPAWN_FLAG_WAIT;
	status_t status;

	if (c->linux_process)
		flags |= FACTOTUM_SPAWN_FLAG_LINUX;
	for (uint32_t slots = c->slots; slots > SLOTS_DEFAULT; slots /= 2)
		flags += FACTOTUM_SPAWN_FLAG_SLOTS;
	process->handle = own_slot();
	status = factotum_spawn(factotum_as_manager(), flags, c->image,
		strlen(c->image), c->arguments.text, c->arguments.length,
		c->environment.text, c->environment.length, 0, &process->pid,
		process->handle);
	if (status == 0 && c->priority)
		status = factotum_set_schedule(
			process->handle, 0, c->priority, SLICE_US);
	return status;
}

static void
say_ready(unsigned index)
{
	report("service %s is ready (pid %u)", name_of(index),
		(unsigned)processes[index].pid);
}

/* What a death or a refused start leads to, beyond the service itself. */
static void
follow(unsigned index, enum life_end end, uint32_t code, const char *why)
{
	switch (end) {
	case LIFE_RESTARTS:
	case LIFE_ENDS:
		break;
	case LIFE_FAILS:
		report_error("service %s failed: %s", name_of(index), why);
		break;
	case LIFE_FAILS_SYSTEM:
		report_error("service %s failed: %s", name_of(index), why);
		failing = true;
		services_shutdown(false, POWER_STATUS_FAILED);
	case LIFE_ENDS_SYSTEM:
		services_shutdown(false, code);
	}
}

static void
refused(unsigned index, status_t status)
{
	struct process *process = &processes[index];

	factotum_kill(process->handle, SIGNAL_KILL);
	own_slot_free(process->handle);
	process->handle = 0;
	follow(index, life_refused(&lives, index), 0, status_string(status));
}

static void
launch(unsigned index)
{
	const struct config_service *c = &config->service[index];
	bool console = grants_console(index);
	status_t status;

	if (c->optional_device && !grants_have_devices(index)) {
		life_absent(&lives, index);
		return;
	}
	status = create(index);
	if (status == 0)
		status = grants_give(index, processes[index].handle);
	if (status == 0 && (c->session || console))
		report_session();
	if (status == 0)
		status = factotum_start(processes[index].handle);
	if (status < 0) {
		refused(index, status);
		return;
	}
	if (console)
		report_console_owned(true);
	life_launched(&lives, index, clock_ticks());
	if (lives.life[index].state == SERVICE_READY)
		say_ready(index);
}

/* The code that the host sees for a wait status. */
static uint32_t
exit_code(uint32_t status)
{
	uint32_t signal = status & 0x7f;

	return signal ? 128 + signal : status >> 8 & 0xff;
}

static void
reap(unsigned index, uint32_t *state, uint32_t *detail)
{
	struct process *process = &processes[index];

	log_drain(LOG_BIT(LOG_SERVICE + index));
	factotum_status(process->handle, NULL, state, detail);
	factotum_wait(factotum_as_manager(), 1, process->pid,
		FACTOTUM_WAIT_NOHANG, NULL, NULL, NULL, NULL, NULL, NULL);
	own_slot_free(process->handle);
	process->handle = 0;
	if (grants_console(index))
		report_console_owned(false);
	process->status =
		*state == FACTOTUM_STATE_EXITED ? *detail : UINT32_MAX;
}

static void
died(unsigned index)
{
	uint32_t state = 0, detail = 0, code = POWER_STATUS_FAILED;
	enum life_end end;

	reap(index, &state, &detail);
	if (state == FACTOTUM_STATE_FAULTED)
		report_error("service %s faulted (kind %u)", name_of(index),
			(unsigned)detail);
	else
		report("service %s ended with status %u", name_of(index),
			(unsigned)exit_code(detail));
	if (state == FACTOTUM_STATE_EXITED)
		code = exit_code(detail);
	end = life_died(
		&lives, index, processes[index].status == 0, clock_ticks());
	follow(index, end, code,
		config->service[index].restart == RESTART_NEVER
			? "it is critical and ended"
			: "it ends again and again");
}

static void
notice(uint32_t kind, uint64_t puid)
{
	for (unsigned i = 0; i < config->service_count; i++) {
		if (!processes[i].handle || processes[i].pid != (puid & 0xffff))
			continue;
		if (kind == FACTOTUM_NOTICE_DEATH)
			died(i);
		else if (kind == FACTOTUM_NOTICE_READY && life_ready(&lives, i))
			say_ready(i);
		return;
	}
}

void
services_notices(void)
{
	uint32_t count = 0;

	do {
		uint64_t kind[3], id[3];

		if (factotum_fetch(factotum_as_manager(), &count, &kind[0],
			    &id[0], &kind[1], &id[1], &kind[2], &id[2]) < 0)
			return;
		for (uint32_t i = 0; i < count && i < 3; i++)
			notice((uint32_t)kind[i], id[i]);
	} while (count > 0);
}

static void
lost(unsigned index)
{
	bool ends = config->service[index].critical ||
		config->service[index].session;

	report_error("service %s cannot start: it needs %s", name_of(index),
		name_of((unsigned)life_lost_need(&lives, index)));
	if (!ends)
		return;
	failing = true;
	services_shutdown(false, POWER_STATUS_FAILED);
}

/* Do what life.c wants for one service; false: nothing. */
static bool
step(unsigned index)
{
	switch (life_step(&lives, index, clock_ticks())) {
	case LIFE_NOTHING:
		return false;
	case LIFE_LAUNCH:
		launch(index);
		break;
	case LIFE_KILL:
		report_error("service %s was not ready within %u ms",
			name_of(index),
			(unsigned)config->service[index].ready_ms);
		factotum_kill(processes[index].handle, SIGNAL_KILL);
		break;
	case LIFE_LOST:
		lost(index);
		break;
	}
	return true;
}

void
services_step(void)
{
	bool changed = true;

	/* What one is told may free another that stands before it. */
	while (changed) {
		changed = false;
		for (unsigned i = 0; i < config->service_count; i++)
			changed |= step(i);
	}
}

uint64_t
services_deadline(void)
{
	return lives_deadline(&lives);
}

bool
service_view(unsigned index, struct service_view *out)
{
	if (index >= config->service_count)
		return false;
	out->name = name_of(index);
	out->state = lives.life[index].state;
	out->restarts = lives.life[index].restarts_all;
	out->pid = processes[index].pid;
	out->status = processes[index].status;
	return true;
}

status_t
service_order(unsigned index, uint32_t order)
{
	if (index >= config->service_count)
		return STATUS_NOT_FOUND;
	if (order >= LIFE_ORDERS)
		return STATUS_INVALID_ARGUMENT;
	if (!life_order(&lives, index, (enum life_order)order))
		return 0;
	return factotum_kill(processes[index].handle,
		order == LIFE_ORDER_KILL ? SIGNAL_KILL : SIGNAL_TERMINATE);
}

static bool
wait_for_end(unsigned index, uint64_t ms)
{
	uint64_t end = after_ms(ms);

	while (processes[index].handle && clock_ticks() < end) {
		services_notices();
		factotum_sleep(factotum_as_process(), 1, 0);
	}
	return !processes[index].handle;
}

/* Who stands at a channel and waits for its next start need wait no more. */
static void
hurry_drivers(void)
{
	for (unsigned i = 0; i < config->channel_count; i++) {
		for (unsigned end = 0; end < 2; end++)
			life_hurry(&lives, config->channel[i].end[end],
				clock_ticks());
	}
}

/*
 * Let the drivers print what is in the channels: the session's last words. A
 * driver that died comes back for them.
 */
static void
wait_for_output(uint64_t ms)
{
	uint64_t end = after_ms(ms);

	while (!grants_channels_empty() && clock_ticks() < end) {
		services_notices();
		hurry_drivers();
		services_step();
		factotum_sleep(factotum_as_process(), 1, 0);
	}
}

static void
stop(unsigned index)
{
	factotum_kill(processes[index].handle, SIGNAL_TERMINATE);
	if (wait_for_end(index, STOP_MS))
		return;
	report_error("service %s does not end; killing it", name_of(index));
	factotum_kill(processes[index].handle, SIGNAL_KILL);
	if (wait_for_end(index, STOP_MS))
		return;
	processes[index].handle = 0;
	life_died(&lives, index, false, clock_ticks());
}

_Noreturn void
services_shutdown(bool reboot, uint32_t status)
{
	static bool waited;
	int last;

	/* What fails during the wait ends the system at once. */
	if (!waited) {
		waited = true;
		wait_for_output(STOP_MS);
	}
	lives.ending = true;
	while ((last = lives_last(&lives)) >= 0)
		stop((unsigned)last);
	report_console_owned(false);
	log_drain(UINT64_MAX);
	if (failing)
		log_dump();
	report("power off, status %u", (unsigned)status);
	if (reboot)
		machine_reboot();
	machine_off(status);
}
