/* SPDX-License-Identifier: MIT
 *
 * Debug printing (console.h) and the Console object. Nothing is buffered: what
 * was printed before a crash is there.
 */
#include "console.h"
#include "invoke.h"
#include "usermem.h"

#include <arch/platform.h>

#define CONSOLE_WRITE_MAX 248

struct number_format {
	unsigned width;
	char fill;
	bool is_long;
};

void
console_write(const char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (bytes[i] == '\n')
			platform_putchar('\r');
		platform_putchar(bytes[i]);
	}
}

static void
print_number(uint64_t value, unsigned base, bool negative,
	struct number_format format)
{
	char digits[24];
	unsigned count = 0;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (negative)
		digits[count++] = '-';
	while (count < format.width && count < sizeof(digits))
		digits[count++] = format.fill;
	while (count)
		platform_putchar(digits[--count]);
}

static void
print_string(const char *string)
{
	size_t length = 0;

	if (!string)
		string = "(null)";
	while (string[length])
		length++;
	console_write(string, length);
}

static uint64_t
next_unsigned(va_list *list, bool is_long)
{
	return is_long ? va_arg(*list, unsigned long)
		       : va_arg(*list, unsigned int);
}

static int64_t
next_signed(va_list *list, bool is_long)
{
	return is_long ? va_arg(*list, long) : va_arg(*list, int);
}

static void
print_argument(char kind, struct number_format format, va_list *list)
{
	int64_t number;

	switch (kind) {
	case 's':
		print_string(va_arg(*list, const char *));
		break;
	case 'c':
		platform_putchar((char)va_arg(*list, int));
		break;
	case 'd':
		number = next_signed(list, format.is_long);
		print_number(number < 0 ? -(uint64_t)number : (uint64_t)number,
			10, number < 0, format);
		break;
	case 'u':
		print_number(
			next_unsigned(list, format.is_long), 10, false, format);
		break;
	case 'x':
		print_number(
			next_unsigned(list, format.is_long), 16, false, format);
		break;
	case 'p':
		print_number(
			(uint64_t)va_arg(*list, void *), 16, false, format);
		break;
	default:
		platform_putchar(kind);
	}
}

void
console_print_list(const char *format, va_list arguments)
{
	va_list list;

	va_copy(list, arguments);
	while (*format) {
		struct number_format number = {0, ' ', false};

		if (*format != '%') {
			console_write(format++, 1);
			continue;
		}
		if (*++format == '0')
			number.fill = '0';
		while (*format >= '0' && *format <= '9')
			number.width =
				number.width * 10 + (unsigned)(*format++ - '0');
		if (*format == 'l') {
			number.is_long = true;
			format++;
		}
		if (*format)
			print_argument(*format++, number, &list);
	}
	va_end(list);
}

void
console_print(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	console_print_list(format, list);
	va_end(list);
}

static status_t
console_method_write(struct invocation *in)
{
	char bytes[CONSOLE_WRITE_MAX];
	uint64_t done;
	status_t status;

	if (in->words[1] > sizeof(bytes))
		return STATUS_INVALID_ARGUMENT;
	status = user_copy_in(in->vspace, bytes, uaddr_make(in->words[0]),
		in->words[1], &done);
	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	console_write(bytes, in->words[1]);
	return STATUS_OK;
}

static const struct method console_methods[] = {
	[METHOD(CONSOLE_WRITE)] = {.run = console_method_write,
		.words = CONSOLE_WRITE_ARGS,
		.rights = CAP_WRITE},
};

const struct object_class console_class = {
	.name = "Console",
	.methods = console_methods,
	.method_count = sizeof(console_methods) / sizeof(console_methods[0]),
};
