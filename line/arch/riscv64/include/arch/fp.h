/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's floating-point state to and from memory (entry.S).
 */
#pragma once

#include <stdint.h>

/* f0..f31, fcsr: the form of Linux's struct __riscv_d_ext_state. */
#define FP_WORDS 66

void line_fp_save(uint64_t *words);
void line_fp_load(const uint64_t *words);
