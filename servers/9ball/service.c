/* SPDX-License-Identifier: MIT */
/*
 * The services that 9Ball runs.
 *
 *            needs ready             READY notice
 *  WAITING ---------------> STARTING ------------> READY
 *     |      service_launch   |    |  service_ready   |
 *     | no device             |    | deadline         | DEATH notice
 *     v                       |    v                  v
 *  ABSENT                     |  killed -----> service_died
 *                             v                 |        |
 *                           FAILED <------------+        +--> ENDED
 *                   launch refused,  too many   |             policy: no
 *                                    restarts   v             restart
 *                                            BACKOFF --due--> WAITING
 *
 * A session's end is the end of the system. A critical service that reaches
 * FAILED ends it, too. What a service needs to come back is kept here: its log
 * page, notification, channels and device capabilities outlive it.
 */
#include "service.h"

#include <stdio.h>
#include <string.h>

#include <glenda/factotum_client.h>
#include <glenda/kernel_calls.h>
#include <glenda/syscall.h>
#include <ring.h>

#include "archive.h"
#include "bringup.h"
#include "devices.h"
#include "log.h"
#include "own.h"
#include "power.h"
#include "report.h"

/* First channel bit of a service's notification (contract, section 3). */
#define CHANNEL_BIT 2
#define INTERRUPT_BIT 17

#define RESTARTS_MAX 8
#define BACKOFF_FIRST_MS 100
#define BACKOFF_CAP_MS 10000
#define STABLE_MS 10000
#define STOP_MS 2000

#define SIGNAL_KILL 9
#define SIGNAL_TERMINATE 15

struct service {
	const struct config_service *config;
	enum service_state state;
	cptr_t handle;
	cptr_t log_object;
	cptr_t log_signal;
	cptr_t notification;
	cptr_t timer;
	uint64_t deadline;	/* of STARTING and BACKOFF; 0: none */
	uint64_t started;	/* clock */
	uint32_t pid;
	uint32_t restarts;	/* since it was last stable */
	uint32_t restarts_all;
	uint32_t status;	/* of its last end */
	unsigned channels;	/* bits given out so far, at launch */
};

struct channel {
	const struct ring_shared *out;	/* what its driver has to print */
	cptr_t object;
	cptr_t signal[2];	/* what end i rings: the other's bit */
};

static const struct config *config;
static struct service services[CONFIG_SERVICES];
static struct channel channels[CONFIG_CHANNELS];
static uint64_t ticks_per_ms;
static cptr_t archive_object;
static cptr_t notification;
static bool shutting_down;

static uint64_t
after_ms(uint64_t ms)
{
	return clock_ticks() + ms * ticks_per_ms;
}

static void
need(bool ok, const char *what)
{
	if (!ok)
		report_panic("out of memory for %s", what);
}

/* A memory object over a Frame of 9Ball's. */
static cptr_t
wrap(cptr_t frame, size_t bytes, uint32_t rights, bool device)
{
	cptr_t object = own_slot();
	status_t status = factotum_object_from_frame(factotum_as_manager(),
						     bytes, rights, device,
						     frame, object);

	if (status == 0)
		return object;
	report_error("factotum refuses a memory object: %s",
		     status_string(status));
	own_slot_free(object);
	return 0;
}

static void
init_service(struct service *service, unsigned index)
{
	cptr_t page;

	service->config = &config->service[index];
	service->notification = own_object(OBJECT_NOTIFICATION, 0);
	service->timer = own_object(OBJECT_TIMER, 0);
	page = log_writer(LOG_SERVICE + index, service->config->name);
	need(service->notification && service->timer && page,
	     service->config->name);
	service->log_object = wrap(page, PAGE_BYTES,
				   FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
				   false);
	service->log_signal = own_mint(notification, RIGHT_WRITE,
				       LOG_BIT(LOG_SERVICE + index));
	need(service->log_object && service->log_signal,
	     service->config->name);
}

/* The bit of a channel at one of its ends: channels in order of the file. */
static unsigned
channel_bit(unsigned channel, unsigned service)
{
	unsigned bit = CHANNEL_BIT;

	for (unsigned i = 0; i < channel; i++)
		bit += config->channel[i].end[0] == service ||
		       config->channel[i].end[1] == service;
	return bit;
}

static void
init_channel(unsigned index)
{
	const struct config_channel *c = &config->channel[index];
	struct channel *channel = &channels[index];
	cptr_t frame = own_object(OBJECT_FRAME, c->pages);

	need(frame, c->name);
	channel->out = own_view(frame, c->pages / 2, 1, RIGHT_READ);
	need(channel->out, c->name);
	channel->object = wrap(frame, c->pages * PAGE_BYTES,
			       FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
			       false);
	for (unsigned end = 0; end < 2; end++) {
		unsigned other = c->end[1 - end];

		channel->signal[end] =
			own_mint(services[other].notification, RIGHT_WRITE,
				 UINT64_C(1) << channel_bit(index, other));
		need(channel->signal[end], c->name);
	}
	need(channel->object, c->name);
}

void
services_notification(cptr_t given)
{
	notification = given;
	if (tcb_bind(BOOT_SLOT_TCB, notification) < 0)
		report_panic("9Ball cannot bind its notification");
}

void
services_init(const struct config *read, const struct boot_info *boot)
{
	uint64_t bytes = boot->archive_offset + boot->archive_bytes;
	status_t status;

	config = read;
	ticks_per_ms = boot->clock_frequency / 1000;
	status = factotum_watch(factotum_as_manager(),
				1u << FACTOTUM_NOTICE_DEATH |
					1u << FACTOTUM_NOTICE_READY,
				own_mint(notification, RIGHT_WRITE, 1));
	if (status < 0)
		report_panic("factotum gives no notices: %s",
			     status_string(status));
	archive_object = wrap(BOOT_SLOT_ARCHIVE, bytes,
			      FACTOTUM_PROT_READ | FACTOTUM_PROT_EXEC, false);
	need(archive_object, "the boot archive");
	status = factotum_images(factotum_as_manager(), boot->archive_bytes,
				 archive_object);
	if (status < 0)
		report_panic("factotum refuses the boot archive: %s",
			     status_string(status));
	for (unsigned i = 0; i < config->service_count; i++)
		init_service(&services[i], i);
	for (unsigned i = 0; i < config->channel_count; i++)
		init_channel(i);
}

static status_t
grant(const struct service *service, const char *name, cptr_t cap)
{
	if (!cap)
		return STATUS_NO_MEMORY;
	return factotum_grant(service->handle, name, strlen(name), cap, NULL);
}

static bool
find_device(const struct config_device *wanted, struct device *out)
{
	if (wanted->compatible)
		return device_find(wanted->compatible, wanted->instance, out);
	return device_find_virtio(wanted->virtio, wanted->instance, out);
}

static bool
has_devices(const struct config_service *c)
{
	struct device device;

	for (unsigned i = 0; i < c->device_count; i++) {
		if (!find_device(&c->device[i], &device))
			return false;
	}
	return true;
}

/* NAME.registers, a memory object, and NAME.interrupt. */
static status_t
grant_device(const struct service *service, const struct config_device *wanted)
{
	char name[CONFIG_NAME + 12];
	struct device device;
	cptr_t frame, object;
	status_t status;

	if (!find_device(wanted, &device))
		return STATUS_NOT_FOUND;
	frame = device_frame(&device);
	if (!frame)
		return STATUS_NOT_FOUND;
	object = wrap(frame, (device.bytes + PAGE_BYTES - 1) &
				     ~(PAGE_BYTES - 1),
		      FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE, true);
	snprintf(name, sizeof(name), "%s.registers", wanted->name);
	status = grant(service, name, object);
	own_slot_free(object);
	own_slot_free(frame);
	if (status < 0 || !device.line)
		return status;
	snprintf(name, sizeof(name), "%s.interrupt", wanted->name);
	return grant(service, name, device_interrupt(device.line));
}

static status_t
grant_channels(const struct service *service)
{
	unsigned index = (unsigned)(service - services);
	status_t status = 0;

	for (unsigned i = 0; i < config->channel_count && status == 0; i++) {
		const struct config_channel *c = &config->channel[i];
		char name[CONFIG_NAME + 8];

		for (unsigned end = 0; end < 2 && status == 0; end++) {
			if (c->end[end] != index)
				continue;
			snprintf(name, sizeof(name), "%s.ring", c->name);
			status = grant(service, name, channels[i].object);
			snprintf(name, sizeof(name), "%s.signal", c->name);
			if (status == 0)
				status = grant(service, name,
					       channels[i].signal[end]);
		}
	}
	return status;
}

/* Everything that init.toml names for the service. */
static status_t
grant_all(const struct service *service)
{
	const struct config_service *c = service->config;
	status_t status = 0;

	if (c->provides)
		status = factotum_provide(service->handle, c->provides);
	if (status == 0 && c->manager)
		status = factotum_allow(service->handle, FACTOTUM_PROTOCOL,
					c->manager);
	for (unsigned i = 0; i < c->allow_count && status == 0; i++)
		status = factotum_allow(service->handle, c->allow[i], 0);
	if (c->linux_process)
		return status;
	if (status == 0)
		status = grant(service, "log", service->log_object);
	if (status == 0)
		status = grant(service, "log.signal", service->log_signal);
	if (status == 0)
		status = grant(service, "notification", service->notification);
	if (status == 0)
		status = grant(service, "timer", service->timer);
	if (status == 0 && c->archive)
		status = grant(service, "archive", archive_object);
	for (unsigned i = 0; i < c->device_count && status == 0; i++)
		status = grant_device(service, &c->device[i]);
	return status == 0 ? grant_channels(service) : status;
}

static status_t
create(struct service *service)
{
	const struct config_service *c = service->config;
	uint32_t flags = FACTOTUM_SPAWN_FLAG_WAIT;

	if (c->linux_process)
		flags |= FACTOTUM_SPAWN_FLAG_LINUX;
	service->handle = own_slot();
	return factotum_spawn(factotum_as_manager(), flags, c->image,
			      strlen(c->image), c->arguments.text,
			      c->arguments.length, c->environment.text,
			      c->environment.length, 0, &service->pid,
			      service->handle);
}

static void
service_failed(struct service *service, const char *why)
{
	service->state = SERVICE_FAILED;
	service->deadline = 0;
	report_error("service %s failed: %s", service->config->name, why);
	if (service->config->critical && !shutting_down) {
		log_dump();
		services_shutdown(false, POWER_STATUS_FAILED);
	}
}

static void
service_ready(struct service *service)
{
	service->state = SERVICE_READY;
	service->deadline = 0;
	report("service %s is ready (pid %u)", service->config->name,
	       (unsigned)service->pid);
}

static void
service_launch(struct service *service)
{
	const struct config_service *c = service->config;
	status_t status;

	if (c->optional_device && !has_devices(c)) {
		service->state = SERVICE_ABSENT;
		return;
	}
	status = create(service);
	if (status == 0)
		status = grant_all(service);
	if (status == 0 && c->session)
		report_session();
	if (status == 0)
		status = factotum_start(service->handle);
	if (status < 0) {
		factotum_kill(service->handle, SIGNAL_KILL);
		own_slot_free(service->handle);
		service->handle = 0;
		service_failed(service, status_string(status));
		return;
	}
	service->started = clock_ticks();
	service->state = SERVICE_STARTING;
	service->deadline = after_ms(c->ready_ms);
	if (!c->provides)
		service_ready(service);
}

/* Whether the policy wants it back after this end. */
static bool
wants_restart(const struct service *service)
{
	switch (service->config->restart) {
	case RESTART_ALWAYS:
		return true;
	case RESTART_ON_FAILURE:
		return service->status != 0;
	case RESTART_NEVER:
		break;
	}
	return false;
}

static void
service_backoff(struct service *service)
{
	uint64_t wait = BACKOFF_FIRST_MS;

	if (clock_ticks() - service->started > STABLE_MS * ticks_per_ms)
		service->restarts = 0;
	if (service->restarts >= RESTARTS_MAX) {
		service_failed(service, "it ends again and again");
		return;
	}
	for (uint32_t i = 1; i < service->restarts; i++)
		wait = wait * 2 < BACKOFF_CAP_MS ? wait * 2 : BACKOFF_CAP_MS;
	service->state = SERVICE_BACKOFF;
	service->deadline = service->restarts ? after_ms(wait) : clock_ticks();
	service->restarts++;
	service->restarts_all++;
}

/* The code that the host sees for a wait status. */
static uint32_t
exit_code(uint32_t status)
{
	uint32_t signal = status & 0x7f;

	return signal ? 128 + signal : status >> 8 & 0xff;
}

static void
service_died(struct service *service)
{
	uint32_t state = 0, detail = 0;

	log_drain(LOG_BIT(LOG_SERVICE + (service - services)));
	factotum_status(service->handle, NULL, &state, &detail);
	factotum_wait(factotum_as_manager(), 1, service->pid,
		      FACTOTUM_WAIT_NOHANG, NULL, NULL, NULL, NULL, NULL,
		      NULL);
	own_slot_free(service->handle);
	service->handle = 0;
	service->status = state == FACTOTUM_STATE_EXITED ? detail : UINT32_MAX;
	if (state == FACTOTUM_STATE_FAULTED)
		report_error("service %s faulted (kind %u)",
			     service->config->name, (unsigned)detail);
	else
		report("service %s ended with status %u",
		       service->config->name, (unsigned)exit_code(detail));
	if (shutting_down)
		service->state = SERVICE_ENDED;
	else if (service->config->session)
		services_shutdown(false, state == FACTOTUM_STATE_EXITED
						 ? exit_code(detail)
						 : POWER_STATUS_FAILED);
	else if (wants_restart(service))
		service_backoff(service);
	else if (service->config->critical)
		service_failed(service, "it is critical and ended");
	else
		service->state = SERVICE_ENDED;
}

static struct service *
by_puid(uint64_t puid)
{
	for (unsigned i = 0; i < config->service_count; i++) {
		if (services[i].handle && services[i].pid == (puid & 0xffff))
			return &services[i];
	}
	return NULL;
}

static void
notice(uint32_t kind, uint64_t puid)
{
	struct service *service = by_puid(puid);

	if (!service)
		return;
	if (kind == FACTOTUM_NOTICE_DEATH)
		service_died(service);
	else if (kind == FACTOTUM_NOTICE_READY &&
		 service->state == SERVICE_STARTING)
		service_ready(service);
}

void
services_notices(void)
{
	uint32_t count = 0;

	do {
		uint64_t kind[3], id[3];

		if (factotum_fetch(factotum_as_manager(), &count, &kind[0],
				   &id[0], &kind[1], &id[1], &kind[2],
				   &id[2]) < 0)
			return;
		for (uint32_t i = 0; i < count && i < 3; i++)
			notice((uint32_t)kind[i], id[i]);
	} while (count > 0);
}

static uint32_t
ready_mask(void)
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < config->service_count; i++) {
		if (services[i].state == SERVICE_READY ||
		    services[i].state == SERVICE_ABSENT)
			mask |= UINT32_C(1) << i;
	}
	return mask;
}

static void
step(struct service *service, uint64_t now)
{
	bool due = service->deadline && now >= service->deadline;

	switch (service->state) {
	case SERVICE_WAITING:
		if (!(service->config->needs & ~ready_mask()))
			service_launch(service);
		break;
	case SERVICE_STARTING:
		if (!due)
			break;
		report_error("service %s was not ready within %u ms",
			     service->config->name,
			     (unsigned)service->config->ready_ms);
		service->deadline = 0;
		factotum_kill(service->handle, SIGNAL_KILL);
		break;
	case SERVICE_BACKOFF:
		if (due) {
			service->deadline = 0;
			service->state = SERVICE_WAITING;
			step(service, now);
		}
		break;
	default:
		break;
	}
}

void
services_step(void)
{
	uint64_t now = clock_ticks();

	for (unsigned i = 0; i < config->service_count; i++)
		step(&services[i], now);
}

uint64_t
services_deadline(void)
{
	uint64_t next = 0;

	for (unsigned i = 0; i < config->service_count; i++) {
		uint64_t deadline = services[i].deadline;

		if (deadline && (!next || deadline < next))
			next = deadline;
	}
	return next;
}

bool
service_view(unsigned index, struct service_view *out)
{
	const struct service *service = &services[index];

	if (index >= config->service_count)
		return false;
	out->name = service->config->name;
	out->state = service->state;
	out->restarts = service->restarts_all;
	out->pid = service->pid;
	out->status = service->status;
	return true;
}

/* The running service that was started last; NULL when none runs. */
static struct service *
last_started(void)
{
	struct service *last = NULL;

	for (unsigned i = 0; i < config->service_count; i++) {
		if (services[i].handle &&
		    (!last || services[i].started > last->started))
			last = &services[i];
	}
	return last;
}

static bool
wait_for_end(const struct service *service, uint64_t ms)
{
	uint64_t end = after_ms(ms);

	while (service->handle && clock_ticks() < end) {
		services_notices();
		factotum_sleep(factotum_as_process(), 1, 0);
	}
	return !service->handle;
}

/* Let the drivers print what is in the channels: the session's last words. */
static void
wait_for_output(uint64_t ms)
{
	uint64_t end = after_ms(ms);

	for (unsigned i = 0; i < config->channel_count; i++) {
		const struct ring_shared *out = channels[i].out;

		while (atomic_load(&out->head) != atomic_load(&out->tail) &&
		       clock_ticks() < end)
			factotum_sleep(factotum_as_process(), 1, 0);
	}
}

_Noreturn void
services_shutdown(bool reboot, uint32_t status)
{
	struct service *service;

	shutting_down = true;
	wait_for_output(STOP_MS);
	while ((service = last_started())) {
		factotum_kill(service->handle, SIGNAL_TERMINATE);
		if (!wait_for_end(service, STOP_MS)) {
			report_error("service %s does not end; killing it",
				     service->config->name);
			factotum_kill(service->handle, SIGNAL_KILL);
			if (!wait_for_end(service, STOP_MS))
				service->handle = 0;
		}
	}
	log_drain(UINT64_MAX);
	report("power off, status %u", (unsigned)status);
	if (reboot)
		machine_reboot();
	machine_off(status);
}
