/* SPDX-License-Identifier: MIT */
/*
 * The server loop. Invariants: at each receive server->reply names an empty
 * slot (or the Reply that this very system call answers), and every slot in
 * server->receive is empty. A client is never left without an answer: what
 * cannot be sent as meant is sent as a bare status, and failing that the
 * Reply is deleted, which the client sees as PEER_DIED.
 */
#include <glenda/ipc.h>
#include <glenda/kernel_calls.h>
#include <glenda/server.h>
#include <glenda/slots.h>

/* Put the answer's words, status and capabilities into a message. */
static void
answer_pack(
	const struct answer *answer, status_t status, struct message *message)
{
	message->info = message_info(
		(uint32_t)status, answer->word_count, answer->cap_count, 0);
	for (unsigned i = 0; i < answer->word_count; i++)
		message->words[i] = answer->words[i];
	for (unsigned i = 0; i < answer->cap_count; i++)
		utcb_self()->caps[i] = answer->caps[i].slot;
}

static void
answer_drop_temporaries(const struct answer *answer)
{
	for (unsigned i = 0; i < answer->cap_count; i++)
		if (answer->caps[i].temporary && answer->caps[i].slot)
			slot_drop(answer->caps[i].slot);
}

/* Answer and leave `reply` an empty slot. */
static void
answer_deliver(cptr_t reply, status_t status, const struct answer *answer)
{
	struct message message = {0};

	answer_pack(answer, status, &message);
	if (syscall_send(reply, &message) < 0) {
		message.info = message_info((uint32_t)STATUS_IO, 0, 0, 0);
		if (syscall_send(reply, &message) < 0)
			slot_clear(reply);
	}
	answer_drop_temporaries(answer);
}

void
answer_send(struct server *server, cptr_t reply, status_t status,
	const struct answer *answer)
{
	(void)server;
	answer_deliver(reply, status, answer);
	slot_give(reply);
}

void
answer_drop(struct server *server, cptr_t reply)
{
	(void)server;
	slot_drop(reply);
}

cptr_t
request_park(struct request *request)
{
	if (!request->spare)
		request->spare = slot_take();
	return request->spare ? request->reply : CAP_NONE;
}

cptr_t
request_take_cap(struct request *request, unsigned index)
{
	struct received_cap *cap = &request->caps[index];
	cptr_t fresh;

	if (!cap->present || cap->unwrapped || !cap->slot)
		return CAP_NONE;
	fresh = slot_take();
	if (!fresh)
		return CAP_NONE;
	request->server->receive[index] = fresh;
	return cap->slot;
}

static void
caps_collect(struct server *server, struct request *request)
{
	const struct utcb *utcb = utcb_self();
	unsigned count = message_caps(request->message.info);

	for (unsigned i = 0; i < count && i < MAX_CAPS; i++) {
		struct received_cap *cap = &request->caps[i];

		cap->present = true;
		cap->unwrapped = utcb->unwrapped >> i & 1;
		cap->badge = cap->unwrapped ? utcb->badges[i] : 0;
		cap->slot = cap->unwrapped ? CAP_NONE : server->receive[i];
	}
}

/* Empty the receive slots that the operation did not take over. */
static void
caps_clear(struct server *server, const struct request *request)
{
	for (unsigned i = 0; i < MAX_CAPS; i++) {
		cptr_t slot = request->caps[i].slot;

		if (slot && slot == server->receive[i])
			slot_clear(slot);
	}
}

/* Words and capabilities of the answer are filled before they are counted. */
static void
request_begin(struct request *request, struct server *server,
	const struct message *message, const struct sender *sender)
{
	request->server = server;
	request->badge = sender->badge;
	request->tag = sender->tag;
	request->message = *message;
	for (unsigned i = 0; i < MAX_CAPS; i++)
		request->caps[i] = (struct received_cap){0};
	request->answer.word_count = 0;
	request->answer.cap_count = 0;
	request->reply = server->reply;
	request->spare = CAP_NONE;
}

/*
 * One request. Returns true when `message` is an answer for the next system
 * call to send, false when the request is answered or parked already.
 */
static bool
request_serve(struct server *server, struct message *message,
	const struct sender *sender)
{
	struct request request;
	status_t status;

	request_begin(&request, server, message, sender);
	if (message_caps(message->info))
		caps_collect(server, &request);
	status = request_dispatch(server, &request);
	if (message_caps(message->info))
		caps_clear(server, &request);
	if (status == SERVER_PARKED && request.spare) {
		server->reply = request.spare;
		return false;
	}
	if (status == SERVER_PARKED)
		status = STATUS_LIMIT;
	if (request.spare)
		slot_give(request.spare);
	if (request.answer.cap_count) {
		answer_deliver(server->reply, status, &request.answer);
		return false;
	}
	answer_pack(&request.answer, status, message);
	return true;
}

static status_t
server_receive(struct server *server, bool answering, struct message *message,
	struct sender *sender)
{
	struct utcb *utcb = utcb_self();
	uint64_t slot = server->reply;
	status_t status;

	if (server->work && server->work(server->context))
		slot |= RECV_NONBLOCK;
	for (unsigned i = 0; i < MAX_CAPS; i++)
		utcb->receive[i] = server->receive[i];
	status = syscall_receive(answering ? SYSCALL_REPLY_RECV : SYSCALL_RECV,
		server->endpoint, slot, message, sender);
	for (unsigned i = 0; i < MAX_CAPS; i++)
		utcb->receive[i] = CAP_NONE;
	return status;
}

static status_t
server_prepare(struct server *server)
{
	server->reply = slot_take();
	if (!server->reply)
		return STATUS_NO_MEMORY;
	for (unsigned i = 0; i < MAX_CAPS; i++) {
		server->receive[i] = slot_take();
		if (!server->receive[i])
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

status_t
server_run(struct server *server)
{
	struct message message = {0};
	struct sender sender;
	bool answering = false;
	status_t status = server_prepare(server);

	while (status >= 0 || status == STATUS_AGAIN) {
		status = server_receive(server, answering, &message, &sender);
		if (status == RECV_MESSAGE) {
			answering = request_serve(server, &message, &sender);
			continue;
		}
		if (status == RECV_NOTIFICATION && server->notified)
			server->notified(server->context, message.words[0]);
		if (status < 0 && status != STATUS_AGAIN && answering) {
			slot_clear(server->reply);
			status = STATUS_OK;
		}
		answering = false;
	}
	return status;
}
