/* SPDX-License-Identifier: MIT */
/*
 * The checks that every message passes before an operation sees it. Nothing
 * here enters the kernel, so the host's unit tests can throw anything at it.
 */
#include <glenda/server.h>

static bool
word_fits(enum word_type type, uint64_t word)
{
	switch (type) {
	case WORD_U32:
		return word <= UINT32_MAX;
	case WORD_U16:
		return word <= UINT16_MAX;
	case WORD_U8:
		return word <= UINT8_MAX;
	case WORD_BOOL:
		return word <= 1;
	case WORD_I32:
	case WORD_STATUS:
		return (int64_t)word >= INT32_MIN &&
		       (int64_t)word <= INT32_MAX;
	case WORD_U64:
	case WORD_I64:
	case WORD_SIZE:
	case WORD_VADDR:
		return true;
	}
	return false;
}

static bool
within(unsigned value, unsigned low, unsigned high)
{
	return value >= low && value <= high;
}

static bool
shape_fits(uint64_t info, const struct message_rule *rule)
{
	unsigned words = message_length(info);

	return (words == rule->words ||
		(rule->inline_words && words == rule->inline_words)) &&
	       within(message_caps(info), rule->caps_min, rule->caps_max) &&
	       within(message_leases(info), rule->leases_min,
		      rule->leases_max);
}

/* A buffer that was not lent has no length. */
static bool
leases_fit(const struct request *request, const struct message_rule *rule)
{
	const uint64_t *length = &request->message.words[rule->lease_word];
	unsigned lent = message_leases(request->message.info);

	for (unsigned i = 0; i < rule->leases_max; i++)
		if (length[i] > (i < lent ? rule->lease_max[i] : 0))
			return false;
	return true;
}

status_t
request_check(const struct request *request, const struct message_rule *rule)
{
	if (!shape_fits(request->message.info, rule))
		return STATUS_INVALID_METHOD;
	for (unsigned i = 0; i < rule->lease_word; i++)
		if (!word_fits(rule->type[i], request->message.words[i]))
			return STATUS_INVALID_ARGUMENT;
	if (!leases_fit(request, rule))
		return STATUS_INVALID_ARGUMENT;
	for (unsigned i = 0; i < rule->caps_min; i++)
		if (!request->caps[i].present)
			return STATUS_INVALID_ARGUMENT;
	return STATUS_OK;
}

status_t
request_dispatch(const struct server *server, struct request *request)
{
	uint32_t number = request_protocol(request);

	for (unsigned i = 0; i < server->protocol_count; i++) {
		const struct server_protocol *p = &server->protocols[i];

		if (p->number == number)
			return p->dispatch(p->ops, p->context, request);
	}
	return STATUS_INVALID_PROTOCOL;
}
