/* SPDX-License-Identifier: MIT */
/*
 * The rescue console. Runs before any service, in 9Ball's only thread, and
 * needs nothing but the kernel's console, the clock and the serial device.
 */
#include "rescue.h"

#include <stdio.h>
#include <string.h>

#include <glenda/syscall.h>

#include "archive.h"
#include "log.h"
#include "own.h"
#include "power.h"
#include "report.h"
#include "serial.h"

#define LINE_BYTES 64
#define INTERRUPT 3 /* ^C */
#define DELETE 127

static const struct boot_info *boot_info;

static void
print(const char *text)
{
	report_text(text, strlen(text));
}

static void command_help(void);

static void
command_init(void)
{
	struct cpio_entry file;
	const char *at, *end;
	unsigned line = 1;

	if (!archive_find("init.toml", &file)) {
		print("there is no init.toml\n");
		return;
	}
	at = file.data;
	end = at + file.size;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		char head[16];

		snprintf(head, sizeof(head), "%4u  ", line++);
		print(head);
		if (!stop)
			stop = end;
		report_text(at, (size_t)(stop - at));
		print("\n");
		at = stop + 1;
	}
}

/* What the kernel handed over (row N1). */
static void
command_memory(void)
{
	char text[180];

	own_list(text, sizeof(text));
	print(text);
	print("\n");
	for (uint32_t i = 0; i < boot_info->region_count; i++) {
		const struct boot_region *region = &boot_info->regions[i];

		snprintf(text, sizeof(text), "%-7s %#14llx %8llu pages\n",
			region->kind == BOOT_REGION_DEVICE ? "device"
							   : "memory",
			(unsigned long long)region->base,
			(unsigned long long)region->pages);
		print(text);
	}
}

static void
command_off(void)
{
	machine_off(POWER_STATUS_FAILED);
}

static void
command_reboot(void)
{
	machine_reboot();
}

static const struct {
	const char *name;
	void (*run)(void);
	const char *does;
} commands[] = {
	{"help", command_help, "this list"},
	{"init", command_init, "init.toml with line numbers"},
	{"log", log_dump, "what happened so far"},
	{"memory", command_memory, "memory and devices of the machine"},
	{"off", command_off, "switch the machine off"},
	{"reboot", command_reboot, "start it again"},
};

static void
command_help(void)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		char text[80];

		snprintf(text, sizeof(text), "%-8s%s\n", commands[i].name,
			commands[i].does);
		print(text);
	}
}

/* Take one byte into the line; true when the line is complete. */
static bool
edit(char line[LINE_BYTES], size_t *length, int byte)
{
	char text[2] = {(char)byte, '\0'};

	if (byte == '\r' || byte == '\n') {
		print("\n");
		return true;
	}
	if (byte == INTERRUPT) {
		*length = 0;
		print("^C\n");
		return true;
	}
	if ((byte == DELETE || byte == '\b') && *length > 0) {
		(*length)--;
		print("\b \b");
	} else if (byte >= ' ' && byte < DELETE && *length < LINE_BYTES - 1) {
		line[(*length)++] = (char)byte;
		print(text);
	}
	return false;
}

static void
read_line(char line[LINE_BYTES])
{
	size_t length = 0;
	int byte;

	print("rescue> ");
	do {
		while ((byte = serial_read()) < 0)
			syscall_yield();
	} while (!edit(line, &length, byte));
	line[length] = '\0';
}

static void
obey(const char *line)
{
	if (!line[0])
		return;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, line) == 0) {
			commands[i].run();
			return;
		}
	}
	print("unknown; try help\n");
}

/* Whether somebody presses a key in time. */
static bool
somebody_there(void)
{
	uint64_t wait = boot_info->clock_frequency / 1000 * RESCUE_WAIT_MS;
	uint64_t start = clock_ticks();

	if (!serial_init())
		return false;
	print("press a key for the rescue console; else power-off follows\n");
	while (clock_ticks() - start < wait) {
		if (serial_read() >= 0)
			return true;
		syscall_yield();
	}
	return false;
}

_Noreturn void
rescue(const struct boot_info *boot, const char *why)
{
	char line[LINE_BYTES];

	boot_info = boot;
	report_error("%s", why);
	log_dump();
	if (!somebody_there())
		machine_off(POWER_STATUS_FAILED);
	command_help();
	for (;;) {
		read_line(line);
		obey(line);
	}
}
