/* SPDX-License-Identifier: MIT */
/*
 * What services are given.
 */
#include "grant.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <glenda/factotum_client.h>
#include <glenda/kernel_calls.h>
#include <glenda/nineball.h>
#include <ring.h>

#include "bringup.h"
#include "devices.h"
#include "log.h"
#include "own.h"
#include "report.h"
#include "serial.h"

/* First channel bit of a service's notification (contract, section 3). */
#define CHANNEL_BIT 2

/* Random bytes that are passed on. */
#define SEED_BYTES 64

/* What a service keeps through all its lives. */
struct kept {
	cptr_t log_object;
	cptr_t log_signal;
	cptr_t notification;
	cptr_t timer;
	cptr_t memory; /* 0: it wants none */
	cptr_t seed;   /* 0: it wants none, or there is none */
};

struct channel {
	const struct ring_shared *out; /* what its driver has to print */
	cptr_t object;
	cptr_t signal[2]; /* what end i rings: the other's bit */
};

static const struct config *config;
static struct kept kept[CONFIG_SERVICES];
static struct channel channels[CONFIG_CHANNELS];
static cptr_t archive_object;
static cptr_t supervisor[3]; /* by enum config_supervisor */

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
	status_t status = factotum_object_from_frame(
		factotum_as_manager(), bytes, rights, device, frame, object);

	if (status == 0)
		return object;
	report_error(
		"factotum refuses a memory object: %s", status_string(status));
	own_slot_free(object);
	return 0;
}

/* Fresh memory that is 9Ball's own, so that it outlives who uses it. */
static cptr_t
memory_object(uint32_t pages, const char *whose, cptr_t *frame)
{
	cptr_t object = 0;

	*frame = own_object(OBJECT_FRAME, pages);
	if (*frame)
		object = wrap(*frame, pages * PAGE_BYTES,
			FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE, false);
	need(object, whose);
	return object;
}

/*
 * A page that begins with the machine's random bytes and their count. It is
 * no argument, since those can be read by others; who gets it clears it.
 */
static cptr_t
seed_object(const char *whose)
{
	struct {
		uint64_t count;
		uint8_t bytes[SEED_BYTES];
	} seed = {0};
	cptr_t frame, object;

	seed.count = devices_seed(seed.bytes, sizeof(seed.bytes));
	if (seed.count == 0)
		return 0;
	object = memory_object(1, whose, &frame);
	if (frame_write(frame, 0, sizeof(seed), (uintptr_t)&seed) < 0)
		report_error("the random seed cannot be passed on");
	memset(&seed, 0, sizeof(seed));
	return object;
}

static void
init_kept(unsigned index, cptr_t notification)
{
	const char *name = config->service[index].name;
	struct kept *keep = &kept[index];
	cptr_t page, frame;

	keep->notification = own_object(OBJECT_NOTIFICATION, 0);
	keep->timer = own_object(OBJECT_TIMER, 0);
	page = log_writer(LOG_SERVICE + index, name);
	need(keep->notification && keep->timer && page, name);
	keep->log_object = wrap(page, PAGE_BYTES,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE, false);
	keep->log_signal = own_mint(
		notification, RIGHT_WRITE, LOG_BIT(LOG_SERVICE + index));
	need(keep->log_object && keep->log_signal, name);
	if (config->service[index].memory_pages)
		keep->memory = memory_object(
			config->service[index].memory_pages, name, &frame);
	if (config->service[index].seed)
		keep->seed = seed_object(name);
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
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE, false);
	for (unsigned end = 0; end < 2; end++) {
		unsigned other = c->end[1 - end];

		channel->signal[end] = own_mint(kept[other].notification,
			RIGHT_WRITE, UINT64_C(1) << channel_bit(index, other));
		need(channel->signal[end], c->name);
	}
	need(channel->object, c->name);
}

static void
init_archive(const struct boot_info *boot)
{
	uint64_t bytes = boot->archive_offset + boot->archive_bytes;
	status_t status;

	archive_object = wrap(BOOT_SLOT_ARCHIVE, bytes,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_EXEC, false);
	need(archive_object, "the boot archive");
	status = factotum_images(
		factotum_as_manager(), boot->archive_bytes, archive_object);
	if (status < 0)
		report_panic("factotum refuses the boot archive: %s",
			status_string(status));
}

void
grants_init(const struct config *read, const struct boot_info *boot,
	cptr_t notification, cptr_t endpoint)
{
	const uint64_t call = RIGHT_WRITE | RIGHT_GRANT;

	config = read;
	init_archive(boot);
	supervisor[SUPERVISOR_VIEW] = own_mint(endpoint, call, 0);
	supervisor[SUPERVISOR_POWER] = own_mint(endpoint, call, BADGE_POWER);
	need(supervisor[SUPERVISOR_VIEW] && supervisor[SUPERVISOR_POWER],
		"the supervisor's capabilities");
	for (unsigned i = 0; i < config->service_count; i++)
		init_kept(i, notification);
	for (unsigned i = 0; i < config->channel_count; i++)
		init_channel(i);
}

static status_t
grant(cptr_t handle, const char *name, cptr_t cap)
{
	if (!cap)
		return STATUS_NO_MEMORY;
	return factotum_grant(handle, name, strlen(name), cap, NULL);
}

static bool
find_device(const struct config_device *wanted, struct device *out)
{
	if (wanted->compatible)
		return device_find(wanted->compatible, wanted->instance, out);
	return device_find_virtio(wanted->virtio, wanted->instance, out);
}

bool
grants_have_devices(unsigned service)
{
	const struct config_service *c = &config->service[service];
	struct device device;

	for (unsigned i = 0; i < c->device_count; i++) {
		if (!find_device(&c->device[i], &device))
			return false;
	}
	return true;
}

bool
grants_console(unsigned service)
{
	const struct config_service *c = &config->service[service];
	struct device console, device;

	if (!serial_find(&console))
		return false;
	for (unsigned i = 0; i < c->device_count; i++) {
		if (find_device(&c->device[i], &device) &&
			device.registers == console.registers &&
			device.ports == console.ports)
			return true;
	}
	return false;
}

/*
 * NAME.registers, a memory object, whose name tells where in its first page
 * they begin, unless at its start.
 */
static status_t
grant_memory(cptr_t handle, const char *base, const struct device *device,
	cptr_t frame)
{
	cptr_t object = wrap(frame, device_frame_bytes(device),
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE, true);
	char name[CONFIG_NAME + 16];
	status_t status;

	if (device_offset(device))
		snprintf(name, sizeof(name), "%s.registers@%x", base,
			(unsigned)device_offset(device));
	else
		snprintf(name, sizeof(name), "%s.registers", base);
	status = grant(handle, name, object);
	own_slot_free(object);
	return status;
}

/* The registers, or NAME.ports, and NAME.interrupt. */
static status_t
grant_device(cptr_t handle, const struct config_device *wanted)
{
	char name[CONFIG_NAME + 12];
	struct device device;
	status_t status;
	cptr_t cap;

	if (!find_device(wanted, &device))
		return STATUS_NOT_FOUND;
	cap = device_cap(&device);
	if (!cap)
		return STATUS_NOT_FOUND;
	snprintf(name, sizeof(name), "%s.ports", wanted->name);
	if (device.ports)
		status = grant(handle, name, cap);
	else
		status = grant_memory(handle, wanted->name, &device, cap);
	own_slot_free(cap);
	if (status < 0 || !device.line)
		return status;
	snprintf(name, sizeof(name), "%s.interrupt", wanted->name);
	return grant(handle, name, device_interrupt(device.line));
}

static status_t
grant_channels(unsigned service, cptr_t handle)
{
	status_t status = 0;

	for (unsigned i = 0; i < config->channel_count && status == 0; i++) {
		const struct config_channel *c = &config->channel[i];
		char name[CONFIG_NAME + 8];

		for (unsigned end = 0; end < 2 && status == 0; end++) {
			if (c->end[end] != service)
				continue;
			snprintf(name, sizeof(name), "%s.ring", c->name);
			status = grant(handle, name, channels[i].object);
			snprintf(name, sizeof(name), "%s.signal", c->name);
			if (status == 0)
				status = grant(
					handle, name, channels[i].signal[end]);
		}
	}
	return status;
}

/* What every native service has, and what it keeps from life to life. */
static status_t
grant_kept(unsigned service, cptr_t handle)
{
	const struct {
		const char *name;
		cptr_t cap;
	} list[] = {
		{"log", kept[service].log_object},
		{"log.signal", kept[service].log_signal},
		{"notification", kept[service].notification},
		{"timer", kept[service].timer},
	};
	status_t status = 0;

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]) && status == 0;
		i++)
		status = grant(handle, list[i].name, list[i].cap);
	return status;
}

status_t
grants_give(unsigned service, cptr_t handle)
{
	const struct config_service *c = &config->service[service];
	status_t status = 0;

	if (c->provides)
		status = factotum_provide(handle, c->provides);
	if (status == 0 && c->manager)
		status = factotum_allow(handle, FACTOTUM_PROTOCOL, c->manager);
	for (unsigned i = 0; i < c->allow_count && status == 0; i++)
		status = factotum_allow(handle, c->allow[i], 0);
	if (c->linux_process)
		return status;
	if (status == 0)
		status = grant_kept(service, handle);
	if (status == 0 && c->memory_pages)
		status = grant(handle, "memory", kept[service].memory);
	if (status == 0 && kept[service].seed)
		status = grant(handle, "seed", kept[service].seed);
	if (status == 0 && c->archive)
		status = grant(handle, "archive", archive_object);
	if (status == 0 && c->supervisor)
		status = grant(handle, "supervisor", supervisor[c->supervisor]);
	for (unsigned i = 0; i < c->device_count && status == 0; i++)
		status = grant_device(handle, &c->device[i]);
	return status == 0 ? grant_channels(service, handle) : status;
}

bool
grants_channels_empty(void)
{
	for (unsigned i = 0; i < config->channel_count; i++) {
		const struct ring_shared *out = channels[i].out;

		if (atomic_load(&out->head) != atomic_load(&out->tail))
			return false;
	}
	return true;
}
