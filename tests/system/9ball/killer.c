/* SPDX-License-Identifier: MIT */
/*
 * killer COUNT SEED SERVICE...: has 9Ball end one of the services and start it
 * again, COUNT times, at moments that nobody foresees: it sleeps, or keeps the
 * processor from those that it kills, for random times. Its end says that all
 * of them live.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glenda/factotum_client.h>
#include <glenda/nineball_client.h>
#include <glenda/start.h>

#define PATIENCE_MS 10000
#define SLEEP_MS 12
#define SPIN_US 3000

static cptr_t supervisor;
static uint64_t random_state;

static uint64_t
random_below(uint64_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % limit;
}

/* State and restarts of a service by name; false: there is none. */
static bool
look(const char *wanted, uint32_t *index, uint32_t *state, uint32_t *restarts)
{
	char name[17] = "";
	uint64_t words[2];

	for (*index = 0;
		nineball_service(supervisor, *index, &words[0], &words[1],
			state, restarts, NULL, NULL) == STATUS_OK;
		++*index) {
		memcpy(name, words, sizeof(words));
		if (strcmp(name, wanted) == 0)
			return true;
	}
	return false;
}

static void
wait_a_while(void)
{
	uint64_t us = start_info()->clock_frequency / 1000000;
	uint64_t end;

	factotum_sleep(CAP_FACTOTUM, random_below(SLEEP_MS), 0);
	end = clock_ticks() + random_below(SPIN_US) * us;
	while (clock_ticks() < end)
		;
}

/* End it, and wait until its successor runs. */
static bool
kill_once(const char *name)
{
	uint32_t index, state, before, restarts;

	if (!look(name, &index, &state, &before) ||
		nineball_control(supervisor, index, NINEBALL_ORDER_RESTART) < 0)
		return false;
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		if (look(name, &index, &state, &restarts) &&
			restarts > before && state == NINEBALL_STATE_READY)
			return true;
		factotum_sleep(CAP_FACTOTUM, 1, 0);
	}
	return false;
}

int
main(int argc, char **argv)
{
	unsigned long count = argc > 3 ? strtoul(argv[1], NULL, 10) : 0;

	if (!count)
		return 2;
	random_state = strtoull(argv[2], NULL, 10) * 2654435761u + 1;
	supervisor = start_cap("supervisor");
	for (unsigned long i = 0; i < count; i++) {
		const char *name = argv[3 + random_below((uint64_t)argc - 3)];

		wait_a_while();
		if (!kill_once(name)) {
			printf("%s did not come back\n", name);
			return 1;
		}
	}
	/* Between two lives of its driver the console is free to say so. */
	printf("all kills are done\n");
	fflush(stdout);
	return !kill_once("uart16550");
}
