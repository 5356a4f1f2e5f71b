/* SPDX-License-Identifier: MIT
 *
 * Where assembly finds the fields of C structures. layout.c checks every line
 * of this against the compiler.
 */
#pragma once

#define KERNEL_STACK_SIZE 8192

/* struct thread */
#define CONTEXT 16
#define CONTEXT_X(n) (CONTEXT + 8 * (n))
#define CONTEXT_PC CONTEXT
#define CONTEXT_STATUS 272
#define CONTEXT_STACK 280
#define CONTEXT_HANDLER 288
#define THREAD_REDIRECT_START 296
#define THREAD_REDIRECT_SIZE 304
#define THREAD_REDIRECT_UPCALL 312
#define THREAD_UTCB 328
#define THREAD_UTCB_USER 336
#define THREAD_FLAGS 345

/* struct utcb */
#define UTCB_SAVE_NUMBER 0x1a8
#define UTCB_SAVE_PC 0x1f0
#define UTCB_SAVE_SP 0x1f8
#define UTCB_SAVE_SCRATCH 0x200
