/* SPDX-License-Identifier: MIT */
/*
 * Posting: decide what the signal does to the process, queue it, pick a
 * thread that does not mask it, leave a hint in its UTCB and interrupt it.
 */
#include "signals.h"

#include "heap.h"
#include "limits.h"
#include "notices.h"

#include <glenda/factotum_server.h>
#include <glenda/kernel_calls.h>
#include <glenda/utcb.h>

#define QUEUE_MAX 1024
#define UTCB_MASK (offsetof(struct utcb, user) + 8)
#define UTCB_HINT (offsetof(struct utcb, user) + 16)
#define INTERRUPT_RECEIVED 2
#define CODE_EXITED 1
#define CODE_KILLED 2
#define CODE_DUMPED 3
#define CODE_STOPPED 5
#define CODE_CONTINUED 6

static uint64_t
bit(uint32_t signal)
{
	return 1ul << (signal - 1);
}

static const uint64_t stop_set = 1ul << (SIGNAL_STOP - 1) |
	1ul << (SIGNAL_TERMINAL_STOP - 1) | 1ul << (SIGNAL_TERMINAL_IN - 1) |
	1ul << (SIGNAL_TERMINAL_OUT - 1);
static const uint64_t harmless_set = 1ul << (SIGNAL_CHILD - 1) |
	1ul << (SIGNAL_CONTINUE - 1) | 1ul << (SIGNAL_URGENT - 1) |
	1ul << (SIGNAL_WINDOW - 1);

/* ---- words that the shim shares ---- */

static uint64_t
load_word(struct process *process, vaddr_t address)
{
	cptr_t frame;
	uint64_t offset, value = 0;

	if (!process->space || !address ||
		space_locate(process->space, address, false, &frame, &offset) <
			0)
		return 0;
	frame_load(frame, offset, 8, &value);
	return value;
}

static void
or_word(struct process *process, vaddr_t address, uint64_t bits)
{
	cptr_t frame;
	uint64_t offset, old = 0, seen;

	if (!process->space ||
		space_locate(process->space, address, true, &frame, &offset) <
			0)
		return;
	/* Mostly nothing is set yet, so that is the first guess. */
	while (frame_swap(frame, offset, 8, old, old | bits, &seen) >= 0 &&
		seen != old)
		old = seen;
}

uint64_t
signal_mask(struct thread *thread)
{
	if (!thread->process->attached)
		return 0;
	return load_word(thread->process, thread->utcb + UTCB_MASK);
}

static uint64_t
ignored_set(struct process *process)
{
	if (!process->attached)
		return harmless_set;
	return load_word(process, process->process_page);
}

bool
signal_unwaited(struct process *process)
{
	return process->attached &&
		load_word(process, process->process_page + 24) != 0;
}

/* ---- queues ---- */

void
pending_clear(struct pending_queue *queue)
{
	while (queue->first) {
		struct pending *next = queue->first->next;

		heap_free(queue->first, sizeof(*queue->first));
		queue->first = next;
	}
	*queue = (struct pending_queue){0};
}

/* Standard signals are pending once, the others as often as they came. */
static status_t
queue_add(struct process *process, struct pending_queue *queue,
	const struct signal_info *what)
{
	uint64_t most = process->limits[LIMIT_PENDING].soft;
	struct pending **link = &queue->first;
	struct pending *pending;

	if (what->signal < SIGNAL_REALTIME && queue->set & bit(what->signal))
		return STATUS_OK;
	if (queue->count >= QUEUE_MAX ||
		(what->signal >= SIGNAL_REALTIME && queue->count >= most))
		return STATUS_LIMIT;
	pending = heap_alloc(sizeof(*pending));
	if (!pending)
		return STATUS_LIMIT;
	pending->signal = what->signal;
	pending->info = what->info;
	pending->value = what->value;
	pending->uid = what->uid;
	while (*link)
		link = &(*link)->next;
	*link = pending;
	queue->set |= bit(what->signal);
	queue->count++;
	return STATUS_OK;
}

static bool
queue_has(const struct pending_queue *queue, uint32_t signal)
{
	for (const struct pending *pending = queue->first; pending;
		pending = pending->next)
		if (pending->signal == signal)
			return true;
	return false;
}

static void
queue_unlink(struct pending_queue *queue, struct pending **link)
{
	struct pending *pending = *link;
	uint32_t signal = pending->signal;

	*link = pending->next;
	queue->count--;
	heap_free(pending, sizeof(*pending));
	if (!queue_has(queue, signal))
		queue->set &= ~bit(signal);
}

static void
queue_remove_set(struct pending_queue *queue, uint64_t set)
{
	struct pending **link = &queue->first;

	while (*link) {
		if (set & bit((*link)->signal))
			queue_unlink(queue, link);
		else
			link = &(*link)->next;
	}
}

/* Synchronous ones first, then by number; in order of arrival within. */
static struct signal_info
queue_take(struct pending_queue *queue, uint64_t mask, bool peek)
{
	uint64_t fits = queue->set & ~mask;
	struct pending **link = &queue->first;
	struct signal_info info = {0};
	uint32_t signal;

	if (!fits)
		return info;
	signal = (uint32_t)__builtin_ctzl(fits) + 1;
	if (fits & bit(SIGNAL_SEGMENT))
		signal = SIGNAL_SEGMENT;
	while ((*link)->signal != signal)
		link = &(*link)->next;
	info.signal = signal;
	info.info = (*link)->info;
	info.value = (*link)->value;
	info.uid = (*link)->uid;
	if (!peek)
		queue_unlink(queue, link);
	return info;
}

struct signal_info
signal_take(struct thread *thread, uint64_t mask, bool peek)
{
	struct signal_info info = queue_take(&thread->pending, mask, peek);

	if (info.signal == 0)
		info = queue_take(&thread->process->pending, mask, peek);
	return info;
}

uint64_t
signal_pending(const struct thread *thread)
{
	return thread->pending.set | thread->process->pending.set;
}

/* ---- delivery ---- */

/* The thread is told to look: hint, interrupt, and cancel what waits. */
static void
nudge(struct thread *thread, uint32_t signal)
{
	uint64_t state = 0;

	or_word(thread->process, thread->utcb + UTCB_HINT, bit(signal));
	if (tcb_interrupt(thread->tcb, &state) < 0 ||
		state != INTERRUPT_RECEIVED)
		return;
	if (thread->park.kind != PARK_NONE)
		thread_cancel(thread);
	else
		notice_post(
			FACTOTUM_NOTICE_CANCEL, thread->tid, thread->process);
}

/* The one that is to be interrupted: the leader if it may. */
static struct thread *
pick(struct process *process, uint32_t signal)
{
	struct thread *leader = process->leader;

	if (leader && !leader->ended && !(signal_mask(leader) & bit(signal)))
		return leader;
	for (struct thread *thread = process->threads; thread;
		thread = thread->next)
		if (!thread->ended && !(signal_mask(thread) & bit(signal)))
			return thread;
	return NULL;
}

/*
 * Every thread masks it: whoever unmasks it first finds the hint. Masks are
 * read again afterwards, for one may have changed in between.
 */
static struct thread *
leave_hints(struct process *process, uint32_t signal)
{
	for (struct thread *thread = process->threads; thread;
		thread = thread->next)
		if (!thread->ended)
			or_word(process, thread->utcb + UTCB_HINT, bit(signal));
	return pick(process, signal);
}

/* Somebody in signal_wait takes it at once. */
static bool
hand_to_waiter(struct thread *thread, const struct signal_info *what)
{
	struct factotum_signal_wait_results results = {
		.signal = what->signal,
		.info = what->info,
		.value = what->value,
		.uid = what->uid,
	};
	struct answer answer = {0};

	if (thread->park.kind != PARK_SIGNAL ||
		!(thread->park.set & bit(what->signal)))
		return false;
	factotum_signal_wait_pack(&results, &answer);
	thread_answer(thread, STATUS_OK, &answer);
	return true;
}

static void
end_by(struct process *process, uint32_t signal)
{
	if (process->attached || signal == SIGNAL_KILL)
		process->killed = true;
	process->detail = process->attached ? signal : (128 + signal) << 8;
	process_end(process, FACTOTUM_STATE_EXITED, process->detail);
}

/* What needs no shim. True when nothing is left to deliver. */
static bool
act(struct process *process, uint32_t signal)
{
	if (signal == SIGNAL_KILL) {
		end_by(process, signal);
		return true;
	}
	if (signal == SIGNAL_CONTINUE) {
		queue_remove_set(&process->pending, stop_set);
		for (struct thread *t = process->threads; t; t = t->next)
			queue_remove_set(&t->pending, stop_set);
		process_continue(process);
	} else if (stop_set & bit(signal)) {
		queue_remove_set(&process->pending, bit(SIGNAL_CONTINUE));
	}
	if (signal == SIGNAL_STOP) {
		process_stop(process, signal);
		return true;
	}
	if (process->attached)
		return false;
	if (stop_set & bit(signal))
		process_stop(process, signal);
	else if (!(harmless_set & bit(signal)))
		end_by(process, signal);
	return true;
}

static bool
all_mask(struct process *process, uint32_t signal)
{
	return pick(process, signal) == NULL;
}

status_t
signal_post(struct process *process, const struct signal_info *what)
{
	struct thread *thread;
	status_t status;

	if (process->zombie || process_never_ran(process) ||
		process->pid <= PID_FACTOTUM) {
		if (process_never_ran(process) && what->signal == SIGNAL_KILL)
			end_by(process, what->signal);
		return STATUS_OK;
	}
	if (act(process, what->signal))
		return STATUS_OK;
	for (thread = process->threads; thread; thread = thread->next)
		if (hand_to_waiter(thread, what))
			return STATUS_OK;
	if (ignored_set(process) & bit(what->signal) &&
		!all_mask(process, what->signal))
		return STATUS_OK;
	status = queue_add(process, &process->pending, what);
	if (status < 0)
		return status;
	thread = pick(process, what->signal);
	if (!thread)
		thread = leave_hints(process, what->signal);
	if (thread)
		nudge(thread, what->signal);
	return STATUS_OK;
}

status_t
signal_post_thread(struct thread *thread, const struct signal_info *what)
{
	struct process *process = thread->process;
	bool masked;
	status_t status;

	if (process->zombie || thread->ended)
		return STATUS_OK;
	if (act(process, what->signal) || hand_to_waiter(thread, what))
		return STATUS_OK;
	masked = signal_mask(thread) & bit(what->signal);
	if (!masked && ignored_set(process) & bit(what->signal))
		return STATUS_OK;
	status = queue_add(process, &thread->pending, what);
	if (status >= 0 && masked)
		or_word(process, thread->utcb + UTCB_HINT, bit(what->signal));
	if (status >= 0 && !(signal_mask(thread) & bit(what->signal)))
		nudge(thread, what->signal);
	return status;
}

bool
signal_fault(struct thread *thread, const struct signal_info *what)
{
	struct process *process = thread->process;
	uint64_t held = signal_mask(thread) | ignored_set(process);

	if (!process->attached || held & bit(what->signal) ||
		queue_add(process, &thread->pending, what) < 0) {
		end_by(process, what->signal);
		return false;
	}
	or_word(process, thread->utcb + UTCB_HINT, bit(what->signal));
	return true;
}

/* ---- children ---- */

static void
tell_parent(struct process *parent, const struct process *child, uint32_t code,
	uint32_t value)
{
	const struct signal_info info = {
		.signal = SIGNAL_CHILD,
		.info = code | (uint64_t)child->pid << 32,
		.value = value,
		.uid = (uint32_t)(child->credentials >> 32),
	};

	/* Natives wait or watch; there is nothing to interrupt. */
	if (parent->attached)
		signal_post(parent, &info);
}

void
signal_child_ended(struct process *parent, const struct process *child)
{
	uint32_t status = child->exit_status;
	uint32_t number = child->death_signal;
	uint32_t code = status & 0x7f ? CODE_KILLED : CODE_EXITED;
	struct signal_info info = {
		.signal = number,
		.info = code | (uint64_t)child->pid << 32,
		.value = status & 0x7f ? status & 0x7f : status >> 8,
		.uid = (uint32_t)(child->credentials >> 32),
	};

	if (status & 0x80)
		info.info = CODE_DUMPED | (uint64_t)child->pid << 32;
	if (parent->attached && number <= SIGNAL_MAX)
		signal_post(parent, &info);
}

void
signal_child_stopped(struct process *parent, const struct process *child)
{
	tell_parent(parent, child, CODE_STOPPED, child->stop_signal);
}

void
signal_child_continued(struct process *parent, const struct process *child)
{
	tell_parent(parent, child, CODE_CONTINUED, SIGNAL_CONTINUE);
}
