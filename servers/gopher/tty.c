/* SPDX-License-Identifier: MIT */
/*
 * The line discipline between a console's bytes and who reads and writes the
 * terminal: lines, echo, keys that signal, output processing (tty.h).
 */
#include "tty.h"

#include <string.h>

#include "linux.h"

enum {
	CONTROL_FIRST = 0xbf, /* 38400 baud, 8 bits, receiver on */
	DISABLED = 0,	      /* a control character that is off */
	TAB = 8,
};

void
tty_init(struct tty *tty)
{
	static const struct tty_modes fresh = {
		.input = TTY_ICRNL | TTY_IXON,
		.output = TTY_OPOST | TTY_ONLCR,
		.control = CONTROL_FIRST,
		.local = TTY_ISIG | TTY_ICANON | TTY_ECHO | TTY_ECHOE |
			TTY_ECHOK | TTY_ECHOCTL | TTY_ECHOKE | TTY_IEXTEN,
		.characters =
			{
				[TTY_VINTR] = 3,
				[TTY_VQUIT] = 28,
				[TTY_VERASE] = 127,
				[TTY_VKILL] = 21,
				[TTY_VEOF] = 4,
				[TTY_VMIN] = 1,
				[TTY_VSTART] = 17,
				[TTY_VSTOP] = 19,
				[TTY_VSUSP] = 26,
				[TTY_VREPRINT] = 18,
				[TTY_VWERASE] = 23,
				[TTY_VLNEXT] = 22,
			},
	};

	memset(tty, 0, sizeof(*tty));
	tty->modes = fresh;
}

static bool
local(const struct tty *tty, uint32_t flags)
{
	return (tty->modes.local & flags) == flags;
}

static bool
is_control(const struct tty *tty, uint8_t byte, enum tty_control which)
{
	uint8_t character = tty->modes.characters[which];

	return character != DISABLED && byte == character;
}

static char *
input_at(struct tty *tty, uint32_t position)
{
	return &tty->input[position % TTY_INPUT_BYTES];
}

static bool
marked(const struct tty *tty, uint32_t position)
{
	uint32_t at = position % TTY_INPUT_BYTES;

	return tty->marks[at / 8] >> at % 8 & 1;
}

static void
mark(struct tty *tty, uint32_t position, bool on)
{
	uint32_t at = position % TTY_INPUT_BYTES;

	if (on)
		tty->marks[at / 8] |= (uint8_t)(1u << at % 8);
	else
		tty->marks[at / 8] &= (uint8_t) ~(1u << at % 8);
}

static void
column_move(struct tty *tty, uint8_t byte)
{
	if (byte == '\r' || byte == '\n')
		tty->column = 0;
	else if (byte == '\b')
		tty->column -= tty->column > 0;
	else if (byte == '\t')
		tty->column = (tty->column / TAB + 1) * TAB;
	else if (byte >= ' ' && (byte & 0xc0) != 0x80)
		tty->column++;
}

/* One byte of output with what the output modes make of it; 0-2 bytes. */
static size_t
output_byte(struct tty *tty, uint8_t byte, char *out)
{
	uint32_t flags = tty->modes.output;
	size_t count = 0;

	if (flags & TTY_OPOST) {
		if (byte == '\n' && (flags & TTY_ONLCR))
			out[count++] = '\r';
		if (byte == '\r' && (flags & TTY_OCRNL))
			byte = '\n';
		else if (byte == '\r' && (flags & TTY_ONOCR) &&
			tty->column == 0)
			return 0;
	}
	out[count++] = (char)byte;
	column_move(tty, byte);
	return count;
}

size_t
tty_process(struct tty *tty, const char *from, size_t count, char *out,
	size_t size, size_t *used)
{
	size_t made = 0, at;

	for (at = 0; at < count && made + 2 <= size; at++)
		made += output_byte(tty, (uint8_t)from[at], out + made);
	*used = at;
	return made;
}

static void
echo_byte(struct tty *tty, uint8_t byte)
{
	if (tty->echo_count + 2 > TTY_ECHO_BYTES)
		return;
	tty->echo_count +=
		(uint32_t)output_byte(tty, byte, tty->echo + tty->echo_count);
}

static bool
shown_as_control(const struct tty *tty, uint8_t byte)
{
	return local(tty, TTY_ECHOCTL) &&
		((byte < ' ' && byte != '\t' && byte != '\n') || byte == 127);
}

static void
echo_input(struct tty *tty, uint8_t byte)
{
	if (shown_as_control(tty, byte)) {
		echo_byte(tty, '^');
		byte ^= 0x40;
	}
	echo_byte(tty, byte);
}

static void
rub_out(struct tty *tty, uint32_t columns)
{
	for (; columns > 0; columns--) {
		echo_byte(tty, '\b');
		echo_byte(tty, ' ');
		echo_byte(tty, '\b');
	}
}

/* Columns that the edited line takes up to its end, as it was echoed. */
static uint32_t
line_columns(struct tty *tty)
{
	uint32_t column = tty->line_column, at;
	uint8_t byte;

	for (at = tty->line; at != tty->head; at++) {
		byte = (uint8_t)*input_at(tty, at);
		if (byte == '\t')
			column = (column / TAB + 1) * TAB;
		else if (shown_as_control(tty, byte))
			column += 2;
		else if (byte >= ' ' && (byte & 0xc0) != 0x80)
			column++;
	}
	return column;
}

/* Remove the last character, all its bytes if it is UTF-8. */
static void
erase_one(struct tty *tty)
{
	uint32_t before = line_columns(tty);

	do
		tty->head--;
	while (tty->head != tty->line && (tty->modes.input & TTY_IUTF8) &&
		(*input_at(tty, tty->head) & 0xc0) == 0x80);
	if (local(tty, TTY_ECHO | TTY_ECHOE))
		rub_out(tty, before - line_columns(tty));
}

static void
erase_word(struct tty *tty)
{
	bool seen = false;

	while (tty->head != tty->line) {
		uint8_t last = (uint8_t)*input_at(tty, tty->head - 1);
		bool blank = last == ' ' || last == '\t';

		if (blank && seen)
			break;
		seen = seen || !blank;
		erase_one(tty);
	}
}

static void
erase_line(struct tty *tty)
{
	if (local(tty, TTY_ECHO | TTY_ECHOKE | TTY_ECHOE)) {
		while (tty->head != tty->line)
			erase_one(tty);
		return;
	}
	tty->head = tty->line;
	if (local(tty, TTY_ECHO)) {
		echo_input(tty, tty->modes.characters[TTY_VKILL]);
		if (local(tty, TTY_ECHOK))
			echo_byte(tty, '\n');
	}
}

static void
echo_again(struct tty *tty)
{
	uint32_t at;

	if (!local(tty, TTY_ECHO))
		return;
	echo_input(tty, tty->modes.characters[TTY_VREPRINT]);
	echo_byte(tty, '\n');
	for (at = tty->line; at != tty->head; at++)
		echo_input(tty, (uint8_t)*input_at(tty, at));
}

static bool
store(struct tty *tty, uint8_t byte, bool ends_line)
{
	/* The last place is for what ends a line. */
	uint32_t room = TTY_INPUT_BYTES - (tty->head - tty->tail);

	if (room < (ends_line ? 1u : 2u)) {
		if (tty->modes.input & TTY_IMAXBEL)
			echo_byte(tty, '\a');
		return false;
	}
	*input_at(tty, tty->head) = (char)byte;
	mark(tty, tty->head, ends_line);
	tty->head++;
	if (ends_line || !local(tty, TTY_ICANON))
		tty->line = tty->head;
	return true;
}

/* Bytes that edit the line or end it; false: an ordinary one. */
static bool
receive_edit(struct tty *tty, uint8_t byte)
{
	bool extended = local(tty, TTY_IEXTEN);

	if (is_control(tty, byte, TTY_VERASE)) {
		if (tty->head != tty->line)
			erase_one(tty);
	} else if (is_control(tty, byte, TTY_VKILL)) {
		erase_line(tty);
	} else if (extended && is_control(tty, byte, TTY_VWERASE)) {
		erase_word(tty);
	} else if (extended && is_control(tty, byte, TTY_VREPRINT)) {
		echo_again(tty);
	} else if (is_control(tty, byte, TTY_VEOF)) {
		store(tty, 0, true);
	} else if (byte == '\n' || is_control(tty, byte, TTY_VEOL) ||
		(extended && is_control(tty, byte, TTY_VEOL2))) {
		if (store(tty, byte, true) &&
			(local(tty, TTY_ECHO) ||
				(byte == '\n' && local(tty, TTY_ECHONL))))
			echo_input(tty, byte);
		tty->line_column = tty->column;
	} else {
		return false;
	}
	return true;
}

static int
receive_signal(const struct tty *tty, uint8_t byte)
{
	if (!local(tty, TTY_ISIG))
		return 0;
	if (is_control(tty, byte, TTY_VINTR))
		return SIGNAL_INT;
	if (is_control(tty, byte, TTY_VQUIT))
		return SIGNAL_QUIT;
	if (is_control(tty, byte, TTY_VSUSP))
		return SIGNAL_TSTP;
	return 0;
}

/* Flow control; true when the byte meant just that. */
static bool
receive_flow(struct tty *tty, uint8_t byte)
{
	if (!(tty->modes.input & TTY_IXON))
		return false;
	if (is_control(tty, byte, TTY_VSTOP)) {
		tty->stopped = true;
		return true;
	}
	if (is_control(tty, byte, TTY_VSTART)) {
		tty->stopped = false;
		return true;
	}
	if (tty->stopped && (tty->modes.input & TTY_IXANY))
		tty->stopped = false;
	return false;
}

static void
receive_plain(struct tty *tty, uint8_t byte)
{
	if (tty->head == tty->line)
		tty->line_column = tty->column;
	if (store(tty, byte, false) && local(tty, TTY_ECHO))
		echo_input(tty, byte);
}

int
tty_receive(struct tty *tty, uint8_t byte)
{
	uint32_t flags = tty->modes.input;
	int signal;

	if (flags & TTY_ISTRIP)
		byte &= 0x7f;
	if (tty->literal) {
		tty->literal = false;
		receive_plain(tty, byte);
		return 0;
	}
	if (receive_flow(tty, byte))
		return 0;
	signal = receive_signal(tty, byte);
	if (signal) {
		if (local(tty, TTY_ECHO))
			echo_input(tty, byte);
		return signal;
	}
	if (byte == '\r') {
		if (flags & TTY_IGNCR)
			return 0;
		if (flags & TTY_ICRNL)
			byte = '\n';
	} else if (byte == '\n' && (flags & TTY_INLCR)) {
		byte = '\r';
	}
	if (local(tty, TTY_ICANON)) {
		if (local(tty, TTY_IEXTEN) &&
			is_control(tty, byte, TTY_VLNEXT)) {
			tty->literal = true;
			if (local(tty, TTY_ECHO | TTY_ECHOCTL)) {
				echo_byte(tty, '^');
				echo_byte(tty, '\b');
			}
			return 0;
		}
		if (receive_edit(tty, byte))
			return 0;
	}
	receive_plain(tty, byte);
	return 0;
}

bool
tty_readable(const struct tty *tty)
{
	uint32_t least = tty->modes.characters[TTY_VMIN];

	if (local(tty, TTY_ICANON) || least == 0)
		least = 1;
	return tty->line - tty->tail >= least;
}

size_t
tty_available(const struct tty *tty)
{
	size_t count = 0;
	uint32_t at;

	if (!local(tty, TTY_ICANON))
		return tty->line - tty->tail;
	for (at = tty->tail; at != tty->line; at++) {
		if (!marked(tty, at))
			count++;
		else if (tty->input[at % TTY_INPUT_BYTES] != 0)
			return count + 1;
		else
			return count;
	}
	return count;
}

size_t
tty_read(struct tty *tty, char *out, size_t size)
{
	bool canonical = local(tty, TTY_ICANON);
	size_t count = 0;

	while (count < size && tty->tail != tty->line) {
		char byte = *input_at(tty, tty->tail);
		bool ends = marked(tty, tty->tail);

		tty->tail++;
		if (canonical && ends && byte == 0)
			return count;
		out[count++] = byte;
		if (canonical && ends)
			return count;
	}
	/* An end of file behind exactly `size` bytes belongs to them. */
	if (canonical && count > 0 && tty->tail != tty->line &&
		marked(tty, tty->tail) && *input_at(tty, tty->tail) == 0)
		tty->tail++;
	return count;
}

void
tty_flush(struct tty *tty)
{
	tty->tail = tty->head;
	tty->line = tty->head;
	tty->literal = false;
}

void
tty_set_modes(struct tty *tty, const struct tty_modes *modes)
{
	bool was = local(tty, TTY_ICANON);

	tty->modes = *modes;
	if (was && !local(tty, TTY_ICANON))
		tty->line = tty->head;
	if (!(tty->modes.input & TTY_IXON))
		tty->stopped = false;
}
