/* SPDX-License-Identifier: MIT */
/*
 * The terminal: the line discipline (tty.h) between the console's channel
 * and open files, job control, and the events that Tux fetches.  The two
 * streams of a run without a terminal live here, too.
 */
#pragma once

#include "channel.h"
#include "file.h"

enum stream_number { STREAM_STANDARD, STREAM_ERROR, STREAM_COUNT };

/* Put the channels into service; memory NULL leaves one absent. */
status_t terminal_start(
	void *memory, uint64_t signal, uint16_t rows, uint16_t columns);
status_t stream_start(enum stream_number number, void *memory, uint64_t signal);

/* A driver rang: move what came. */
void terminal_service(void);

/* Opening /dev/console, /dev/tty and /dev/streamN; ENXIO. */
status_t terminal_open(struct file *file, struct call *call);
status_t terminal_open_controlling(struct file *file, struct call *call);
status_t stream_open(enum stream_number number, struct file *file);

/* A process is gone; it may have led the terminal's session. */
void terminal_death(uint32_t pid);

/* Rows and columns; the foreground group hears of a change. */
void terminal_resize(uint16_t rows, uint16_t columns);

/* Events for Tux: who to ring, and the next one (kind 0: none). */
void terminal_watch(uint64_t signal);
void terminal_event(uint32_t *kind, uint32_t *signal, uint32_t *id);

/* Session and foreground group, for /proc. */
void terminal_owner(uint32_t *session, uint32_t *group);
