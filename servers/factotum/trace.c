/* SPDX-License-Identifier: MIT */
/*
 * One line for each thing that a traced process does. Lines cost it time, and
 * nobody else: 9Ball drops them when they come too fast.
 */
#include "trace.h"

#include "ids.h"
#include "registers.h"
#include "signals.h"

#include <glenda/kernel_calls.h>
#include <stdio.h>

bool trace_used;

bool
trace_is_call(const struct process *process, const struct fault_report *fault)
{
	return process->debug && process->attached &&
		fault->label == FAULT_PAGE && fault->address == TRACE_UPCALL &&
		fault->pc == TRACE_UPCALL;
}

static void
begin(const struct thread *thread)
{
	printf("trace: process %u, thread %u: ", (unsigned)thread->process->pid,
		(unsigned)thread->tid);
}

/*
 * Its registers are set rather than its fault answered: what interrupts it from
 * here on must find it inside its shim, where the way back is kept safe.
 */
void
trace_call(struct thread *thread)
{
	uint64_t r[ARCH_REGISTERS] = {0};
	uint64_t state;

	if (tcb_read_registers(thread->tcb, r, ARCH_REGISTERS) < 0)
		return;
	begin(thread);
	printf("system call %lu (%#lx, %#lx, %#lx, %#lx, %#lx, %#lx)\n",
		(unsigned long)r[ARCH_CALL], (unsigned long)r[ARCH_CALL_0],
		(unsigned long)r[ARCH_CALL_1], (unsigned long)r[ARCH_CALL_2],
		(unsigned long)r[ARCH_CALL_3], (unsigned long)r[ARCH_CALL_4],
		(unsigned long)r[ARCH_CALL_5]);
	r[ARCH_PC] = thread->process->redirect.upcall;
	if (tcb_write_registers(thread->tcb, r, ARCH_REGISTERS) < 0)
		return;
	tcb_resume(thread->tcb);
	if (signal_pending(thread) & ~signal_mask(thread))
		tcb_interrupt(thread->tcb, &state);
}

static const char *
outcome(status_t status)
{
	switch ((int)status) {
	case ACCESS_NO_AREA:
		return "nothing is there";
	case ACCESS_FORBIDDEN:
		return "forbidden";
	case ACCESS_BEYOND:
		return "beyond the end";
	case SERVER_PARKED:
		return "waits for its page";
	}
	return status < 0 ? status_string(status) : "served";
}

void
trace_fault(const struct thread *thread, const struct fault_report *fault,
	status_t status)
{
	begin(thread);
	printf("%s %s %#lx at %#lx: %s\n", report_kind(fault->label),
		report_access(fault->access), (unsigned long)fault->address,
		(unsigned long)fault->pc, outcome(status));
}

status_t
trace_dispatch(const void *ops, void *context, struct request *request)
{
	const struct thread *thread;
	uint32_t message = message_label(request->message.info) & 0xffff;
	uint32_t tid, pid;
	status_t status;

	if (!trace_used)
		return factotum_dispatch(ops, context, request);
	thread =
		request->tag < 65536 ? id_thread((uint32_t)request->tag) : NULL;
	if (!thread || !thread->process->debug)
		return factotum_dispatch(ops, context, request);
	tid = thread->tid;
	pid = thread->process->pid;
	status = factotum_dispatch(ops, context, request);
	printf("trace: process %u, thread %u: message %u: %s\n", (unsigned)pid,
		(unsigned)tid, (unsigned)message,
		status == SERVER_PARKED ? "waits" : status_string(status));
	return status;
}
