/* SPDX-License-Identifier: MIT */
/*
 * The writer's side of the log ring. The lock is held over one copy into the
 * ring only; the ring belongs to this process as writer, whatever thread.
 */
#include <ring.h>

#include <glenda/factotum_client.h>
#include <glenda/kernel_calls.h>
#include <glenda/log.h>
#include <glenda/start.h>
#include <glenda/thread.h>

#define CONSOLE_BYTES 248 /* of one Console.write */

enum log_state {
	LOG_UNKNOWN,
	LOG_RING,
	LOG_CONSOLE, /* no ring; the console, if there is one */
};

static struct {
	struct mutex lock;
	enum log_state state;
	struct ring ring;
	cptr_t signal;
} output;

status_t
log_attach(void *memory, size_t size, cptr_t signal)
{
	if (ring_attach(&output.ring, memory, size, true) != RING_OK)
		return STATUS_NOT_FOUND;
	output.signal = signal;
	output.state = LOG_RING;
	return STATUS_OK;
}

/* Map the ring that the process was started with. */
static void
log_find(void)
{
	cptr_t object = start_cap("log");
	vaddr_t address;
	size_t size;

	output.state = LOG_CONSOLE;
	if (!object || factotum_object_info(object, &size, NULL, NULL) < 0)
		return;
	if (factotum_mmap(CAP_FACTOTUM, 0, size,
		    FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		    FACTOTUM_MAP_SHARED, 0, object, &address) < 0)
		return;
	log_attach((void *)(uintptr_t)address, size, start_cap("log.signal"));
}

static uint64_t
log_time(void)
{
	const struct start_info *info = start_info();
	uint64_t frequency = info ? info->clock_frequency : 0;
	uint64_t ticks = clock_ticks();

	if (!frequency)
		return 0;
	return ticks / frequency * 1000000000 +
		ticks % frequency * 1000000000 / frequency;
}

static bool
log_console(const char *text, size_t length)
{
	cptr_t console = start_cap("console");
	static const char newline = '\n';

	while (console && length > 0) {
		size_t part = length < CONSOLE_BYTES ? length : CONSOLE_BYTES;

		if (console_write(console, (uintptr_t)text, part) < 0)
			return false;
		text += part;
		length -= part;
	}
	return console &&
		console_write(console, (uintptr_t)&newline, 1) == STATUS_OK;
}

static bool
log_ring(const char *text, size_t length)
{
	struct message signal = {0};
	bool written;

	if (length > RING_RECORD_MAX)
		length = RING_RECORD_MAX;
	written = ring_record_write(&output.ring, log_time(), text, length);
	if (output.signal && ring_reader_wake(&output.ring))
		syscall_send(output.signal, &signal);
	return written;
}

bool
log_line(const char *text, size_t length)
{
	bool written;

	mutex_lock(&output.lock);
	if (output.state == LOG_UNKNOWN)
		log_find();
	if (output.state == LOG_RING)
		written = log_ring(text, length);
	else
		written = log_console(text, length);
	mutex_unlock(&output.lock);
	return written;
}
