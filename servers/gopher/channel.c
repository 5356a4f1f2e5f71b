/* SPDX-License-Identifier: MIT */
/*
 * Channels to drivers: the two rings that Gopher and a driver share, and the
 * signals that tell one of them about the other's progress (channel.h).
 */
#include "channel.h"

#include "system.h"

status_t
channel_open(struct channel *channel, void *memory, uint64_t signal)
{
	char *bytes = memory;

	if (ring_attach(&channel->in, bytes, CHANNEL_RING_BYTES, false) < 0 ||
		ring_attach(&channel->out, bytes + CHANNEL_RING_BYTES,
			CHANNEL_RING_BYTES, true) < 0)
		return STATUS_INVALID_ARGUMENT;
	channel->signal = signal;
	channel->present = true;
	wait_init(&channel->changed);
	return 0;
}

size_t
channel_read(struct channel *channel, void *out, size_t size)
{
	ptrdiff_t count;

	do {
		count = ring_read(&channel->in, out, size);
		if (count > 0 && ring_writer_wake(&channel->in))
			system_signal(channel->signal);
	} while (count == 0 && !ring_reader_wait(&channel->in));
	return count > 0 ? (size_t)count : 0;
}

size_t
channel_fill(struct channel *channel)
{
	ptrdiff_t fill;

	do
		fill = ring_fill(&channel->in);
	while (fill == 0 && !ring_reader_wait(&channel->in));
	return fill > 0 ? (size_t)fill : 0;
}

size_t
channel_room(struct channel *channel, size_t least)
{
	size_t room = ring_room(&channel->out);

	if (room < least && !ring_writer_wait(&channel->out, least))
		room = ring_room(&channel->out);
	return room;
}

bool
channel_drained(struct channel *channel)
{
	size_t all = channel->out.capacity;

	return channel_room(channel, all) >= all;
}

size_t
channel_write(struct channel *channel, const void *bytes, size_t count)
{
	size_t done = ring_write_some(&channel->out, bytes, count);

	if (done > 0 && ring_reader_wake(&channel->out))
		system_signal(channel->signal);
	return done;
}
