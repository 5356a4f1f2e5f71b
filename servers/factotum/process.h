/* SPDX-License-Identifier: MIT */
/*
 * Processes and their threads, as everything in Factotum sees them.
 *
 *   created --process_start--> running <--process_stop/_continue--> stopped
 *      |                          |                                    |
 *      +---------process_end------+----------------process_end---------+
 *                                 v
 *                              zombie --process_bury (waited for)--> gone
 *
 * A zombie has no threads, space or capabilities left; only identity, status
 * and times. Every process but 9Ball and Factotum has a living parent.
 */
#pragma once

#include "alarm.h"
#include "kobjects.h"
#include "space.h"

#include <glenda/server.h>

#define PID_NINEBALL 1
#define PID_FACTOTUM 2
#define NAME_BYTES 32
#define SIGNAL_MAX 64
#define LIMIT_COUNT 16
#define GRANT_MAX 24

/* What a thread waits for here. */
enum park_kind {
	PARK_NONE,
	PARK_WAIT,
	PARK_JOIN,
	PARK_FUTEX,
	PARK_SLEEP,
	PARK_SIGNAL,
	PARK_PAUSE,
	PARK_VFORK,
	PARK_WISH,
	PARK_PAGE,
};

struct futex_key {
	uint64_t space;	 /* serial of space or object */
	uint64_t offset; /* address, or offset in the object */
	bool object;
};

/* What is left of a populate. */
struct populate {
	vaddr_t address;
	uint64_t length;
	bool write;
};

struct park {
	enum park_kind kind;
	cptr_t reply;
	/* PARK_WAIT */
	uint32_t wait_kind;
	uint32_t wait_id;
	uint32_t wait_options;
	/* PARK_JOIN: tid; PARK_VFORK, PARK_WISH: pid of the child */
	uint32_t id;
	/* PARK_FUTEX */
	struct futex_key key;
	uint32_t bits;
	/* PARK_FUTEX, PARK_PAGE */
	struct thread *queue_next;
	struct thread *queue_previous;
	/* PARK_SIGNAL */
	uint64_t set;
	/* PARK_PAGE */
	struct object *object; /* that lacks pages; NULL: it went */
	vaddr_t address;       /* of the first page */
	uint64_t page;
	uint64_t pages;
	struct populate populate; /* length 0: a fault */
	bool told;		  /* the supplier knows */
	bool settled;		  /* it came, or will not: */
	bool failed;
};

/* A pending signal. */
struct pending {
	struct pending *next;
	uint64_t info;
	uint64_t value;
	uint32_t signal;
	uint32_t uid;
};

struct pending_queue {
	uint64_t set; /* bit s - 1 */
	struct pending *first;
	uint32_t count;
};

struct thread {
	uint32_t tid;
	struct process *process;
	struct thread *next;
	struct thread *previous;
	cptr_t tcb;
	vaddr_t utcb;
	frame_t utcb_frame; /* pinned, for the kernel writes to it; or 0 */
	struct park park;
	struct alarm alarm;
	struct pending_queue pending;
	uint64_t name[2];
	vaddr_t robust_head;
	uint32_t exit_status;
	bool detached;
	bool ended;	     /* joinable: waits to be joined */
	bool suspended;	     /* by a stop of the process */
	bool frozen;	     /* faulted, kept for a report */
	bool bound;	     /* a notification is bound to its TCB */
	vaddr_t failed_page; /* that its supplier could not bring, or 0 */
};

struct limit {
	uint64_t soft;
	uint64_t hard;
};

struct usage {
	uint64_t user; /* clock ticks */
	uint64_t system;
	uint64_t faults;
	uint64_t voluntary;
	uint64_t involuntary;
	uint64_t max_pages;
};

/* A capability that waits in a created process for its start message. */
struct grant {
	char name[24];
	uint64_t slot; /* in the process's CNode */
};

/* A service that a process may ask for. */
struct allowance {
	struct allowance *next;
	uint32_t service;
};

struct notice {
	uint64_t kind; /* with detail << 32 */
	uint64_t id;
};

#define NOTICE_MAX 256

struct watcher {
	struct watcher *next;
	struct process *process;
	cptr_t signal; /* owned slot */
	uint32_t kinds;
	uint32_t first; /* ring of notices */
	uint32_t count;
	bool all; /* also of strangers */
	struct notice notices[NOTICE_MAX];
};

struct redirect {
	vaddr_t start;
	vaddr_t end;
	vaddr_t upcall;
	vaddr_t signal;
	vaddr_t fixup;
};

struct interval {
	struct alarm alarm;
	struct process *process;
	uint64_t due;	 /* on the clock of its kind */
	uint64_t period; /* in the same; 0: once */
	uint32_t kind;	 /* of timer_set */
	uint32_t signal;
};

/* What spawn keeps for the start page. */
struct start_text {
	char *arguments;
	char *environment;
	uint32_t arguments_length;
	uint32_t environment_length;
};

struct process {
	uint32_t pid;
	uint64_t puid;
	uint32_t state;	      /* FACTOTUM_STATE_ */
	uint32_t detail;      /* exit code, signal, fault kind */
	uint32_t exit_status; /* wait status of a zombie */
	bool zombie;
	bool is_linux;		/* flag LINUX at spawn */
	uint8_t slot_doublings; /* flag SLOTS at spawn */
	bool debug;
	bool attached;	  /* line_attach was called */
	bool stop_unseen; /* a stop that wait did not report */
	bool continue_unseen;
	bool killed;	/* SIGKILL or the like */
	bool wish;	/* waits for its namespace */
	bool wish_wait; /* and for START after that */
	bool orphan;	/* adopted by a supervisor: nobody waits */
	uint32_t stop_signal;
	struct process *parent;
	struct process *children;
	struct process *sibling_next;
	struct process *sibling_previous;
	struct process *next; /* all processes, zombies too */
	struct process *previous;
	struct thread *threads;
	struct thread *leader;
	uint32_t thread_count; /* those that have not ended */
	uint32_t execs;

	struct space *space;
	struct cell cnode;
	unsigned cnode_bits;
	vaddr_t process_page;
	struct redirect redirect;
	struct object *objects;

	uint32_t group;
	uint32_t session;
	uint64_t credentials;
	uint64_t words[4];     /* kept for Tux */
	uint64_t rights;       /* FACTOTUM_MANAGER_RIGHT_ */
	uint32_t death_signal; /* what the parent gets, SIGCHLD */
	struct pending_queue pending;
	struct interval intervals[3];
	struct alarm time_alarm; /* of RLIMIT_CPU */
	struct limit limits[LIMIT_COUNT];
	struct usage usage; /* of ended threads */
	struct usage children_usage;
	uint32_t policy;
	uint32_t priority;
	uint64_t slice_us;
	uint64_t started; /* clock ticks */

	struct allowance *allowances;
	uint32_t service; /* what it provides, 0 none */
	struct grant *grants;
	uint32_t grant_count;
	uint64_t next_slot;
	struct start_text text;
	vaddr_t entry;
	uint64_t utcbs[8]; /* UTCB numbers in use (natives) */

	char name[NAME_BYTES];
	char *command; /* strings, each with NUL */
	uint32_t command_length;
	uint64_t vfork_parent; /* puid of whose thread waits for us, or 0 */
	struct object *image;  /* for backtraces */
};

/* ---- process.c ---- */

/* Forget all processes. */
void processes_forget(void);

/* 9Ball and Factotum, which were not made here. */
status_t processes_init(void);

/* Living, zombie or created process; NULL. By puid: of this very one. */
struct process *process_by_pid(uint32_t pid);
struct process *process_by_puid(uint64_t puid);
struct process *processes_first(void);
unsigned processes_count(void);

/* A record with a number and a parent, and nothing else; or NULL. */
struct process *process_make(
	struct process *parent, const struct process *model);

/* Write the parent's number where a Linux process's shim looks for it. */
void process_show_parent(const struct process *process);

/* Whether it waits for its start, or could not be started. */
bool process_never_ran(const struct process *process);

/* Undo process_make and all that was given to the process since. */
void process_unmake(struct process *process);

/* Make the CNode, of 2^bits slots, with Factotum in slot 1. */
status_t process_make_cnode(struct process *process, unsigned bits);

/* Mint a badged sending end for the process into a slot of its CNode. */
status_t process_mint(struct process *process, uint64_t slot, cptr_t endpoint,
	uint64_t badge);

/*
 * End a process: its threads stop, its capabilities and memory go, watchers
 * and the parent are told. `state` is EXITED, FAULTED or FAILED, `status` the
 * wait status, detail what `status` answers.
 */
void process_end(struct process *process, uint32_t state, uint32_t status);

/* A zombie was waited for: forget it. */
void process_bury(struct process *process);

/* Stop and continue, as by a signal. */
void process_stop(struct process *process, uint32_t signal);
void process_continue(struct process *process);

/* If it is traced: print all processes, for its state has changed. */
void process_trace(const struct process *changed);

/* Sum of ended and living threads. */
void process_usage(const struct process *process, struct usage *usage);

/*
 * Memory is taken for this process from here on: Linux programs leave some
 * to the servers that they live on.
 */
void process_charge(const struct process *process);

/*
 * Memory is out: end the Linux process that has most of it, of equals the
 * youngest. False when there is none.
 */
bool process_sacrifice(void);

/*
 * Memory was refused to the process with this puid: free what dead ones left,
 * or else end one. True when it is worth trying again; false when nothing
 * can go, or when the one who asks was chosen itself.
 */
bool process_make_room(uint64_t puid);

/* Replace the command line; takes a copy. NO_MEMORY. */
status_t process_set_command(
	struct process *process, const char *text, uint32_t length);

/* ---- wait.c ---- */

/*
 * Serve a wait that may be answered now: OK with *results, NOT_FOUND when no
 * child fits, NOT_READY when one has to wait.
 */
struct wait_query {
	uint32_t kind;
	uint32_t id;
	uint32_t options;
};
struct factotum_wait_results;
status_t wait_try(struct process *parent, const struct wait_query *query,
	struct factotum_wait_results *results);

/* A child changed: answer threads of the parent that wait for it. */
void wait_wake(struct process *parent);

/* ---- thread.c ---- */

/* A thread record with a number in a process, not configured; or NULL. */
struct thread *thread_make(struct process *process, uint32_t tid);

/* Give it its TCB: spaces, UTCB, fault endpoint, redirection, schedule. */
status_t thread_configure(struct thread *thread, vaddr_t utcb);

/* Tell the kernel where its Linux system calls go. */
status_t thread_redirect(struct thread *thread);

struct thread_start {
	vaddr_t entry;
	vaddr_t stack;
	uint64_t argument;
	uint64_t tls;
};

/* Set the registers and let it run. */
status_t thread_run(struct thread *thread, const struct thread_start *start);

/*
 * End a thread: its TCB goes; if it is joinable, the record stays until it
 * is joined.
 */
void thread_end(struct thread *thread, uint32_t status);

/* Forget the record. The TCB is gone already. */
void thread_forget(struct thread *thread);

/* Take the reply of the request: the thread waits for `kind`. LIMIT. */
status_t thread_park(
	struct thread *thread, struct request *request, enum park_kind kind);

/* Answer a parked thread. It waits for nothing from here on. */
void thread_answer(
	struct thread *thread, status_t status, const struct answer *answer);

/* Answer CANCELLED when what it waits for can be cancelled. */
void thread_cancel(struct thread *thread);

/* The loop that requests come through, for parked answers. */
extern struct server factotum_server;

/* ---- loose ends that many share ---- */

struct factotum_caps {
	cptr_t cnode;
	cptr_t vspace;
	cptr_t tcb;
	cptr_t service;
	cptr_t notification;
	cptr_t fault; /* own endpoint, badge FAULT */
	cptr_t console;
	uint64_t frequency;
	uint64_t started;
};

extern struct factotum_caps own;

/* Ticks of a number of microseconds, and back. */
uint64_t ticks_to_us(uint64_t ticks);
