/* SPDX-License-Identifier: MIT */
/*
 * The default of output_line: the log.
 */
#include <glenda/log.h>

void
output_line(const char *text, size_t length)
{
	log_line(text, length);
}
