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
#define CONTEXT_PROCESSOR 296
#define THREAD_REDIRECT_START 304
#define THREAD_REDIRECT_SIZE 312
#define THREAD_REDIRECT_UPCALL 320
#define THREAD_UTCB 336
#define THREAD_UTCB_USER 344
#define THREAD_STATE 352
#define THREAD_FLAGS 353
#define THREAD_PRIORITY 354
#define THREAD_TOKEN 360
#define THREAD_NEXT 368
#define THREAD_PREV 376
#define THREAD_WAITING_ON 384
#define THREAD_REPLY 392
#define THREAD_INFO 408
#define THREAD_TAG 416
#define THREAD_CSPACE 544
#define THREAD_NOTIFICATION 672

/* enum thread_state */
#define STATE_READY 1
#define STATE_CALLED 3
#define STATE_RECEIVING 4
/* enum thread_flag */
#define FLAG_FAULTING 4

/* struct processor */
#define PROCESSOR_CURRENT 0
#define PROCESSOR_OWNER 8
#define PROCESSOR_HIGHEST 16
#define PROCESSOR_LOADED 24

/* struct endpoint, struct notification */
#define ENDPOINT_HEAD 16
#define ENDPOINT_TAIL 24
#define NOTIFICATION_BITS 16
#define NOTIFICATION_HEAD 24
#define NOTIFICATION_BOUND 40

/* struct slot, struct cap */
#define SLOT_META 0
#define SLOT_BADGE 8
#define META_AUX_SHIFT 16
#define META_REFERENCE_SHIFT 32
#define REFERENCE_SHIFT 5
#define META_READ 0x100
#define META_WRITE 0x200
#define META_RIGHTS_ALL 0xf00

/* struct utcb */
#define UTCB_SAVE_NUMBER 0x1a8
#define UTCB_SAVE_PC 0x1f0
#define UTCB_SAVE_SP 0x1f8
#define UTCB_SAVE_SCRATCH 0x200

/* struct invocation, and its place on the stack */
#define INVOCATION_SLOT 24
#define INVOCATION_LABEL 32
#define INVOCATION_LENGTH 36
#define INVOCATION_WORD(n) (40 + 8 * (n))
#define INVOCATION_STATUS 120
#define INVOCATION_INFO 128
#define INVOCATION_SIZE 144
