/* SPDX-License-Identifier: MIT */
/*
 * hello: the smallest client, as a template. Says who it is, and what the
 * echo server makes of its arguments when the manifest allows that service.
 */
#include <stdio.h>
#include <string.h>

#include <glenda/echo_client.h>
#include <glenda/start.h>

static status_t
say_louder(cptr_t echo, const char *text)
{
	char capitals[256];
	size_t length = 0;
	status_t status = echo_text(
		echo, text, strlen(text), capitals, sizeof(capitals), &length);

	if (status == STATUS_OK)
		printf("%.*s\n", (int)length, capitals);
	return status;
}

int
main(int argc, char **argv)
{
	cptr_t echo = start_cap("service.0x7f00");

	printf("hello from process %u\n", (unsigned)start_info()->pid);
	for (int i = 1; i < argc && echo; i++) {
		status_t status = say_louder(echo, argv[i]);

		if (status < 0) {
			printf("hello: %s\n", status_string(status));
			return 1;
		}
	}
	return 0;
}
