/* SPDX-License-Identifier: MIT */
/*
 * The checks that every message passes before an operation sees it. Nothing
 * here enters the kernel, so the host's unit tests can throw anything at it.
 */
#include <glenda/server.h>

/* A word fits when it, moved up by `bias`, is at most `most`. */
struct word_range {
	uint64_t bias;
	uint64_t most;
};

static const struct word_range ranges[] = {
	[WORD_U64] = {0, UINT64_MAX},
	[WORD_I64] = {0, UINT64_MAX},
	[WORD_SIZE] = {0, UINT64_MAX},
	[WORD_VADDR] = {0, UINT64_MAX},
	[WORD_U32] = {0, UINT32_MAX},
	[WORD_U16] = {0, UINT16_MAX},
	[WORD_U8] = {0, UINT8_MAX},
	[WORD_BOOL] = {0, 1},
	[WORD_I32] = {UINT64_C(1) << 31, UINT32_MAX},
	[WORD_STATUS] = {UINT64_C(1) << 31, UINT32_MAX},
};

static bool
word_fits(uint8_t type, uint64_t word)
{
	const struct word_range *range = &ranges[type];

	return word + range->bias <= range->most;
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
