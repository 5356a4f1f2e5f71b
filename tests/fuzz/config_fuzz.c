/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes 9Ball's reading of init.toml, and of the same bytes as run.toml: what
 * is accepted keeps every bound that 9Ball relies on, what is refused is told
 * with the file's name.
 */
#include "fuzz.h"

#include <string.h>

#include "config.h"
#include "life.h"

static const char session[] = "[service.s]\nsession = true\n";
static struct config config;
static struct lives lives;

static void
strings_check(const struct config_strings *strings)
{
	MUST(strings->length <= sizeof(strings->text));
	MUST(strings->length == 0 ||
		strings->text[strings->length - 1] == '\0');
}

static void
service_check(const struct config_service *service)
{
	size_t length = strlen(service->name);

	MUST(length > 0 && length < CONFIG_NAME);
	MUST(service->image != NULL);
	MUST(service->line > 0);
	MUST(service->needs >> config.service_count == 0);
	MUST(service->allow_count <= CONFIG_LIST);
	MUST(service->device_count <= CONFIG_LIST);
	for (unsigned i = 0; i < service->device_count; i++)
		MUST(!service->device[i].compatible !=
			!service->device[i].virtio);
	strings_check(&service->arguments);
	strings_check(&service->environment);
}

/* Without a cycle everything that launches in time comes up. */
static void
all_become_ready(void)
{
	bool progress = true;

	lives_init(&lives, &config, 1);
	while (progress) {
		progress = false;
		for (unsigned i = 0; i < config.service_count; i++) {
			if (life_step(&lives, i, 1) != LIFE_LAUNCH)
				continue;
			life_launched(&lives, i, 1);
			life_ready(&lives, i);
			progress = true;
		}
	}
	for (unsigned i = 0; i < config.service_count; i++)
		MUST(lives.life[i].state == SERVICE_READY);
}

static void
init_check(const char *text, size_t size)
{
	char error[256] = "";

	if (config_read(&config, text, size, error, sizeof(error)) < 0) {
		MUST(strncmp(error, "init.toml, ", 11) == 0);
		return;
	}
	MUST(config.service_count > 0);
	MUST(config.service_count <= CONFIG_SERVICES);
	for (unsigned i = 0; i < config.service_count; i++)
		service_check(&config.service[i]);
	MUST(config.channel_count <= CONFIG_CHANNELS);
	for (unsigned i = 0; i < config.channel_count; i++) {
		MUST(config.channel[i].end[0] < config.service_count);
		MUST(config.channel[i].end[1] < config.service_count);
		MUST(config.channel[i].pages > 0);
	}
	all_become_ready();
}

static void
run_check(const char *text, size_t size)
{
	char error[256] = "";

	MUST(config_read(&config, session, sizeof(session) - 1, error,
		     sizeof(error)) == 0);
	if (config_run(&config, text, size, error, sizeof(error)) < 0)
		MUST(strncmp(error, "run.toml, ", 10) == 0);
	service_check(&config.service[0]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	init_check((const char *)data, size);
	run_check((const char *)data, size);
	return 0;
}
