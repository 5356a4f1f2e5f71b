/* SPDX-License-Identifier: MIT */
/*
 * 9Ball, the root task: starts Factotum by hand, then the services of
 * init.toml through it, and supervises them until the machine is switched off.
 *
 * It is the one program that must never die, so it parses little, allocates at
 * start only, and waits in one place: server_run's receive, which a message of
 * a tool, a notice of Factotum, a log ring or the timer ends. Its calls to
 * Factotum cannot hang the system: Factotum calls nobody but the kernel, and
 * its faults go to a thread of their own (guardian.c).
 */
#include <string.h>

#include <glenda/kernel_calls.h>
#include <glenda/nineball_server.h>
#include <glenda/server.h>
#include <glenda/syscall.h>

#include "archive.h"
#include "bringup.h"
#include "config.h"
#include "devices.h"
#include "grant.h"
#include "guardian.h"
#include "log.h"
#include "nineball.h"
#include "own.h"
#include "power.h"
#include "report.h"
#include "rescue.h"
#include "service.h"

/* Factotum's CNode, rings, channels and its stack and data fit in this. */
#define OWN_PAGES 320

#define NOTICE_BIT UINT64_C(1)
#define TIMER_BIT (UINT64_C(1) << 16)

static struct config config;
static cptr_t notification;
static cptr_t timer;
static cptr_t timer_notification;

static status_t
op_service(void *context, struct request *request,
	const struct nineball_service_args *args,
	struct nineball_service_results *results)
{
	struct service_view view;
	char name[16] = {0};

	(void)context;
	(void)request;
	if (!service_view(args->index, &view))
		return STATUS_NOT_FOUND;
	memcpy(name, view.name, strlen(view.name));
	memcpy(&results->name0, name, 8);
	memcpy(&results->name1, name + 8, 8);
	results->state = view.state;
	results->restarts = view.restarts;
	results->pid = view.pid;
	results->status = view.status;
	return 0;
}

/* The log's writer that a tool means; UINT32_MAX: all. */
static uint32_t
writer_of(uint32_t service)
{
	switch (service) {
	case NINEBALL_LOG_ALL:
		return UINT32_MAX;
	case NINEBALL_LOG_NINEBALL:
		return LOG_9BALL;
	case NINEBALL_LOG_FACTOTUM:
		return LOG_FACTOTUM;
	default:
		return service < CONFIG_SERVICES ? LOG_SERVICE + service
						 : LOG_WRITERS;
	}
}

static status_t
op_log(void *context, struct request *request,
	const struct nineball_log_args *args, struct nineball_log_results *out)
{
	static char text[4096];
	size_t room =
		args->text_len < sizeof(text) ? args->text_len : sizeof(text);
	uint64_t cursor = args->cursor;
	status_t status;

	(void)context;
	log_drain(UINT64_MAX);
	out->length = log_copy(writer_of(args->service), &cursor, text, room);
	status = lease_write(
		request->reply, NINEBALL_LOG_LEASE_TEXT, 0, text, out->length);
	out->next = cursor;
	return status;
}

static status_t
op_power(void *context, struct request *request,
	const struct nineball_power_args *args)
{
	(void)context;
	if (!(request->badge & BADGE_POWER))
		return STATUS_FORBIDDEN;
	if (args->kind > 1)
		return STATUS_INVALID_ARGUMENT;
	services_shutdown(args->kind == 1, args->status);
}

static status_t
op_control(void *context, struct request *request,
	const struct nineball_control_args *args)
{
	(void)context;
	if (!(request->badge & BADGE_POWER))
		return STATUS_FORBIDDEN;
	return service_order(args->index, args->operation);
}

/* Before each receive: whatever came may have made something due. */
static bool
step(void *context)
{
	uint64_t deadline;

	(void)context;
	services_step();
	deadline = services_deadline();
	if (deadline)
		timer_set(timer, deadline, timer_notification);
	else
		timer_cancel(timer);
	return false;
}

static void
notified(void *context, uint64_t bits)
{
	(void)context;
	log_drain(bits);
	if (bits & NOTICE_BIT)
		services_notices();
}

/* What is wrong is said, and a person may look round before it ends. */
static void
read_config(const struct boot_info *boot)
{
	struct cpio_entry file;
	char error[256];

	if (!archive_find("init.toml", &file))
		rescue(boot, "the boot archive has no init.toml");
	if (config_read(&config, file.data, file.size, error, sizeof(error)) <
		0)
		rescue(boot, error);
	if (archive_find("run.toml", &file) &&
		config_run(&config, file.data, file.size, error,
			sizeof(error)) < 0)
		rescue(boot, error);
}

static void
start_factotum(const struct boot_info *boot)
{
	cptr_t page = log_writer(LOG_FACTOTUM, "factotum");
	cptr_t fault = guardian_start();
	cptr_t signal;
	status_t status;

	notification = own_object(OBJECT_NOTIFICATION, 0);
	if (!page || !notification || !fault)
		report_panic("out of memory before factotum");
	if (tcb_bind(BOOT_SLOT_TCB, notification) < 0)
		report_panic("9Ball cannot bind its notification");
	signal = own_mint(notification, RIGHT_WRITE, LOG_BIT(LOG_FACTOTUM));
	timer = own_object(OBJECT_TIMER, 0);
	timer_notification = own_mint(notification, RIGHT_WRITE, TIMER_BIT);
	status = factotum_bring_up(boot, page, signal, fault);
	if (status < 0)
		report_panic("factotum cannot be started: %s",
			status_string(status));
	report("factotum runs");
}

static void
report_holdings(const char *what)
{
	char text[180];

	own_list(text, sizeof(text));
	report("%s: %s", what, text);
}

_Noreturn void
nineball_main(const struct boot_info *boot)
{
	static const struct nineball_ops ops = {
		.service = op_service,
		.log = op_log,
		.power = op_power,
		.control = op_control,
	};
	const struct server_protocol protocol = {
		.number = NINEBALL_PROTOCOL,
		.dispatch = nineball_dispatch,
		.ops = &ops,
	};
	struct server server = {
		.protocols = &protocol,
		.protocol_count = 1,
		.notified = notified,
		.work = step,
	};

	log_init(boot->clock_frequency);
	if (own_init(boot, OWN_PAGES) < 0 || !archive_init(boot))
		report_panic("9Ball: not enough memory to begin");
	if (devices_init(boot))
		power_init();
	read_config(boot);
	report_to_console(config.verbose);
	log_echo(config.verbose);
	report("%lu MiB of memory, %u regions",
		(unsigned long)(boot->memory_bytes >> 20),
		(unsigned)boot->region_count);
	report_holdings("given");
	start_factotum(boot);
	report_holdings("kept");
	server.endpoint = own_object(OBJECT_ENDPOINT, 0);
	grants_init(&config, boot, notification, server.endpoint);
	services_init(&config, boot->clock_frequency, notification);
	report_panic(
		"9Ball's loop ended: %s", status_string(server_run(&server)));
}
