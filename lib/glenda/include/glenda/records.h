/* SPDX-License-Identifier: MIT */
/*
 * Records that cross Factotum's border in memory rather than in words: the
 * vector of exec, the snapshot of PS, the list of MAPS. Fixed widths, no
 * pointers; strings are padded with NUL.
 */
#pragma once

#include <stdint.h>

/* One area of the space that EXEC builds. */
struct exec_area {
	uint64_t address;
	uint64_t length;      /* bytes, whole pages */
	uint64_t offset;      /* in the object, page aligned */
	uint64_t file_length; /* bytes from the object, zeros after */
	uint32_t prot;	      /* FACTOTUM_PROT_ */
	uint32_t flags;	      /* FACTOTUM_MAP_ */
	uint32_t object;      /* enum exec_object */
	uint32_t pad;
};

enum exec_object {
	EXEC_OBJECT_IMAGE = 0,
	EXEC_OBJECT_INTERPRETER = 1,
	EXEC_OBJECT_ANONYMOUS = 2,
};

#define PS_MAGIC UINT32_C(0x53504c47)
#define PS_NAME_BYTES 32
#define PS_COMMAND_BYTES 128

/* The snapshot: header, then all processes, then all threads. */
struct ps_header {
	uint32_t magic;
	uint32_t process_count;
	uint32_t thread_count;
	uint32_t process_bytes; /* size of one struct ps_process */
	uint64_t threads;	/* byte offset of the first thread */
	uint64_t ticks;		/* clock when it was taken */
	uint64_t frequency;	/* ticks per second */
	uint64_t started;	/* clock when Factotum started */
	uint64_t memory_total;	/* bytes */
	uint64_t memory_free;
};

struct ps_process {
	uint32_t pid;
	uint32_t ppid;
	uint32_t group;
	uint32_t session;
	uint64_t puid;
	uint64_t credentials;
	uint32_t state; /* FACTOTUM_STATE_; EXITED: zombie */
	uint32_t detail;
	uint32_t threads;
	uint32_t execs;
	uint32_t flags; /* 1 = Linux */
	uint32_t priority;
	uint64_t user; /* clock ticks */
	uint64_t system;
	uint64_t faults;
	uint64_t resident; /* bytes of its own */
	uint64_t size;	   /* bytes of all areas */
	uint64_t started;  /* clock ticks */
	char name[PS_NAME_BYTES];
	char command[PS_COMMAND_BYTES]; /* strings, each with NUL */
};

struct ps_thread {
	uint32_t tid;
	uint32_t pid;
	uint32_t state; /* of TCB.info */
	uint32_t waits; /* what for in Factotum, 0 nothing */
	uint64_t user;
	uint64_t system;
	uint64_t voluntary;
	uint64_t involuntary;
	uint64_t scheduled; /* how often */
	char name[16];
};

/* One area of a process. */
struct map_entry {
	uint64_t start;
	uint64_t end;
	uint64_t offset; /* in the object */
	uint64_t object; /* serial number, 0 anonymous */
	uint32_t prot;
	uint32_t flags;
	uint64_t resident; /* bytes of its own */
};
