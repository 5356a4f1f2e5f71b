/* SPDX-License-Identifier: MIT */
/*
 * The terminal.  One console exists; its session and foreground group are
 * numbers that Factotum's tags are compared with.
 *
 * Input is taken from the channel as long as programs leave room for it.
 * Events for Tux are a short ring: the newest are dropped when Tux sleeps.
 */
#include "terminal.h"

#include <glenda/gopher.h>
#include <string.h>

#include "session.h"
#include "snapshot.h"
#include "system.h"
#include "tty.h"

enum {
	EVENT_LIMIT = 32,
	OUTPUT_STEP = 512,
	TENTHS = 10,
};

struct event {
	uint32_t kind;
	uint32_t signal;
	uint32_t id;
};

static struct channel console;
static struct tty tty;
static struct linux_winsize window;
static uint32_t owner_session; /* 0: nobody's */
static uint32_t foreground;
static uint32_t opens; /* open files of the terminal */
static bool exclusive; /* TIOCEXCL: root alone opens it once more */
static struct event events[EVENT_LIMIT];
static unsigned event_first;
static unsigned event_count;
static uint64_t watcher;

static const struct file_ops terminal_ops;

static void
event_post(uint32_t kind, uint32_t signal, uint32_t id)
{
	struct event *event;

	if (event_count == EVENT_LIMIT)
		return;
	event = &events[(event_first + event_count++) % EVENT_LIMIT];
	event->kind = kind;
	event->signal = signal;
	event->id = id;
	if (watcher)
		system_signal(watcher);
}

void
terminal_watch(uint64_t signal)
{
	if (watcher)
		system_handle_drop(watcher);
	watcher = signal;
	if (event_count > 0)
		system_signal(watcher);
}

void
terminal_event(uint32_t *kind, uint32_t *signal, uint32_t *id)
{
	struct event *event = &events[event_first];

	*kind = GOPHER_EVENT_NONE;
	*signal = 0;
	*id = 0;
	if (event_count == 0)
		return;
	*kind = event->kind;
	*signal = event->signal;
	*id = event->id;
	event_first = (event_first + 1) % EVENT_LIMIT;
	event_count--;
}

void
terminal_owner(uint32_t *session, uint32_t *group)
{
	*session = owner_session;
	*group = foreground;
}

status_t
terminal_start(void *memory, uint64_t signal, uint16_t rows, uint16_t columns)
{
	tty_init(&tty);
	window.rows = rows;
	window.columns = columns;
	return channel_open(&console, memory, signal);
}

/* Send what was echoed; false when some of it found no room. */
static bool
echo_send(void)
{
	size_t sent;

	if (tty.echo_count == 0)
		return true;
	channel_room(&console, tty.echo_count);
	sent = channel_write(&console, tty.echo, tty.echo_count);
	tty.echo_count -= (uint32_t)sent;
	memmove(tty.echo, tty.echo + sent, tty.echo_count);
	return tty.echo_count == 0;
}

static void
receive_byte(uint8_t byte)
{
	int signal = tty_receive(&tty, byte);

	if (signal == 0)
		return;
	if (!(tty.modes.local & TTY_NOFLSH))
		tty_flush(&tty);
	if (foreground)
		event_post(GOPHER_EVENT_SIGNAL, (uint32_t)signal, foreground);
}

static bool
input_full(void)
{
	return tty.head - tty.tail >= TTY_INPUT_BYTES - 64 &&
		tty.line != tty.tail;
}

static void
terminal_receive(void)
{
	uint8_t bytes[32];
	size_t count, i;

	while (!input_full()) {
		count = channel_read(&console, bytes, sizeof(bytes));
		if (count == 0)
			break;
		for (i = 0; i < count; i++)
			receive_byte(bytes[i]);
	}
	echo_send();
}

static void stream_service(void);

void
terminal_service(void)
{
	if (console.present) {
		terminal_receive();
		wait_wake(&console.changed);
	}
	stream_service();
}

/*
 * Whether the caller may use the terminal now: 0, or the status that makes
 * its client stop it.
 */
static status_t
job_check(struct call *call, status_t stop)
{
	struct process_tags tags;

	if (!call || owner_session == 0 || foreground == 0)
		return 0;
	if (system_tags(badge_pid(call->badge), &tags) < 0)
		return 0;
	if (tags.session != owner_session || tags.group == foreground)
		return 0;
	return stop;
}

/* Raw mode: is what there is enough, or the time over? */
static bool
raw_ready(struct io *io, size_t count)
{
	size_t least = tty.modes.characters[TTY_VMIN];
	uint64_t tenths = tty.modes.characters[TTY_VTIME];
	size_t there = tty_available(&tty);
	struct call *call = io->call;

	if (least > count)
		least = count;
	if (there > 0 && there >= least)
		return true;
	if (least == 0 && tenths == 0)
		return true;
	if (tenths == 0 || (least > 0 && there == 0) || !call)
		return false;
	if (call->timed_out)
		return true;
	/* With VMIN the time runs anew with each byte. */
	if (call->mark == 0 || least > 0)
		call->mark =
			system_ticks() + tenths * system_frequency() / TENTHS;
	io->deadline = call->mark;
	return false;
}

static int64_t
terminal_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	char bytes[512];
	size_t taken;
	status_t status;

	(void)file;
	(void)offset;
	status = job_check(io->call, ERR_STOP_INPUT);
	if (status < 0)
		return status;
	if (count == 0)
		return 0;
	if (count > TTY_INPUT_BYTES)
		count = TTY_INPUT_BYTES;
	if (tty.modes.local & TTY_ICANON ? !tty_readable(&tty)
					 : !raw_ready(io, count)) {
		io->wait = &console.changed;
		return IO_WAIT;
	}
	/* Nothing is taken from the line before the client can have it. */
	taken = tty_available(&tty);
	if (taken > count)
		taken = count;
	if (taken > 0) {
		status = io_zero(io, 0, taken);
		if (status < 0)
			return status;
	}
	uint64_t done = 0;
	do {
		size_t step = count - done < sizeof(bytes) ? count - done
							   : sizeof(bytes);

		step = tty_read(&tty, bytes, step);
		if (step == 0 || io_put(io, done, bytes, step) < 0)
			break;
		done += step;
	} while (done < taken);
	terminal_receive();
	return (int64_t)done;
}

/* As much of the request as the channel takes now. */
static int64_t
terminal_send(struct io *io, uint64_t at, size_t count)
{
	char from[OUTPUT_STEP], out[2 * OUTPUT_STEP];
	size_t done = 0, step, room, used, made;
	status_t status;

	while (done < count && !tty.stopped && echo_send()) {
		room = channel_room(&console, sizeof(out));
		if (room < 2)
			break;
		step = count - done < sizeof(from) ? count - done
						   : sizeof(from);
		status = io_get(io, at + done, from, step);
		if (status < 0)
			return done ? (int64_t)done : status;
		if (room > sizeof(out))
			room = sizeof(out);
		made = tty_process(&tty, from, step, out, room, &used);
		channel_write(&console, out, made);
		done += used;
	}
	return (int64_t)done;
}

static int64_t
terminal_write(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	uint64_t before = io_done(io);
	status_t status = 0;
	int64_t done;

	(void)file;
	(void)offset;
	if (tty.modes.local & TTY_TOSTOP)
		status = job_check(io->call, ERR_STOP_OUTPUT);
	if (status < 0)
		return before ? (int64_t)before : status;
	if (count > OUTPUT_STEP && before == 0 && io_probe(io, count) < 0)
		return STATUS_AGAIN;
	done = terminal_send(io, before, count - before);
	if (done < 0)
		return before ? (int64_t)before : done;
	io_advance(io, (uint64_t)done);
	before += (uint64_t)done;
	if (before == count)
		return (int64_t)count;
	if (!io->call && before > 0)
		return (int64_t)before;
	io->wait = &console.changed;
	return IO_WAIT;
}

static unsigned
terminal_poll(struct file *file, struct wait_queue **queue)
{
	unsigned bits = 0;

	*queue = &console.changed;
	if (file_readable(file) && tty_readable(&tty))
		bits |= POLL_IN | POLL_RDNORM;
	if (file_writable(file) && !tty.stopped &&
		channel_room(&console, 1) > 0)
		bits |= POLL_OUT | POLL_WRNORM;
	return bits;
}

/* The terminal becomes the one of the caller's session, if it leads one. */
static status_t
terminal_claim(struct call *call, bool force)
{
	struct process_tags tags;

	if (system_tags(badge_pid(call->badge), &tags) < 0)
		return ERR_PERM;
	if (owner_session == tags.session && owner_session != 0)
		return 0;
	if (tags.session == 0 || tags.session != tags.pid ||
		(owner_session != 0 && !force))
		return ERR_PERM;
	owner_session = tags.session;
	foreground = tags.group;
	return 0;
}

static status_t
terminal_disown(struct call *call)
{
	struct process_tags tags;

	if (system_tags(badge_pid(call->badge), &tags) < 0 ||
		tags.session != owner_session)
		return ERR_NOTTY;
	if (tags.pid == owner_session)
		terminal_death(tags.pid);
	return 0;
}

void
terminal_death(uint32_t pid)
{
	if (pid != owner_session || pid == 0)
		return;
	if (foreground)
		event_post(GOPHER_EVENT_SIGNAL, SIGNAL_HUP, foreground);
	event_post(GOPHER_EVENT_HANGUP, 0, owner_session);
	owner_session = 0;
	foreground = 0;
}

void
terminal_resize(uint16_t rows, uint16_t columns)
{
	bool changed = rows != window.rows || columns != window.columns;

	window.rows = rows;
	window.columns = columns;
	if (changed && foreground)
		event_post(GOPHER_EVENT_SIGNAL, SIGNAL_WINCH, foreground);
}

/*
 * Whether the caller may change the terminal: from the background only who
 * does not take SIGTTOU, as its client says in `argument`.
 */
static status_t
change_check(struct call *call, uint64_t argument)
{
	return argument == GOPHER_TTY_UNSTOPPABLE
		? 0
		: job_check(call, ERR_STOP_OUTPUT);
}

/* Wait until the driver has all output: 0, or the call is parked. */
static int
drain(struct call *call)
{
	if (echo_send() && channel_drained(&console))
		return 0;
	return call_park(call, &console.changed);
}

static int
modes_set(struct io *io, uint32_t command, uint64_t argument)
{
	struct tty_modes modes;
	int status = change_check(io->call, argument);

	if (status == 0 && command != IOCTL_TCSETS)
		status = drain(io->call);
	if (status == 0)
		status = io_get(io, 0, &modes, sizeof(modes));
	if (status != 0)
		return status;
	if (command == IOCTL_TCSETSF)
		tty_flush(&tty);
	tty_set_modes(&tty, &modes);
	wait_wake(&console.changed);
	return 0;
}

/* Is there such a group in the session?  0, ERR_PERM, or ERR_SRCH. */
static status_t
group_find(uint32_t group, uint32_t session)
{
	const struct ps_header *header;
	const struct ps_process *process;
	struct process_tags tags;
	uint32_t i;

	/* Mostly its leader lives, and is asked for at less cost. */
	if (system_tags(group, &tags) == 0 && tags.group == group)
		return tags.session == session ? 0 : ERR_PERM;
	header = snapshot_scan();
	for (i = 0; header && i < header->process_count; i++) {
		process = snapshot_at(header, i);
		if (process->group == group)
			return process->session == session ? 0 : ERR_PERM;
	}
	return system_tags(group, &tags) == 0 ? ERR_PERM : ERR_SRCH;
}

static status_t
group_set(struct io *io, struct call *call, uint64_t argument)
{
	struct process_tags tags;
	int32_t group;
	status_t status = change_check(call, argument);

	if (status == 0)
		status = io_get(io, 0, &group, sizeof(group));
	if (status < 0)
		return status;
	if (system_tags(badge_pid(call->badge), &tags) < 0 ||
		tags.session != owner_session || owner_session == 0)
		return ERR_NOTTY;
	if (group <= 0)
		return ERR_INVAL;
	status = group_find((uint32_t)group, tags.session);
	if (status < 0)
		return status;
	foreground = (uint32_t)group;
	wait_wake(&console.changed);
	return 0;
}

static status_t
flow_control(uint64_t action)
{
	if (action > 3)
		return ERR_INVAL;
	if (action <= 1)
		tty.stopped = action == 0;
	wait_wake(&console.changed);
	return 0;
}

static status_t
queue_flush(uint64_t which)
{
	if (which > 2)
		return ERR_INVAL;
	if (which != 1)
		tty_flush(&tty);
	return 0;
}

/* Commands that answer with a number in the lease. */
static status_t
number_get(struct io *io, uint32_t command)
{
	uint32_t number;

	switch (command) {
	case IOCTL_TIOCGPGRP:
		number = foreground;
		break;
	case IOCTL_TIOCGSID:
		number = owner_session;
		break;
	case IOCTL_FIONREAD:
		number = (uint32_t)tty_available(&tty);
		break;
	case IOCTL_TIOCOUTQ:
		number = tty.echo_count;
		break;
	default:
		return ERR_NOTTY;
	}
	return io_put(io, 0, &number, sizeof(number));
}

static int
terminal_ioctl(struct file *file, struct call *call, uint32_t command,
	uint64_t argument)
{
	struct io io = {.call = call};
	struct linux_winsize size;
	status_t status;

	(void)file;
	switch (command) {
	case IOCTL_TCGETS:
		return io_put(&io, 0, &tty.modes, sizeof(tty.modes));
	case IOCTL_TCSETS:
	case IOCTL_TCSETSW:
	case IOCTL_TCSETSF:
		return modes_set(&io, command, argument);
	case IOCTL_TIOCGWINSZ:
		return io_put(&io, 0, &window, sizeof(window));
	case IOCTL_TIOCSWINSZ:
		status = io_get(&io, 0, &size, sizeof(size));
		if (status < 0)
			return status;
		terminal_resize(size.rows, size.columns);
		return 0;
	case IOCTL_TIOCSPGRP:
		return group_set(&io, call, argument);
	case IOCTL_TIOCSCTTY:
		return terminal_claim(call, argument == 1);
	case IOCTL_TIOCNOTTY:
		return terminal_disown(call);
	case IOCTL_TCSBRK:
	case IOCTL_TCSBRKP:
		/* No line is there to be broken, but output to wait for. */
		return drain(call);
	case IOCTL_TIOCEXCL:
	case IOCTL_TIOCNXCL:
		exclusive = command == IOCTL_TIOCEXCL;
		return 0;
	case IOCTL_TCXONC:
		return flow_control(argument);
	case IOCTL_TCFLSH:
		return queue_flush(argument);
	default:
		return number_get(&io, command);
	}
}

static void
terminal_release(struct file *file)
{
	(void)file;
	if (--opens == 0)
		exclusive = false;
}

static const struct file_ops terminal_ops = {
	.release = terminal_release,
	.read = terminal_read,
	.write = terminal_write,
	.poll = terminal_poll,
	.ioctl = terminal_ioctl,
	.stream = true,
};

/* Make the file one of the terminal. */
static status_t
terminal_take(struct file *file, struct call *call)
{
	if (!console.present)
		return ERR_NXIO;
	if (exclusive && session_who(call->session)->uid != 0)
		return ERR_BUSY;
	file->ops = &terminal_ops;
	opens++;
	return 0;
}

status_t
terminal_open(struct file *file, struct call *call)
{
	status_t status = terminal_take(file, call);

	if (status < 0)
		return status;
	if (!(file->flags & OPEN_NOCTTY))
		(void)terminal_claim(call, false);
	return 0;
}

status_t
terminal_open_controlling(struct file *file, struct call *call)
{
	struct process_tags tags;

	if (!console.present || owner_session == 0 ||
		system_tags(badge_pid(call->badge), &tags) < 0 ||
		tags.session != owner_session)
		return ERR_NXIO;
	return terminal_take(file, call);
}

/*
 * Streams: standard input comes in frames (16-bit length, bytes; length 0 is
 * the end), output is plain bytes.
 */
struct stream {
	struct channel channel;
	uint8_t header[2];
	uint8_t header_count;
	uint16_t frame_left;
	bool ended;
};

static struct stream streams[STREAM_COUNT];

status_t
stream_start(enum stream_number number, void *memory, uint64_t signal)
{
	return channel_open(&streams[number].channel, memory, signal);
}

static void
stream_service(void)
{
	int i;

	for (i = 0; i < STREAM_COUNT; i++) {
		if (streams[i].channel.present)
			wait_wake(&streams[i].channel.changed);
	}
}

/* Be inside a frame that has bytes; false: nothing has come yet, or end. */
static bool
stream_frame(struct stream *stream)
{
	while (stream->frame_left == 0 && !stream->ended) {
		if (channel_read(&stream->channel,
			    &stream->header[stream->header_count], 1) == 0)
			return false;
		if (++stream->header_count < 2)
			continue;
		stream->header_count = 0;
		stream->frame_left =
			(uint16_t)(stream->header[0] | stream->header[1] << 8);
		stream->ended = stream->frame_left == 0;
	}
	return !stream->ended;
}

static int64_t
stream_read(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct stream *stream = file->data;
	char bytes[1024];
	status_t status;
	size_t there;

	(void)offset;
	if (count == 0)
		return 0;
	there = stream_frame(stream) ? channel_fill(&stream->channel) : 0;
	if (there == 0) {
		io->wait = &stream->channel.changed;
		return stream->ended ? 0 : IO_WAIT;
	}
	if (count > there)
		count = there;
	if (count > stream->frame_left)
		count = stream->frame_left;
	if (count > sizeof(bytes))
		count = sizeof(bytes);
	/* The client's buffer must be there before bytes are taken. */
	status = io_zero(io, 0, count);
	if (status < 0)
		return status;
	count = channel_read(&stream->channel, bytes, count);
	stream->frame_left -= (uint16_t)count;
	status = io_put(io, 0, bytes, count);
	return status < 0 ? status : (int64_t)count;
}

static int64_t
stream_write(struct file *file, struct io *io, uint64_t offset, size_t count)
{
	struct stream *stream = file->data;
	uint64_t before = io_done(io);
	char bytes[1024];
	size_t room, step;

	(void)offset;
	if (count > sizeof(bytes) && before == 0 && io_probe(io, count) < 0)
		return STATUS_AGAIN;
	while (before < count) {
		room = channel_room(&stream->channel, sizeof(bytes));
		step = count - before < sizeof(bytes) ? count - before
						      : sizeof(bytes);
		if (room == 0) {
			io->wait = &stream->channel.changed;
			return io->call || before == 0 ? IO_WAIT
						       : (int64_t)before;
		}
		if (step > room)
			step = room;
		if (io_get(io, before, bytes, step) < 0)
			return before ? (int64_t)before : STATUS_AGAIN;
		step = channel_write(&stream->channel, bytes, step);
		io_advance(io, step);
		before += step;
	}
	return (int64_t)count;
}

static unsigned
stream_poll(struct file *file, struct wait_queue **queue)
{
	struct stream *stream = file->data;
	unsigned bits = 0;

	*queue = &stream->channel.changed;
	if (file_readable(file) &&
		(stream->ended || stream_frame(stream) || stream->ended))
		bits |= POLL_IN | POLL_RDNORM;
	if (file_writable(file) && channel_room(&stream->channel, 1) > 0)
		bits |= POLL_OUT | POLL_WRNORM;
	return bits;
}

static const struct file_ops stream_ops = {
	.read = stream_read,
	.write = stream_write,
	.poll = stream_poll,
	.stream = true,
};

status_t
stream_open(enum stream_number number, struct file *file)
{
	if (!streams[number].channel.present)
		return ERR_NXIO;
	file->ops = &stream_ops;
	file->data = &streams[number];
	return 0;
}
