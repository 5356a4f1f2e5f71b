/* SPDX-License-Identifier: MIT
 *
 * Where assembly finds the fields of C structures. layout.c checks every line
 * of this against the compiler.
 */
#pragma once

#define KERNEL_STACK_SIZE 8192

/* Where the image begins in the kernel half, and in memory. */
#define KERNEL_IMAGE 0xffffff0000000000
#define KERNEL_LOAD 0x200000

/* The physical map. */
#define PHYSICAL_START 0xffff800000000000

/* struct thread */
#define CONTEXT 16
#define CONTEXT_IP 16
#define CONTEXT_AX 24
#define CONTEXT_BX 32
#define CONTEXT_CX 40
#define CONTEXT_DX 48
#define CONTEXT_SI 56
#define CONTEXT_DI 64
#define CONTEXT_BP 72
#define CONTEXT_SP 80
#define CONTEXT_8 88
#define CONTEXT_9 96
#define CONTEXT_10 104
#define CONTEXT_11 112
#define CONTEXT_12 120
#define CONTEXT_13 128
#define CONTEXT_14 136
#define CONTEXT_15 144
#define CONTEXT_FLAGS 152
#define CONTEXT_FS 160
#define CONTEXT_GS 168
#define CONTEXT_STACK 176
#define CONTEXT_PROCESSOR 184
#define CONTEXT_FRAME 192
#define CONTEXT_FRAME_SP 216
#define CONTEXT_WHOLE 232
#define CONTEXT_FP_ON 233
#define THREAD_REDIRECT_START 240
#define THREAD_REDIRECT_SIZE 248
#define THREAD_UTCB 272
#define THREAD_UTCB_USER 280
#define THREAD_STATE 288
#define THREAD_FLAGS 289
#define THREAD_PRIORITY 290
#define THREAD_TOKEN 296
#define THREAD_NEXT 304
#define THREAD_PREV 312
#define THREAD_WAITING_ON 320
#define THREAD_REPLY 328
#define THREAD_BADGE 336
#define THREAD_INFO 344
#define THREAD_TAG 352
#define THREAD_CSPACE 480
#define THREAD_NOTIFICATION 608

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
#define UTCB_SAVE_PC 0x1f0

/* struct invocation, and its place on the stack */
#define INVOCATION_SLOT 24
#define INVOCATION_LABEL 32
#define INVOCATION_LENGTH 36
#define INVOCATION_WORD(n) (40 + 8 * (n))
#define INVOCATION_STATUS 120
#define INVOCATION_INFO 128
#define INVOCATION_SIZE 144
