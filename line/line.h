/* SPDX-License-Identifier: MIT */
/*
 * The shim's own structures. There are no writable globals: everything is
 * found from the stack pointer (kit), and from there by pointers.
 *
 * Kit of a thread, 64 KiB apart: page 0 holds the UTCB and, 1 KiB in, struct
 * line_thread; pages 1-3 are the shim's stack. Process page: struct
 * line_process, shared by the threads of a process.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arch/linux.h>
#include <glenda/ipc.h>
#include <glenda/layout.h>

#define LINE_KIT_PAGES 4
#define PAGE_BYTES UINT64_C(4096)

/* The process's capabilities (docs/contract.md, section 3). */
enum {
	CAP_GOPHER = 2,
	CAP_TUX = 3,
	CAP_RECEIVE = 4, /* 4-7 */
	CAP_IMAGE = 8,
	CAP_INTERPRETER = 9,
	CAP_MAPPED = 10,
	CAP_OWN_CNODE = 11, /* to give up capabilities, no more */
};

#define SIGNAL_COUNT 64
#define SIGNAL_BIT(s) (UINT64_C(1) << ((s)-1))

struct line_process {
	/* Shared with Factotum; these four words come first. */
	uint64_t ignored;
	uint64_t caught;
	uint64_t parent;   /* pid; Factotum writes it */
	uint64_t unwaited; /* not 0: ended children leave nothing behind */
	uint32_t lock;	   /* 0 free; guards all below */
	uint32_t pid;
	uint64_t clock_frequency; /* ticks per second */
	int64_t clock_epoch;	  /* ns since 1970 at tick 0 */
	uint64_t brk_start;
	uint64_t brk;
	uint64_t fp_parts; /* of the floating-point state (arch/), */
	uint32_t fp_bytes; /* and its size in a signal frame */
	uint8_t strace;
	uint16_t kit_next; /* where the search for a free kit begins */
	uint16_t kit_last; /* the one that was left last */
	struct line_action action[SIGNAL_COUNT + 1];
	uint32_t kit_tid[320]; /* of the first kits (kit.c) */
};

_Static_assert(sizeof(struct line_process) <= 4096, "one page");

struct line_thread {
	/* Filled at each entry, in this order (entry.S). */
	uint64_t registers[REG_COUNT];
	uint64_t replaced;    /* what stood where the result goes */
	uint8_t full_restore; /* registers changed behind the call */
	uint8_t own_signal;   /* sent by the thread itself, or 0 */
	struct line_process *process;
	uint32_t tid;
	uint32_t pid;
	uint64_t stack_pointer; /* sigaltstack */
	uint64_t stack_size;
	uint32_t stack_flags;
	uint64_t restart_deadline; /* ticks, for restarted sleeps */
	uint64_t clear_child_tid;
	uint64_t robust_list;
	uint64_t saved_mask; /* of sigsuspend, ppoll, pselect */
	bool saved_mask_valid;
	uint64_t fork_token;  /* of a vfork child that begins */
	uint64_t begin_flags; /* clone's, for a thread that begins */
	uint64_t begin_child_tid;
	uint64_t begin_parent_tid;
};

/* entry.S of the architecture relies on these. */
_Static_assert(
	offsetof(struct line_thread, replaced) == 8 * REG_COUNT, "entry");
_Static_assert(offsetof(struct line_thread, full_restore) == 8 * REG_COUNT + 8,
	"entry");
_Static_assert(
	offsetof(struct line_thread, own_signal) == 8 * REG_COUNT + 9, "entry");
_Static_assert(sizeof(struct line_thread) <= 3072, "rest of the kit's page");

/* What a call returns to say that it was interrupted, as Linux has them. */
enum restart {
	RESTART_SYS = -512,    /* again, if the handler has SA_RESTART */
	RESTART_NOINTR = -513, /* again in any case */
	RESTART_NOHAND = -514, /* again only if no handler ran */
	RESTART_BLOCK = -516,  /* again only if no handler ran; relative time */
};

static inline struct line_thread *
line_self(void)
{
	return (struct line_thread *)((uintptr_t)utcb_self() + UTCB_SIZE);
}

static inline struct utcb *
line_utcb(struct line_thread *thread)
{
	return (struct utcb *)((uintptr_t)thread - UTCB_SIZE);
}

/* Words of utcb->user[] shared with Factotum (contract, section 5). */
enum {
	USER_MASK = 1,
	USER_PENDING = 2,
};

/* A system call: its arguments, in order. Returns the result or -errno. */
typedef int64_t line_call(struct line_thread *thread, const uint64_t *args);

struct line_entry {
	const char *name;
	line_call *call;
	uint8_t count; /* arguments, for strace */
};

/* The table of this architecture's numbers (arch/). */
extern const struct line_entry line_table[];
extern const unsigned line_table_size;

/* errno for a status of Glenda's servers, as a negative number. */
int64_t line_errno(status_t status);

/* The same for a cancellable call: CANCELLED and EINTR become RESTART_SYS. */
int64_t line_restartable(status_t status);

/* Clock ticks in so much time; saturates. */
uint64_t line_ticks(const struct line_process *process, uint64_t seconds,
	uint64_t nanoseconds);

/* The clock's value at 1970, as ticks to take off a CLOCK_REALTIME deadline. */
uint64_t line_realtime_ticks(const struct line_process *process);

/* Empty a slot, so that a capability can be received there. */
void line_drop_cap(cptr_t slot);

/* process->lock, for short sections that call nobody but the kernel. */
void line_lock(struct line_process *process);
void line_unlock(struct line_process *process);
