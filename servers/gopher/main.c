/* SPDX-License-Identifier: MIT */
/*
 * Gopher's start and its loop.  The loop owns one call record at a time, the
 * current one; a handler that parks it keeps it, and the loop goes on with
 * another.  Answers without capabilities leave with the next receive.
 */
#include <glenda/factotum_client.h>
#include <glenda/ipc.h>
#include <glenda/kernel_calls.h>
#include <glenda/server.h>
#include <glenda/slots.h>
#include <glenda/start.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "call.h"
#include "device.h"
#include "dispatch.h"
#include "file.h"
#include "node.h"
#include "pages.h"
#include "proc.h"
#include "quota.h"
#include "random.h"
#include "session.h"
#include "system.h"
#include "system_start.h"
#include "terminal.h"
#include "tmpfs.h"

enum {
	NOTICE_BIT = 0,
	CHANNEL_BITS = 0xfffc,
	TIMER_BIT = 16,
	CHANNEL_BYTES = 4 * PAGE_BYTES,
	TURN_MESSAGES = 16, /* served before one turn, if so many come */
	ROWS = 24,
	COLUMNS = 80,
	PIPE_PAGES_MOST = 4096,
};

struct options {
	uint16_t rows;
	uint16_t columns;
	uint64_t archive_bytes;
};

static cptr_t endpoint;
static cptr_t receive_slot; /* empty: for a capability that may come */

static void
notice_take(uint64_t kind, uint64_t id)
{
	switch ((uint32_t)kind) {
	case FACTOTUM_NOTICE_DEATH:
		session_death(id);
		terminal_death(badge_pid(id));
		break;
	case FACTOTUM_NOTICE_CANCEL:
		call_cancel(id, kind >> 32);
		break;
	case FACTOTUM_NOTICE_EXEC:
		session_forget_who(id);
		break;
	case FACTOTUM_NOTICE_OVERFLOW:
		session_sweep();
		call_cancel_all();
		break;
	default:
		break;
	}
}

static void
notices_take(void)
{
	uint64_t kind[3], id[3];
	uint32_t count, i;

	do {
		if (factotum_fetch(CAP_FACTOTUM, &count, &kind[0], &id[0],
			    &kind[1], &id[1], &kind[2], &id[2]) < 0)
			return;
		for (i = 0; i < count && i < 3; i++)
			notice_take(kind[i], id[i]);
	} while (count == 3);
}

static void
notified(uint64_t bits)
{
	random_mix(&bits, sizeof(bits));
	if (bits & 1u << NOTICE_BIT)
		notices_take();
	if (bits & CHANNEL_BITS)
		terminal_service();
	if (bits & 1u << TIMER_BIT)
		timeout_run();
	call_run_ready();
}

/* Every request pays for this, so it is no loop and no call. */
static void
words_copy(uint64_t *to, const uint64_t *from)
{
	to[0] = from[0];
	to[1] = from[1];
	to[2] = from[2];
	to[3] = from[3];
	to[4] = from[4];
	to[5] = from[5];
	to[6] = from[6];
	to[7] = from[7];
}

/* Most answers are one word; what is read at once comes in eight. */
static void
answer_words(uint64_t *to, const struct call *call)
{
	if (call->out_count == 8) {
		words_copy(to, call->out);
		return;
	}
	to[0] = call->out[0];
	for (unsigned i = 1; i < call->out_count; i++)
		to[i] = call->out[i];
}

/* What came, as the handlers want it. */
static void
call_fill(struct call *call, const struct message *message,
	const struct sender *sender)
{
	call_reset(call);
	call->badge = sender->badge;
	call->tag = sender->tag;
	call->number = message_label(message->info);
	call->word_count = (uint16_t)message_length(message->info);
	call->lease_count = (uint16_t)message_leases(message->info);
	words_copy(call->words, message->words);
	if (message_caps(message->info) > 0 && !(utcb_self()->unwrapped & 1))
		call->caps_in = receive_slot;
}

/* A capability that came was taken over, or goes. */
static void
caps_settle(const struct call *call, const struct message *message)
{
	if (message_caps(message->info) == 0)
		return;
	if (call->caps_in)
		slot_clear(receive_slot);
	else if (!(utcb_self()->unwrapped & 1))
		receive_slot = system_other_slot();
}

/* The current call is parked: file it and go on with a fresh record. */
static struct call *
call_exchange(struct call *call, int *status)
{
	struct call *fresh = call_create();

	if (fresh && call_keep(call))
		return fresh;
	if (fresh)
		call_destroy(fresh);
	*status = call_abandon(call, ERR_AGAIN);
	return call;
}

/*
 * Serve one request.  True: `message` holds the answer, to be sent with the
 * next receive; false: nothing is to be sent.
 */
static bool
serve(struct call **current, struct message *message,
	const struct sender *sender)
{
	struct call *call = *current;
	int status;

	call_fill(call, message, sender);
	status = dispatch(call);
	caps_settle(call, message);
	node_collect();
	if (status == CALL_PARKED)
		*current = call_exchange(call, &status);
	if (status != CALL_PARKED && (call->waiters || call->timeout.deadline))
		call_unpark(call);
	call_run_ready();
	if (status == CALL_PARKED)
		return false;
	call->status = status;
	if (call->out_cap) {
		system_answer(call);
		return false;
	}
	if (status < 0) {
		message->info = message_info((uint32_t)status, 0, 0, 0);
		return true;
	}
	message->info = message_info(0, call->out_count, 0, 0);
	answer_words(message->words, call);
	return true;
}

/* Who waits for a turn gets one when nothing came, or much else was served. */
static void
turns_run(bool idle)
{
	static unsigned served;

	if (!call_turns_wait() || (!idle && ++served < TURN_MESSAGES))
		return;
	served = 0;
	call_run_turn();
}

static status_t
receive(const struct call *current, bool answering, struct message *message,
	struct sender *sender)
{
	uint64_t reply = current->reply;
	status_t status;

	if (call_turns_wait())
		reply |= RECV_NONBLOCK;
	utcb_self()->receive[0] = receive_slot;
	status = syscall_receive(answering ? SYSCALL_REPLY_RECV : SYSCALL_RECV,
		endpoint, reply, message, sender);
	utcb_self()->receive[0] = 0;
	return status;
}

static _Noreturn void
run(void)
{
	struct call *current = call_create();
	struct message message = {0};
	struct sender sender;
	bool answering = false;
	status_t status;

	for (;;) {
		status = receive(current, answering, &message, &sender);
		if (status == RECV_MESSAGE) {
			answering = serve(&current, &message, &sender);
			turns_run(false);
			continue;
		}
		if (status == STATUS_AGAIN && call_turns_wait()) {
			turns_run(true);
		} else if (status == RECV_NOTIFICATION) {
			notified(message.words[0]);
			turns_run(false);
		} else if (answering) {
			slot_clear(current->reply);
		} else {
			printf("gopher: cannot receive: %s\n",
				status_string(status));
			abort();
		}
		answering = false;
	}
}

static uint64_t
option_number(const char *argument, const char *name, uint64_t otherwise)
{
	size_t length = strlen(name);

	if (strncmp(argument, name, length) != 0 || argument[length] != '=')
		return otherwise;
	return strtoull(argument + length + 1, NULL, 10);
}

static void
options_read(int count, char **arguments, struct options *out)
{
	int i;

	for (i = 1; i < count; i++) {
		const char *a = arguments[i];

		out->rows = (uint16_t)option_number(a, "rows", out->rows);
		out->columns =
			(uint16_t)option_number(a, "columns", out->columns);
		out->archive_bytes =
			option_number(a, "archive", out->archive_bytes);
	}
}

/*
 * The machine's random bytes, behind their count, on a page that nobody else
 * shall read after us. Without them only clocks tell one start from another.
 */
static void
seed_take(void)
{
	cptr_t object = start_cap("seed");
	uint64_t *page = object ? system_map(object, PAGE_BYTES, true) : NULL;

	if (!page || page[0] == 0 || page[0] > PAGE_BYTES - sizeof(*page)) {
		printf("gopher: random numbers begin without a seed\n");
		return;
	}
	random_mix(page + 1, page[0]);
	memset(page, 0, PAGE_BYTES);
	(void)factotum_munmap(CAP_FACTOTUM, (uintptr_t)page, PAGE_BYTES);
}

/* The archive may begin some way into its first page. */
static const char *
archive_begin(const char *bytes)
{
	int at;

	for (at = 0; at < PAGE_BYTES; at++) {
		if (memcmp(bytes + at, "070701", 6) == 0)
			return bytes + at;
	}
	return bytes;
}

static status_t
archive_start(struct node *root)
{
	cptr_t object = start_cap("archive");
	const char *bytes, *begin;
	size_t size = 0, mapped;
	status_t status;

	if (!object)
		return 0;
	status = factotum_object_info(object, &size, NULL, NULL);
	if (status < 0)
		return status;
	mapped = (size + PAGE_BYTES - 1) & ~(size_t)(PAGE_BYTES - 1);
	bytes = system_map(object, mapped, false);
	if (!bytes)
		return STATUS_NO_MEMORY;
	begin = archive_begin(bytes);
	tmpfs_archive(object, mapped, bytes);
	return archive_populate(root, begin, size - (size_t)(begin - bytes));
}

static status_t
folders_start(struct node *root, struct namespace *namespace)
{
	struct node *folder;
	struct place where = {namespace->mounts[0], NULL};
	status_t status;

	status = archive_folder(root, "tmp", 3, 01777, &folder);
	if (status < 0)
		return status;
	folder->mode = MODE_FOLDER | 01777;
	status = archive_folder(root, "dev", 3, 0755, &folder);
	if (status == 0)
		status = device_populate(folder);
	if (status == 0)
		status = archive_folder(root, "proc", 4, 0555, &folder);
	if (status < 0)
		return status;
	where.node = folder;
	return mount_add(namespace, MOUNT_PROC, proc_root(), where);
}

static void *
channel_map(const char *name, cptr_t *signal)
{
	char text[START_NAME_BYTES];
	cptr_t ring;

	snprintf(text, sizeof(text), "%s.ring", name);
	ring = start_cap(text);
	snprintf(text, sizeof(text), "%s.signal", name);
	*signal = start_cap(text);
	return ring ? system_map(ring, CHANNEL_BYTES, true) : NULL;
}

static void
channels_start(const struct options *options)
{
	static const char *const names[STREAM_COUNT] = {
		[STREAM_STANDARD] = "stream0",
		[STREAM_ERROR] = "stream1",
	};
	cptr_t signal;
	void *memory = channel_map("console", &signal);
	int i;

	if (memory &&
		terminal_start(
			memory, signal, options->rows, options->columns) < 0)
		printf("gopher: the console's channel is broken\n");
	for (i = 0; i < STREAM_COUNT; i++) {
		memory = channel_map(names[i], &signal);
		if (memory &&
			stream_start((enum stream_number)i, memory, signal) < 0)
			printf("gopher: channel %s is broken\n", names[i]);
	}
	terminal_service();
}

static status_t
watch_start(cptr_t notification)
{
	cptr_t signal = system_mint_signal(notification, NOTICE_BIT);
	uint32_t kinds = 1u << FACTOTUM_NOTICE_DEATH |
		1u << FACTOTUM_NOTICE_CANCEL | 1u << FACTOTUM_NOTICE_EXEC |
		1u << FACTOTUM_NOTICE_OVERFLOW;

	if (!signal)
		return STATUS_LIMIT;
	return factotum_watch(CAP_FACTOTUM, kinds, signal);
}

/* Half of the memory is for files and pipes; one tree leaves some of it. */
static void
limits_start(uint64_t pages)
{
	uint64_t slots = system_reply_slots();

	pages_limit(pages / 2);
	quota_limit(QUOTA_FILE_PAGES, pages_total() - pages_total() / 8);
	quota_limit(QUOTA_NODES, pages);
	if (pages / 8 < PIPE_PAGES_MOST)
		quota_limit(QUOTA_PIPE_PAGES, pages / 8);
	quota_limit(QUOTA_PARKED, slots - slots / 8);
	/* Each takes up to three slots. */
	quota_limit(QUOTA_OBJECTS, system_other_slots() / 4);
}

static status_t
names_start(void)
{
	struct node *root = tmpfs_create(0755);
	struct namespace *namespace = root ? namespace_create(root) : NULL;
	struct system_figures figures;
	status_t status;

	if (!namespace)
		return STATUS_NO_MEMORY;
	if (system_figures(&figures) == 0)
		limits_start(figures.total / PAGE_BYTES);
	status = archive_start(root);
	if (status < 0)
		printf("gopher: the boot archive is broken: %s\n",
			status_string(status));
	session_start(namespace);
	return folders_start(root, namespace);
}

int
main(int count, char **arguments)
{
	struct options options = {.rows = ROWS, .columns = COLUMNS};
	cptr_t notification = start_cap("notification");
	status_t status;

	endpoint = start_cap("service");
	options_read(count, arguments, &options);
	system_start(notification);
	seed_take();
	receive_slot = system_other_slot();
	if (notification)
		(void)tcb_bind(CAP_TCB, notification);
	status = names_start();
	if (status == 0)
		status = watch_start(notification);
	if (status == 0) {
		channels_start(&options);
		status = factotum_ready(CAP_FACTOTUM);
	}
	if (status == 0)
		run();
	printf("gopher: cannot start: %s\n", status_string(status));
	return 1;
}
