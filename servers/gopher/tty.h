/* SPDX-License-Identifier: MIT */
/*
 * The line discipline: what stands between the bytes of a terminal line and
 * what programs read and write.  No calls, no channels: bytes go in and come
 * out, so that a table can test it.
 *
 * Input is a ring with three positions, tail <= line <= head: programs read
 * from tail up to `line` (complete lines; without ICANON everything is at
 * once complete); [line, head) is the line that is being edited.
 * `marks` has a bit for each byte that ends a line; an end of file is a
 * marked byte 0 that readers do not get.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TTY_INPUT_BYTES = 4096, TTY_ECHO_BYTES = 4096, TTY_CONTROLS = 19 };

enum tty_input_flag {
	TTY_IGNBRK = 0x1,
	TTY_BRKINT = 0x2,
	TTY_ISTRIP = 0x20,
	TTY_INLCR = 0x40,
	TTY_IGNCR = 0x80,
	TTY_ICRNL = 0x100,
	TTY_IXON = 0x400,
	TTY_IXANY = 0x800,
	TTY_IMAXBEL = 0x2000,
	TTY_IUTF8 = 0x4000,
};

enum tty_output_flag {
	TTY_OPOST = 0x1,
	TTY_ONLCR = 0x4,
	TTY_OCRNL = 0x8,
	TTY_ONOCR = 0x10,
	TTY_ONLRET = 0x20,
};

enum tty_local_flag {
	TTY_ISIG = 0x1,
	TTY_ICANON = 0x2,
	TTY_ECHO = 0x8,
	TTY_ECHOE = 0x10,
	TTY_ECHOK = 0x20,
	TTY_ECHONL = 0x40,
	TTY_NOFLSH = 0x80,
	TTY_TOSTOP = 0x100,
	TTY_ECHOCTL = 0x200,
	TTY_ECHOKE = 0x800,
	TTY_IEXTEN = 0x8000,
};

enum tty_control {
	TTY_VINTR = 0,
	TTY_VQUIT = 1,
	TTY_VERASE = 2,
	TTY_VKILL = 3,
	TTY_VEOF = 4,
	TTY_VTIME = 5,
	TTY_VMIN = 6,
	TTY_VSTART = 8,
	TTY_VSTOP = 9,
	TTY_VSUSP = 10,
	TTY_VEOL = 11,
	TTY_VREPRINT = 12,
	TTY_VWERASE = 14,
	TTY_VLNEXT = 15,
	TTY_VEOL2 = 16,
};

/* As TCGETS and TCSETS carry it. */
struct tty_modes {
	uint32_t input;
	uint32_t output;
	uint32_t control;
	uint32_t local;
	uint8_t discipline;
	uint8_t characters[TTY_CONTROLS];
};
_Static_assert(sizeof(struct tty_modes) == 36, "struct termios of Linux");

struct tty {
	struct tty_modes modes;
	uint32_t tail; /* positions run freely, modulo 2^32 */
	uint32_t line;
	uint32_t head;
	uint32_t column;      /* of the cursor, for tabs and erasing */
	uint32_t line_column; /* where the edited line began */
	bool literal;	      /* the next byte loses its meaning */
	bool stopped;	      /* output held by VSTOP */
	uint32_t echo_count;
	char input[TTY_INPUT_BYTES];
	uint8_t marks[TTY_INPUT_BYTES / 8];
	char echo[TTY_ECHO_BYTES]; /* not yet sent */
};

/* Modes of a fresh terminal. */
void tty_init(struct tty *tty);

/*
 * One byte from the line.  The signal it means, or 0; the caller posts it
 * and flushes by tty_flush unless NOFLSH.
 */
int tty_receive(struct tty *tty, uint8_t byte);

/* Whether a reader would get something (in raw mode: VMIN counts). */
bool tty_readable(const struct tty *tty);

/* Bytes that a reader could have at once. */
size_t tty_available(const struct tty *tty);

/*
 * Take up to `size` bytes as one read() does: at most one line in canonical
 * mode.  The count; 0 is an end of file when tty_readable said true.
 */
size_t tty_read(struct tty *tty, char *out, size_t size);

/* Forget input that was not read. */
void tty_flush(struct tty *tty);

/* Change modes; what was being edited becomes readable without ICANON. */
void tty_set_modes(struct tty *tty, const struct tty_modes *modes);

/*
 * What goes to the line for up to `count` bytes of a program: fills `out`
 * with at most `size` bytes, counts both.
 */
size_t tty_process(struct tty *tty, const char *from, size_t count, char *out,
	size_t size, size_t *used);
