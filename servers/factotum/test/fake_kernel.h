/* SPDX-License-Identifier: MIT */
/*
 * A double of the kernel for unit tests: frames are host memory, mappings a
 * list, everything else succeeds and is remembered as far as a test asks.
 */
#pragma once

#include <glenda/types.h>

#define FAKE_CNODE 1
#define FAKE_UNTYPED 5
#define FAKE_FIRST_FREE 40

/* Start anew with so many pages of untyped memory. */
void fake_reset(uint64_t pages);

/* Give all host memory back. */
void fake_end(void);

/* Rights of what is mapped in a space, -1 if nothing is. */
int fake_mapped(cptr_t vspace, vaddr_t address);

/* Answers sent so far, and the status of the last. */
extern unsigned fake_answers;
extern status_t fake_last_answer;
extern uint64_t fake_now;
