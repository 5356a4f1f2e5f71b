/* SPDX-License-Identifier: MIT */
/*
 * init.toml and run.toml.
 *
 * Reading goes in two passes: services by name first, so that needs and
 * channels can refer forward; then their keys. The first error ends it; `fail`
 * keeps it, and every function after that only returns.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <toml.h>

#define TEXT_MAX 8192
#define READY_MS_DEFAULT 5000

struct reader {
	struct config *config;
	const char *file;
	char *error;
	size_t error_size;
	bool failed;
};

static struct toml_node nodes[TOML_NODES_FOR(TEXT_MAX)];
static struct toml_node run_nodes[TOML_NODES_FOR(TEXT_MAX)];
static char arena[TOML_ARENA_FOR(TEXT_MAX)];
static char run_arena[TOML_ARENA_FOR(TEXT_MAX)];

bool
config_strings_add(struct config_strings *strings, const char *text)
{
	size_t length = strlen(text) + 1;

	if (length > sizeof(strings->text) - strings->length)
		return false;
	memcpy(strings->text + strings->length, text, length);
	strings->length += length;
	return true;
}

static void __attribute__((format(printf, 3, 4)))
fail(struct reader *r, const struct toml_node *where, const char *format, ...)
{
	va_list arguments;
	int used;

	if (r->failed)
		return;
	r->failed = true;
	used = snprintf(r->error, r->error_size, "%s, line %u: ", r->file,
		where ? (unsigned)where->line : 1);
	if (used < 0 || (size_t)used >= r->error_size)
		return;
	va_start(arguments, format);
	vsnprintf(r->error + used, r->error_size - (size_t)used, format,
		arguments);
	va_end(arguments);
}

static const char *
read_string(struct reader *r, const struct toml_node *node)
{
	const char *text = toml_string(node, NULL);

	if (!text)
		fail(r, node, "%s must be a string",
			node->key ? node->key : "this");
	return text ? text : "";
}

static uint32_t
read_number(struct reader *r, const struct toml_node *node, uint32_t most)
{
	int64_t value = 0;

	if (!toml_integer(node, &value) || value < 0 || value > (int64_t)most)
		fail(r, node, "%s must be a whole number from 0 to %u",
			node->key ? node->key : "this", (unsigned)most);
	return (uint32_t)value;
}

static bool
read_boolean(struct reader *r, const struct toml_node *node)
{
	bool value = false;

	if (!toml_boolean(node, &value))
		fail(r, node, "%s must be true or false", node->key);
	return value;
}

static void
read_name(struct reader *r, const struct toml_node *where, const char *name,
	char out[CONFIG_NAME])
{
	size_t length = strlen(name);

	if (length == 0 || length >= CONFIG_NAME)
		fail(r, where, "the name '%s' must have 1 to %d bytes", name,
			CONFIG_NAME - 1);
	else
		memcpy(out, name, length + 1);
}

static const struct toml_node *
read_list(struct reader *r, const struct toml_node *node)
{
	if (node->type != TOML_ARRAY) {
		fail(r, node, "%s must be an array", node->key);
		return NULL;
	}
	return toml_first(node);
}

static void
read_strings(struct reader *r, const struct toml_node *node,
	struct config_strings *out)
{
	const struct toml_node *item = read_list(r, node);

	for (; item && !r->failed; item = item->next) {
		if (!config_strings_add(out, read_string(r, item)))
			fail(r, item, "%s is longer than %d bytes", node->key,
				CONFIG_STRINGS);
	}
}

static unsigned
find_service(struct reader *r, const struct toml_node *node)
{
	const char *name = read_string(r, node);

	for (unsigned i = 0; i < r->config->service_count; i++) {
		if (strcmp(r->config->service[i].name, name) == 0)
			return i;
	}
	fail(r, node, "there is no service '%s'", name);
	return 0;
}

static void
read_needs(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	const struct toml_node *item = read_list(r, node);

	for (; item && !r->failed; item = item->next)
		service->needs |= UINT32_C(1) << find_service(r, item);
}

static void
read_restart(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	const char *word = read_string(r, node);

	if (strcmp(word, "never") == 0)
		service->restart = RESTART_NEVER;
	else if (strcmp(word, "on-failure") == 0)
		service->restart = RESTART_ON_FAILURE;
	else if (strcmp(word, "always") == 0)
		service->restart = RESTART_ALWAYS;
	else
		fail(r, node, "restart must be never, on-failure or always");
}

static void
read_supervisor(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	const char *word = read_string(r, node);

	if (strcmp(word, "view") == 0)
		service->supervisor = SUPERVISOR_VIEW;
	else if (strcmp(word, "power") == 0)
		service->supervisor = SUPERVISOR_POWER;
	else
		fail(r, node, "supervisor must be view or power");
}

static void
read_manager(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	const struct toml_node *item = read_list(r, node);

	for (; item && !r->failed; item = item->next) {
		const char *word = read_string(r, item);

		if (strcmp(word, "signal") == 0)
			service->manager |= 2;
		else if (strcmp(word, "inspect") == 0)
			service->manager |= 4;
		else
			fail(r, item, "manager rights are signal and inspect");
	}
}

static void
read_allow(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	const struct toml_node *item = read_list(r, node);

	for (; item && !r->failed; item = item->next) {
		if (service->allow_count == CONFIG_LIST)
			fail(r, item, "at most %d services", CONFIG_LIST);
		else
			service->allow[service->allow_count++] =
				read_number(r, item, 0xffff);
	}
}

static void
read_device(struct reader *r, const struct toml_node *table,
	struct config_device *out)
{
	const struct toml_node *node = toml_first(table);

	if (table->type != TOML_TABLE)
		fail(r, table, "a device is a table with name and kind");
	for (; node && !r->failed; node = node->next) {
		if (strcmp(node->key, "name") == 0)
			read_name(r, node, read_string(r, node), out->name);
		else if (strcmp(node->key, "compatible") == 0)
			out->compatible = read_string(r, node);
		else if (strcmp(node->key, "virtio") == 0)
			out->virtio = read_number(r, node, 64);
		else if (strcmp(node->key, "instance") == 0)
			out->instance = read_number(r, node, 64);
		else
			fail(r, node, "unknown key '%s'", node->key);
	}
	if (!r->failed && (!out->name[0] || !out->compatible == !out->virtio))
		fail(r, table,
			"a device needs a name and either compatible "
			"or virtio");
}

static void
read_devices(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	const struct toml_node *item = read_list(r, node);

	for (; item && !r->failed; item = item->next) {
		if (service->device_count == CONFIG_LIST)
			fail(r, item, "at most %d devices", CONFIG_LIST);
		else
			read_device(r, item,
				&service->device[service->device_count++]);
	}
}

static uint32_t
read_slots(struct reader *r, const struct toml_node *node)
{
	uint32_t slots = read_number(r, node, SLOTS_MAX);

	if (!r->failed && (slots < SLOTS_DEFAULT || slots & (slots - 1)))
		fail(r, node, "slots must be a power of two from %d to %d",
			SLOTS_DEFAULT, SLOTS_MAX);
	return slots;
}

/* Keys with a plain value; false: the key is none of them. */
static bool
read_plain(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	const char *key = node->key;

	if (strcmp(key, "image") == 0)
		service->image = read_string(r, node);
	else if (strcmp(key, "provides") == 0)
		service->provides = read_number(r, node, 0xffff);
	else if (strcmp(key, "ready_ms") == 0)
		service->ready_ms = read_number(r, node, 600000);
	else if (strcmp(key, "priority") == 0)
		service->priority = read_number(r, node, CONFIG_PRIORITY_MAX);
	else if (strcmp(key, "slots") == 0)
		service->slots = read_slots(r, node);
	else if (strcmp(key, "memory_pages") == 0)
		service->memory_pages = read_number(r, node, 64);
	else if (strcmp(key, "critical") == 0)
		service->critical = read_boolean(r, node);
	else if (strcmp(key, "linux") == 0)
		service->linux_process = read_boolean(r, node);
	else if (strcmp(key, "session") == 0)
		service->session = read_boolean(r, node);
	else if (strcmp(key, "seed") == 0)
		service->seed = read_boolean(r, node);
	else if (strcmp(key, "archive") == 0)
		service->archive = read_boolean(r, node);
	else if (strcmp(key, "optional_device") == 0)
		service->optional_device = read_boolean(r, node);
	else
		return false;
	return true;
}

static void
read_key(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	static const struct {
		const char *key;
		void (*read)(struct reader *, const struct toml_node *,
			struct config_service *);
	} lists[] = {
		{"needs", read_needs},
		{"restart", read_restart},
		{"manager", read_manager},
		{"allow", read_allow},
		{"device", read_devices},
		{"supervisor", read_supervisor},
	};

	if (read_plain(r, node, service))
		return;
	if (strcmp(node->key, "arguments") == 0) {
		read_strings(r, node, &service->arguments);
		return;
	}
	if (strcmp(node->key, "environment") == 0) {
		read_strings(r, node, &service->environment);
		return;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (strcmp(node->key, lists[i].key) == 0) {
			lists[i].read(r, node, service);
			return;
		}
	}
	fail(r, node, "unknown key '%s'", node->key);
}

static void
read_services(struct reader *r, const struct toml_node *table)
{
	const struct toml_node *node = toml_first(table);
	unsigned index = 0;

	if (table->type != TOML_TABLE || !node)
		fail(r, table, "there are no services");
	for (; node && !r->failed; node = node->next) {
		struct config_service *service;

		if (node->type != TOML_TABLE) {
			fail(r, node, "service.%s must be a table", node->key);
		} else if (r->config->service_count == CONFIG_SERVICES) {
			fail(r, node, "more than %d services", CONFIG_SERVICES);
		} else {
			service =
				&r->config->service[r->config->service_count++];
			read_name(r, node, node->key, service->name);
			service->line = node->line;
			service->ready_ms = READY_MS_DEFAULT;
			service->slots = SLOTS_DEFAULT;
		}
	}
	for (node = toml_first(table); node && !r->failed; node = node->next) {
		struct config_service *service = &r->config->service[index++];
		const struct toml_node *key = toml_first(node);

		service->image = service->name;
		for (; key && !r->failed; key = key->next)
			read_key(r, key, service);
	}
}

static void
read_ends(struct reader *r, const struct toml_node *node,
	struct config_channel *channel)
{
	const struct toml_node *item = read_list(r, node);

	if (item && node->count != 2)
		fail(r, node, "a channel has two ends");
	for (unsigned i = 0; item && i < 2 && !r->failed; i++) {
		channel->end[i] = find_service(r, item);
		item = item->next;
	}
}

static void
read_channel(struct reader *r, const struct toml_node *table)
{
	struct config_channel *channel;
	const struct toml_node *node = toml_first(table);

	if (table->type != TOML_TABLE ||
		r->config->channel_count == CONFIG_CHANNELS) {
		fail(r, table,
			"channel.%s must be a table, and one of at "
			"most %d",
			table->key, CONFIG_CHANNELS);
		return;
	}
	channel = &r->config->channel[r->config->channel_count++];
	read_name(r, table, table->key, channel->name);
	for (; node && !r->failed; node = node->next) {
		if (strcmp(node->key, "pages") == 0)
			channel->pages = read_number(r, node, 64);
		else if (strcmp(node->key, "ends") == 0)
			read_ends(r, node, channel);
		else
			fail(r, node, "unknown key '%s'", node->key);
	}
	if (channel->pages == 0 || channel->end[0] == channel->end[1])
		fail(r, table, "channel.%s needs pages and two different ends",
			table->key);
}

/* A cycle of needs: what cannot be started even if all else runs. */
static void
check_cycles(struct reader *r)
{
	uint32_t startable = 0;
	bool progress = true;

	while (progress) {
		progress = false;
		for (unsigned i = 0; i < r->config->service_count; i++) {
			uint32_t bit = UINT32_C(1) << i;

			if (startable & bit ||
				r->config->service[i].needs & ~startable)
				continue;
			startable |= bit;
			progress = true;
		}
	}
	for (unsigned i = 0; i < r->config->service_count; i++) {
		const struct config_service *service = &r->config->service[i];
		struct toml_node where = {.line = service->line};

		if (!(startable & UINT32_C(1) << i))
			fail(r, &where,
				"service '%s' is part of, or waits "
				"for, a cycle of needs",
				service->name);
	}
}

/* A Linux process has a small CNode: what it cannot hold is not promised. */
static void
check_linux(struct reader *r, unsigned index)
{
	const struct config_service *service = &r->config->service[index];
	struct toml_node where = {.line = service->line};

	if (!service->linux_process)
		return;
	if (service->device_count || service->archive || service->supervisor)
		fail(r, &where,
			"service '%s' is a Linux program: it cannot "
			"hold devices, archive or supervisor",
			service->name);
	for (unsigned i = 0; i < r->config->channel_count; i++) {
		if (r->config->channel[i].end[0] == index ||
			r->config->channel[i].end[1] == index)
			fail(r, &where,
				"service '%s' is a Linux program: it "
				"cannot be the end of a channel",
				service->name);
	}
}

static void
check_session(struct reader *r)
{
	const struct config_service *session = NULL;

	for (unsigned i = 0; i < r->config->service_count; i++) {
		const struct config_service *service = &r->config->service[i];
		struct toml_node where = {.line = service->line};

		if (service->session && session)
			fail(r, &where, "service '%s' is a second session",
				service->name);
		if (service->session)
			session = service;
	}
}

static void
check_all(struct reader *r)
{
	check_cycles(r);
	check_session(r);
	for (unsigned i = 0; i < r->config->service_count; i++)
		check_linux(r, i);
}

static const struct toml_node *
parse(struct reader *r, struct toml *document, const char *text, size_t length)
{
	char sentence[160];

	if (length > TEXT_MAX) {
		fail(r, NULL, "longer than %d bytes", TEXT_MAX);
		return NULL;
	}
	if (toml_parse(document, text, length) == TOML_OK)
		return document->root;
	toml_error_format(document, sentence, sizeof(sentence));
	r->failed = true;
	snprintf(r->error, r->error_size, "%s, %s", r->file, sentence);
	return NULL;
}

int
config_read(struct config *out, const char *text, size_t length, char *error,
	size_t error_size)
{
	struct toml document = {.nodes = nodes,
		.node_capacity = TOML_NODES_FOR(TEXT_MAX),
		.arena = arena,
		.arena_capacity = sizeof(arena)};
	struct reader r = {out, "init.toml", error, error_size, false};
	const struct toml_node *root, *node;

	memset(out, 0, sizeof(*out));
	root = parse(&r, &document, text, length);
	if (!root)
		return -1;
	for (node = toml_first(root); node; node = node->next) {
		if (strcmp(node->key, "service") != 0 &&
			strcmp(node->key, "channel") != 0)
			fail(&r, node, "unknown key '%s'", node->key);
	}
	if (!toml_get(root, "service"))
		fail(&r, root, "there are no services");
	else
		read_services(&r, toml_get(root, "service"));
	node = toml_get(root, "channel");
	if (node && node->type != TOML_TABLE)
		fail(&r, node, "channel must be a table");
	for (node = toml_first(node); node && !r.failed; node = node->next)
		read_channel(&r, node);
	if (!r.failed)
		check_all(&r);
	return r.failed ? -1 : 0;
}

static struct config_service *
session_service(struct config *config)
{
	for (unsigned i = 0; i < config->service_count; i++) {
		if (config->service[i].session)
			return &config->service[i];
	}
	return NULL;
}

/* NAME=VALUE as one more argument. */
static void __attribute__((format(printf, 4, 5)))
run_add(struct reader *r, const struct toml_node *node,
	struct config_strings *out, const char *format, ...)
{
	char text[CONFIG_STRINGS];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof(text) ||
		!config_strings_add(out, text))
		fail(r, node, "the arguments are longer than %d bytes",
			CONFIG_STRINGS);
}

/* Options of the run come before "--", the program after it. */
static void
run_key(struct reader *r, const struct toml_node *node,
	struct config_service *service)
{
	struct config_strings *out = &service->arguments;
	const char *key = node->key;

	if (strcmp(key, "argv") == 0 || strcmp(key, "env") == 0)
		return;
	if (strcmp(key, "cwd") == 0)
		run_add(r, node, out, "cwd=%s", read_string(r, node));
	else if (strcmp(key, "verbose") == 0)
		r->config->verbose = read_boolean(r, node);
	else if (strcmp(key, "tty") == 0 || strcmp(key, "strace") == 0)
		run_add(r, node, out, "%s=%d", key, read_boolean(r, node));
	else if (strcmp(key, "rows") == 0 || strcmp(key, "columns") == 0 ||
		strcmp(key, "uid") == 0)
		run_add(r, node, out, "%s=%u", key,
			(unsigned)read_number(r, node, 0x7fffffff));
	else
		fail(r, node, "unknown key '%s'", key);
}

int
config_run(struct config *out, const char *text, size_t length, char *error,
	size_t error_size)
{
	struct toml document = {.nodes = run_nodes,
		.node_capacity = TOML_NODES_FOR(TEXT_MAX),
		.arena = run_arena,
		.arena_capacity = sizeof(run_arena)};
	struct reader r = {out, "run.toml", error, error_size, false};
	struct config_service *service = session_service(out);
	const struct toml_node *root = parse(&r, &document, text, length);
	const struct toml_node *node;

	if (!root)
		return -1;
	if (!service) {
		fail(&r, root, "init.toml has no session service to run it");
		return -1;
	}
	service->arguments.length = 0;
	config_strings_add(&service->arguments, service->name);
	for (node = toml_first(root); node && !r.failed; node = node->next)
		run_key(&r, node, service);
	run_add(&r, root, &service->arguments, "--");
	node = toml_get(root, "argv");
	if (node)
		read_strings(&r, node, &service->arguments);
	node = toml_get(root, "env");
	if (node) {
		service->environment.length = 0;
		read_strings(&r, node, &service->environment);
	}
	return r.failed ? -1 : 0;
}
