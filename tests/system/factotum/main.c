/* SPDX-License-Identifier: MIT */
/*
 * Runs all cases and prints one line for each.
 */
#include "cases.h"

#include <unistd.h>

cptr_t manager;

const char *
failure(const char *file, int line, const char *what, int64_t got,
	int64_t wanted)
{
	static char text[200];

	snprintf(text, sizeof(text), "%s:%d: %s is %ld, not %ld", file, line,
		what, (long)got, (long)wanted);
	return text;
}

status_t
spawn(uint32_t flags, const char *verb, const char *argument, uint32_t *pid,
	cptr_t handle)
{
	static const char name[] = "factotum_test";
	static const char environment[] = "COLOUR=blue\0SHAPE=round";
	char arguments[128];
	size_t length = 0;
	const char *list[] = {name, verb, argument};

	for (unsigned i = 0; i < 3; i++) {
		strcpy(arguments + length, list[i]);
		length += strlen(list[i]) + 1;
	}
	return factotum_spawn(SELF, flags, name, strlen(name), arguments,
		length, environment, sizeof(environment), 0, pid, handle);
}

status_t
reap(uint32_t pid, uint32_t *status)
{
	uint32_t got = 0;
	status_t result = factotum_wait(
		SELF, 1, pid, 0, &got, status, NULL, NULL, NULL, NULL);

	if (result < 0)
		return result;
	return got == pid ? STATUS_OK : STATUS_MISMATCH;
}

status_t
run_child(const char *verb, const char *argument, uint32_t *status)
{
	uint32_t pid;
	status_t result = spawn(0, verb, argument, &pid, 0);

	return result < 0 ? result : reap(pid, status);
}

status_t
in_child(int (*body)(void *argument), void *argument, uint32_t *status)
{
	uint32_t pid = ~0u;
	status_t result = factotum_fork(SELF, 0, 0, 17, 0, 0, 0, 0, &pid, NULL);

	if (result < 0)
		return result;
	if (pid == 0)
		_exit(body(argument));
	return reap(pid, status);
}

vaddr_t
map(size_t length)
{
	vaddr_t address = 0;

	if (factotum_mmap(SELF, 0, length,
		    FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		    FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS, 0, 0,
		    &address) < 0)
		return 0;
	return address;
}

unsigned
run_tests(const struct test *test)
{
	unsigned failed = 0;

	for (; test->name; test++) {
		verdict_t verdict = test->run();

		if (verdict)
			printf("FAIL %s: %s\n", test->name, verdict);
		else
			printf("PASS %s\n", test->name);
		failed += verdict != NULL;
	}
	return failed;
}

int
main(int argc, char **argv, char **envp)
{
	if (argc > 1)
		return child_main(argc, argv, envp);
	manager = start_cap("manager");
	/* What else starts beside us has started, and some of it ended. */
	factotum_sleep(SELF, 200, 0);
	run_tests(hostile_tests);
	run_tests(memory_tests);
	run_tests(object_tests);
	run_tests(supply_tests);
	run_tests(process_tests);
	run_tests(image_tests);
	run_tests(thread_tests);
	run_tests(signal_tests);
	run_tests(broker_tests);
	run_tests(info_tests);
	run_tests(snapshot_tests);
	run_tests(schedule_tests);
	run_tests(trace_tests);
	run_tests(wish_tests);
	run_tests(family_tests);
	factotum_ready(SELF);
	for (;;)
		factotum_sleep(SELF, 1000, 0);
}
