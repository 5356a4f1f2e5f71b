/* SPDX-License-Identifier: MIT */
/*
 * Threads: making, running, parking and ending them. A thread has one Call
 * under way at most, so at most one parked reply.
 */
#include "futex.h"
#include "heap.h"
#include "ids.h"
#include "invariant.h"
#include "process.h"
#include "registers.h"
#include "signals.h"
#include "supply.h"
#include "trace.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>
#include <glenda/slots.h>
#include <glenda/utcb.h>

#define UTCB_SELF (offsetof(struct utcb, user) + UTCB_USER_SELF * 8)

struct thread *
thread_make(struct process *process, uint32_t tid)
{
	struct thread *thread = heap_alloc(sizeof(*thread));

	if (!thread)
		return NULL;
	thread->tcb = kobject_alloc(KOBJECT_TCB);
	if (!thread->tcb) {
		heap_free(thread, sizeof(*thread));
		return NULL;
	}
	thread->tid = tid;
	thread->process = process;
	thread->next = process->threads;
	if (process->threads)
		process->threads->previous = thread;
	process->threads = thread;
	process->thread_count++;
	if (!process->leader)
		process->leader = thread;
	id_enter_thread(tid, thread);
	return thread;
}

static status_t
set_schedule(const struct thread *thread)
{
	const struct process *process = thread->process;

	return tcb_set_schedule(thread->tcb, process->policy, process->priority,
		process->slice_us, ~0ul);
}

status_t
thread_redirect(struct thread *thread)
{
	const struct redirect *redirect = &thread->process->redirect;

	return tcb_set_redirect(thread->tcb, redirect->start, redirect->end,
		trace_upcall(thread->process), redirect->signal);
}

status_t
thread_configure(struct thread *thread, vaddr_t utcb)
{
	struct process *process = thread->process;
	uint64_t self = utcb;
	uint64_t offset;
	frame_t frame;
	status_t status;

	if (utcb % UTCB_SIZE || thread->utcb_frame)
		return STATUS_INVALID_ARGUMENT;
	status = space_pin(process->space, utcb, &frame);
	if (status < 0)
		return STATUS_INVALID_ARGUMENT;
	/* From here on the frame goes when the TCB does. */
	thread->utcb_frame = frame;
	offset = frame_page(frame) * PAGE_SIZE + (utcb & (PAGE_SIZE - 1));
	frame_write(frame_cap(frame), offset + UTCB_SELF, sizeof(self),
		(uintptr_t)&self);
	status = tcb_configure(thread->tcb, process->cnode.object,
		process->space->vspace, frame_cap(frame), offset, utcb,
		own.fault, thread->tid);
	if (status < 0)
		return status;
	thread->utcb = utcb;
	status = thread_redirect(thread);
	return status < 0 ? status : set_schedule(thread);
}

status_t
thread_run(struct thread *thread, const struct thread_start *start)
{
	uint64_t registers[ARCH_REGISTERS] = {0};
	status_t status;

	registers[ARCH_PC] = start->entry;
	registers[ARCH_SP] = start->stack;
	registers[ARCH_TP] = start->tls;
	registers[ARCH_ARGUMENT] = start->argument;
	status = tcb_write_registers(thread->tcb, registers, ARCH_REGISTERS);
	return status < 0 ? status : tcb_resume(thread->tcb);
}

static void
collect_usage(struct thread *thread)
{
	struct usage *usage = &thread->process->usage;
	uint64_t user, system, voluntary, involuntary, faults;

	if (tcb_info(thread->tcb, NULL, &user, &system, &voluntary,
		    &involuntary, &faults, NULL) < 0)
		return;
	usage->user += user;
	usage->system += system;
	usage->voluntary += voluntary;
	usage->involuntary += involuntary;
	usage->faults += faults;
}

/* It waits for nothing any more; the reply is the caller's. */
static cptr_t
unpark(struct thread *thread)
{
	cptr_t reply = thread->park.reply;

	if (thread->park.kind == PARK_FUTEX)
		futex_unlink(thread);
	if (thread->park.kind == PARK_PAGE)
		supply_unlink(thread);
	alarm_cancel(&thread->alarm);
	thread->park.kind = PARK_NONE;
	thread->park.reply = 0;
	return reply;
}

void
thread_end(struct thread *thread, uint32_t status)
{
	struct process *process = thread->process;

	if (thread->ended)
		return;
	tcb_stop(thread->tcb);
	futex_release_robust(thread, ROBUST_MAX);
	collect_usage(thread);
	if (thread->bound)
		tcb_bind(thread->tcb, 0);
	if (thread->park.kind != PARK_NONE)
		answer_drop(&factotum_server, unpark(thread));
	alarm_cancel(&thread->alarm);
	pending_clear(&thread->pending);
	kobject_free(KOBJECT_TCB, thread->tcb);
	thread->tcb = 0;
	if (thread->utcb_frame)
		frame_unpin(thread->utcb_frame);
	thread->utcb_frame = 0;
	thread->ended = true;
	thread->exit_status = status;
	process->thread_count--;
}

void
thread_forget(struct thread *thread)
{
	struct process *process = thread->process;

	invariant(thread->ended);
	if (thread->next)
		thread->next->previous = thread->previous;
	if (thread->previous)
		thread->previous->next = thread->next;
	else
		process->threads = thread->next;
	if (process->leader == thread)
		process->leader = NULL;
	id_enter_thread(thread->tid, NULL);
	/* The leader's number is the process's, and goes with that. */
	if (thread->tid != process->pid)
		id_give(thread->tid);
	heap_free(thread, sizeof(*thread));
}

status_t
thread_park(struct thread *thread, struct request *request, enum park_kind kind)
{
	cptr_t reply;

	invariant(thread->park.kind == PARK_NONE);
	reply = request_park(request);
	if (!reply)
		return STATUS_LIMIT;
	thread->park.kind = kind;
	thread->park.reply = reply;
	return STATUS_OK;
}

void
thread_answer(
	struct thread *thread, status_t status, const struct answer *answer)
{
	static const struct answer empty;

	invariant(thread->park.kind != PARK_NONE);
	answer_send(&factotum_server, unpark(thread), status,
		answer ? answer : &empty);
}

void
thread_cancel(struct thread *thread)
{
	if (thread->park.kind == PARK_NONE || thread->park.kind == PARK_VFORK ||
		thread->park.kind == PARK_WISH ||
		thread->park.kind == PARK_PAGE)
		return;
	thread_answer(thread, STATUS_CANCELLED, NULL);
}
