/* SPDX-License-Identifier: MIT */
/*
 * The C library's standard streams. Output is gathered into lines, because a
 * record of the log is a line; standard input is always at its end, for a
 * native program's input comes by capabilities.
 */
#include <stdio.h>

#include <glenda/log.h>
#include <glenda/thread.h>

#define LINE_BYTES 512

struct line {
	struct mutex lock;
	size_t length;
	char text[LINE_BYTES];
};

static struct line out_line, err_line;

static void
line_flush(struct line *line)
{
	output_line(line->text, line->length);
	line->length = 0;
}

static int
line_put(struct line *line, char c)
{
	mutex_lock(&line->lock);
	if (c != '\n')
		line->text[line->length++] = c;
	if (c == '\n' || line->length == LINE_BYTES)
		line_flush(line);
	mutex_unlock(&line->lock);
	return (unsigned char)c;
}

static int
line_end(struct line *line)
{
	mutex_lock(&line->lock);
	if (line->length)
		line_flush(line);
	mutex_unlock(&line->lock);
	return 0;
}

static int
out_put(char c, FILE *file)
{
	(void)file;
	return line_put(&out_line, c);
}

static int
err_put(char c, FILE *file)
{
	(void)file;
	return line_put(&err_line, c);
}

static int
out_flush(FILE *file)
{
	(void)file;
	return line_end(&out_line);
}

static int
err_flush(FILE *file)
{
	(void)file;
	return line_end(&err_line);
}

/* Runs at exit: what was printed without a newline is a line, too. */
__attribute__((destructor)) static void
output_end(void)
{
	line_end(&out_line);
	line_end(&err_line);
}

static int
in_get(FILE *file)
{
	(void)file;
	return _FDEV_EOF;
}

static FILE in_file = FDEV_SETUP_STREAM(NULL, in_get, NULL, _FDEV_SETUP_READ);
static FILE out_file =
	FDEV_SETUP_STREAM(out_put, NULL, out_flush, _FDEV_SETUP_WRITE);
static FILE err_file =
	FDEV_SETUP_STREAM(err_put, NULL, err_flush, _FDEV_SETUP_WRITE);

FILE *const stdin = &in_file;
FILE *const stdout = &out_file;
FILE *const stderr = &err_file;
