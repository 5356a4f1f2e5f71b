/* SPDX-License-Identifier: MIT */
/*
 * Life and death of processes: records, family, capabilities.
 */
#include "process.h"

#include "broker.h"
#include "fork.h"
#include "futex.h"
#include "heap.h"
#include "ids.h"
#include "invariant.h"
#include "limits.h"
#include "memory.h"
#include "notices.h"
#include "signals.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>
#include <stdio.h>
#include <string.h>

#define PRIORITY_ORDINARY 100
#define SLICE_US 4000
/* Behind Factotum, own CNode and TCB (docs/contract.md, section 2). */
#define FIRST_SLOT 4
#define DEFAULT_STACK (8ul << 20)
#define SERVER_SHARE 64	   /* one part of all memory */
#define SACRIFICE_STEP 256 /* pages: less is no difference */
/* One process per so much memory, unless somebody raises the limit. */
#define BYTES_PER_PROCESS (256ul << 10)
/* Third word of the process page (docs/contract.md, section 5). */
#define PAGE_PARENT 16

static struct process *all;
static unsigned count;
static uint64_t last_serial;

void
processes_forget(void)
{
	all = NULL;
	count = 0;
	last_serial = 0;
}

struct process *
processes_first(void)
{
	return all;
}

unsigned
processes_count(void)
{
	return count;
}

struct process *
process_by_pid(uint32_t pid)
{
	return id_process(pid);
}

struct process *
process_by_puid(uint64_t puid)
{
	struct process *process = id_process(puid & 0xffff);

	return process && process->puid == puid ? process : NULL;
}

/* ---- family ---- */

static void
link_child(struct process *parent, struct process *child)
{
	child->parent = parent;
	child->sibling_previous = NULL;
	child->sibling_next = parent->children;
	if (parent->children)
		parent->children->sibling_previous = child;
	parent->children = child;
}

static void
unlink_child(struct process *child)
{
	struct process *parent = child->parent;

	if (!parent)
		return;
	if (child->sibling_next)
		child->sibling_next->sibling_previous = child->sibling_previous;
	if (child->sibling_previous)
		child->sibling_previous->sibling_next = child->sibling_next;
	else
		parent->children = child->sibling_next;
	child->parent = NULL;
}

void
process_show_parent(const struct process *process)
{
	const uint64_t pid = process->parent ? process->parent->pid : 0;

	/* One that took the page away sees an old number, and no harm. */
	if (process->attached && process->space)
		space_write(process->space, process->process_page + PAGE_PARENT,
			&pid, sizeof(pid));
}

/* Who takes the children of a dead process: the nearest supervisor. */
static struct process *
adopter(const struct process *dead)
{
	struct process *above = dead->parent;

	for (; above; above = above->parent)
		if (!above->zombie &&
			above->rights & FACTOTUM_MANAGER_RIGHT_SUPERVISE)
			return above;
	return process_by_pid(PID_NINEBALL);
}

static void
give_away_children(struct process *dead)
{
	struct process *heir = adopter(dead);

	while (dead->children) {
		struct process *child = dead->children;

		/* Nobody is left who could start it. */
		if (process_never_ran(child)) {
			process_unmake(child);
			continue;
		}
		unlink_child(child);
		link_child(heir, child);
		child->orphan = true;
		process_show_parent(child);
		if (child->zombie)
			process_bury(child);
	}
}

/* ---- birth ---- */

static void
list_add(struct process *process)
{
	process->previous = NULL;
	process->next = all;
	if (all)
		all->previous = process;
	all = process;
	count++;
}

static void
list_remove(struct process *process)
{
	if (process->next)
		process->next->previous = process->previous;
	if (process->previous)
		process->previous->next = process->next;
	else
		all = process->next;
	count--;
}

bool
process_never_ran(const struct process *process)
{
	return process->state == FACTOTUM_STATE_CREATED ||
		process->state == FACTOTUM_STATE_FAILED;
}

static void
set_defaults(struct process *process)
{
	process->state = FACTOTUM_STATE_CREATED;
	process->policy = 0;
	process->priority = PRIORITY_ORDINARY;
	process->slice_us = SLICE_US;
	process->next_slot = FIRST_SLOT;
	process->death_signal = SIGNAL_CHILD;
	process->started = clock_ticks();
	for (unsigned i = 0; i < LIMIT_COUNT; i++)
		process->limits[i] = (struct limit){~0ul, ~0ul};
	process->limits[LIMIT_STACK].soft = DEFAULT_STACK;
	process->limits[LIMIT_CORE].soft = 0;
	process->limits[LIMIT_PROCESSES].soft =
		memory_total() / BYTES_PER_PROCESS;
	process->limits[LIMIT_FILES] = (struct limit){1024, 4096};
}

static void
inherit(struct process *process, const struct process *parent)
{
	process->group = parent->group;
	process->session = parent->session;
	process->credentials = parent->credentials;
	memcpy(process->words, parent->words, sizeof(process->words));
	memcpy(process->limits, parent->limits, sizeof(process->limits));
}

static struct process *
record(uint32_t pid, uint64_t puid)
{
	struct process *process = heap_alloc(sizeof(*process));

	if (!process)
		return NULL;
	process->pid = pid;
	process->puid = puid;
	set_defaults(process);
	id_enter_process(pid, process);
	list_add(process);
	return process;
}

struct process *
process_make(struct process *parent, const struct process *model)
{
	uint32_t pid = id_take();
	struct process *process;

	if (!pid)
		return NULL;
	process = record(pid, ++last_serial << 16 | pid);
	if (!process) {
		id_give(pid);
		return NULL;
	}
	inherit(process, model);
	link_child(parent, process);
	if (limits_watch(process) < 0) {
		process_unmake(process);
		return NULL;
	}
	return process;
}

/* The two that were there before us. */
static status_t
make_elder(uint32_t pid, const char *name)
{
	struct process *process;

	id_take_fixed(pid);
	process = record(pid, ++last_serial << 16 | pid);
	if (!process)
		return STATUS_NO_MEMORY;
	process->state = FACTOTUM_STATE_RUNNING;
	process->rights = FACTOTUM_MANAGER_RIGHT_SUPERVISE |
		FACTOTUM_MANAGER_RIGHT_SIGNAL | FACTOTUM_MANAGER_RIGHT_INSPECT;
	strncpy(process->name, name, NAME_BYTES - 1);
	return STATUS_OK;
}

/* 9Ball's thread, so that its calls can wait; its TCB is not ours. */
static status_t
make_elder_thread(struct process *process)
{
	struct thread *thread = heap_alloc(sizeof(*thread));

	if (!thread)
		return STATUS_NO_MEMORY;
	thread->tid = process->pid;
	thread->process = process;
	process->threads = process->leader = thread;
	process->thread_count = 1;
	id_enter_thread(thread->tid, thread);
	return STATUS_OK;
}

status_t
processes_init(void)
{
	status_t status = make_elder(PID_NINEBALL, "9ball");

	if (status < 0)
		return status;
	status = make_elder(PID_FACTOTUM, "factotum");
	if (status < 0)
		return status;
	link_child(process_by_pid(PID_NINEBALL), process_by_pid(PID_FACTOTUM));
	return make_elder_thread(process_by_pid(PID_NINEBALL));
}

status_t
process_mint(
	struct process *process, uint64_t slot, cptr_t endpoint, uint64_t badge)
{
	return cnode_mint(process->cnode.object, slot, endpoint,
		RIGHT_WRITE | RIGHT_GRANT, badge);
}

status_t
process_make_cnode(struct process *process, unsigned bits)
{
	status_t status = cell_alloc(&process->cnode, OBJECT_CNODE, bits);

	if (status < 0)
		return status;
	process->cnode_bits = bits;
	return process_mint(process, CAP_FACTOTUM, own.service,
		broker_badge(FACTOTUM_BADGE_KIND_PROCESS, process->puid));
}

status_t
process_set_command(struct process *process, const char *text, uint32_t length)
{
	char *copy = NULL;

	if (length) {
		copy = heap_alloc(length);
		if (!copy)
			return STATUS_NO_MEMORY;
		memcpy(copy, text, length);
	}
	heap_free(process->command, process->command_length);
	process->command = copy;
	process->command_length = length;
	return STATUS_OK;
}

void
process_charge(const struct process *process)
{
	uint64_t pages = memory_total() / PAGE_SIZE / SERVER_SHARE;

	frames_set_floor(process->is_linux ? pages : 0);
}

/* ---- death ---- */

static void
free_text(struct process *process)
{
	struct start_text *text = &process->text;

	heap_free(text->arguments, text->arguments_length);
	heap_free(text->environment, text->environment_length);
	*text = (struct start_text){0};
	heap_free(process->grants, GRANT_MAX * sizeof(struct grant));
	process->grants = NULL;
	process->grant_count = 0;
}

/* Is anybody left who could wait for a lock in this memory? */
static bool
others_see(const struct space *space)
{
	if (!space || space->users > 1)
		return space;
	for (uint32_t i = 0; i < space->count; i++)
		if (space->areas[i].flags & FACTOTUM_MAP_SHARED)
			return true;
	return false;
}

/* All threads together may hold as many robust locks as one. */
static void
end_threads(struct process *process)
{
	unsigned most = others_see(process->space) ? ROBUST_MAX : 0;

	while (process->threads) {
		if (!process->threads->ended && most)
			most = futex_release_robust(process->threads, most);
		process->threads->robust_head = 0;
		thread_end(process->threads, 0);
		thread_forget(process->threads);
	}
}

/* All that a zombie does not need. */
static void
strip(struct process *process)
{
	end_threads(process);
	for (unsigned i = 0; i < 3; i++)
		alarm_cancel(&process->intervals[i].alarm);
	alarm_cancel(&process->time_alarm);
	pending_clear(&process->pending);
	broker_forget(process);
	notices_forget(process);
	cell_free(&process->cnode);
	if (process->space) {
		uint64_t pages = process->space->own.resident;

		if (pages > process->usage.max_pages)
			process->usage.max_pages = pages;
		space_drop(process->space);
	}
	process->space = NULL;
	if (process->image)
		object_unuse(process->image);
	process->image = NULL;
	objects_release_all(process);
	free_text(process);
}

static void
erase(struct process *process)
{
	unlink_child(process);
	list_remove(process);
	process_set_command(process, NULL, 0);
	id_give(process->pid);
	heap_free(process, sizeof(*process));
}

void
process_unmake(struct process *process)
{
	strip(process);
	erase(process);
}

void
process_bury(struct process *process)
{
	struct process *parent = process->parent;

	invariant(process->zombie);
	if (parent) {
		struct usage *sum = &parent->children_usage;
		const struct usage *mine = &process->usage;
		const struct usage *below = &process->children_usage;

		sum->user += mine->user + below->user;
		sum->system += mine->system + below->system;
		sum->faults += mine->faults + below->faults;
		sum->voluntary += mine->voluntary + below->voluntary;
		sum->involuntary += mine->involuntary + below->involuntary;
		if (mine->max_pages > sum->max_pages)
			sum->max_pages = mine->max_pages;
	}
	erase(process);
}

/* The thread of the parent that waits for a vfork child goes on. */
void
process_release_vfork(struct process *process)
{
	struct process *parent;
	struct answer answer = {.words = {process->pid}, .word_count = 2};

	if (!process->vfork_parent)
		return;
	parent = process_by_puid(process->vfork_parent);
	process->vfork_parent = 0;
	if (!parent)
		return;
	for (struct thread *thread = parent->threads; thread;
		thread = thread->next)
		if (thread->park.kind == PARK_VFORK &&
			thread->park.id == process->pid)
			thread_answer(thread, STATUS_OK, &answer);
}

static void
tell_parent(struct process *process)
{
	struct process *parent = process->parent;
	uint64_t puid = process->puid;

	if (!parent || process->orphan) {
		process_bury(process);
		return;
	}
	if (process->death_signal)
		signal_child_ended(parent, process);
	/* That may have ended the parent, and its children been buried. */
	if (!process_by_puid(puid) || parent->zombie)
		return;
	if (process->death_signal == SIGNAL_CHILD && signal_unwaited(parent))
		process_bury(process);
	wait_wake(parent);
}

void
process_end(struct process *process, uint32_t state, uint32_t status)
{
	if (process->zombie || process->pid <= PID_FACTOTUM)
		return;
	/* commit: cannot fail */
	process->zombie = true;
	process->state = state;
	process->exit_status = status;
	strip(process);
	process_trace(process);
	process_release_vfork(process);
	notice_post(FACTOTUM_NOTICE_DEATH, 0, process);
	give_away_children(process);
	tell_parent(process);
}

void
process_stop(struct process *process, uint32_t signal)
{
	if (process->zombie || process->state != FACTOTUM_STATE_RUNNING)
		return;
	process->state = FACTOTUM_STATE_STOPPED;
	process->detail = signal;
	process->stop_signal = signal;
	process->stop_unseen = true;
	process->continue_unseen = false;
	for (struct thread *thread = process->threads; thread;
		thread = thread->next) {
		if (thread->ended)
			continue;
		thread->suspended = true;
		tcb_suspend(thread->tcb);
	}
	process_trace(process);
	if (process->parent) {
		signal_child_stopped(process->parent, process);
		wait_wake(process->parent);
	}
}

void
process_continue(struct process *process)
{
	if (process->zombie || process->state != FACTOTUM_STATE_STOPPED)
		return;
	process->state = FACTOTUM_STATE_RUNNING;
	process->detail = 0;
	process->stop_unseen = false;
	process->continue_unseen = true;
	for (struct thread *thread = process->threads; thread;
		thread = thread->next) {
		if (thread->ended || !thread->suspended)
			continue;
		thread->suspended = false;
		tcb_resume(thread->tcb);
	}
	process_trace(process);
	if (process->parent) {
		signal_child_continued(process->parent, process);
		wait_wake(process->parent);
	}
}

void
process_usage(const struct process *process, struct usage *usage)
{
	*usage = process->usage;
	for (const struct thread *thread = process->threads; thread;
		thread = thread->next) {
		uint64_t user, system, voluntary, involuntary, faults;

		if (thread->ended || !thread->tcb ||
			tcb_info(thread->tcb, NULL, &user, &system, &voluntary,
				&involuntary, &faults, NULL) < 0)
			continue;
		usage->user += user;
		usage->system += system;
		usage->voluntary += voluntary;
		usage->involuntary += involuntary;
		usage->faults += faults;
	}
	if (process->space && process->space->own.resident > usage->max_pages)
		usage->max_pages = process->space->own.resident;
}

bool
process_sacrifice(void)
{
	const struct signal_info kill = {.signal = SIGNAL_KILL};
	struct process *chosen = NULL;
	uint64_t most = 0;

	for (struct process *process = all; process; process = process->next) {
		uint64_t steps;

		if (!process->is_linux || process->zombie || !process->space)
			continue;
		steps = process->space->own.resident / SACRIFICE_STEP;
		if (chosen &&
			(steps < most ||
				(steps == most &&
					process->puid < chosen->puid)))
			continue;
		chosen = process;
		most = steps;
	}
	if (!chosen)
		return false;
	printf("out of memory: process %u (%s) ends\n", (unsigned)chosen->pid,
		chosen->name);
	signal_post(chosen, &kill);
	return true;
}

bool
process_make_room(uint64_t puid)
{
	const struct process *process;

	if (!spaces_reap() && !spaces_cool() && !process_sacrifice())
		return false;
	process = process_by_puid(puid);
	return process && !process->zombie;
}
