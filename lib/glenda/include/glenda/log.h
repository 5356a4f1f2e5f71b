/* SPDX-License-Identifier: MIT */
/*
 * Where the text of native programs goes: stdout and stderr are cut into
 * lines, each of which becomes one record of the log ring that 9Ball reads.
 * A full ring drops lines and counts them; nothing here waits for 9Ball.
 */
#pragma once

#include <glenda/types.h>

/*
 * Write to the ring in `memory` (`size` bytes, mapped, made by 9Ball) and
 * signal the notification `signal` when its reader sleeps; 0 = never. Without
 * this call the first line maps the start capability `log`. NOT_FOUND when
 * there is no ring in the memory.
 */
status_t log_attach(void *memory, size_t size, cptr_t signal);

/*
 * Give one line, without its newline, to the log; to the kernel's console
 * when the process has one but no log. False when the line was dropped.
 */
bool log_line(const char *text, size_t length);

/*
 * What stdout and stderr call with each line. A program without log ring
 * (9Ball) has its own, and the library's is left out.
 */
void output_line(const char *text, size_t length);
