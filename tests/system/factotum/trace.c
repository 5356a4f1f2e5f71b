/* SPDX-License-Identifier: MIT */
/*
 * What the flag DEBUG puts into Factotum's log, which 9Ball keeps.
 */
#include "cases.h"

#include <glenda/nineball_client.h>

#define LOG_BYTES 16384
#define CHUNK 4096

static char text[LOG_BYTES];

/* The log of Factotum's last words about a process, newest last. */
static status_t
fetch_log(void)
{
	cptr_t tool = start_cap("supervisor");
	size_t used = 0, length = 0;
	uint64_t next = 0;

	do {
		status_t status;

		/* Only the end is of interest. */
		if (used + CHUNK >= LOG_BYTES) {
			memmove(text, text + CHUNK, used - CHUNK);
			used -= CHUNK;
		}
		status = nineball_log(tool, NINEBALL_LOG_FACTOTUM, next,
			text + used, CHUNK, &length, &next);
		if (status < 0)
			return status;
		used += length;
	} while (length > 0);
	text[used] = '\0';
	return STATUS_OK;
}

/* Is it there? 9Ball takes lines over when it runs. */
static bool
prints(const char *line)
{
	for (unsigned i = 0; i < 20; i++) {
		if (fetch_log() >= 0 && strstr(text, line))
			return true;
		factotum_sleep(SELF, 5, 0);
	}
	return false;
}

/* Does it say `what` of the process? */
static bool
says(uint32_t pid, const char *what)
{
	char line[160];

	snprintf(line, sizeof(line), "trace: process %u, thread %u: %s",
		(unsigned)pid, (unsigned)pid, what);
	return prints(line);
}

static verdict_t
faults_are_traced(void)
{
	uint32_t pid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_DEBUG, "touch", "read", &pid, 0));
	OK(reap(pid, &status));
	EQUAL(status, 11);
	CHECK(says(pid, "page fault reading 0x10 at 0x"));
	CHECK(strstr(text, ": nothing is there\n"));
	CHECK(strstr(text, ": served\n"));
	OK(spawn(FACTOTUM_SPAWN_FLAG_DEBUG, "touch", "illegal", &pid, 0));
	OK(reap(pid, &status));
	CHECK(says(pid, "illegal instruction"));
	return NULL;
}

static verdict_t
messages_are_traced(void)
{
	uint32_t pid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_DEBUG, "start", "grey", &pid, 0));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(42));
	CHECK(says(pid, "message 20: success\n"));
	CHECK(says(pid, "message 3: "));
	return NULL;
}

/* Its states, with who else is there and who is ready. */
static verdict_t
states_are_traced(void)
{
	char line[64];
	cptr_t handle = slot_take();
	uint32_t pid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_DEBUG | FACTOTUM_SPAWN_FLAG_WAIT, "sleep",
		"30", &pid, handle));
	OK(factotum_start(handle));
	OK(factotum_kill(handle, 19));
	OK(factotum_kill(handle, 18));
	OK(reap(pid, &status));
	slot_drop(handle);
	for (unsigned i = 0; i < 4; i++) {
		static const char *const states[] = {
			"created", "running", "stopped", "exited"};

		snprintf(line, sizeof(line), "trace: process %u is %s\n",
			(unsigned)pid, states[i]);
		CHECK(prints(line));
	}
	snprintf(line, sizeof(line), "trace:   %u of %u exited factotum_test\n",
		(unsigned)pid, (unsigned)start_info()->pid);
	CHECK(prints(line));
	CHECK(strstr(text, "trace:   1 of 0 running 9ball\n"));
	snprintf(line, sizeof(line), "trace:   ready at 100: %u\n",
		(unsigned)pid);
	CHECK(strstr(text, line));
	return NULL;
}

/* What killed a native: kind, address, place, callers, registers. */
static verdict_t
deaths_are_reported(void)
{
	char line[96];
	const char *report;
	uint32_t pid, status;

	OK(spawn(0, "touch", "write", &pid, 0));
	OK(reap(pid, &status));
	EQUAL(status, 11);
	snprintf(line, sizeof(line),
		"process %u (factotum_test), thread %u: page fault writing "
		"0x10",
		(unsigned)pid, (unsigned)pid);
	CHECK(prints(line));
	report = strstr(text, line);
	CHECK(strstr(report, "  at 0x"));
	/* The function may be inlined, but it has a name. */
	CHECK(strstr(strstr(report, "  at 0x"), "+0x"));
	CHECK(strstr(report, "  from 0x"));
	CHECK(strstr(report, " child_main+0x") || strstr(report, " main+0x"));
	CHECK(strstr(report, "sp "));
	return NULL;
}

extern char window_start[], window_end[], window_upcall[];
uint64_t traced_call(uint64_t number, uint64_t argument);
void window_exit(uint32_t status);

/* A Linux process of the smallest kind: its shim knows one answer. */
int
linux_calls(void)
{
	vaddr_t page = map(PAGE);

	if (!page ||
		factotum_line_attach(SELF, (uintptr_t)window_start,
			(uintptr_t)window_end, (uintptr_t)window_upcall,
			(uintptr_t)window_upcall, (uintptr_t)window_upcall,
			page) < 0)
		return 1;
	/* Nothing but the window can make a native call from here on. */
	if (traced_call(1234, 7) != 1235 || traced_call(1, 2) != 2)
		window_exit(EXITED(2));
	window_exit(EXITED(6));
	return 3;
}

static verdict_t
system_calls_are_traced(void)
{
	uint32_t pid, status;

	OK(spawn(FACTOTUM_SPAWN_FLAG_DEBUG | FACTOTUM_SPAWN_FLAG_LINUX, "linux",
		"", &pid, 0));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(6));
	CHECK(says(pid, "system call 1234 (0x7, "));
	CHECK(says(pid, "system call 1 (0x2, "));
	/* Without the flag the same program leaves no word. */
	OK(spawn(FACTOTUM_SPAWN_FLAG_LINUX, "linux", "", &pid, 0));
	OK(reap(pid, &status));
	EQUAL(status, EXITED(6));
	CHECK(!says(pid, ""));
	return NULL;
}

const struct test trace_tests[] = {
	{"debug-traces-faults", faults_are_traced},
	{"debug-traces-messages", messages_are_traced},
	{"debug-traces-system-calls", system_calls_are_traced},
	{"debug-traces-states", states_are_traced},
	{"process-deaths-are-reported", deaths_are_reported},
	{NULL, NULL},
};
