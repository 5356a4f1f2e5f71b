/* SPDX-License-Identifier: MIT */
/*
 * What 9Ball promises its services, seen by a tool with the power badge while
 * it happens: init.toml of this folder starts one service for every case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glenda/echo_client.h>
#include <glenda/factotum_client.h>
#include <glenda/nineball_client.h>
#include <glenda/slots.h>
#include <glenda/start.h>
#include <glenda/syscall.h>

#define SERVICES 16
#define SPOKEN_LINES 48
#define PATIENCE_MS 10000
#define LOG_BYTES (192 * 1024)
#define CHUNK_BYTES 4096
#define FAULTED UINT32_MAX

struct service {
	char name[17];
	uint32_t state, restarts, pid, status;
};

static cptr_t supervisor;
static char text[LOG_BYTES];

static status_t
get(uint32_t index, struct service *out)
{
	uint64_t name[2];
	status_t status = nineball_service(supervisor, index, &name[0],
		&name[1], &out->state, &out->restarts, &out->pid, &out->status);

	memcpy(out->name, name, sizeof(name));
	out->name[16] = '\0';
	return status;
}

static uint32_t
index_of(const char *name)
{
	struct service service;
	uint32_t index = 0;

	while (get(index, &service) == STATUS_OK &&
		strcmp(service.name, name) != 0)
		index++;
	return index;
}

static void
sleep_ms(uint64_t ms)
{
	factotum_sleep(CAP_FACTOTUM, ms, 0);
}

/* Wait until a service is in a state and was restarted so often at least. */
static bool
comes_to(const char *name, uint32_t state, uint32_t restarts,
	struct service *out)
{
	uint32_t index = index_of(name);

	for (unsigned ms = 0; ms < PATIENCE_MS; ms += 5) {
		if (get(index, out) != STATUS_OK)
			return false;
		if (out->state == state && out->restarts >= restarts)
			return true;
		sleep_ms(5);
	}
	return false;
}

static bool
order(const char *name, uint32_t what)
{
	return nineball_control(supervisor, index_of(name), what) == STATUS_OK;
}

/* The log of one writer, or of all, in `text`, from a place on. */
static bool
fetch_log_from(uint32_t index, uint64_t *next)
{
	size_t used = 0, length = 0;

	do {
		if (used + CHUNK_BYTES >= LOG_BYTES ||
			nineball_log(supervisor, index, *next, text + used,
				CHUNK_BYTES, &length, next) < 0)
			return false;
		used += length;
	} while (length > 0);
	text[used] = '\0';
	return true;
}

static bool
fetch_log(uint32_t index)
{
	uint64_t next = 0;

	return fetch_log_from(index, &next);
}

static bool
logged(uint32_t index, const char *what)
{
	return fetch_log(index) && strstr(text, what) != NULL;
}

static bool
all_services_are_listed(void)
{
	struct service service;

	for (uint32_t i = 0; i < SERVICES; i++) {
		if (get(i, &service) != STATUS_OK || !service.name[0])
			return false;
	}
	return get(SERVICES, &service) == STATUS_NOT_FOUND;
}

static bool
a_killed_service_comes_back_by_its_policy(void)
{
	struct service before, after;

	return comes_to("sleeper", NINEBALL_STATE_READY, 0, &before) &&
		order("sleeper", NINEBALL_ORDER_KILL) &&
		comes_to("sleeper", NINEBALL_STATE_READY, 1, &after) &&
		after.pid != before.pid;
}

static bool
a_killed_service_without_policy_stays_dead(void)
{
	struct service service;

	if (!comes_to("sentinel", NINEBALL_STATE_READY, 0, &service) ||
		!order("sentinel", NINEBALL_ORDER_KILL) ||
		!comes_to("sentinel", NINEBALL_STATE_ENDED, 0, &service))
		return false;
	sleep_ms(50);
	return comes_to("sentinel", NINEBALL_STATE_ENDED, 0, &service) &&
		service.restarts == 0;
}

static bool
a_stopped_service_waits_for_its_start(void)
{
	struct service service;

	if (!order("sleeper", NINEBALL_ORDER_STOP) ||
		!comes_to("sleeper", NINEBALL_STATE_ENDED, 0, &service))
		return false;
	sleep_ms(50);
	return comes_to("sleeper", NINEBALL_STATE_ENDED, 0, &service) &&
		order("sleeper", NINEBALL_ORDER_START) &&
		comes_to("sleeper", NINEBALL_STATE_READY, 0, &service);
}

static bool
restart_gives_a_new_process(void)
{
	struct service before, after;

	return comes_to("sleeper", NINEBALL_STATE_READY, 0, &before) &&
		order("sleeper", NINEBALL_ORDER_RESTART) &&
		comes_to("sleeper", NINEBALL_STATE_READY, before.restarts + 1,
			&after) &&
		after.pid != before.pid;
}

/* Four restarts wait 0 + 100 + 200 + 400 ms; the order may count as a fifth. */
static bool
failures_back_off(void)
{
	uint64_t ms = start_info()->clock_frequency / 1000;
	struct service service;
	uint64_t start = clock_ticks();
	uint32_t before;

	if (get(index_of("failing"), &service) != STATUS_OK ||
		!order("failing", NINEBALL_ORDER_RESTART))
		return false;
	before = service.restarts;
	for (;;) {
		if (get(index_of("failing"), &service) != STATUS_OK)
			return false;
		if (service.restarts >= before + 5)
			break;
		if (clock_ticks() - start > PATIENCE_MS * ms)
			return false;
		sleep_ms(5);
	}
	return clock_ticks() - start >= 700 * ms;
}

static bool
success_is_not_restarted_on_failure(void)
{
	struct service service;

	return comes_to("done", NINEBALL_STATE_ENDED, 0, &service) &&
		service.restarts == 0 && service.status == 0;
}

static bool
a_crash_is_told(void)
{
	struct service service;

	return comes_to("crasher", NINEBALL_STATE_ENDED, 0, &service) &&
		service.status == FAULTED &&
		logged(NINEBALL_LOG_NINEBALL, "service crasher faulted");
}

static bool
last_words_outlive_a_flood(void)
{
	struct service service;

	return comes_to("chatter", NINEBALL_STATE_ENDED, 0, &service) &&
		logged(index_of("chatter"), "line 1499 of") &&
		!strstr(text, "line 0 of") &&
		logged(index_of("crasher"), "these are my last words");
}

/* Nearly 2 KiB, written before the flood. */
static bool
newest_two_kib_outlive_a_flood(void)
{
	struct service service;
	char line[64];

	if (!comes_to("chatter", NINEBALL_STATE_ENDED, 0, &service) ||
		!fetch_log(index_of("speaker")))
		return false;
	for (unsigned i = 0; i < SPOKEN_LINES; i++) {
		snprintf(line, sizeof(line),
			"speaker: word %02u of what nobody may take away\n", i);
		if (!strstr(text, line))
			return false;
	}
	return true;
}

static bool
both_streams_are_kept_from_the_first_byte(void)
{
	const char *output, *errors;

	if (!fetch_log(index_of("speaker")))
		return false;
	output = strstr(text, "speaker: first on output\n");
	errors = strstr(text, "speaker: first on errors\n");
	return output && errors && output < errors &&
		strchr(text, '\n') > output && !strstr(text, "chatter");
}

/* The time at the head of a line, in microseconds; -1: it has none. */
static long long
time_of(const char *line)
{
	char *rest;
	long long seconds = strtoll(line + 1, &rest, 10);
	long long fraction = *rest == '.' ? strtoll(rest + 1, &rest, 10) : -1;

	if (line[0] != '[' || fraction < 0 || rest[0] != ']' || rest[1] != ' ')
		return -1;
	return seconds * 1000000 + fraction;
}

/* The log of all: each line has a time, in order, and a writer's name. */
static bool
lines_have_times_in_order_and_names(void)
{
	bool from_factotum = false, from_speaker = false;
	long long last = 0;

	if (!fetch_log(NINEBALL_LOG_ALL))
		return false;
	for (char *line = text, *end; (end = strchr(line, '\n'));
		line = end + 1) {
		long long time = time_of(line);
		const char *name = strchr(line, ']') + 2;

		*end = '\0';
		if (time < last || !strstr(name, ": "))
			return false;
		last = time;
		from_factotum |= strncmp(name, "factotum: ", 10) == 0;
		from_speaker |= strncmp(name, "speaker: ", 9) == 0;
	}
	return from_factotum && from_speaker;
}

/* A reader that had all and comes back after a flood gets what the flood left
 * of the new lines, and no old one again. */
static bool
a_reader_goes_on_after_a_flood(void)
{
	struct service service;
	uint64_t next = 0;

	return fetch_log_from(NINEBALL_LOG_ALL, &next) &&
		order("chatter", NINEBALL_ORDER_START) &&
		comes_to("chatter", NINEBALL_STATE_READY, 0, &service) &&
		comes_to("chatter", NINEBALL_STATE_ENDED, 0, &service) &&
		fetch_log_from(NINEBALL_LOG_ALL, &next) &&
		strstr(text, "chatter: line 1499 of") &&
		!strstr(text, "speaker: word");
}

/* Who names a device in init.toml gets it, and nobody else. */
static bool
devices_are_granted_by_name(void)
{
	struct service service;

	return comes_to("holder", NINEBALL_STATE_ENDED, 0, &service) &&
		logged(index_of("holder"), "holds v.registers") &&
		logged(index_of("holder"), "holds v.interrupt") &&
		comes_to("viewer", NINEBALL_STATE_ENDED, 0, &service) &&
		logged(index_of("viewer"), "holds supervisor") &&
		!strstr(text, ".registers") && !strstr(text, ".interrupt") &&
		!strstr(text, ".ports");
}

static bool
factotums_first_line_is_kept(void)
{
	return logged(NINEBALL_LOG_FACTOTUM, "of memory");
}

static bool
who_is_not_ready_in_time_is_killed(void)
{
	struct service service;

	return comes_to("late", NINEBALL_STATE_ENDED, 0, &service) &&
		logged(NINEBALL_LOG_NINEBALL,
			"service late was not ready within 200 ms");
}

static bool
who_needs_it_is_told(void)
{
	struct service service;

	return comes_to("lost", NINEBALL_STATE_FAILED, 0, &service) &&
		logged(NINEBALL_LOG_NINEBALL,
			"service lost cannot start: it needs late");
}

static bool
a_missing_image_fails_visibly(void)
{
	struct service service;

	return comes_to("missing", NINEBALL_STATE_FAILED, 0, &service) &&
		logged(NINEBALL_LOG_NINEBALL, "service missing failed: ");
}

static bool
an_absent_device_is_passed_over(void)
{
	struct service service;

	return comes_to("nowhere", NINEBALL_STATE_ABSENT, 0, &service);
}

static bool
a_need_is_awaited_until_it_is_ready(void)
{
	struct service service;
	const char *server, *client;

	if (!comes_to("client", NINEBALL_STATE_READY, 0, &service) ||
		!fetch_log(NINEBALL_LOG_NINEBALL))
		return false;
	server = strstr(text, "service server is ready");
	client = strstr(text, "service client is ready");
	return server && client && server < client;
}

static bool
a_view_allows_no_orders(void)
{
	struct service service;

	return comes_to("viewer", NINEBALL_STATE_ENDED, 0, &service) &&
		logged(index_of("viewer"), "seen 1, order 1, power 1");
}

static bool
wrong_orders_are_refused(void)
{
	return nineball_control(supervisor, 99, NINEBALL_ORDER_KILL) ==
		STATUS_NOT_FOUND &&
		nineball_control(supervisor, 1, 77) ==
		STATUS_INVALID_ARGUMENT &&
		nineball_power(supervisor, 9, 0) == STATUS_INVALID_ARGUMENT;
}

/* The server ends in the middle of the second call, and is gone in the third.
 */
static cptr_t server;

static bool
a_dead_servers_clients_get_an_error(void)
{
	struct service service;
	uint64_t value = 0;

	server = slot_take();
	return comes_to("server", NINEBALL_STATE_READY, 0, &service) &&
		factotum_request_cap(CAP_FACTOTUM, 0x7f03, server) ==
		STATUS_OK &&
		echo_word(server, 7, &value) == STATUS_OK && value == 7 &&
		echo_word(server, 0, &value) < 0 &&
		comes_to("server", NINEBALL_STATE_ENDED, 0, &service) &&
		echo_word(server, 7, &value) < 0;
}

/* What named the dead one names nobody; who asks again gets the new one. */
static bool
old_capabilities_do_not_reach_the_successor(void)
{
	cptr_t fresh = slot_take();
	struct service service;
	uint64_t value = 0;

	return order("server", NINEBALL_ORDER_START) &&
		comes_to("server", NINEBALL_STATE_READY, 0, &service) &&
		echo_word(server, 7, &value) < 0 &&
		factotum_request_cap(CAP_FACTOTUM, 0x7f03, fresh) ==
		STATUS_OK &&
		echo_word(fresh, 7, &value) == STATUS_OK && value == 7;
}

static bool
has_state(cptr_t handle, uint32_t wanted, uint32_t wanted_detail)
{
	uint32_t state = ~0u, detail = 0;

	return factotum_status(handle, NULL, &state, &detail) == STATUS_OK &&
		state == wanted && detail == wanted_detail;
}

static bool
spawn(const char *arguments, size_t length, uint32_t *pid, cptr_t handle)
{
	return factotum_spawn(CAP_FACTOTUM, FACTOTUM_SPAWN_FLAG_WAIT,
		       "9ball_victim", 12, arguments, length, NULL, 0, 0, pid,
		       handle) == STATUS_OK;
}

static bool
await(uint32_t pid, uint32_t options)
{
	uint32_t got = 0;

	return factotum_wait(CAP_FACTOTUM, 1, pid, options, &got, NULL, NULL,
		       NULL, NULL, NULL) == STATUS_OK &&
		got == pid;
}

/* created, running, and how it ended. */
static bool
status_tells_a_life(void)
{
	static const char exits[] = "9ball_victim\0exit\0"
				    "7";
	static const char naps[] = "9ball_victim\0nap\0"
				   "60000";
	static const char crashes[] = "9ball_victim\0crash";
	const uint32_t look = FACTOTUM_WAIT_NOWAIT | FACTOTUM_WAIT_EXITED;
	cptr_t exited = slot_take(), killed = slot_take(), bad = slot_take();
	uint32_t pid[3];

	return spawn(exits, sizeof(exits), &pid[0], exited) &&
		has_state(exited, FACTOTUM_STATE_CREATED, 0) &&
		factotum_start(exited) == STATUS_OK && await(pid[0], look) &&
		has_state(exited, FACTOTUM_STATE_EXITED, 7 << 8) &&
		spawn(naps, sizeof(naps), &pid[1], killed) &&
		factotum_start(killed) == STATUS_OK &&
		has_state(killed, FACTOTUM_STATE_RUNNING, 0) &&
		factotum_kill(killed, 9) == STATUS_OK && await(pid[1], look) &&
		has_state(killed, FACTOTUM_STATE_EXITED, (128 + 9) << 8) &&
		spawn(crashes, sizeof(crashes), &pid[2], bad) &&
		factotum_start(bad) == STATUS_OK && await(pid[2], look) &&
		has_state(bad, FACTOTUM_STATE_FAULTED, FAULT_PAGE & 0xffff) &&
		await(pid[0], 0) && await(pid[1], 0) && await(pid[2], 0);
}

/* Without memory for its start page nothing can be started. */
static bool
what_cannot_be_started_has_failed(void)
{
	static const char naps[] = "9ball_victim\0nap\0"
				   "60000";
	cptr_t handle = slot_take();
	uint64_t total = 0;
	vaddr_t hog = 0;
	uint32_t pid;
	status_t status;
	bool failed;

	if (!spawn(naps, sizeof(naps), &pid, handle) ||
		factotum_system_info(CAP_FACTOTUM, &total, NULL, NULL, NULL,
			NULL, NULL, NULL) != STATUS_OK ||
		factotum_mmap(CAP_FACTOTUM, 0, total,
			FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
			FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS, 0, 0,
			&hog) != STATUS_OK)
		return false;
	factotum_populate(CAP_FACTOTUM, hog, total, true);
	status = factotum_start(handle);
	failed = has_state(
		handle, FACTOTUM_STATE_FAILED, (uint32_t)STATUS_NO_MEMORY);
	factotum_munmap(CAP_FACTOTUM, hog, total);
	return status == STATUS_NO_MEMORY && failed &&
		factotum_start(handle) == STATUS_BUSY &&
		factotum_kill(handle, 9) == STATUS_OK && await(pid, 0);
}

static const struct {
	const char *name;
	bool (*run)(void);
} tests[] = {
#define TEST(name)          \
	{                   \
#name, name \
	}
	TEST(all_services_are_listed),
	TEST(a_killed_service_comes_back_by_its_policy),
	TEST(a_killed_service_without_policy_stays_dead),
	TEST(a_stopped_service_waits_for_its_start),
	TEST(restart_gives_a_new_process),
	TEST(failures_back_off),
	TEST(success_is_not_restarted_on_failure),
	TEST(a_crash_is_told),
	TEST(last_words_outlive_a_flood),
	TEST(newest_two_kib_outlive_a_flood),
	TEST(both_streams_are_kept_from_the_first_byte),
	TEST(lines_have_times_in_order_and_names),
	TEST(a_reader_goes_on_after_a_flood),
	TEST(factotums_first_line_is_kept),
	TEST(devices_are_granted_by_name),
	TEST(who_is_not_ready_in_time_is_killed),
	TEST(who_needs_it_is_told),
	TEST(a_missing_image_fails_visibly),
	TEST(an_absent_device_is_passed_over),
	TEST(a_need_is_awaited_until_it_is_ready),
	TEST(a_view_allows_no_orders),
	TEST(wrong_orders_are_refused),
	TEST(a_dead_servers_clients_get_an_error),
	TEST(old_capabilities_do_not_reach_the_successor),
	TEST(status_tells_a_life),
	TEST(what_cannot_be_started_has_failed),
};

int
main(void)
{
	bool all = true;

	supervisor = start_cap("supervisor");
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		bool passed = tests[i].run();

		printf("%s %s\n", passed ? "PASS" : "FAIL", tests[i].name);
		all = all && passed;
	}
	fflush(stdout);
	nineball_power(supervisor, 0, all ? 0 : 1);
	return 1;
}
