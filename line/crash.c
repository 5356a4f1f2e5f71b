/* SPDX-License-Identifier: MIT */
/*
 * The shim's own failure: its memory was damaged by the program, or it has a
 * defect. Nobody else is harmed; the process ends with SIGSEGV and says so.
 */
#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>

#include "entry.h"
#include "signal.h"

static void
say(const char *text, size_t length)
{
	gopher_write(CAP_GOPHER, 2, -1, length, text, length, 0, NULL, NULL);
}

_Noreturn void
line_crash(uint64_t pc)
{
	static const char head[] = "line: the shim faulted at ";
	char digits[17];

	for (int i = 0; i < 16; i++)
		digits[i] = "0123456789abcdef"[pc >> (60 - 4 * i) & 15];
	digits[16] = '\n';
	say(head, sizeof(head) - 1);
	say(digits, sizeof(digits));
	for (;;)
		factotum_exit(CAP_FACTOTUM, SIGSEGV);
}
