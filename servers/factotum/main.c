/* SPDX-License-Identifier: MIT */
/*
 * Factotum's start and loop. It is started by 9Ball by hand, with a start
 * page that names all the memory of the machine. Nobody serves Factotum: it
 * has no page faults to take and no heap but its own, and ends never.
 */
#include "broker.h"
#include "frames.h"
#include "handlers.h"
#include "heap.h"
#include "ids.h"
#include "invariant.h"
#include "kobjects.h"
#include "memory.h"
#include "slots.h"
#include "supply.h"
#include "trace.h"

#include <glenda/kernel_calls.h>
#include <glenda/layout.h>
#include <glenda/log.h>
#include <glenda/start.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HEAP_BASE 0x1000000000ul
#define HEAP_SIZE 0x1000000000ul
#define LOG_BYTES 4096
#define TIMER_BIT 16
#define BADGE_KIND_FAULT 15ul

struct factotum_caps own;
struct server factotum_server;

static const struct start_info *info;

uint64_t
ticks_to_us(uint64_t ticks)
{
	return own.frequency ? ticks * 1000000 / own.frequency : 0;
}

const struct start_info *
start_info(void)
{
	return info;
}

cptr_t
start_cap(const char *name)
{
	const struct start_capability *cap =
		(const void *)((uintptr_t)info + info->capabilities);

	for (uint64_t i = 0; i < info->capability_count; i++)
		if (!strncmp(cap[i].name, name, START_NAME_BYTES))
			return cap[i].slot;
	return 0;
}

/* The last words go to the kernel's console, the one way that is left. */
static void
last_words(const char *text)
{
	size_t length = strlen(text);

	console_write(
		own.console, (uintptr_t)text, length < 248 ? length : 248);
}

void
invariant_failed(const char *what, const char *file, int line)
{
	static char text[200];

	snprintf(text, sizeof(text), "factotum: %s:%d: broken: %s\n", file,
		line, what);
	last_words(text);
	__builtin_trap();
}

_Noreturn void
_exit(int status)
{
	(void)status;
	last_words("factotum: asked to exit\n");
	__builtin_trap();
}

static void
insist(status_t status, const char *what)
{
	static char text[120];

	if (status >= 0)
		return;
	snprintf(text, sizeof(text), "factotum: cannot start: %s: %s\n", what,
		status_string(status));
	last_words(text);
	__builtin_trap();
}

static void
find_own_caps(void)
{
	own.cnode = start_cap("cnode");
	own.vspace = start_cap("vspace");
	own.tcb = start_cap("tcb");
	own.service = start_cap("service");
	own.notification = start_cap("notification");
	own.console = start_cap("console");
	own.frequency = info->clock_frequency;
	own.started = clock_ticks();
}

static unsigned
highest_slot(void)
{
	const struct start_capability *cap =
		(const void *)((uintptr_t)info + info->capabilities);
	uint64_t highest = CAP_FIRST_FREE;

	for (uint64_t i = 0; i < info->capability_count; i++)
		if (cap[i].slot >= highest)
			highest = cap[i].slot + 1;
	return (unsigned)highest;
}

static void
take_memory(void)
{
	const struct start_capability *cap =
		(const void *)((uintptr_t)info + info->capabilities);

	for (uint64_t i = 0; i < info->capability_count; i++)
		if (!strncmp(cap[i].name, "untyped.", 8))
			insist(memory_add(cap[i].slot), "untyped memory");
}

/* A derived capability in a slot of our own. */
static cptr_t
derive(cptr_t source, uint64_t rights, uint64_t badge)
{
	cptr_t slot = slot_take();
	cptr_t cnode;
	uint64_t index;

	slot_locate(slot, &cnode, &index);
	insist(cnode_mint(cnode, index, source, rights, badge), "mint");
	return slot;
}

static void
start_clock(void)
{
	cptr_t timer = slot_take();

	insist(memory_carve_slot(OBJECT_TIMER, 0, timer, 0), "timer");
	alarms_init(
		timer, derive(own.notification, RIGHT_WRITE, 1ul << TIMER_BIT));
	insist(tcb_bind(own.tcb, own.notification), "notification");
}

static void
notified(void *context, uint64_t bits)
{
	(void)context;
	if (bits >> TIMER_BIT & 1)
		alarms_run(clock_ticks());
}

static bool
work(void *context)
{
	(void)context;
	return (supply_settled > 0 && supply_retry()) | spaces_reap();
}

static void
serve(void)
{
	static const struct server_protocol protocols[] = {
		{.number = FACTOTUM_PROTOCOL,
			.dispatch = trace_dispatch,
			.ops = &factotum_ops},
		{.number = FAULT_PROTOCOL, .dispatch = faults_dispatch},
	};

	factotum_server = (struct server){
		.endpoint = own.service,
		.protocols = protocols,
		.protocol_count = 2,
		.notified = notified,
		.work = work,
	};
	insist(server_run(&factotum_server), "the loop");
	invariant_failed("the loop ended", __FILE__, __LINE__);
}

_Noreturn void
runtime_main(uintptr_t start)
{
	info = (const struct start_info *)start;
	find_own_caps();
	slots_init(own.cnode, slots_probe_radix(own.cnode), highest_slot());
	kobjects_init();
	frames_init();
	memory_init();
	take_memory();
	heap_init(own.vspace, HEAP_BASE, HEAP_SIZE);
	log_attach((void *)(uintptr_t)FACTOTUM_LOG, LOG_BYTES,
		start_cap("log.signal"));
	ids_init();
	spaces_init();
	start_clock();
	insist(processes_init(), "process table");
	own.fault = derive(own.service, RIGHT_WRITE | RIGHT_GRANT,
		broker_badge(BADGE_KIND_FAULT, 0));
	printf("%lu KiB of memory\n", (unsigned long)(memory_total() / 1024));
	serve();
	__builtin_trap();
}
