/* SPDX-License-Identifier: MIT
 *
 * The machine and the rest of the kernel as the unit tests see them: RAM, a
 * model of the TLB, threads and other objects reduced to their headers, and a
 * first capability space to work in.
 */
#pragma once

#include "cnode.h"
#include "invoke.h"
#include "vspace.h"

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Slots of the first CNode, and what lies in the first of them. */
#define ROOT_BITS 12
#define ROOT_SIZE (1u << ROOT_BITS)
#define SLOT_CNODE 1
#define SLOT_UNTYPED 2
#define SLOT_VSPACE 3
#define SLOT_DEVICE 4
#define SLOT_FREE 16

#define DEVICE_PAGE UINT64_C(0x10000)
#define DEVICE_PAGES 16

/* Start again with empty RAM: capabilities as listed above. */
void host_reset(void);

/* cmocka set-up function around it. */
int host_setup(void **state);

/* The slot of a capability address; fails the test when there is none. */
struct slot *slot_of(cptr_t cptr);

/* Invoke like a thread does, repeating while it says RESTART. Results are in
 * `host_words` afterwards. */
extern uint64_t host_words[40];
extern unsigned host_results;
status_t call(cptr_t cap, uint32_t label, unsigned length, ...);
/* The same with the arguments in host_words. */
status_t call_words(cptr_t cap, uint32_t label, unsigned length);

/* Short for Untyped.retype of SLOT_UNTYPED into the root CNode. */
status_t retype(unsigned type, uint64_t param, uint64_t count, uint64_t index);

/* In how many of 256 cases a look for an interrupt finds one. */
extern unsigned host_preempt;
/* How many objects that only have a header were destroyed, by type. */
extern unsigned host_destroyed[OBJECT_CLASSES];
/* How often thread_slot_lost and reply_moved were called, and the latter's
 * last slot. */
extern unsigned host_slots_lost;
extern unsigned host_replies_moved;
extern struct slot *host_reply_slot;

/* A processor reads the page: its translation may be cached from now on. */
void host_touch(struct vspace *space, uaddr_t address);
/* The root whose kernel half every address space copies. */
extern pte_t host_kernel_root[PT_ENTRIES];
/* Flushes so far. */
extern unsigned host_flushes;
/* Calls of icache_sync so far. */
extern unsigned host_icache_syncs;

/* Repeatable random numbers. */
void host_seed(uint64_t seed);
uint64_t host_random(uint64_t below);

/* Check every invariant that slot.h, table.h and untyped.c state, starting
 * from the first CNode; fails the test with a message. */
void audit(void);

/* Check that the TLB model allows nothing that the tables do not. */
void audit_tlb(void);
