/* SPDX-License-Identifier: MIT */
/*
 * The loop that every server is built on. A server fills struct server, names
 * its protocols (generated dispatch plus its operations) and calls
 * server_run; it never marshals, and every request is answered.
 *
 *   received --operation returns a status--> answered
 *       |                                        ^
 *       +--request_park, SERVER_PARKED--> parked-+ answer_send
 *
 * Capabilities that come with a request land in slots of the loop and are
 * deleted after the operation, unless request_take_cap took them over.
 */
#pragma once

#include <glenda/message.h>

/* What an operation returns when it answers later. */
#define SERVER_PARKED INT32_MAX

/* A capability that came with a request; it belongs to the loop. */
struct received_cap {
	bool present;
	bool unwrapped; /* it named this very endpoint: only badge counts */
	uint64_t badge;
	cptr_t slot;
};

/* A capability to send with an answer. */
struct sent_cap {
	cptr_t slot;	/* 0 = none */
	bool temporary; /* delete it and give the slot back after */
};

struct answer {
	uint64_t words[REGISTER_WORDS];
	struct sent_cap caps[MAX_CAPS];
	unsigned word_count;
	unsigned cap_count;
};

struct request {
	struct server *server;
	uint64_t badge; /* of the capability that the client used */
	uint64_t tag;	/* of the client's thread */
	struct message message;
	struct received_cap caps[MAX_CAPS];
	struct answer answer; /* sent unless the request is parked */
	cptr_t reply;	      /* for leases; valid until answered */
	cptr_t spare;	      /* the loop's: next reply slot once parked */
};

/* The shape of one message; generated. */
enum word_type {
	WORD_U64,
	WORD_I64,
	WORD_U32,
	WORD_I32,
	WORD_U16,
	WORD_U8,
	WORD_BOOL,
	WORD_SIZE,
	WORD_VADDR,
	WORD_STATUS,
};

struct message_rule {
	uint8_t words;	      /* arguments and lease lengths */
	uint8_t inline_words; /* also allowed: with bytes; 0 = not */
	uint8_t caps_min;
	uint8_t caps_max;
	uint8_t leases_min;
	uint8_t leases_max;
	uint8_t lease_word; /* first word that is a lease's length */
	uint8_t type[REGISTER_WORDS];
	uint64_t lease_max[MAX_LEASES];
};

struct server_protocol {
	uint32_t number;
	status_t (*dispatch)(
		const void *ops, void *context, struct request *request);
	const void *ops;
	void *context;
};

struct server {
	cptr_t endpoint; /* with READ */
	const struct server_protocol *protocols;
	unsigned protocol_count;
	void *context; /* for the two below */
	/* Bits of the notification that is bound to this thread; or NULL. */
	void (*notified)(void *context, uint64_t bits);
	/*
	 * Called before each receive, or NULL: one step of work that is left;
	 * true when more is left, so that receiving must not block.
	 */
	bool (*work)(void *context);

	/* The loop's own, zero at the start. */
	cptr_t reply;
	cptr_t receive[MAX_CAPS];
};

static inline uint32_t
request_protocol(const struct request *request)
{
	return message_label(request->message.info) >> 16;
}

/* Whether a message that may carry inline bytes does. */
static inline bool
request_has_inline(const struct request *request)
{
	return message_length(request->message.info) == REGISTER_WORDS;
}

/*
 * Compare a request with the shape of its message: INVALID_METHOD when words,
 * capabilities or leases are too few or too many, INVALID_ARGUMENT when a
 * word lies outside its type or limit.
 */
status_t request_check(
	const struct request *request, const struct message_rule *rule);

/*
 * Find the request's protocol among those of the server and run the
 * operation. INVALID_PROTOCOL when it has none.
 */
status_t request_dispatch(const struct server *server, struct request *request);

/*
 * Receive and answer for ever. Returns only when it cannot go on: the
 * endpoint is gone, or slots are missing at the start (NO_MEMORY).
 */
status_t server_run(struct server *server);

/*
 * Keep the right to answer: the slot belongs to the caller until it passes it
 * to answer_send. 0 when no slot is left (answer LIMIT then). The operation
 * must return SERVER_PARKED afterwards.
 */
cptr_t request_park(struct request *request);

/*
 * Take over capability `index` of the request. Returns its slot, which the
 * caller gives back by slot_drop; 0 when there is none or no slot is left.
 */
cptr_t request_take_cap(struct request *request, unsigned index);

/*
 * Answer a parked request; the reply slot goes back to the pool. Words and
 * capabilities of the answer travel as they are. A client that died in the
 * meantime is no error.
 */
void answer_send(struct server *server, cptr_t reply, status_t status,
	const struct answer *answer);

/* Drop a parked request whose client is gone; it sees PEER_DIED if not. */
void answer_drop(struct server *server, cptr_t reply);

/*
 * Copy between the caller's lease number `lease` at byte `offset` and own
 * memory. `reply` is request->reply or what request_park returned. AGAIN when
 * a page of the client is absent: answer AGAIN, without having done anything,
 * and the client populates and repeats. Own absent pages are populated here.
 * INVALID_ARGUMENT beyond the lease or against its direction.
 */
status_t lease_read(
	cptr_t reply, unsigned lease, uint64_t offset, void *to, size_t length);
status_t lease_write(cptr_t reply, unsigned lease, uint64_t offset,
	const void *from, size_t length);

/*
 * As lease_read for a text of `length` bytes: ends it with NUL. `to` has room
 * for length + 1 bytes. INVALID_ARGUMENT when there is a NUL within.
 */
status_t lease_read_text(cptr_t reply, unsigned lease, char *to, size_t length);

/* Whether the client was asked to give up (TCB.interrupt). */
bool lease_cancelled(cptr_t reply);
