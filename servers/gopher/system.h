/* SPDX-License-Identifier: MIT */
/*
 * Everything that Gopher asks of the kernel and of Factotum, behind narrow
 * functions: system.c makes real calls, unit tests link a double.  None of
 * them waits for a client.  `handle` values are capability slots.
 */
#pragma once

#include <glenda/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;

/* What Factotum knows about a process (get_tags). */
struct process_tags {
	uint32_t pid;
	uint32_t parent;
	uint32_t group;
	uint32_t session;
	uint32_t state;
	uint32_t execs; /* its own, and those of whom it was forked from */
	uint64_t credentials; /* uid << 32 | gid */
	uint64_t puid;
};

/*
 * Copy between Gopher's memory and a buffer that the caller of a parked or
 * current call lent.  0, or AGAIN when the lender has to populate it first;
 * what was copied before that does not count.
 */
status_t system_lease_read(uint64_t reply, unsigned lease, uint64_t offset,
	void *to, size_t length);
status_t system_lease_write(uint64_t reply, unsigned lease, uint64_t offset,
	const void *from, size_t length);

/* Whether the caller was asked to give up. */
bool system_cancelled(uint64_t reply);

/* A slot for a Reply capability; 0 when there is none left. */
uint64_t system_reply_slot(void);
/* How many of them there are in all, and for other capabilities. */
uint64_t system_reply_slots(void);
uint64_t system_other_slots(void);

/* Send the answer that stands in the call; its reply slot is empty then. */
void system_answer(struct call *call);

/* The clock, ticks per second, and nanoseconds since 1970. */
uint64_t system_ticks(void);
uint64_t system_frequency(void);
int64_t system_realtime(void);

/* Ring at this clock value, once; 0: never.  Replaces what was asked. */
void system_alarm(uint64_t deadline);

/* Random bytes that no client can foretell. */
void system_random(void *to, size_t length);

status_t system_tags(uint32_t pid, struct process_tags *out);

/* Zeroed pages of 4 KiB, next to each other; NULL when memory is short. */
void *system_pages(size_t count);

/*
 * A memory object of `size` bytes (whole pages), zero-filled, and where it
 * is mapped for reading and writing.
 */
status_t system_object_create(size_t size, uint64_t *object, void **address);
/* Change the size of such an object; the mapping moves. */
status_t system_object_resize(
	uint64_t object, size_t old_size, size_t size, void **address);
/* Unmap and give up such an object. */
void system_object_drop(uint64_t object, size_t size, void *address);
/* Rights to memory objects, as Factotum numbers them (PROT). */
enum { OBJECT_READ = 1, OBJECT_WRITE = 2, OBJECT_EXECUTE = 4 };

/* A window of an object for a client. */
status_t system_object_slice(uint64_t object, uint64_t offset, size_t size,
	uint32_t rights, uint64_t *out);
/* Give up such a window; what clients mapped of it stays. */
void system_slice_drop(uint64_t slice);
/* Give up a slot with a capability that a client sent. */
void system_handle_drop(uint64_t handle);

/* Bytes of memory in all and free, ticks idle, number of processes. */
struct system_figures {
	uint64_t total;
	uint64_t free;
	uint64_t idle;
	uint64_t free_slots; /* capability slots of Factotum */
	uint32_t free_pids;
	uint32_t processes;
};
status_t system_figures(struct system_figures *out);

/* The text of a process for /proc; length or negative status. */
int64_t system_command_line(uint32_t pid, char *out, size_t size);
int64_t system_maps(uint32_t pid, uint32_t from, void *entries, size_t size);

/* Ring the other end of a channel. */
void system_signal(uint64_t handle);

/* Factotum's snapshot of all processes, in memory from malloc. */
status_t system_processes(void **out, size_t *size);
