/* SPDX-License-Identifier: MIT */
/* Bytes between a request and the buffers that came with it. */
#include "call.h"

#include <string.h>

#include "system.h"

static char *
inline_bytes(uint64_t *words)
{
	return (char *)&words[4];
}

status_t
io_put(struct io *io, uint64_t at, const void *from, size_t length)
{
	at += io->base;
	if (!io->call) {
		memcpy(io->memory + at, from, length);
		return 0;
	}
	if (!io->is_inline)
		return system_lease_write(
			io->call->reply, io->lease, at, from, length);
	memcpy(inline_bytes(io->call->out) + at, from, length);
	return 0;
}

status_t
io_get(struct io *io, uint64_t at, void *to, size_t length)
{
	at += io->base;
	if (!io->call) {
		memcpy(to, io->memory + at, length);
		return 0;
	}
	if (!io->is_inline)
		return system_lease_read(
			io->call->reply, io->lease, at, to, length);
	memcpy(to, inline_bytes(io->call->words) + at, length);
	return 0;
}

status_t
io_zero(struct io *io, uint64_t at, size_t length)
{
	static const char zeros[16384];
	status_t status;
	size_t step;

	while (length > 0) {
		step = length < sizeof(zeros) ? length : sizeof(zeros);
		status = io_put(io, at, zeros, step);
		if (status < 0)
			return status;
		at += step;
		length -= step;
	}
	return 0;
}

status_t
io_probe(struct io *io, size_t count)
{
	static char scratch[16384];
	status_t status;
	size_t at, step;

	if (io->call && count > TURN_BYTES)
		return 0;
	for (at = 0; at < count; at += step) {
		step = count - at < sizeof(scratch) ? count - at
						    : sizeof(scratch);
		status = io_get(io, at, scratch, step);
		if (status < 0)
			return status;
	}
	return 0;
}
