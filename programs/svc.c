/* SPDX-License-Identifier: MIT */
/*
 * svc: the services as 9Ball sees them, their logs, and orders to them. Needs
 * `supervisor = "view"` in its init.toml entry, and "power" for orders.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glenda/nineball_client.h>
#include <glenda/start.h>

#define LOG_BYTES (192 * 1024)
#define CHUNK_BYTES 4096

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

/* The index of a service; or of what else writes to the log. */
static bool
find(const char *name, uint32_t *index)
{
	struct service service;

	for (*index = 0; get(*index, &service) == STATUS_OK; (*index)++) {
		if (strcmp(service.name, name) == 0)
			return true;
	}
	if (strcmp(name, "9ball") == 0)
		*index = NINEBALL_LOG_NINEBALL;
	else if (strcmp(name, "factotum") == 0)
		*index = NINEBALL_LOG_FACTOTUM;
	else
		return false;
	return true;
}

static void
print_status(const struct service *service)
{
	static const char *const states[] = {
		[NINEBALL_STATE_WAITING] = "waiting",
		[NINEBALL_STATE_STARTING] = "starting",
		[NINEBALL_STATE_READY] = "ready",
		[NINEBALL_STATE_BACKOFF] = "backoff",
		[NINEBALL_STATE_ENDED] = "ended",
		[NINEBALL_STATE_FAILED] = "failed",
		[NINEBALL_STATE_ABSENT] = "absent",
	};
	const char *state = "?";

	if (service->state < sizeof(states) / sizeof(states[0]))
		state = states[service->state];
	printf("%-16s %-9s pid %-5u restarts %u\n", service->name, state,
		(unsigned)service->pid, (unsigned)service->restarts);
}

static int
command_status(const char *name)
{
	struct service service;
	bool found = false;

	for (uint32_t i = 0; get(i, &service) == STATUS_OK; i++) {
		if (name && strcmp(service.name, name) != 0)
			continue;
		print_status(&service);
		found = true;
	}
	return found ? 0 : 1;
}

/*
 * All of it is fetched before a line is printed: what svc prints is logged,
 * too, and must not make its own reading endless.
 */
static int
command_log(const char *name)
{
	uint32_t index = NINEBALL_LOG_ALL;
	size_t used = 0, length;
	uint64_t next = 0;

	if (name && !find(name, &index)) {
		printf("svc: there is no service %s\n", name);
		return 1;
	}
	do {
		status_t status = nineball_log(supervisor, index, next,
			text + used, CHUNK_BYTES, &length, &next);

		if (status < 0) {
			printf("svc: %s\n", status_string(status));
			return 1;
		}
		used += length;
	} while (length > 0 && used + CHUNK_BYTES <= LOG_BYTES);
	printf("%.*s", (int)used, text);
	return 0;
}

static int
command_order(const char *name, uint32_t order)
{
	status_t status = STATUS_NOT_FOUND;
	uint32_t index;

	if (find(name, &index))
		status = nineball_control(supervisor, index, order);
	if (status == STATUS_OK)
		return 0;
	printf("svc: %s: %s\n", name, status_string(status));
	return 1;
}

static int
usage(void)
{
	printf("usage: svc status [NAME] | svc log [NAME] | "
	       "svc stop|start|restart|kill NAME\n");
	return 2;
}

int
main(int argc, char **argv)
{
	static const char *const orders[] = {
		[NINEBALL_ORDER_STOP] = "stop",
		[NINEBALL_ORDER_START] = "start",
		[NINEBALL_ORDER_RESTART] = "restart",
		[NINEBALL_ORDER_KILL] = "kill",
	};
	const char *name = argc == 3 ? argv[2] : NULL;

	supervisor = start_cap("supervisor");
	if (!supervisor) {
		printf("svc: init.toml does not grant the supervisor\n");
		return 1;
	}
	if (argc < 2 || argc > 3)
		return usage();
	if (strcmp(argv[1], "status") == 0)
		return command_status(name);
	if (strcmp(argv[1], "log") == 0)
		return command_log(name);
	for (uint32_t i = 0; name && i < sizeof(orders) / sizeof(orders[0]);
		i++) {
		if (strcmp(argv[1], orders[i]) == 0)
			return command_order(name, i);
	}
	return usage();
}
