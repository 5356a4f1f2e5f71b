/* SPDX-License-Identifier: MIT */
/* Leaving a signal frame the hard way (return.S). */
#pragma once

#include <stdint.h>

/* What the registers held where a frame sent the thread: in the order of the
 * shim's context, without the two bases; then xmm0..xmm15. */
struct landed {
	uint64_t registers[18];
	uint64_t vector[16][2];
};

/*
 * Have the kernel return from the signal frame whose restorer's address lies
 * at `frame`. Its pc must be `return_landing`. Returns when the thread came
 * there, with what it found.
 */
void return_through(uint64_t frame, struct landed *landed);

/* Where frames lead. */
extern const char return_landing[];
