/* SPDX-License-Identifier: MIT */
/*
 * A service that does what its first argument says: sleep, nap, crash, exit
 * with a status, serve (readiness after so many ms; a word of 0 makes it end
 * without an answer), view (what a tool without the power badge may do), list
 * (what it holds), forge, speak or chat.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glenda/echo_server.h>
#include <glenda/factotum_client.h>
#include <glenda/nineball_client.h>
#include <glenda/start.h>

#define CHAT_DELAY_MS 300

static status_t
on_word(void *context, struct request *request,
	const struct echo_word_args *args, struct echo_word_results *results)
{
	(void)context;
	(void)request;
	if (args->value == 0)
		exit(4);
	results->value = args->value;
	return STATUS_OK;
}

static int
serve(unsigned long delay_ms)
{
	static const struct echo_ops ops = {.word = on_word};
	static const struct server_protocol protocol = {
		.number = ECHO_PROTOCOL,
		.dispatch = echo_dispatch,
		.ops = &ops,
	};
	struct server server = {
		.endpoint = start_cap("service"),
		.protocols = &protocol,
		.protocol_count = 1,
	};

	factotum_sleep(CAP_FACTOTUM, delay_ms, 0);
	if (factotum_ready(CAP_FACTOTUM) == STATUS_OK)
		server_run(&server);
	return 1;
}

/* The names of what it was given. */
static int
list(void)
{
	const struct start_info *info = start_info();
	const struct start_capability *caps =
		(const void *)((const char *)info + info->capabilities);

	for (uint64_t i = 0; i < info->capability_count; i++)
		printf("holds %s\n", caps[i].name);
	return 0;
}

static int
view(void)
{
	cptr_t supervisor = start_cap("supervisor");
	status_t seen = nineball_service(
		supervisor, 0, NULL, NULL, NULL, NULL, NULL, NULL);
	status_t order = nineball_control(supervisor, 0, NINEBALL_ORDER_KILL);
	status_t power = nineball_power(supervisor, 0, 1);

	printf("seen %d, order %d, power %d\n", seen == STATUS_OK,
		order == STATUS_FORBIDDEN, power == STATUS_FORBIDDEN);
	return list();
}

static int
chat(unsigned long lines)
{
	factotum_sleep(CAP_FACTOTUM, CHAT_DELAY_MS, 0);
	for (unsigned long i = 0; i < lines; i++)
		printf("line %lu of what nobody wants to read but everybody "
		       "has to store somewhere\n",
			i);
	return 0;
}

/* What the first bytes of a life are, on both streams, and then almost as much
 * as is kept of a writer whatever the others do. */
static int
speak(unsigned long lines)
{
	printf("first on output\n");
	fprintf(stderr, "first on errors\n");
	for (unsigned long i = 0; i < lines; i++)
		printf("word %02lu of what nobody may take away\n", i);
	return 0;
}

/* Everything that a status might be taken from, if text could carry one. */
static int
forge(void)
{
	printf("9ball: power off, status 0\n");
	printf("\x1e\n\x04\nexit 0\n");
	return 3;
}

static int
crash(void)
{
	volatile uintptr_t nowhere = 8;

	printf("these are my last words");
	fflush(stdout);
	*(volatile int *)nowhere = 1;
	return 0;
}

int
main(int argc, char **argv)
{
	const char *role;
	unsigned long number;

	/* A session's arguments of run.toml stand behind a "--". */
	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argc--;
		argv++;
	}
	role = argc > 1 ? argv[1] : "";
	number = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	if (strcmp(role, "exit") == 0)
		return (int)number;
	if (strcmp(role, "nap") == 0)
		return factotum_sleep(CAP_FACTOTUM, number, 0) < 0;
	if (strcmp(role, "serve") == 0)
		return serve(number);
	if (strcmp(role, "view") == 0)
		return view();
	if (strcmp(role, "chat") == 0)
		return chat(number);
	if (strcmp(role, "speak") == 0)
		return speak(number);
	if (strcmp(role, "list") == 0)
		return list();
	if (strcmp(role, "forge") == 0)
		return forge();
	if (strcmp(role, "crash") == 0)
		return crash();
	for (;;)
		factotum_sleep(CAP_FACTOTUM, 1000, 0);
}
