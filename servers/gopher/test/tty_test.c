/* SPDX-License-Identifier: MIT */
/* The line discipline: a table of what is typed, read and echoed. */
#include "test.h"

#include "../tty.h"

enum { RAW = 1, NO_ECHO = 2 };

struct line_case {
	const char *name;
	unsigned modes;
	const char *typed;
	const char *read; /* all reads, '|' between them */
	const char *echo;
	int signal; /* the last one */
};

static const struct line_case cases[] = {
	{"line", 0, "ab\r", "ab\n", "ab\r\n", 0},
	{"unfinished", 0, "ab", "", "ab", 0},
	{"two lines", 0, "a\rb\r", "a\n|b\n", "a\r\nb\r\n", 0},
	{"erase", 0, "abc\177\177d\r", "ad\n", "abc\b \b\b \bd\r\n", 0},
	{"erase nothing", 0, "\177x\r", "x\n", "x\r\n", 0},
	{"erase control", 0, "\001\177x\r", "x\n", "^A\b \b\b \bx\r\n", 0},
	{"erase tab", 0, "a\t\177b\r", "ab\n",
		"a\t\b \b\b \b\b \b\b \b\b \b\b \b\b \bb\r\n", 0},
	{"kill", 0, "abc\025d\r", "d\n", "abc\b \b\b \b\b \bd\r\n", 0},
	{"word", 0, "ab cd\027x\r", "ab x\n", "ab cd\b \b\b \bx\r\n", 0},
	{"word and blanks", 0, "ab cd  \027x\r", "ab x\n",
		"ab cd  \b \b\b \b\b \b\b \bx\r\n", 0},
	{"end of file", 0, "\004", "|", "", 0},
	{"end after bytes", 0, "ab\004", "ab", "ab", 0},
	{"interrupt", 0, "ab\003", "", "ab^C", SIGNAL_INT},
	{"quit", 0, "\034", "", "^\\", SIGNAL_QUIT},
	{"stop", 0, "\032", "", "^Z", SIGNAL_TSTP},
	{"literal", 0, "\026\003x\r", "\003x\n", "^\b^Cx\r\n", 0},
	{"reprint", 0, "ab\022\r", "ab\n", "ab^R\r\nab\r\n", 0},
	{"silent", NO_ECHO, "secret\r", "secret\n", "", 0},
	{"raw", RAW, "a\177\003\r", "a\177\003\r", "a^?^C^M", 0},
	{"raw silent", RAW | NO_ECHO, "\033[A", "\033[A", "", 0},
};

static void
modes_apply(struct tty *tty, unsigned modes)
{
	struct tty_modes now = tty->modes;

	if (modes & RAW) {
		now.local &= ~(uint32_t)(TTY_ICANON | TTY_ISIG | TTY_IEXTEN);
		now.input &= ~(uint32_t)(TTY_ICRNL | TTY_IXON);
	}
	if (modes & NO_ECHO)
		now.local &= ~(uint32_t)TTY_ECHO;
	tty_set_modes(tty, &now);
}

static void
read_all(struct tty *tty, char *out)
{
	size_t count;
	bool first = true;

	*out = '\0';
	while (tty_readable(tty)) {
		if (!first)
			strcat(out, "|");
		first = false;
		count = strlen(out);
		count += tty_read(tty, out + count, 100);
		out[count] = '\0';
	}
}

static void
table(void **state)
{
	static struct tty tty;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct line_case *c = &cases[i];
		const char *at;
		int signal = 0, last;

		tty_init(&tty);
		modes_apply(&tty, c->modes);
		for (at = c->typed; *at; at++) {
			last = tty_receive(&tty, (uint8_t)*at);
			if (last) {
				signal = last;
				tty_flush(&tty);
			}
		}
		print_message("line: %s\n", c->name);
		read_all(&tty, text);
		assert_string_equal(text, strcmp(c->read, "|") ? c->read : "");
		assert_int_equal(signal, c->signal);
		assert_int_equal(tty.echo_count, strlen(c->echo));
		assert_memory_equal(tty.echo, c->echo, tty.echo_count);
	}
}

static void
short_reads(void **state)
{
	static struct tty tty;
	char in[8];
	const char *at;

	(void)state;
	tty_init(&tty);
	for (at = "abcdef\rxy\004"; *at; at++)
		tty_receive(&tty, (uint8_t)*at);
	assert_int_equal(tty_read(&tty, in, 4), 4);
	assert_int_equal(tty_available(&tty), 3);
	assert_int_equal(tty_read(&tty, in, 8), 3);
	assert_memory_equal(in, "ef\n", 3);
	/* The end of file belongs to the bytes before it. */
	assert_int_equal(tty_read(&tty, in, 2), 2);
	assert_false(tty_readable(&tty));
}

static void
end_of_file_alone(void **state)
{
	static struct tty tty;
	char in[8];

	(void)state;
	tty_init(&tty);
	tty_receive(&tty, 4);
	assert_true(tty_readable(&tty));
	assert_int_equal(tty_available(&tty), 0);
	assert_int_equal(tty_read(&tty, in, 8), 0);
	assert_false(tty_readable(&tty));
}

static void
overlong_line(void **state)
{
	static struct tty tty;
	static char in[TTY_INPUT_BYTES];
	int i;

	(void)state;
	tty_init(&tty);
	for (i = 0; i < 5000; i++)
		tty_receive(&tty, 'a');
	assert_false(tty_readable(&tty));
	tty_receive(&tty, '\r');
	assert_int_equal(tty_read(&tty, in, sizeof(in)), 4096);
	assert_int_equal(in[4095], '\n');
}

static void
output_modes(void **state)
{
	static struct tty tty;
	char out[8];
	size_t used;

	(void)state;
	tty_init(&tty);
	assert_int_equal(tty_process(&tty, "a\nb", 3, out, 8, &used), 4);
	assert_memory_equal(out, "a\r\nb", 4);
	assert_int_equal(used, 3);
	/* Nothing is half done when room ends. */
	assert_int_equal(tty_process(&tty, "a\nb", 3, out, 3, &used), 3);
	assert_int_equal(used, 2);
	tty.modes.output = 0;
	assert_int_equal(tty_process(&tty, "\n", 1, out, 8, &used), 1);
}

static void
raw_keeps_what_was_typed(void **state)
{
	static struct tty tty;
	char in[8];

	(void)state;
	tty_init(&tty);
	tty_receive(&tty, 'a');
	assert_false(tty_readable(&tty));
	modes_apply(&tty, RAW);
	assert_true(tty_readable(&tty));
	tty.modes.characters[TTY_VMIN] = 2;
	assert_false(tty_readable(&tty));
	tty_receive(&tty, 'b');
	assert_int_equal(tty_read(&tty, in, 8), 2);
}

int
tty_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(short_reads),
		cmocka_unit_test(end_of_file_alone),
		cmocka_unit_test(overlong_line),
		cmocka_unit_test(output_modes),
		cmocka_unit_test(raw_keeps_what_was_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
