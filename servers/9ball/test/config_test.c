/* SPDX-License-Identifier: MIT */
/*
 * Unit tests of init.toml and run.toml: what every key means, and that every
 * mistake is refused with its line and a sentence that names it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct config config;
static char error[256];

static int
read_text(const char *text)
{
	error[0] = '\0';
	return config_read(&config, text, strlen(text), error, sizeof(error));
}

static int
run_text(const char *text)
{
	error[0] = '\0';
	return config_run(&config, text, strlen(text), error, sizeof(error));
}

static void
defaults_are_those_of_the_manual(void **state)
{
	const struct config_service *service = &config.service[0];

	(void)state;
	assert_int_equal(read_text("[service.one]\n"), 0);
	assert_int_equal(config.service_count, 1);
	assert_int_equal(config.channel_count, 0);
	assert_false(config.verbose);
	assert_string_equal(service->name, "one");
	assert_string_equal(service->image, "one");
	assert_int_equal(service->line, 1);
	assert_int_equal(service->ready_ms, 5000);
	assert_int_equal(service->restart, RESTART_NEVER);
	assert_int_equal(service->supervisor, SUPERVISOR_NONE);
	assert_int_equal(service->provides, 0);
	assert_int_equal(service->manager, 0);
	assert_int_equal(service->needs, 0);
	assert_int_equal(service->allow_count, 0);
	assert_int_equal(service->device_count, 0);
	assert_int_equal(service->arguments.length, 0);
	assert_int_equal(service->environment.length, 0);
	assert_false(service->critical || service->session ||
		service->linux_process || service->archive ||
		service->optional_device);
}

static void
every_service_key_is_read(void **state)
{
	const struct config_service *service = &config.service[1];

	(void)state;
	assert_int_equal(
		read_text("[service.base]\n"
			  "[service.all]\n"
			  "image = \"picture\"\n"
			  "arguments = [\"all\", \"two words\", \"\"]\n"
			  "environment = [\"A=1\"]\n"
			  "provides = 0x0700\n"
			  "needs = [\"base\", \"later\"]\n"
			  "ready_ms = 250\n"
			  "memory_pages = 5\n"
			  "priority = 170\n"
			  "slots = 1024\n"
			  "seed = true\n"
			  "restart = \"always\"\n"
			  "critical = true\n"
			  "session = true\n"
			  "archive = true\n"
			  "allow = [0x0200, 0x0300]\n"
			  "manager = [\"signal\", \"inspect\"]\n"
			  "supervisor = \"power\"\n"
			  "device = [{ name = \"u\", compatible = \"x\" },\n"
			  "  { name = \"v\", virtio = 3, instance = 1 }]\n"
			  "optional_device = true\n"
			  "[service.later]\n"
			  "restart = \"on-failure\"\n"
			  "supervisor = \"view\"\n"
			  "linux = false\n"),
		0);
	assert_string_equal(service->image, "picture");
	assert_int_equal(service->arguments.length, 15);
	assert_memory_equal(service->arguments.text, "all\0two words\0", 15);
	assert_memory_equal(service->environment.text, "A=1", 4);
	assert_int_equal(service->provides, 0x700);
	assert_int_equal(service->needs, 1 << 0 | 1 << 2);
	assert_int_equal(service->ready_ms, 250);
	assert_int_equal(service->memory_pages, 5);
	assert_int_equal(service->priority, 170);
	assert_int_equal(service->slots, 1024);
	assert_true(service->seed);
	assert_int_equal(service->restart, RESTART_ALWAYS);
	assert_true(service->critical && service->session && service->archive &&
		service->optional_device);
	assert_int_equal(service->allow_count, 2);
	assert_int_equal(service->allow[1], 0x300);
	assert_int_equal(service->manager, 2 | 4);
	assert_int_equal(service->supervisor, SUPERVISOR_POWER);
	assert_int_equal(service->device_count, 2);
	assert_string_equal(service->device[0].compatible, "x");
	assert_string_equal(service->device[1].name, "v");
	assert_null(service->device[1].compatible);
	assert_int_equal(service->device[1].virtio, 3);
	assert_int_equal(service->device[1].instance, 1);
	assert_int_equal(config.service[2].restart, RESTART_ON_FAILURE);
	assert_int_equal(config.service[2].supervisor, SUPERVISOR_VIEW);
}

static void
linux_is_read(void **state)
{
	(void)state;
	assert_int_equal(read_text("[service.sh]\nlinux = true\n"), 0);
	assert_true(config.service[0].linux_process);
}

static void
channels_name_their_ends(void **state)
{
	(void)state;
	assert_int_equal(read_text("[channel.wire]\n"
				   "pages = 4\n"
				   "ends = [\"b\", \"a\"]\n"
				   "[service.a]\n[service.b]\n"),
		0);
	assert_int_equal(config.channel_count, 1);
	assert_string_equal(config.channel[0].name, "wire");
	assert_int_equal(config.channel[0].pages, 4);
	assert_int_equal(config.channel[0].end[0], 1);
	assert_int_equal(config.channel[0].end[1], 0);
}

static void
refuse(const char *text, const char *expected)
{
	assert_int_equal(read_text(text), -1);
	if (!strstr(error, expected) || strncmp(error, "init.toml, ", 11))
		fail_msg("%s\ngives: %s\nnot:   %s", text, error, expected);
}

struct mistake {
	const char *text; /* goes below a table of a service */
	const char *expected;
};

static void
each_mistake_in_a_service_is_told_with_its_line(void **state)
{
	static const struct mistake mistakes[] = {
		{"imag = \"x\"", "line 3: unknown key 'imag'"},
		{"image = 3", "line 3: image must be a string"},
		{"arguments = \"x\"", "line 3: arguments must be an array"},
		{"arguments = [1]", "line 3: this must be a string"},
		{"environment = true", "line 3: environment must be an array"},
		{"provides = -1",
			"line 3: provides must be a whole number "
			"from 0 to 65535"},
		{"provides = 65536", "line 3: provides must be a whole"},
		{"provides = 1.0", "line 3: provides must be a whole"},
		{"slots = 1000", "line 3: slots must be a power of two"},
		{"slots = 128", "line 3: slots must be a power of two"},
		{"slots = 8192", "line 3: slots must be a whole"},
		{"memory_pages = 65", "line 3: memory_pages must be a whole"},
		{"priority = 190", "line 3: priority must be a whole"},
		{"ready_ms = 600001", "line 3: ready_ms must be a whole"},
		{"needs = \"b\"", "line 3: needs must be an array"},
		{"needs = [\"c\"]", "line 3: there is no service 'c'"},
		{"needs = [0]", "line 3: this must be a string"},
		{"restart = \"sometimes\"",
			"line 3: restart must be never, "
			"on-failure or always"},
		{"critical = 1", "line 3: critical must be true or false"},
		{"session = \"\"", "line 3: session must be true or false"},
		{"linux = 0", "line 3: linux must be true or false"},
		{"archive = []", "line 3: archive must be true or false"},
		{"optional_device = 0", "line 3: optional_device must be"},
		{"allow = [65536]", "line 3: this must be a whole number"},
		{"allow = [1,\n2,\n3,\n4,\n5]", "line 7: at most 4 services"},
		{"manager = [\"all\"]",
			"line 3: manager rights are signal "
			"and inspect"},
		{"supervisor = \"all\"",
			"line 3: supervisor must be view or "
			"power"},
		{"supervisor = true", "line 3: supervisor must be a string"},
		{"device = [1]", "line 3: a device is a table"},
		{"device = [{ name = \"n\" }]", "line 3: a device needs"},
		{"device = [{ virtio = 3 }]", "line 3: a device needs"},
		{"device = [{ name = \"n\", virtio = 3, compatible = \"x\" }]",
			"line 3: a device needs"},
		{"device = [{ name = \"n\", virtual = 3 }]",
			"line 3: unknown key 'virtual'"},
		{"device = [{ name = \"0123456789012345\", virtio = 3 }]",
			"line 3: the name '0123456789012345' must have 1 to "
			"15"},
		{"device = [{ name = \"\", virtio = 3 }]",
			"line 3: the name '' must have 1 to 15 bytes"},
		{"image = \"x\"\nimage = \"y\"", "line 4"},
		{"image = \"x", "line 3"},
		{"needs = [\"a\"]",
			"line 2: service 'a' is part of, or waits "
			"for, a cycle of needs"},
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		snprintf(text, sizeof(text), "# first\n[service.a]\n%s\n",
			mistakes[i].text);
		refuse(text, mistakes[i].expected);
	}
}

static void
each_mistake_in_a_channel_is_told_with_its_line(void **state)
{
	static const struct mistake mistakes[] = {
		{"pages = 65\nends = [\"a\", \"b\"]",
			"line 4: pages must be a whole number from 0 to 64"},
		{"pages = 4", "line 3: channel.c needs pages and two"},
		{"ends = [\"a\", \"b\"]", "line 3: channel.c needs pages"},
		{"pages = 4\nends = [\"a\", \"a\"]", "line 3: channel.c needs"},
		{"pages = 4\nends = [\"a\"]", "line 5: a channel has two ends"},
		{"pages = 4\nends = [\"a\", \"b\", \"a\"]",
			"line 5: a channel has two ends"},
		{"pages = 4\nends = []", "line 3: channel.c needs"},
		{"pages = 4\nends = 3", "line 5: ends must be an array"},
		{"pages = 4\nends = [\"a\", \"x\"]",
			"line 5: there is no service 'x'"},
		{"size = 4", "line 4: unknown key 'size'"},
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		snprintf(text, sizeof(text),
			"[service.a]\n[service.b]\n[channel.c]\n%s\n",
			mistakes[i].text);
		refuse(text, mistakes[i].expected);
	}
}

static void
each_mistake_of_the_whole_is_told(void **state)
{
	(void)state;
	refuse("", "there are no services");
	refuse("service = 3", "line 1: there are no services");
	refuse("[service]", "line 1: there are no services");
	refuse("[service]\na = 3", "line 2: service.a must be a table");
	refuse("[servce.a]", "line 1: unknown key 'servce'");
	refuse("channel = 1\n[service.a]", "line 1: channel must be a table");
	refuse("[service.a]\n[channel]\nx = 1", "line 3: channel.x must be");
	refuse("[service.0123456789012345]",
		"line 1: the name '0123456789012345' must have 1 to 15 bytes");
	refuse("[service.a]\nsession = true\n[service.b]\nsession = true",
		"line 3: service 'b' is a second session");
	refuse("[service.a]\nlinux = true\narchive = true",
		"line 1: service 'a' is a Linux program");
	refuse("[service.a]\nlinux = true\n[service.b]\n[channel.c]\n"
	       "pages = 2\nends = [\"a\", \"b\"]",
		"line 1: service 'a' is a Linux program: it cannot be the end");
}

static void
cycles_are_found_and_diamonds_are_not(void **state)
{
	(void)state;
	refuse("[service.free]\n"
	       "[service.a]\nneeds = [\"b\"]\n"
	       "[service.b]\nneeds = [\"c\"]\n"
	       "[service.c]\nneeds = [\"a\", \"free\"]\n",
		"line 2: service 'a' is part of, or waits for, a cycle");
	assert_int_equal(read_text("[service.top]\n"
				   "needs = [\"left\", \"right\"]\n"
				   "[service.left]\nneeds = [\"base\"]\n"
				   "[service.right]\nneeds = [\"base\"]\n"
				   "[service.base]\n"),
		0);
}

static void
too_many_of_anything_is_refused(void **state)
{
	char text[16384];
	size_t used = 0;

	(void)state;
	for (unsigned i = 0; i < CONFIG_SERVICES; i++)
		used += (size_t)sprintf(text + used, "[service.s%u]\n", i);
	assert_int_equal(read_text(text), 0);
	sprintf(text + used, "[service.more]\n");
	refuse(text, "line 17: more than 16 services");
	for (unsigned i = 0; i < CONFIG_CHANNELS; i++)
		used += (size_t)sprintf(text + used,
			"[channel.c%u]\npages = 2\n"
			"ends = [\"s0\", \"s1\"]\n",
			i);
	assert_int_equal(read_text(text), 0);
	sprintf(text + used, "[channel.more]\n");
	refuse(text,
		"line 35: channel.more must be a table, and one of at "
		"most 6");
	memset(text, '#', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	refuse(text, "longer than 8192 bytes");
}

static void
arguments_that_are_too_long_are_refused(void **state)
{
	char text[CONFIG_STRINGS + 100];
	int head = sprintf(text, "[service.a]\narguments = [\"");

	(void)state;
	memset(text + head, 'x', CONFIG_STRINGS);
	strcpy(text + head + CONFIG_STRINGS - 1, "\"]\n");
	assert_int_equal(read_text(text), 0);
	assert_int_equal(config.service[0].arguments.length, CONFIG_STRINGS);
	memset(text + head, 'x', CONFIG_STRINGS);
	strcpy(text + head + CONFIG_STRINGS, "\"]\n");
	refuse(text, "line 2: arguments is longer than 2048 bytes");
}

#define SESSION                                           \
	"[service.first]\n[service.sh]\nsession = true\n" \
	"arguments = [\"old\"]\nenvironment = [\"OLD=1\"]\n"

static void
run_replaces_the_sessions_arguments(void **state)
{
	static const char expected[] =
		"sh\0tty=1\0strace=0\0rows=25\0columns=80\0uid=1000\0"
		"cwd=/tmp\0--\0/bin/echo\0a b";
	const struct config_service *service = &config.service[1];

	(void)state;
	assert_int_equal(read_text(SESSION), 0);
	assert_int_equal(run_text("argv = [\"/bin/echo\", \"a b\"]\n"
				  "env = [\"X=1\", \"Y=\"]\n"
				  "tty = true\nstrace = false\n"
				  "rows = 25\ncolumns = 80\nuid = 1000\n"
				  "cwd = \"/tmp\"\nverbose = true\n"),
		0);
	assert_true(config.verbose);
	assert_int_equal(service->arguments.length, sizeof(expected));
	assert_memory_equal(
		service->arguments.text, expected, sizeof(expected));
	assert_int_equal(service->environment.length, 7);
	assert_memory_equal(service->environment.text, "X=1\0Y=", 7);
	assert_int_equal(config.service[0].arguments.length, 0);
}

static void
run_without_environment_keeps_the_old_one(void **state)
{
	(void)state;
	assert_int_equal(read_text(SESSION), 0);
	assert_int_equal(run_text(""), 0);
	assert_memory_equal(config.service[1].environment.text, "OLD=1", 6);
	assert_memory_equal(config.service[1].arguments.text, "sh\0--", 6);
}

static void
each_mistake_of_a_run_is_told_with_its_line(void **state)
{
	static const struct mistake mistakes[] = {
		{"\nrow = 3", "run.toml, line 2: unknown key 'row'"},
		{"rows = -1", "run.toml, line 1: rows must be a whole number"},
		{"tty = 1", "run.toml, line 1: tty must be true or false"},
		{"verbose = 0", "run.toml, line 1: verbose must be true"},
		{"cwd = 1", "run.toml, line 1: cwd must be a string"},
		{"argv = 1", "run.toml, line 1: argv must be an array"},
		{"env = [\n1]", "run.toml, line 2: this must be a string"},
		{"argv = [\"\\u0000\"]", "run.toml, line 1: this must be a"},
		{"x = ", "run.toml, line 1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		assert_int_equal(read_text(SESSION), 0);
		assert_int_equal(run_text(mistakes[i].text), -1);
		if (strncmp(error, mistakes[i].expected,
			    strlen(mistakes[i].expected)))
			fail_msg("%s gives: %s", mistakes[i].text, error);
	}
	assert_int_equal(read_text("[service.a]\n"), 0);
	assert_int_equal(run_text("tty = true\n"), -1);
	assert_non_null(strstr(error, "init.toml has no session service"));
}

static void
a_run_that_is_too_long_is_refused(void **state)
{
	char text[CONFIG_STRINGS + 100];

	(void)state;
	assert_int_equal(read_text(SESSION), 0);
	strcpy(text, "cwd = \"");
	memset(text + 7, 'x', CONFIG_STRINGS);
	strcpy(text + 7 + CONFIG_STRINGS - 9, "\"\ntty = true\n");
	assert_int_equal(run_text(text), -1);
	assert_string_equal(error,
		"run.toml, line 2: the arguments are "
		"longer than 2048 bytes");
}

static void
the_committed_file_is_read(void **state)
{
	static char text[8192];
	FILE *file = fopen("servers/9ball/init.toml", "r");
	size_t length;

	(void)state;
	assert_non_null(file);
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (config_read(&config, text, length, error, sizeof(error)) < 0)
		fail_msg("%s", error);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_of_the_manual),
		cmocka_unit_test(every_service_key_is_read),
		cmocka_unit_test(linux_is_read),
		cmocka_unit_test(channels_name_their_ends),
		cmocka_unit_test(
			each_mistake_in_a_service_is_told_with_its_line),
		cmocka_unit_test(
			each_mistake_in_a_channel_is_told_with_its_line),
		cmocka_unit_test(each_mistake_of_the_whole_is_told),
		cmocka_unit_test(cycles_are_found_and_diamonds_are_not),
		cmocka_unit_test(too_many_of_anything_is_refused),
		cmocka_unit_test(arguments_that_are_too_long_are_refused),
		cmocka_unit_test(run_replaces_the_sessions_arguments),
		cmocka_unit_test(run_without_environment_keeps_the_old_one),
		cmocka_unit_test(each_mistake_of_a_run_is_told_with_its_line),
		cmocka_unit_test(a_run_that_is_too_long_is_refused),
		cmocka_unit_test(the_committed_file_is_read),
	};

	return cmocka_run_group_tests_name("9ball_config", tests, NULL, NULL);
}
