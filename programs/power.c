/* SPDX-License-Identifier: MIT */
/*
 * power: end the machine, or start it again. Needs `supervisor = "power"` in
 * its init.toml entry.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glenda/nineball_client.h>
#include <glenda/start.h>

enum kind {
	OFF = 0,
	REBOOT = 1,
};

static int
usage(void)
{
	printf("usage: power off [STATUS] | power reboot\n");
	return 2;
}

int
main(int argc, char **argv)
{
	cptr_t supervisor = start_cap("supervisor");
	enum kind kind = OFF;
	unsigned long code = 0;
	char *end = "";
	status_t status;

	if (argc == 2 && strcmp(argv[1], "reboot") == 0)
		kind = REBOOT;
	else if (argc < 2 || argc > 3 || strcmp(argv[1], "off") != 0)
		return usage();
	if (argc == 3)
		code = strtoul(argv[2], &end, 10);
	if (*end || code > 255)
		return usage();
	if (!supervisor) {
		printf("power: init.toml does not grant the supervisor\n");
		return 1;
	}
	status = nineball_power(supervisor, kind, (uint32_t)code);
	printf("power: %s\n", status_string(status));
	return 1;
}
