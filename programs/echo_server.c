/* SPDX-License-Identifier: MIT */
/*
 * echo_server: a whole server, as a template. proto/echo.toml says what its
 * messages look like; malformed ones never get here.
 */
#include <ctype.h>
#include <stdio.h>

#include <glenda/echo_server.h>
#include <glenda/factotum_client.h>
#include <glenda/start.h>

#define TEXT_MAX 256

static status_t
echo_word(void *context, struct request *request,
	const struct echo_word_args *args, struct echo_word_results *results)
{
	(void)context;
	(void)request;
	results->value = args->value;
	return STATUS_OK;
}

static status_t
echo_text(void *context, struct request *request,
	const struct echo_text_args *args, struct echo_text_results *results)
{
	char text[TEXT_MAX];
	status_t status = lease_read(
		request->reply, ECHO_TEXT_LEASE_TEXT, 0, text, args->text_len);

	(void)context;
	if (status < 0)
		return status;
	for (size_t i = 0; i < args->text_len; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	results->length = args->text_len < args->capitals_len
		? args->text_len
		: args->capitals_len;
	return lease_write(request->reply, ECHO_TEXT_LEASE_CAPITALS, 0, text,
		results->length);
}

static const struct echo_ops ops = {.word = echo_word, .text = echo_text};

int
main(void)
{
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
	status_t status = factotum_ready(CAP_FACTOTUM);

	if (status == STATUS_OK)
		status = server_run(&server);
	printf("echo_server: %s\n", status_string(status));
	return 1;
}
