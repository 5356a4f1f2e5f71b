/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes everything that Gopher takes from clients: sequences of messages of
 * two processes, with paths, flags, descriptors and buffers out of the input,
 * over the double of the kernel that Gopher's unit tests use. Beside crashes it
 * looks for answers that are no status, and for what outlives a client: after
 * the death of both no call of theirs may be left, and the names that they
 * could make are removed again.
 *
 * Input: one byte says which message, one how it is shaped, then its words and
 * buffers; bytes past the end are 0.
 */
#include "fuzz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <glenda/gopher.h>

#include "call.h"
#include "session.h"
#include "terminal.h"
#include "test/double.h"

#define STEPS 24
#define BUFFER_MOST 600
#define FIRST_PID 10
#define PIDS 2

enum {
	AT_FOLDER = -100,
	STATUS_LEAST = -16384,
};

/* The shape that dispatch.c wants: words with lease lengths, leases at most. */
static const struct {
	uint32_t label;
	uint8_t words;
	uint8_t leases;
} messages[] = {
	{GOPHER_ATTACH, 0, 0},
	{GOPHER_SNAPSHOT, 1, 0},
	{GOPHER_CLAIM, 1, 0},
	{GOPHER_OPEN, 5, 1},
	{GOPHER_CLOSE, 1, 0},
	{GOPHER_READ, 4, 1},
	{GOPHER_WRITE, 4, 1},
	{GOPHER_SEEK, 3, 0},
	{GOPHER_STAT, 4, 2},
	{GOPHER_GETDENTS, 2, 1},
	{GOPHER_PIPE, 1, 0},
	{GOPHER_DUP, 4, 0},
	{GOPHER_FCNTL, 4, 1},
	{GOPHER_IOCTL, 4, 1},
	{GOPHER_POLL, 2, 1},
	{GOPHER_CHDIR, 2, 1},
	{GOPHER_CHROOT, 1, 1},
	{GOPHER_GETCWD, 1, 1},
	{GOPHER_MAKE, 4, 1},
	{GOPHER_UNLINK, 3, 1},
	{GOPHER_RENAME, 5, 2},
	{GOPHER_LINK, 5, 2},
	{GOPHER_SYMLINK, 3, 2},
	{GOPHER_READLINK, 3, 2},
	{GOPHER_CHMOD, 4, 1},
	{GOPHER_CHOWN, 5, 1},
	{GOPHER_UTIMENS, 5, 1},
	{GOPHER_TRUNCATE, 3, 1},
	{GOPHER_ACCESS, 4, 1},
	{GOPHER_STATFS, 4, 2},
	{GOPHER_UMASK, 1, 0},
	{GOPHER_OBJECT, 2, 0},
	{GOPHER_EXEC, 1, 0},
	{GOPHER_SYNC, 1, 0},
	{GOPHER_FLOCK, 2, 0},
	{GOPHER_EVENTFD, 2, 0},
	{GOPHER_ALLOCATE, 4, 0},
	{GOPHER_SPLICE, 5, 0},
	{GOPHER_TTY_WATCH, 0, 0},
	{GOPHER_TTY_FETCH, 0, 0},
	{GOPHER_MOUNT, 4, 2},
	{GOPHER_UNMOUNT, 1, 1},
	{GOPHER_ADD_TTY, 2, 0},
	{GOPHER_RANDOM, 1, 1},
	{GOPHER_MEMORY_FILE, 1, 0},
	{GOPHER_LIMIT_FILES, 1, 0},
	{GOPHER_LIMIT_SIZE, 1, 0},
	{GOPHER_SYNC_CREDENTIALS, 1, 0},
	{GOPHER_EPOLL_CREATE, 1, 0},
	{GOPHER_EPOLL_CONTROL, 5, 0},
	{GOPHER_EPOLL_WAIT, 3, 1},
	{GOPHER_TIMERFD_CREATE, 2, 0},
	{GOPHER_TIMERFD_SET, 3, 0},
};

static const char *const names[] = {
	"a",
	"b",
	"d",
	"d/a",
	"d/..",
	".",
	"..",
	"/",
	"/tmp",
	"/tmp/a",
	"/tmp/d/a",
	"/dev/null",
	"/dev/zero",
	"/dev/console",
	"/dev/tty",
	"/dev/full",
	"/proc/self/fd",
	"/proc/self/stat",
	"/proc/1/maps",
	"/proc/mounts",
	"/dev/stdin",
	"/proc/self/fd/0",
	"a/b",
	"",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct input {
	const uint8_t *at;
	size_t left;
};

static struct request requests[STEPS];
static char *buffers[STEPS][4];

/* What the double asserts, without the library that runs unit tests. */
void
_assert_true(const LargestIntegralType result, const char *const expression,
	const char *const file, const int line)
{
	if (result)
		return;
	fprintf(stderr, "%s:%d: %s does not hold\n", file, line, expression);
	abort();
}

void
_assert_int_equal(const LargestIntegralType a, const LargestIntegralType b,
	const char *const file, const int line)
{
	_assert_true(a == b, "equality", file, line);
}

void
_assert_in_range(const LargestIntegralType value,
	const LargestIntegralType minimum, const LargestIntegralType maximum,
	const char *const file, const int line)
{
	_assert_true(value >= minimum && value <= maximum, "range", file, line);
}

void
_fail(const char *const file, const int line)
{
	_assert_true(0, "reaching this", file, line);
}

static uint64_t
take(struct input *in, unsigned bytes)
{
	uint64_t value = 0;

	for (; bytes > 0 && in->left > 0; bytes--, in->left--)
		value = value << 8 | *in->at++;
	return value;
}

/* Small numbers mostly, which are descriptors, flags and counts. */
static uint64_t
take_word(struct input *in)
{
	uint64_t how = take(in, 1);

	if (how < 160)
		return how % 16;
	if (how < 176)
		return -(how % 16);
	if (how < 192)
		return (uint64_t)(int64_t)AT_FOLDER;
	if (how < 208)
		return UINT64_C(1) << how % 16 * 4;
	return take(in, how < 240 ? 3 : 8);
}

/* A path of known pieces, or bytes; exactly as long as the lease says. */
static size_t
take_buffer(struct input *in, char **out)
{
	uint64_t how = take(in, 1);
	char text[BUFFER_MOST];
	size_t length = 0;

	memset(text, (int)how, sizeof(text));
	if (how < 160) {
		const char *name = names[how % COUNT(names)];

		length = strlen(name);
		memcpy(text, name, length);
		if (how >= 120) {
			text[length++] = '/';
			text[length++] = (char)take(in, 1);
		}
	} else if (how < 224) {
		length = how % 40;
		for (size_t i = 0; i < length; i++)
			text[i] = (char)take(in, 1);
	} else {
		length = take(in, 2) % BUFFER_MOST;
	}
	*out = malloc(length ? length : 1);
	MUST(*out != NULL);
	memcpy(*out, text, length);
	return length;
}

static void
take_request(struct input *in, struct request *request, char *leases[4])
{
	uint64_t which = take(in, 1), how = take(in, 1);
	unsigned words = messages[which % COUNT(messages)].words;
	unsigned most = messages[which % COUNT(messages)].leases;

	memset(request, 0, sizeof(*request));
	request->badge = client(FIRST_PID + how % PIDS);
	request->tag = request->badge & 0xffff;
	request->label = messages[which % COUNT(messages)].label;
	request->lease_count = how & 0x80 ? most / 2 : most;
	request->absent = how & 0x40 ? 1 : 0;
	request->word_count = words;
	if ((how & 0x3e) == 0x3e) {
		request->label ^= (uint32_t)take(in, 4);
		request->word_count = take(in, 1) % 9;
		request->lease_count = take(in, 1) % 5;
	}
	for (unsigned i = 0; i < request->word_count; i++)
		request->words[i] = take_word(in);
	for (unsigned i = 0; i < request->lease_count; i++) {
		unsigned word = words - most + i;

		request->lease_length[i] = take_buffer(in, &leases[i]);
		request->lease[i] = leases[i];
		if (words >= most && word < 8)
			request->words[word] = request->lease_length[i];
	}
}

/* Ordinary users: root could take /tmp away from the inputs that follow. */
static void
begin(void)
{
	world_start();
	for (uint32_t pid = FIRST_PID; pid < FIRST_PID + PIDS; pid++) {
		client_tags(pid, 1, pid, pid, 1000 + pid);
		MUST(do_simple(pid, GOPHER_ATTACH, 0, 0, 0, 0) == 0);
		MUST(do_chdir(pid, "/tmp") == 0);
	}
}

/* As Gopher's loop does when Factotum tells of a death. */
static void
end(unsigned steps)
{
	static const char *const made[] = {
		"/tmp/d/a",
		"/tmp/d",
		"/tmp/a/b",
		"/tmp/a",
		"/tmp/b",
	};

	for (uint32_t pid = FIRST_PID; pid < FIRST_PID + PIDS; pid++) {
		call_drop(client(pid));
		session_death(client(pid));
		terminal_death(pid);
	}
	for (size_t i = 0; i < COUNT(made); i++) {
		if (do_unlink(1, made[i], 0) < 0)
			do_unlink(1, made[i], 0x200);
	}
	for (unsigned i = 0; i < steps; i++) {
		for (unsigned k = 0; k < 4; k++)
			free(buffers[i][k]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	unsigned steps = 0;

	begin();
	memset(buffers, 0, sizeof(buffers));
	for (; steps < STEPS && in.left > 0; steps++) {
		struct request *request = &requests[steps];

		take_request(&in, request, buffers[steps]);
		if (request_send(request) &&
			(request->status > 0 ||
				request->status < STATUS_LEAST)) {
			fprintf(stderr, "message %#x: status %d\n",
				(unsigned)request->label, request->status);
			abort();
		}
		if (take(&in, 1) == 255)
			world_tick(take(&in, 2));
		else if (!request->answered)
			request_cancel(request);
	}
	end(steps);
	return 0;
}
