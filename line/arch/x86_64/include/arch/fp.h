/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's x87 and vector state in the form that Linux's signal
 * frames have it in (fp.c).
 */
#pragma once

#include "line.h"

#define FP_ALIGN 64

/* Bytes of the state in a signal frame, with Linux's mark behind it. */
uint64_t fp_frame_bytes(const struct line_process *process);

/* To the program's memory, aligned to FP_ALIGN, with Linux's marks. */
int64_t fp_save(const struct line_process *process, uint64_t to);

/* From there; -EFAULT also when it is not a state. */
int64_t fp_load(const struct line_process *process, uint64_t from);

/* As it is when a program begins. */
void fp_reset(const struct line_process *process);

/* Fill fp_parts (0: the processor has no XSAVE) and fp_bytes. */
void fp_measure(struct line_process *process);
