/* SPDX-License-Identifier: MIT */
/*
 * Kits: where a thread's UTCB, record and shim stack lie (line.h). The process
 * keeps a table of them; a kit whose thread has ended is taken again.
 */
#pragma once

#include "line.h"

/* A zeroed kit, reserved for the caller; NULL when there is no room. */
struct line_thread *kit_take(struct line_process *process);

/* The kit belongs to this thread from now on. */
void kit_used_by(
	struct line_process *process, struct line_thread *thread, uint32_t tid);

/* The kit is free again: no thread runs on it. */
void kit_give(struct line_process *process, struct line_thread *thread);

/* Before a thread's last call: it is about to leave its kit. */
void kit_leave(struct line_thread *thread);

/* In the child of a fork and after exec: every kit but the caller's is free. */
void kit_only(struct line_thread *thread);

/* Top of the kit's shim stack. */
uint64_t kit_stack(const struct line_thread *thread);

/*
 * A process page for the child of a vfork, behind its kit: a copy of the
 * parent's in which only this kit is in use. NULL: no memory.
 */
struct line_process *kit_process(
	struct line_thread *thread, const struct line_process *parent);
